"""What lies between an application and a payout: a filled form with its papers, an insider, the members' vote, a
smaller sum, and fees that the member brings.
"""

from __future__ import annotations

from datetime import date

from sacco_desktop.demo.practice_office import PASSWORD, PracticeOffice
from sacco_desktop.domain.application_form import StatedForm
from sacco_desktop.domain.approval_levels import Band, Step
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.insiders import Kin, TieDays, TieKind
from sacco_desktop.domain.members_vote import VoteCount
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.committee import decisions, smaller_sums, vote_records
from sacco_desktop.services.committee.decisions import ApprovalRow
from sacco_desktop.services.committee.smaller_sums import LessVerdict
from sacco_desktop.services.committee.vote_records import NewVote
from sacco_desktop.services.lending import loan_papers, loans
from sacco_desktop.services.lending.loan_papers import Tick, Ticks
from sacco_desktop.services.lending.loans import Appraisal, LoanRow, NewApplication
from sacco_desktop.services.membership import insider_ties, members
from sacco_desktop.services.membership.insider_ties import NewTie
from sacco_desktop.services.office import approval_rules
from sacco_desktop.services.office.approval_rules import LevelsChange
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit

SECRETARY = "Sarah Nduta"
_TICKED = (Tick("signed_form", is_there=True), Tick("quotation", is_there=True))
_VOTED = frozenset({Role.COMMITTEE, Role.SECRETARY})


def loans_are_decided_on(practice: PracticeOffice) -> None:
    """A secretary comes; the fifth member is of the board, the third a relation. One loan waits for an attestation of
    the members' vote, another for the vote itself; a third is approved for less and waits for its fee.
    """
    scene = _Chain(practice)
    scene.secretary()
    scene.insiders()
    scene.members_vote_on_insiders()
    scene.saved("M-0005", 60_000_00)
    voted = scene.asks("M-0005", 60_000_00, "Second-hand delivery van", _form(scene.today))
    scene.yes(voted, "daniel")
    scene.vote(voted)
    waits = scene.asks("M-0003", 50_000_00, "Motorcycle with a trailer", _form(scene.today))
    scene.yes(waits, "daniel")
    scene.saved("M-0001", 80_000_00)
    less = scene.asks("M-0001", 90_000_00, "Two motorcycles for deliveries", _form(scene.today))
    scene.less(less, 70_000_00)
    scene.elected("M-0001")


def _form(today: date) -> StatedForm:
    return StatedForm(
        payroll_number="TSC 448120",
        employer="Voi Primary School",
        employment_terms="Permanent",
        address="P.O. Box 12 80300 Voi",
        net_pay_cents=41_250_00,
        other_loans="Mobile loan of a bank, KES 3,000.00, repaid in May",
        security="The vehicle, insured by the member",
        declared_on=today,
    )


class _Chain:
    def __init__(self, practice: PracticeOffice) -> None:
        self._practice = practice
        self._books = practice.office.books
        peter = practice.person("peter")
        self.today: date = self._books.read(lambda work, _none: work.today, None, actor=peter)

    def secretary(self) -> None:
        """Somebody more who decides, agreed to by the committee."""
        new = NewUser("sarah", SECRETARY, frozenset({Role.SECRETARY}), PASSWORD)
        self._books.write(people_changes.add_user, new, actor=self._practice.person("ruth"))
        self._agree(ApprovalKind.PEOPLE, "daniel")

    def insiders(self) -> None:
        """A member of the board, and his brother."""
        peter = self._practice.person("peter")
        kipchoge, otieno = self._member("M-0005"), self._member("M-0003")
        board = NewTie(kipchoge, TieDays(TieKind.BOARD, self.today), "AGM minute 4/2026")
        self._books.write(insider_ties.record, board, actor=peter)
        kin = TieDays(TieKind.RELATION, self.today, None, kipchoge, Kin.SIBLING)
        self._books.write(insider_ties.record, NewTie(otieno, kin), actor=peter)

    def elected(self, number: str) -> None:
        """Somebody who owes a loan already comes into the supervisory committee."""
        tie = NewTie(self._member(number), TieDays(TieKind.SUPERVISORY, self.today), "By-election")
        self._books.write(insider_ties.record, tie, actor=self._practice.person("peter"))

    def members_vote_on_insiders(self) -> None:
        """The by-laws want the members to vote on every loan of an insider."""
        steps = (Step(frozenset({Role.COMMITTEE}), 1), Step(_VOTED, 1, members_vote=True))
        change = LevelsChange(ApprovalKind.INSIDER_LOAN, (Band(None, steps),), self.today)
        self._books.write(approval_rules.ask_levels, change, actor=self._practice.person("ruth"))
        self._agree(ApprovalKind.APPROVAL_RULES, "daniel")

    def asks(self, number: str, cents: int, purpose: str, form: StatedForm) -> LoanRow:
        """A vehicle loan with its form and papers, which waits for the committee."""
        peter = self._practice.person("peter")
        key, member = f"scene/chain/{number}", self._member(number)
        new = NewApplication(key, member, "vehicle", cents, 12, purpose, form=form)
        row = self._books.write(loans.apply, new, actor=peter)
        self._books.write(loan_papers.tick, Ticks(row.loan_id, _TICKED), actor=peter)
        note = "Earns enough beside the salary. I recommend it."
        given = Appraisal(row.loan_id, row.version, note)
        return self._books.write(loans.appraise, given, actor=peter)

    def yes(self, row: LoanRow, username: str) -> None:
        """One yes."""
        request = self._waiting(ApprovalKind.LOAN, row.number)
        verdict = Verdict(request.request_id, request.fingerprint, Decision.APPROVE)
        self._books.write(decisions.decide, verdict, actor=self._practice.person(username))

    def vote(self, row: LoanRow) -> None:
        """The vote of a meeting, recorded by the secretary."""
        request = self._waiting(ApprovalKind.LOAN, row.number)
        new = NewVote(
            request.request_id,
            "Special general meeting",
            self.today,
            "SGM 2/2026",
            VoteCount(41, 7, 3),
            "Minute book 4, page 17",
        )
        self._books.write(vote_records.record, new, actor=self._practice.person("sarah"))

    def less(self, row: LoanRow, cents: int) -> None:
        """A yes to less."""
        request = self._waiting(ApprovalKind.LOAN, row.number)
        why = "One motorcycle first; the other when it earns."
        less = LessVerdict(request.request_id, request.fingerprint, cents, row.instalments, why)
        self._books.write(smaller_sums.approve_less, less, actor=self._practice.person("esther"))

    def saved(self, number: str, cents: int) -> None:
        """A deposit of today at the till."""
        new = NewDeposit(f"scene/chain/saved/{number}", self._member(number), cents, self.today)
        self._books.write(deposits.take_cash, new, actor=self._practice.person("lucy"))

    def _member(self, number: str) -> int:
        peter = self._practice.person("peter")
        return self._books.read(members.row_numbered, number, actor=peter).member_id

    def _agree(self, kind: ApprovalKind, username: str) -> None:
        request = self._waiting(kind, "")
        verdict = Verdict(request.request_id, request.fingerprint, Decision.APPROVE)
        self._books.write(decisions.decide, verdict, actor=self._practice.person(username))

    def _waiting(self, kind: ApprovalKind, words: str) -> ApprovalRow:
        daniel = self._practice.person("daniel")
        found = self._books.read(decisions.list_waiting, None, actor=daniel)
        return next(one for one in found if one.kind is kind and words in one.about)
