"""Brings a practice office into scenes worth looking at: loans at every station and a payout in every state of
doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sacco_desktop.demo.chain_scenes import loans_are_decided_on
from sacco_desktop.demo.collecting_scenes import money_comes_in
from sacco_desktop.demo.loan_scenes import loans_go_on
from sacco_desktop.demo.member_scenes import people_join
from sacco_desktop.demo.message_scenes import members_are_told
from sacco_desktop.demo.paying_in_scenes import members_save
from sacco_desktop.demo.penalty_scenes import members_are_fined
from sacco_desktop.demo.practice_office import PASSWORD, PracticeOffice
from sacco_desktop.demo.reconciling_scenes import statement_comes
from sacco_desktop.demo.savings_scenes import savings_go_out
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.operations import follow_up
from sacco_desktop.operations.ask_balance import ask_and_wait
from sacco_desktop.operations.send_payouts import send_payouts
from sacco_desktop.operations.sync_relays import sync_all
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.closing import day_checks, day_closings
from sacco_desktop.services.closing.day_closings import DayToClose
from sacco_desktop.services.closing.day_signing import Signatures
from sacco_desktop.services.committee import decisions, sittings
from sacco_desktop.services.committee.sittings import NewSitting, SittingVote, Vote
from sacco_desktop.services.guarantors import guarantees
from sacco_desktop.services.guarantors.guarantees import Consent, ConsentWay, NewGuarantee
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal, LoanRow, NewApplication
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, users
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.payouts import bank_files, hand_overs, payments, payout_holds, payouts
from sacco_desktop.services.payouts.bank_files import NewBankFile
from sacco_desktop.services.payouts.hand_overs import Confirmation, NewCheque
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutChange, PayoutRow
from sacco_desktop.services.proof import verify
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from sacco_desktop.services.sending import payout_batches, queue_stops
from sacco_desktop.services.sending.payout_batches import NewBatch, RunEnd, ShownPayout, StartBatch


@dataclass(frozen=True, slots=True)
class LoanScene:
    """A loan of the scene: whose, how much in cents, and over how many instalments."""

    member_number: str
    amount_cents: int
    instalments: int
    purpose: str


class Scenes:
    """Plays the people of a practice office through the services."""

    def __init__(self, practice: PracticeOffice) -> None:
        self._practice = practice
        self._books = practice.office.books

    def _key(self) -> str:
        return f"scene/{uuid4()}"

    def applied(self, scene: LoanScene) -> LoanRow:
        """A loan that somebody has just applied for."""
        peter = self._practice.person("peter")
        member = self._books.read(members.find, scene.member_number, actor=peter)[0]
        new = NewApplication(
            self._key(),
            member.member_id,
            "development",
            scene.amount_cents,
            scene.instalments,
            scene.purpose,
        )
        return self._books.write(loans.apply, new, actor=peter)

    def saved(self, number: str, kes: int) -> None:
        """A deposit of today at the till."""
        lucy = self._practice.person("lucy")
        member = self._books.read(members.find, number, actor=lucy)[0]
        today = self._books.read(_today, None, actor=lucy)
        saved = NewDeposit(self._key(), member.member_id, kes * 100, today)
        self._books.write(deposits.take_cash, saved, actor=lucy)

    def guaranteed(self, loan: LoanRow, number: str, kes: int, form: str = "") -> None:
        """A member who was asked to guarantee a loan, and has agreed on a form if there is one."""
        peter = self._practice.person("peter")
        member = self._books.read(members.find, number, actor=peter)[0]
        new = NewGuarantee(self._key(), loan.loan_id, member.member_id, kes * 100)
        asked = self._books.write(guarantees.ask, new, actor=peter)
        if form:
            today = self._books.read(_today, None, actor=peter)
            word = Consent(asked.guarantee_id, True, ConsentWay.SIGNED_FORM, form, today)
            self._books.write(guarantees.record_consent, word, actor=peter)

    def appraised(self, scene: LoanScene) -> LoanRow:
        """A loan that waits for the committee."""
        row = self.applied(scene)
        note = "Saves every month and has never been late. I recommend it."
        given = Appraisal(row.loan_id, row.version, note)
        return self._books.write(loans.appraise, given, actor=self._practice.person("peter"))

    def approved(self, scene: LoanScene) -> LoanRow:
        """A loan that waits to be paid out."""
        row = self.appraised(scene)
        self._say_yes(self._practice.person("daniel"), row.number)
        return row

    def requested(self, scene: LoanScene, way: Way = Way.MPESA) -> PayoutRow:
        """A payout that waits for the second person."""
        row = self.approved(scene)
        new = NewPayout(self._key(), row.loan_id, way)
        return self._books.write(payouts.request, new, actor=self._practice.person("grace"))

    def ready(self, scene: LoanScene, way: Way = Way.MPESA) -> PayoutRow:
        """A payout that may be sent."""
        row = self.requested(scene, way)
        self._say_yes(self._practice.person("lucy"), row.loan_number)
        return row

    def sent(self, scene: LoanScene) -> PayoutRow:
        """A payout that has gone out, and whatever M-Pesa has said about it so far."""
        row = self.ready(scene)
        office, grace = self._practice.office, self._practice.person("grace")
        office.lanes.submit_async(lambda: send_payouts(office, [row.payout_id], grace)).result(60)
        self._practice.safaricom.wait_until_quiet()
        office.lanes.submit_async(lambda: sync_all(office)).result(60)
        return self._books.read(payouts.row_of, row.payout_id, actor=grace)

    def standing_batch(self, *rows: PayoutRow) -> None:
        """A batch that a person stopped before its first payout went out."""
        grace = self._practice.person("grace")
        now = [self._books.read(payouts.row_of, row.payout_id, actor=grace) for row in rows]
        shown = tuple(ShownPayout(row.payout_id, row.version, row.mpesa_cents) for row in now)
        new = NewBatch(shown, sum(line.amount_cents for line in shown))
        batch = self._books.write(payout_batches.open_batch, new, actor=grace)
        self._books.write(payout_batches.start, StartBatch(batch.batch_id), actor=grace)
        self._books.write(payout_batches.end_run, RunEnd(batch.batch_id), actor=grace)

    def balance_told(self) -> None:
        """M-Pesa was asked what the accounts hold, and has answered."""
        office, grace = self._practice.office, self._practice.person("grace")
        office.lanes.submit_async(lambda: ask_and_wait(office, grace)).result(60)

    def bill(self, way: Way, kes: int, about: str) -> PayoutRow:
        """A bill of the office that was approved and may be paid by this way."""
        grace = self._practice.person("grace")
        account = Destination("Rift Stationers Ltd", "Equity Bank", "68", "123", "0123456789")
        new = NewPayment(
            self._key(), "office_expense", kes * 100, way, None, "", account, "", about
        )
        row = self._books.write(payments.request, new, actor=grace)
        self._say_yes(self._practice.person("lucy"), "Rift Stationers")
        return self._books.read(payouts.row_of, row.payout_id, actor=grace)

    def refund(self, member_number: str, kes: int) -> PayoutRow:
        """Deposits of a member that may be paid back at the till."""
        grace = self._practice.person("grace")
        member = self._books.read(members.find, member_number, actor=grace)[0]
        new = NewPayment(self._key(), "deposit_refund", kes * 100, Way.CASH, member.member_id)
        row = self._books.write(payments.request, new, actor=grace)
        self._say_yes(self._practice.person("lucy"), "Refund of deposits")
        return self._books.read(payouts.row_of, row.payout_id, actor=grace)

    def filed(self, row: PayoutRow) -> None:
        """A transfer that is in a file for the bank, which has not confirmed it."""
        new = NewBankFile(self._key(), (row.payout_id,))
        self._books.write(bank_files.make, new, actor=self._practice.person("grace"))

    def asked_about(self, row: PayoutRow, times: int) -> None:
        """M-Pesa was asked what became of a payment, so many times, and answered each time."""
        office, grace = self._practice.office, self._practice.person("grace")
        attempt_id = self._books.read(payouts.row_of, row.payout_id, actor=grace).attempt_id
        assert attempt_id is not None, "only a payout that was sent can be asked about"
        for _ in range(times):
            office.lanes.submit_async(lambda: follow_up.ask(office, attempt_id, grace)).result(60)
            self._practice.safaricom.wait_until_quiet()
            office.lanes.submit_async(lambda: sync_all(office)).result(60)

    def held(self, row: PayoutRow) -> None:
        """An approved payout that a person has stopped."""
        grace = self._practice.person("grace")
        version = self._books.read(payouts.row_of, row.payout_id, actor=grace).version
        change = PayoutChange(row.payout_id, version, "The member asked us to wait until Friday.")
        self._books.write(payout_holds.hold, change, actor=grace)

    def agree(self, request_id: int | None) -> None:
        """Somebody who can says yes to a request for which two people are needed; None is no request."""
        ruth = self._practice.person("ruth")
        while request_id is not None:
            rows = self._books.read(decisions.list_waiting, None, actor=ruth)
            row = next((row for row in rows if row.request_id == request_id), None)
            if row is None:
                return
            people = self._books.read(users.list_users, None, actor=ruth)
            who = next(each for each in people if each.full_name in row.who_can)
            verdict = Verdict(request_id, row.fingerprint, Decision.APPROVE)
            self._books.write(decisions.decide, verdict, actor=self._practice.person(who.username))

    def cheque_written(self, row: PayoutRow, number: str) -> None:
        """A cheque that lies in the drawer until somebody takes it."""
        new = NewCheque(row.payout_id, row.version, number)
        self._books.write(hand_overs.write_cheque, new, actor=self._practice.person("grace"))

    def confirmed(self, row: PayoutRow, reference: str) -> PayoutRow:
        """A payment by bank or cheque that has arrived."""
        grace = self._practice.person("grace")
        now = self._books.read(payouts.row_of, row.payout_id, actor=grace)
        today = business_date(self._practice.office.now())
        seen = Confirmation(row.payout_id, now.version, reference, today)
        return self._books.write(hand_overs.confirm, seen, actor=grace)

    def lent_by_cheque(self, scene: LoanScene, number: str) -> None:
        """A loan that the member has as a cheque, so that it runs."""
        row = self.ready(scene, Way.CHEQUE)
        grace = self._practice.person("grace")
        row = self._books.read(payouts.row_of, row.payout_id, actor=grace)
        self.cheque_written(row, number)
        self.confirmed(row, f"Taken by the member, cheque {number}")

    def part_paid(self, scene: LoanScene) -> None:
        """A loan of two payments, of which one was made; the other waits for its approval."""
        grace, lucy = self._practice.person("grace"), self._practice.person("lucy")
        self.saved(scene.member_number, scene.amount_cents // 100)
        loan = self.approved(scene)
        new = NewPayout(self._key(), loan.loan_id)
        self._books.write(payouts.request, new, actor=grace)
        rows = self._books.read(payouts.list_payouts, None, actor=grace)
        second = next(row for row in rows if row.loan_id == loan.loan_id and row.part == 2)
        # The second goes by cheque and comes first, so that the rest by M-Pesa is what is not wanted.
        self._books.write(
            payouts.take_back, PayoutChange(second.payout_id, second.version), actor=grace
        )
        by_cheque = NewPayout(self._key(), loan.loan_id, Way.CHEQUE)
        row = self._books.write(payouts.request, by_cheque, actor=grace)
        self._say_yes(lucy, f"{loan.number}, part {row.part}")
        self._say_yes(self._practice.person("daniel"), f"{loan.number}, part {row.part}")
        ready = self._books.read(payouts.row_of, row.payout_id, actor=grace)
        self.cheque_written(ready, "000411")
        self.confirmed(ready, "Paul Wanjala, ID 23450002")

    def _say_yes(self, person: Actor, about: str) -> None:
        found = self._books.read(decisions.list_waiting, None, actor=person)
        row = next(row for row in found if about in row.about and row.can_decide)
        shown = self._books.read(_fingerprint, row.request_id, actor=person)
        verdict = Verdict(row.request_id, shown, Decision.APPROVE)
        self._books.write(decisions.decide, verdict, actor=person)

    def sits(self, minute_number: str) -> int:
        """A sitting of the two members of the committee, which is open now; its id."""
        daniel, esther = (self._practice.person(name) for name in ("daniel", "esther"))
        new = NewSitting(
            minute_number,
            self._books.read(_today, None, actor=daniel),
            "Society office",
            daniel.user_id,
            frozenset({daniel.user_id, esther.user_id}),
        )
        return self._books.write(sittings.open_sitting, new, actor=daniel)

    def sat(self, minute_number: str, scene: LoanScene) -> None:
        """A sitting that approved one loan, and is closed."""
        row = self.appraised(scene)
        sitting_id = self.sits(minute_number)
        daniel, esther = (self._practice.person(name) for name in ("daniel", "esther"))
        waiting = self._books.read(decisions.list_waiting, None, actor=daniel)
        request = next(each for each in waiting if row.number in each.about)
        for person, vote in ((esther, Vote.ABSTAIN), (daniel, Vote.APPROVE)):
            given = SittingVote(
                sitting_id,
                request.request_id,
                request.fingerprint,
                person.user_id,
                vote,
                "",
                PASSWORD,
            )
            self._books.write(sittings.vote, given, actor=daniel)
        self._books.write(sittings.close_sitting, sitting_id, actor=daniel)

    def closed_day(self) -> None:
        """Today, closed by Grace and signed by Lucy with a word for each check that is not in order."""
        grace, lucy = (self._practice.person(name) for name in ("grace", "lucy"))
        view = self._books.read(day_closings.before_closing, None, actor=grace)
        proof = self._books.read(verify.verify, None, actor=grace)
        till = view.till_cents
        cash = () if till is None else (day_checks.cash_check(till, till),)
        found = (*view.checks, *cash, day_checks.chain_check(proof))
        given = DayToClose(
            day=view.day,
            shown=day_checks.fingerprint(found),
            proof=proof,
            counted_cents=till,
            reasons={one.key: "Known; it is mended tomorrow." for one in found},
            signed=Signatures(lucy.user_id, PASSWORD, PASSWORD),
        )
        self._books.write(day_closings.close, given, actor=grace)


def _today(work: Work, _nothing: None) -> date:
    return work.today


def _fingerprint(work: Work, request_id: int) -> str:
    return approvals.load(work, request_id).fingerprint


def every_state(practice: PracticeOffice) -> None:
    """Loans at every station, and payouts that are paid, waiting, not sure, failed by a notice, ready and
    unapproved; a batch stands, and a sitting of the committee is open.
    """
    scenes, safaricom = Scenes(practice), practice.safaricom
    scenes.sent(LoanScene("M-0001", 60_000_00, 12, "School fees"))
    safaricom.arm("result_late", match_phone="254733111222")
    scenes.sent(LoanScene("M-0002", 48_500_00, 10, "Dairy cow"))
    safaricom.arm("drop_after_taking", match_phone="254722908114")
    safaricom.arm("result_lost", match_phone="254722908114")
    scenes.sent(LoanScene("M-0003", 30_000_00, 6, "Roof of the shop"))
    safaricom.set_outcome("254713553103", "2040")
    scenes.sent(LoanScene("M-0005", 25_000_00, 6, "Motorcycle repair"))
    scenes.standing_batch(
        scenes.ready(LoanScene("M-0004", 35_000_00, 12, "Water tank")),
        scenes.ready(LoanScene("M-0002", 20_000_00, 6, "Poultry house")),
    )
    scenes.balance_told()
    scenes.requested(LoanScene("M-0001", 20_000_00, 6, "Medical bill"))
    scenes.approved(LoanScene("M-0004", 45_000_00, 12, "Greenhouse"))
    scenes.appraised(LoanScene("M-0002", 30_000_00, 6, "Sewing machine"))
    scenes.filed(scenes.bill(Way.BANK, 12_400, "Invoice 77, stationery"))
    scenes.bill(Way.BANK, 8_750, "Invoice 81, toner")
    scenes.bill(Way.CHEQUE, 21_000, "Invoice 82, chairs")
    scenes.cheque_written(scenes.bill(Way.CHEQUE, 9_600, "Invoice 74, tables"), "000410")
    transfer = scenes.bill(Way.BANK, 6_300, "Invoice 70, printing")
    scenes.filed(transfer)
    scenes.confirmed(transfer, "FT26075XYZ")
    scenes.refund("M-0003", 5_000)
    scenes.part_paid(LoanScene("M-0002", 300_000_00, 24, "A plot of land"))
    loan = scenes.applied(LoanScene("M-0004", 15_000_00, 3, "Seeds and fertiliser"))
    scenes.saved("M-0003", 40_000)
    scenes.saved("M-0005", 40_000)
    scenes.guaranteed(loan, "M-0003", 10_000, "F-118")
    scenes.guaranteed(loan, "M-0005", 5_000)
    scenes.sat("CM/06/2026", LoanScene("M-0003", 12_000_00, 3, "Bicycle"))
    scenes.sits("CM/07/2026")
    _rarer_states(scenes, practice)
    scenes.lent_by_cheque(LoanScene("M-0002", 9_000_00, 3, "A stall that burnt down"), "000431")
    loans_go_on(practice)
    people_join(practice)
    members_save(practice)
    savings_go_out(practice)
    loans_are_decided_on(practice)
    statement_comes(practice)
    members_are_fined(practice)
    money_comes_in(practice)
    members_are_told(practice)


def _rarer_states(scenes: Scenes, practice: PracticeOffice) -> None:
    """A request that M-Pesa never had, a notice that nobody can read, a payout on hold."""
    practice.safaricom.arm("drop_before_taking", match_phone="254714554104")
    never_taken = scenes.sent(LoanScene("M-0004", 10_000_00, 3, "Water pump"))
    scenes.asked_about(never_taken, times=2)
    practice.safaricom.arm("result_garbage", match_phone="254713553103")
    scenes.sent(LoanScene("M-0005", 9_000_00, 3, "Spare parts"))
    scenes.held(scenes.ready(LoanScene("M-0003", 8_000_00, 3, "Repair of the roof")))


def queue_stopped(practice: PracticeOffice) -> None:
    """Safaricom refused our user with the first payment of a list, so nothing more is sent."""
    # Somebody to whom nothing is paid on a claim alone, or the office would not even try.
    practice.safaricom.set_outcome("254714554104", "2001")
    Scenes(practice).sent(LoanScene("M-0004", 7_000_00, 3, "Goats"))
    stop = practice.office.books.read(queue_stops.standing, None, actor=practice.person("grace"))
    assert stop is not None, "the queue goes on although M-Pesa refused our user"
