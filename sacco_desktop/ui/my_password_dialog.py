"""My password: the old one, and the new one twice."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.operations.confirm import write_with_password
from sacco_desktop.services.office import users
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.password_box import PasswordBox

_PLAN = FormPlan("my_password_dialog", "My password", "Change my password")
_FIELDS = (
    ("password", "Old password", ""),
    ("new_password", "New password", "At least 10 characters. A short sentence is good."),
    ("again", "Once more", ""),
)


class MyPasswordDialog(FormDialog):
    """For whoever is signed in. A wrong old password counts as a try, as it does at the sign-in."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _PLAN, parent)
        self._boxes = {field: PasswordBox(desk.theme, field, title) for field, title, _ in _FIELDS}
        for field, title, note in _FIELDS:
            self.form.add_row(field, title, self._boxes[field], note)
        self.submitted.connect(self._change)

    def _change(self) -> None:
        new = self.form.read(self._read)
        if new is None:
            return
        office, actor = self.desk.office, self.desk.actor
        old = self._boxes["password"].line.text()
        self.operate(
            lambda: write_with_password(office, old, users.change_own_password, new, actor),
            lambda _nothing: self._say_done(),
        )

    def _read(self) -> str:
        old, new, again = (self._boxes[field].line.text() for field, _, _ in _FIELDS)
        if not old:
            raise InvalidInput("Write your old password.", "password")
        users.check_password(new, "new_password")
        if again != new:
            raise InvalidInput("The two new passwords differ. Type them again.", "again")
        return new

    def _say_done(self) -> None:
        self.desk.toast("Your password is changed. Use the new one from now on.")
