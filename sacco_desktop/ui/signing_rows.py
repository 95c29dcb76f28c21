"""The rows on which two people sign an act about a day: who signs, and both passwords."""

from __future__ import annotations

from collections.abc import Sequence

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.closing.day_signing import Outcome, Signatures, Signer
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.password_box import PasswordBox

NOBODY = "Nobody else may sign a day. A treasurer, an accountant or a chairperson is needed."


class SigningRows:
    """Lays itself out at the end of `form` when it is made."""

    def __init__(self, desk: Desk, form: Form) -> None:
        self._signer = ChoiceBox("signer")
        self._own = PasswordBox(desk.theme, "password", "Your password")
        self._theirs = PasswordBox(desk.theme, "signer_password", "Password of who signs")
        form.add_row("password", f"Password of {desk.actor.full_name}", self._own)
        form.add_row("signer", "Signed by", self._signer)
        form.add_row("signer_password", "Password of who signs", self._theirs)
        self._signer.activated.connect(lambda _place: self._theirs.clear())

    def offer(self, signers: Sequence[Signer]) -> None:
        """Who can sign; who was chosen stays chosen."""
        self._signer.set_choices([(one.user_id, one.full_name) for one in signers])

    def collect(self) -> Signatures:
        """What was chosen and typed. Raises InvalidInput under the field that is empty."""
        for field, box in (("password", self._own), ("signer_password", self._theirs)):
            if box.is_empty():
                raise InvalidInput("Each of the two types the own password.", field)
        return Signatures(
            self._signer.value() or 0, self._own.line.text(), self._theirs.line.text()
        )

    def refused(self, outcome: Outcome) -> InvalidInput:
        """Empty the password that did not count, and give the sentence for under it."""
        (self._own if outcome.field == "password" else self._theirs).clear()
        return InvalidInput(outcome.refused, outcome.field)
