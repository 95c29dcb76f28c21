"""Close the day: every check of today, a reason for what is not in order, and the two people who sign."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sacco_desktop.domain.cash_count import CashCount
from sacco_desktop.domain.dates import format_long_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.closing import day_checks, day_closings
from sacco_desktop.services.closing.day_checks import CASH, CHAIN, Check
from sacco_desktop.services.closing.day_closings import DaySheetView, DayToClose
from sacco_desktop.services.closing.day_signing import Outcome
from sacco_desktop.services.proof import verify
from sacco_desktop.services.proof.verify import Proof
from sacco_desktop.ui.back_up import ask_and_back_up
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.today.check_line import LOOKING, TO_COUNT, CheckLine
from sacco_desktop.ui.pages.today.count_cash_dialog import CountCashDialog
from sacco_desktop.ui.signing_rows import NOBODY, SigningRows
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import ButtonKind, push_button
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_LETTERS = 110
_CHAIN_TITLE = "Every entry is as it was posted"


class NotWanted(Exception):
    """The sheet was closed while the books were being added up for it."""


class CloseDayDialog(FormDialog):
    """Called `close_day_dialog`. It begins to prove the books as soon as it is made, and cannot be signed before that;
    `closed` is called with the day when it was.
    """

    def __init__(
        self, desk: Desk, page: QWidget, view: DaySheetView, closed: Callable[[date], None]
    ) -> None:
        plan = FormPlan(
            "close_day_dialog",
            f"Close the day, {format_long_date(view.day)}",
            "Close the day",
            "Both type their own password. A closed day takes no more entries, nor does any day before it; what happens"
            " later is dated tomorrow.",
            _LETTERS,
        )
        super().__init__(desk, plan, page)
        self._closed = closed
        self._view = view
        self._proof: Proof | None = None
        self._is_left = threading.Event()
        self._summary = Callout(desk.theme, "", ChipColour.BLUE)
        self._summary.setObjectName("day_summary")
        self._lines: dict[str, CheckLine] = {}
        self._counted = MoneyEdit("counted", allow_zero=True)
        self._pieces: CashCount | None = None
        self._by_piece = push_button(
            "Count notes and coins…", name="count_pieces", kind=ButtonKind.LINK
        )
        self._by_piece.clicked.connect(lambda: self._count_pieces())
        self._lay_out_form()
        self._signing = SigningRows(desk, self.form)
        self.take_new = self._changed_meanwhile
        self.finished.connect(lambda _how: self._is_left.set())
        self._counted.textChanged.connect(lambda _text: self._count())
        self.submitted.connect(self._give)
        self._show(view)

    def _lay_out_form(self) -> None:
        self.form.add_wide(self._summary)
        for key in (*(one.key for one in self._view.checks), CASH, CHAIN):
            line = CheckLine(self.desk.theme, key, self._mend)
            self._lines[key] = line
            self.form.add_wide(line)
            if key == CASH:
                self.form.add_row("counted", "Cash counted, KES", self._counted)
                self.form.add_wide(self._by_piece)
            reason = QLineEdit()
            reason.setObjectName(f"reason_{key}")
            reason.setMaxLength(day_closings.LONGEST_REASON)
            self.form.add_row(f"reason_{key}", "Reason", reason)
        again = push_button("Look again", name="look_again")
        again.clicked.connect(lambda: self._look_again())
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(again)
        row.addStretch(1)
        self.form.add_wide(foot)

    def _show(self, view: DaySheetView) -> None:
        """Show the checks of this moment and begin to prove the books."""
        self._view = view
        for check in view.checks:
            self._show_check(check)
        self._signing.offer(view.signers)
        self._prove()
        self._count()

    def _show_check(self, check: Check) -> None:
        self._lines[check.key].show_check(check)
        self.form.show_row(f"reason_{check.key}", not check.is_green)

    def _count(self) -> None:
        """Lay what was counted beside what the books say."""
        has_till = self._view.till_cents is not None
        self._lines[CASH].setVisible(has_till)
        self.form.show_row("counted", has_till)
        self._by_piece.setVisible(has_till)
        till = self._till()
        if till is None:
            self.form.show_row(f"reason_{CASH}", False)
            if self._view.till_cents is not None:
                waits = day_checks.uncounted(self._view.till_cents)
                self._lines[CASH].show_waiting(TO_COUNT, waits.title, waits.finding)
        else:
            self._show_check(till)
        self._sum_up()

    def _till(self) -> Check | None:
        """The check of the till; None where there is none, or while nothing that is an amount is written."""
        try:
            counted = self._counted.cents()
        except InvalidInput:
            counted = None
        if self._view.till_cents is None or counted is None:
            return None
        return day_checks.cash_check(self._view.till_cents, counted, self._pieces_of(counted))

    def _count_pieces(self) -> None:
        def take(count: CashCount) -> None:
            self._pieces = count
            self._counted.setText(format_amount(count.cents))
            self._count()

        CountCashDialog(self.desk, self, self._pieces, take).open()

    def _pieces_of(self, counted_cents: int | None) -> CashCount | None:
        """The notes and coins, as long as nobody has written another sum since they were counted."""
        is_same = self._pieces is not None and self._pieces.cents == counted_cents
        return self._pieces if is_same else None

    def _prove(self) -> None:
        self._stand(is_locked=True)
        proved, self._proof = self._proof, None
        self.form.show_row(f"reason_{CHAIN}", False)
        self._told(0)
        background = self.desk.background
        if proved is not None and proved.is_sound:
            background.read(
                verify.carry_on, proved, owner=self, done=self._proven, failed=self._unproven
            )
            return
        tell, is_left = background.for_gui(self._told, self), self._is_left

        def tell_or_leave(entries: int) -> None:
            if is_left.is_set():
                raise NotWanted
            tell(entries)

        background.read(
            verify.verify, tell_or_leave, owner=self, done=self._proven, failed=self._unproven
        )

    def _told(self, entries: int) -> None:
        if self._proof is None:
            words = f"Adding up entry {entries:,} of {self._view.entries:,}."
            self._lines[CHAIN].show_waiting(LOOKING, _CHAIN_TITLE, words)
            said = f"The books are being added up: {entries:,} of {self._view.entries:,} entries."
            self._summary.say(said, ChipColour.BLUE)

    def _proven(self, proof: Proof) -> None:
        self._proof = proof
        self._show_check(day_checks.chain_check(proof))
        self._stand(is_locked=not self._view.signers)
        self._sum_up()

    def _sum_up(self) -> None:
        """How it stands in one line, as soon as the books are added up."""
        if self._proof is None:
            return
        if not self._view.signers:
            self._summary.say(NOBODY, ChipColour.RED)
            return
        wrong = sum(not one.is_green for one in self._checks())
        count, them = ("1 check is", "it") if wrong == 1 else (f"{wrong} checks are", "them")
        words = f"{count} not in order. Mend {them}, or write why the day is closed with {them}."
        is_to_count = self._view.till_cents is not None and self._till() is None
        parts = [words] if wrong else [] if is_to_count else ["Every check is in order."]
        parts += ["The cash is still to be counted."] if is_to_count else []
        colour = ChipColour.AMBER if wrong else ChipColour.BLUE if is_to_count else ChipColour.GREEN
        self._summary.say(" ".join(parts), colour)

    def _unproven(self, error: BaseException) -> None:
        if isinstance(error, NotWanted):
            return
        self._summary.say("The books could not be added up. Look again.", ChipColour.RED)
        self.desk.show(error, self)

    def _stand(self, *, is_locked: bool) -> None:
        self._is_locked = is_locked
        self._ok.setEnabled(not is_locked)

    def _checks(self) -> tuple[Check, ...]:
        """All that were found so far, in the order in which they are kept."""
        till = self._till()
        chain = None if self._proof is None else day_checks.chain_check(self._proof)
        return (*self._view.checks, *(one for one in (till, chain) if one is not None))

    def _mend(self, place: str) -> None:
        if place == "back_up":
            ask_and_back_up(self.desk, self, self._look_again)
            return
        self.reject()
        self.desk.open_page(place)

    def _look_again(self) -> None:
        self._stand(is_locked=True)
        self.desk.background.read(
            day_closings.before_closing, None, owner=self, done=self._show, failed=self.refuse
        )

    def _changed_meanwhile(self, sentence: str) -> None:
        self.desk.toast(sentence)
        self._look_again()

    def _give(self) -> None:
        given = self.form.read(self._collect)
        if given is None:
            return
        self._say_busy(True)
        self.desk.background.write(
            day_closings.close, given, owner=self, done=self._answered, failed=self.refuse
        )

    def _collect(self) -> DayToClose:
        assert self._proof is not None
        counted = self._counted.cents()
        if counted is None and self._view.till_cents is not None:
            raise InvalidInput("Count the cash and write the sum, 0 when it is empty.", "counted")
        reasons = {}
        for one in self._checks():
            line = self.form.field(f"reason_{one.key}")
            assert isinstance(line, QLineEdit)
            if not one.is_green and not line.text().strip():
                raise InvalidInput("Write why the day is closed with this.", f"reason_{one.key}")
            reasons[one.key] = line.text()
        return DayToClose(
            day=self._view.day,
            shown=day_checks.fingerprint(self._checks()),
            proof=self._proof,
            counted_cents=counted,
            reasons=reasons,
            signed=self._signing.collect(),
            count=self._pieces_of(counted),
        )

    def _answered(self, closed: Outcome) -> None:
        if closed.refused:
            self.refuse(self._signing.refused(closed))
            return
        self.desk.toast(closed.words)
        self.accept()
        self._closed(self._view.day)
