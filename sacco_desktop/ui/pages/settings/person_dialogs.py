"""Adds a person, gives other roles, and gives a new password to who has forgotten the old one."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import NewUser, PasswordReset, RoleChange, UserRow
from sacco_desktop.services.people import people_changes
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.settings.role_boxes import RoleBoxes
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.password_box import PasswordBox

_PASSWORD_RULE = "At least 10 characters. A short sentence is good."  # noqa: S105


BY_TWO = "Another person must agree to it first."
BY_ONE = (
    "Nobody else can agree yet, so this counts at once. From the second person on who can (administrator, committee,"
    " chairperson or secretary), each change needs two people."
)


class _PasswordForm(FormDialog):
    """A form that ends with a password typed twice."""

    def add_passwords(self, desk: Desk, title: str) -> None:
        """The two fields."""
        self._password = PasswordBox(desk.theme, "password", title)
        self._again = PasswordBox(desk.theme, "again", "Once more")
        self.form.add_row("password", title, self._password, _PASSWORD_RULE)
        self.form.add_row("again", "Once more", self._again)

    def password(self) -> str:
        """The password when both are alike. Raises InvalidInput under `password` or `again`."""
        password = users.check_password(self._password.line.text())
        if self._again.line.text() != password:
            raise InvalidInput("The two passwords differ. Type them again.", "again")
        return password


class NewPersonDialog(_PasswordForm):
    """The person types the password, not the administrator."""

    def __init__(self, desk: Desk, parent: QWidget, *, by_one: bool) -> None:
        plan = FormPlan(
            "new_person_dialog",
            "New person",
            "Add person" if by_one else "Ask for approval",
            BY_ONE if by_one else f"Let the person type the password. {BY_TWO}",
        )
        super().__init__(desk, plan, parent)
        self._full_name = QLineEdit()
        self._full_name.setObjectName("full_name")
        self._username = QLineEdit()
        self._username.setObjectName("username")
        self._roles = RoleBoxes(desk.theme)
        self.form.add_row("full_name", "Full name", self._full_name)
        note = "Small letters without gaps, for example grace. It is typed at each sign-in."
        self.form.add_row("username", "User name", self._username, note)
        self.form.add_row("roles", "Roles", self._roles)
        self.add_passwords(desk, "Password")
        self.submitted.connect(self._add)

    def _add(self) -> None:
        new = self.form.read(self._read)
        if new is not None:
            self.carry_out(people_changes.add_user, new, lambda put: self.desk.toast(put.words))

    def _read(self) -> NewUser:
        typed = NewUser(
            self._username.text(),
            self._full_name.text(),
            self._roles.roles(),
            self._password.line.text(),
        )
        checked = users.check_new(typed)
        self.password()
        return checked


class RolesDialog(FormDialog):
    """The roles of one person."""

    def __init__(self, desk: Desk, parent: QWidget, row: UserRow, *, by_one: bool) -> None:
        plan = FormPlan(
            "roles_dialog",
            f"Roles of {row.full_name}",
            "Change roles" if by_one else "Ask for approval",
            BY_ONE if by_one else f"They count from this person's next sign-in. {BY_TWO}",
        )
        super().__init__(desk, plan, parent)
        self._row = row
        self._roles = RoleBoxes(desk.theme, row.roles)
        self.form.add_row("roles", "Roles", self._roles)
        self.submitted.connect(self._change)

    def _change(self) -> None:
        self.form.clear_errors()
        change = RoleChange(self._row.user_id, self._row.version, self._roles.roles())
        self.carry_out(people_changes.change_roles, change, lambda put: self.desk.toast(put.words))


class ResetPasswordDialog(_PasswordForm):
    """For a person who has forgotten the password; it also opens an account locked after wrong tries."""

    def __init__(self, desk: Desk, parent: QWidget, row: UserRow) -> None:
        plan = FormPlan(
            "reset_password_dialog",
            f"New password for {row.full_name}",
            "Reset password",
            "Let the person type it. The audit log keeps that you did this.",
        )
        super().__init__(desk, plan, parent)
        self._row = row
        self.add_passwords(desk, "New password")
        self.submitted.connect(self._reset)

    def _reset(self) -> None:
        password = self.form.read(self.password)
        if password is not None:
            reset = PasswordReset(self._row.user_id, self._row.version, password)
            words = f"{self._row.full_name} signs in with the new password from now on."
            self.carry_out(
                people_changes.reset_password, reset, lambda _nothing: self.desk.toast(words)
            )
