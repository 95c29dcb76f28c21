"""The page Guarantors: who guarantees whom, what is bound and free, waiting consents, rings, and what is owed back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.guarantors import guarantor_register
from sacco_desktop.services.guarantors.guarantor_register import PromiseRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.explain_dialog import open_explanation
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.loans.guarantor_dialogs import open_record_consent
from sacco_desktop.ui.pages.loans.guarantor_ends import open_give_back
from sacco_desktop.ui.pages.loans.guarantors_columns import COLUMNS, FILTERS, chip_of
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction, Step
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_TOPICS = frozenset({Topic.LOANS, Topic.MEMBERS, Topic.LEDGER, Topic.SETTINGS})
_CAPACITY = "Free"


def guarantors_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return GuarantorsPage(desk).page()


class GuarantorsPage(QObject):
    """Shows every promise; the panel says how its guarantor stands with all others."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._rows: Sequence[PromiseRow] = ()
        self._may_ask = may(desk.actor.roles, Act.APPLY_FOR_LOAN)
        self._may_take = may(desk.actor.roles, Act.TAKE_REPAYMENT)
        empty = (
            "Nobody guarantees a loan. Guarantors are added to an application, on the page Loans."
        )
        self._list = ListPage(
            desk.theme,
            ListPlan(
                name="guarantors",
                one="promise",
                many="promises",
                columns=COLUMNS,
                key=lambda row: row.pledge.guarantee_id,
                empty=EmptyList(empty, "Open Loans", lambda: desk.open_page("loans")),
                details=self._details,
                filters=FILTERS,
            ),
        )
        self.setParent(self._list)
        self._list.opened.connect(self._open_loan)

    def page(self) -> Page:
        """What the window gets."""
        return self._list.page({"explain": self.explain}, _TOPICS, self.reload)

    def reload(self) -> None:
        """Read the promises again."""
        self._list.show_loading()
        self._desk.background.read_anew(
            guarantor_register.register,
            None,
            owner=self._list,
            done=self._show,
            failed=self._failed,
        )

    def explain(self) -> None:
        """F4: why the guarantor under the cursor can still promise so much."""
        row: PromiseRow | None = self._list.table.current_row()
        if row is not None:
            self._explain(row)

    def _explain(self, row: PromiseRow) -> None:
        of = row.pledge.guarantor_id
        figures = (Figure.CAPACITY, Figure.FREE_DEPOSITS)
        asked = [(figure.value, Question(figure, of)) for figure in figures]
        open_explanation(self._desk, self._list, asked)

    def _show(self, rows: Sequence[PromiseRow]) -> None:
        self._rows = rows
        self._list.show_behind("")
        self._list.set_rows(rows)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, SaccoError):
            self._desk.show(error, self._list)
        words = "The guarantors could not be read. Nothing is lost; the other pages work."
        self._list.show_failed(words, self.reload)

    def _open_loan(self, row: PromiseRow) -> None:
        self._desk.open_page(f"loans/{row.pledge.loan_number}")

    def _details(self, row: PromiseRow) -> Details:
        one = row.pledge
        loan, member = one.loan_number, one.guarantor_number
        others = (
            PanelAction(
                "open_guarantor",
                f"Open guarantor {member}",
                partial(self._desk.open_page, f"member/{member}"),
            ),
            PanelAction(
                "open_borrower",
                f"Open borrower {row.borrower_number}",
                partial(self._desk.open_page, f"member/{row.borrower_number}"),
            ),
        )
        notes = _notes(row)
        return Details(
            title=one.guarantor_name,
            subtitle=f"{member} for {loan}",
            amount_cents=one.pledge_cents if row.waits else one.live_cents,
            chip=chip_of(row),
            note=notes[0] if notes else None,
            more_notes=notes[1:],
            facts=_facts(row),
            timeline=self._other_promises(row),
            action=PanelAction("open_loan", f"Open loan {loan}", partial(self._open_loan, row)),
            other_actions=(*self._acts(row), *others),
            explains=(PanelAction("explain_capacity", _CAPACITY, partial(self._explain, row)),),
        )

    def _acts(self, row: PromiseRow) -> tuple[PanelAction, ...]:
        """What this person may do about the promise itself."""
        one, acts = row.pledge, []
        if self._may_ask and row.waits:
            act = partial(open_record_consent, self._desk, self._list, [one])
            acts.append(PanelAction("record_consent", "Record consent…", act))
        if self._may_take and one.owed_to_cents:
            paid = [
                each.pledge
                for each in self._rows
                if each.pledge.loan_id == one.loan_id and each.pledge.taken_cents
            ]
            act = partial(open_give_back, self._desk, self._list, paid)
            acts.append(PanelAction("give_back", "Take for guarantors…", act))
        return tuple(acts)

    def _other_promises(self, row: PromiseRow) -> tuple[Step, ...]:
        """What else the same member has promised, or is asked to."""
        others = (
            each.pledge
            for each in self._rows
            if each.pledge.guarantor_id == row.pledge.guarantor_id and each is not row
        )
        return tuple(
            Step(
                one.loan_number,
                f"{one.borrower_name}, {format_kes(one.live_cents or one.pledge_cents)}",
                is_done=one.live_cents > 0,
            )
            for one in others
        )


def _notes(row: PromiseRow) -> tuple[Note, ...]:
    notes = []
    if row.waits:
        words = "Nothing binds before the consent is recorded with its evidence."
        notes.append(Note(words, ChipColour.BLUE, "Consent waits"))
    if row.days_late and row.binds:
        days = f"{row.days_late:,} {'day' if row.days_late == 1 else 'days'}"
        notes.append(Note(f"The loan is {days} late.", ChipColour.AMBER, "Late"))
    if row.ring:
        names = f"{', '.join(row.ring[:-1])} and {row.ring[-1]}"
        words = (
            f"{names} guarantee each other in a ring. If one of them does not pay, the others are called for promises"
            " that lean on their own loans."
        )
        notes.append(Note(words, ChipColour.AMBER, "Ring"))
    return tuple(notes)


def _facts(row: PromiseRow) -> tuple[tuple[str, str], ...]:
    one, capacity = row.pledge, row.capacity
    have, most = capacity.standing, capacity.terms.most_loans
    facts = [
        ("Borrower", f"{one.borrower_name}, {row.borrower_number}"),
        ("Promised", format_kes(one.pledge_cents)),
        ("Loan owes", format_kes(one.loan_owed_cents)),
    ]
    if row.said:
        facts.append(("Said", row.said))
    if one.taken_cents:
        facts += [
            ("Taken", format_kes(one.taken_cents)),
            ("Given back", format_kes(one.repaid_cents)),
            ("Owed back", format_kes(one.owed_to_cents)),
        ]
    cents = capacity.free_cents
    free = capacity.free_words if cents is None else format_kes(cents)
    loans = f"{len(have.live_pledges)} of {most} loans"
    return (
        *facts,
        ("Bound in all", f"{format_kes(capacity.bound_cents)}, {loans}"),
        ("Deposits", format_kes(have.deposits_cents)),
        (_CAPACITY, free),
    )
