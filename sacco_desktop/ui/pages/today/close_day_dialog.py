"""Close the day: every check of today, a reason for what is not in order, and the two people who sign."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import format_long_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services import day_checks, day_closings, verify
from sacco_desktop.services.day_checks import CHAIN, Check
from sacco_desktop.services.day_closings import Closed, DaySheetView, DayToClose
from sacco_desktop.services.verify import Proof
from sacco_desktop.ui.back_up import ask_and_back_up
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.today.check_line import CheckLine
from sacco_desktop.ui.theme.sizes import L
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.password_box import PasswordBox

_WIDEST = 880
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
            "Both type their own password. A closed day is final; entries of that day may still be posted, and its"
            " sheet then says so.",
        )
        super().__init__(desk, plan, page)
        self._wide = min(_WIDEST, page.window().width() - L)
        self._closed = closed
        self._view = view
        self._proof: Proof | None = None
        self._is_left = threading.Event()
        self._summary = Callout(desk.theme, "", ChipColour.BLUE)
        self._summary.setObjectName("day_summary")
        self._lines: dict[str, CheckLine] = {}
        self._signer = ChoiceBox("signer")
        self._password = PasswordBox(desk.theme, "password", "Your password")
        self._theirs = PasswordBox(desk.theme, "signer_password", "Password of who signs")
        self._lay_out_form()
        self.take_new = self._changed_meanwhile
        self.finished.connect(lambda _how: self._is_left.set())
        self._signer.activated.connect(lambda _place: self._theirs.clear())
        self.submitted.connect(self._give)
        self._show(view)

    def _lay_out_form(self) -> None:
        self.form.add_wide(self._summary)
        for key in (*(one.key for one in self._view.checks), CHAIN):
            line = CheckLine(self.desk.theme, key, self._mend)
            self._lines[key] = line
            self.form.add_wide(line)
            reason = QLineEdit()
            reason.setObjectName(f"reason_{key}")
            reason.setMaxLength(day_closings.LONGEST_REASON)
            self.form.add_row(f"reason_{key}", "Reason", reason)
        self.form.add_row("signer", "Signed by", self._signer)
        self.form.add_row("password", f"Password of {self.desk.actor.full_name}", self._password)
        self.form.add_row("signer_password", "Password of who signs", self._theirs)
        again = push_button("Look again", name="look_again")
        again.clicked.connect(lambda: self._look_again())
        self.form.add_wide(again)

    def _show(self, view: DaySheetView) -> None:
        """Show the checks of this moment and begin to prove the books."""
        self._view = view
        for check in view.checks:
            self._show_check(check)
        self._signer.set_choices([(one.user_id, one.full_name) for one in view.signers])
        self._prove()

    def _show_check(self, check: Check) -> None:
        self._lines[check.key].show_check(check)
        self.form.show_row(f"reason_{check.key}", not check.is_green)

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
            self._lines[CHAIN].show_waiting(_CHAIN_TITLE, words)
            said = f"The books are being added up: {entries:,} of {self._view.entries:,} entries."
            self._summary.say(said, ChipColour.BLUE)

    def _proven(self, proof: Proof) -> None:
        self._proof = proof
        self._show_check(day_checks.chain_check(proof))
        wrong = sum(not one.is_green for one in self._checks())
        if not self._view.signers:
            self._summary.say(
                "Nobody else may sign a day. A treasurer, an accountant or a chairperson is needed.",
                ChipColour.RED,
            )
            return
        if wrong:
            count = "1 check is" if wrong == 1 else f"{wrong} checks are"
            words = f"{count} not in order. Mend it, or write why the day is closed with it."
            self._summary.say(words, ChipColour.AMBER)
        else:
            self._summary.say("Every check is in order.", ChipColour.GREEN)
        self._stand(is_locked=False)

    def _unproven(self, error: BaseException) -> None:
        if isinstance(error, NotWanted):
            return
        self._summary.say("The books could not be added up. Look again.", ChipColour.RED)
        self.desk.show(error, self)

    def _stand(self, *, is_locked: bool) -> None:
        self._is_locked = is_locked
        self._ok.setEnabled(not is_locked)

    def _checks(self) -> tuple[Check, ...]:
        chain = () if self._proof is None else (day_checks.chain_check(self._proof),)
        return (*self._view.checks, *chain)

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
        reasons = {}
        for one in self._checks():
            line = self.form.field(f"reason_{one.key}")
            assert isinstance(line, QLineEdit)
            if not one.is_green and not line.text().strip():
                raise InvalidInput("Write why the day is closed with this.", f"reason_{one.key}")
            reasons[one.key] = line.text()
        for field, box in (("password", self._password), ("signer_password", self._theirs)):
            if box.is_empty():
                raise InvalidInput("Each of the two types the own password.", field)
        return DayToClose(
            day=self._view.day,
            shown=day_checks.fingerprint(self._checks()),
            proof=self._proof,
            reasons=reasons,
            signer_id=self._signer.value() or 0,
            password=self._password.line.text(),
            signer_password=self._theirs.line.text(),
        )

    def _answered(self, closed: Closed) -> None:
        if closed.refused:
            wrong = self._password if closed.field == "password" else self._theirs
            wrong.clear()
            self.refuse(InvalidInput(closed.refused, closed.field))
            return
        self.desk.toast(closed.words)
        self.accept()
        self._closed(self._view.day)
