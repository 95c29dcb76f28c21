"""The small dialogs of the page: a word about a line, ticked rows that belong together, a beginning, a match undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.reconciling.classes import BookLine
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.reconciling import line_settling, statement_matches
from sacco_desktop.services.reconciling.account_standing import (
    AccountStanding,
    LeftLine,
    MatchedLine,
)
from sacco_desktop.services.reconciling.line_settling import Beginning, Settle
from sacco_desktop.services.reconciling.statement_matches import ByHand, Undo
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.reconciliation.words import (
    CLASS_CHIPS,
    act_words,
    finding_words,
    line_words,
)
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

Done = Callable[[str], None]


class _ReasonDialog(FormDialog):
    """A form with one reason."""

    def __init__(self, desk: Desk, parent: QWidget, plan: FormPlan, told: str) -> None:
        super().__init__(desk, plan, parent)
        self._key = uuid4().hex
        if told:
            self.form.add_wide(Callout(desk.theme, told, ChipColour.BLUE))
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self._reason.setMaxLength(statement_matches.LONGEST_REASON)
        self.submitted.connect(self._give)

    def add_reason(self, note: str = "") -> None:
        """The row of the reason, below whatever else the form asks."""
        self.form.add_row("reason", "Reason", self._reason, note)

    def reason(self) -> str:
        """What was written. Raises InvalidInput under `reason` when nothing was."""
        if not self._reason.text().strip():
            raise InvalidInput("Write why, in a few words.", "reason")
        return self._reason.text()

    def _give(self) -> None:
        raise NotImplementedError


class SettleDialog(_ReasonDialog):
    """Called `settle_dialog`: a line that is settled with a word about it, or that may be one of several payments."""

    def __init__(self, desk: Desk, parent: QWidget, left: LeftLine, done: Done) -> None:
        title = f"{CLASS_CHIPS[left.finding.kind].word()}, {format_kes(left.line.cents)}"
        act = act_words(left.finding).removesuffix("…")
        super().__init__(
            desk,
            parent,
            FormPlan("settle_dialog", title, act, line_words(left)),
            finding_words(left.finding),
        )
        self._left, self._done = left, done
        self._attempt = ChoiceBox("attempt")
        if len(left.finding.attempts) > 1:
            choices = [
                (one.attempt_id, f"{one.number}, {one.phone}") for one in left.finding.attempts
            ]
            self._attempt.set_choices(choices)
            self.form.add_row("attempt", "Payment", self._attempt)
        else:
            self.add_reason("Whoever signs the day reads it.")

    def _give(self) -> None:
        given = self.form.read(self._collect)
        if given is not None:
            self.carry_out(line_settling.settle, given, self._done)

    def _collect(self) -> Settle:
        found = self._left.finding
        is_choice = len(found.attempts) > 1
        return Settle(
            self._key,
            found.line.line_id,
            found.kind,
            "" if is_choice else self.reason(),
            self._attempt.value() if is_choice else None,
        )


class MatchDialog(_ReasonDialog):
    """Called `match_dialog`: rows that a person ticked on both sides."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        ticked: tuple[str, Sequence[LeftLine], Sequence[BookLine]],
        done: Done,
    ) -> None:
        account, lines, books = ticked
        mine, ours = sum(one.line.cents for one in lines), sum(one.cents for one in books)
        told = (
            f"{len(lines)} of the statement, {format_kes(mine)}, and {len(books)} of the books, {format_kes(ours)}."
            " They belong together only when both come to the same."
        )
        plan = FormPlan("match_dialog", "Match what is ticked", "Match")
        super().__init__(desk, parent, plan, told)
        self._given = (
            account,
            tuple(one.line.line_id for one in lines),
            tuple(one.posting_id for one in books),
        )
        self._done = done
        self.add_reason()
        if mine != ours:
            self.form.add_wide(
                Callout(
                    desk.theme, f"They are {format_kes(abs(mine - ours))} apart.", ChipColour.RED
                )
            )
            self.lock()

    def _give(self) -> None:
        given = self.form.read(lambda: ByHand(*self._given, self.reason()))
        if given is not None:
            self.carry_out(statement_matches.by_hand, given, self._done)


class BeginningDialog(_ReasonDialog):
    """Called `beginning_dialog`: the books begin with another sum than the first statement."""

    def __init__(self, desk: Desk, parent: QWidget, view: AccountStanding, done: Done) -> None:
        cents = view.beginning_cents
        way = "more" if cents > 0 else "less"
        plan = FormPlan(
            "beginning_dialog",
            f"How {view.account.title} begins",
            "Book the beginning",
            "It is posted once, against retained earnings, as opening balances are.",
        )
        told = f"The first statement opens with {format_kes(abs(cents))} {way} than the books had then."
        super().__init__(desk, parent, plan, told)
        self._view, self._done = view, done
        self.add_reason("Such as: the balance of the old books was wrong by this.")

    def _give(self) -> None:
        code, cents = self._view.account.code, self._view.beginning_cents
        given = self.form.read(lambda: Beginning(self._key, code, cents, self.reason()))
        if given is not None:
            self.carry_out(line_settling.book_beginning, given, self._done)


class UndoDialog(_ReasonDialog):
    """Called `undo_match_dialog`: a match that was wrong."""

    def __init__(self, desk: Desk, parent: QWidget, row: MatchedLine, done: Done) -> None:
        plan = FormPlan(
            "undo_match_dialog",
            f"Undo the match of {row.receipt or format_kes(row.cents)}",
            "Undo the match",
            "Both sides are left over again. What was posted stays posted.",
        )
        super().__init__(desk, parent, plan, "")
        self._row, self._done = row, done
        self.add_reason()

    def _give(self) -> None:
        given = self.form.read(lambda: Undo(self._row.match_id, self.reason()))
        if given is not None:
            self.carry_out(statement_matches.undo, given, self._done)


class TakeBackDialog(_ReasonDialog):
    """Called `take_entry_back_dialog`: an entry of which the statement knows nothing."""

    def __init__(self, desk: Desk, parent: QWidget, book: BookLine) -> None:
        plan = FormPlan(
            "take_entry_back_dialog",
            f"Take entry {book.entry} back",
            "Ask a second person to agree",
            "Nothing changes until another person agrees under Approvals. Then an entry of that day takes it back.",
        )
        told = f"{book.narration}, {format_kes(abs(book.cents))}. It is not on the statement up to this day."
        super().__init__(desk, parent, plan, told)
        self._book = book
        self.add_reason("Which statement you looked at, and what M-Pesa or the bank said.")

    def _give(self) -> None:
        given = self.form.read(lambda: ReversalRequest(self._book.entry, self.reason()))
        if given is not None:
            self.carry_out(decisions.ask_reversal, given, self._asked)

    def _asked(self, _request: int) -> None:
        self.desk.toast(f"Asked. Entry {self._book.entry} stays in the books until it is approved.")
