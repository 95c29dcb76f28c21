"""Enters the M-Pesa connection. Secrets are typed blind and go to the keyring; an empty one keeps what is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.errors import InvalidInput, OutsideUnavailable
from sacco_desktop.operations.enrol import (
    LoadedCertificate,
    MpesaAccess,
    connect_mpesa,
    load_certificate,
)
from sacco_desktop.operations.mpesa_view import MpesaView
from sacco_desktop.operations.office import MpesaSecrets
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import XS
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.password_box import PasswordBox

_PLAN = FormPlan(
    "mpesa_dialog",
    "M-Pesa connection",
    "Keep and check",
    "The secrets go into this computer's keyring and never into the books. Then M-Pesa is asked whether it takes them.",
)
_SECRETS = (
    ("consumer_key", "Consumer key", "From the app on the Daraja portal."),
    ("consumer_secret", "Consumer secret", "From the same place."),
    (
        "initiator_password",
        "Operator's password",
        "As set in the M-Pesa portal; it is good for 90 days. Special signs: only # & % $.",
    ),
    (
        "passkey",
        "Passkey",
        "Came by mail from Safaricom; only needed to ask members to pay by phone.",
    ),
)
_KEPT = "Empty keeps what is there."
_LARGEST_FILE = 64 * 1024
# What the parts that judge the connection call their fields.
_SAME = {"certificate_pem": "certificate", "initiator_name": "initiator", "base_url": "address"}


class CertificatePicker(QWidget):
    """A button for the file, and the fingerprint that a person compares with the portal's."""

    def __init__(self, loaded: LoadedCertificate | None) -> None:
        super().__init__()
        self.setObjectName("certificate")
        self._loaded = loaded
        self.button = push_button("Load file…", name="certificate_open")
        self.button.clicked.connect(self._choose)
        self._shown = plain_label("", TextRole.SECONDARY, name="certificate_shown", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(XS)
        column.addWidget(self.button)
        column.addWidget(self._shown)
        self.setFocusProxy(self.button)
        self._refusal = ""
        self._show()

    def pem(self) -> str:
        """The certificate as text. Raises InvalidInput under `certificate`."""
        if self._refusal or self._loaded is None:
            words = self._refusal or "Load the certificate file from the Daraja portal."
            raise InvalidInput(words, "certificate")
        return self._loaded.pem

    def load_file(self, path: str) -> None:
        """Take the certificate of a file; a file that is none is refused in words."""
        self._refusal = ""
        try:
            with Path(path).open("rb") as file:
                self._loaded = load_certificate(file.read(_LARGEST_FILE))
        except OSError as error:
            self._refusal = f"The file cannot be read: {error.strerror}."
        except InvalidInput as error:
            self._refusal = error.message
        self._show()

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Certificate from the Daraja portal")
        dialog.setObjectName("certificate_dialog")
        dialog.setNameFilters(["Certificates (*.cer *.crt *.pem *.der)", "All files (*)"])
        dialog.fileSelected.connect(self.load_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show(self) -> None:
        words = self._refusal or "No file is loaded."
        if not self._refusal and self._loaded is not None:
            words = self._loaded.words(bytes_a_line=8)
        self._shown.setText(words)


class MpesaDialog(FormDialog):
    """`kept` brings words for the page, and whether M-Pesa took key and secret."""

    kept = Signal(str, bool)

    def __init__(self, desk: Desk, parent: QWidget, view: MpesaView) -> None:
        super().__init__(desk, _PLAN, parent)
        self._environment = view.environment
        facts = view.facts
        self._lines: dict[str, QLineEdit] = {}
        if view.environment == "practice":
            note = "Of the simulated Safaricom, for example http://127.0.0.1:8080."
            self._add_line("address", "Address", facts.address if facts else "", note)
        self._add_line(
            "shortcode", "Shortcode", facts.shortcode if facts else "", "The one that pays out."
        )
        note = (
            "The user with access channel API in the M-Pesa portal. Small and large letters count."
        )
        self._add_line("initiator", "API operator", facts.initiator if facts else "", note)
        versions = (
            ("v3", "v3, refuses the same payment twice"),
            ("v1", "v1, for older shortcodes"),
        )
        self._version = ChoiceBox("b2c_version", versions)
        self._version.choose(facts.b2c_version if facts else "v3")
        self.form.add_row("b2c_version", "B2C version", self._version)
        checks = ((False, "Not enabled by Safaricom"), (True, "Enabled by Safaricom"))
        self._id_check = ChoiceBox("has_id_check", checks)
        self._id_check.choose(facts.has_id_check if facts else False)
        note = "Whether M-Pesa can pay only the line that is registered to an ID number. The rule is under Rules."
        self.form.add_row("has_id_check", "Check of the ID number", self._id_check, note)
        paybill = (("v2", "v2, payers' numbers are masked"), ("v1", "v1, for older paybills"))
        self._paybill = ChoiceBox("c2b_version", paybill)
        self._paybill.choose(facts.c2b_version if facts else "v2")
        note = "What the app on the Daraja portal has. If M-Pesa says that the product does not match, take the other."
        self.form.add_row("c2b_version", "Paybill version", self._paybill, note)
        self._certificate = CertificatePicker(view.certificate)
        self.form.add_row("certificate", "Certificate", self._certificate)
        self._secrets: dict[str, QLineEdit] = {}
        for field, title, where in _SECRETS:
            box = PasswordBox(desk.theme, field, title)
            self.form.add_row(field, title, box, f"{where} {_KEPT}" if view.has_secrets else where)
            self._secrets[field] = box.line
        self.submitted.connect(self._keep)

    def refuse(self, error: BaseException) -> None:
        """An outage comes after everything was kept, so there is nothing left to do in this dialog."""
        if isinstance(error, OutsideUnavailable):
            self.accept()
            self.kept.emit(f"The connection is kept. {error.message}", False)
        elif isinstance(error, InvalidInput) and error.field in _SAME:
            super().refuse(InvalidInput(error.message, _SAME[error.field]))
        else:
            super().refuse(error)

    def _add_line(self, field: str, title: str, text: str, note: str) -> None:
        line = QLineEdit(text)
        line.setObjectName(field)
        self._lines[field] = line
        self.form.add_row(field, title, line, note)

    def _keep(self) -> None:
        access = self.form.read(self._read)
        if access is None:
            return
        office, actor = self.desk.office, self.desk.actor
        self.operate(
            lambda: connect_mpesa(office, access, actor),
            lambda _fingerprint: self.kept.emit(
                "The connection is kept, and M-Pesa takes key and secret.", True
            ),
        )

    def _read(self) -> MpesaAccess:
        address = self._lines["address"].text().strip() if "address" in self._lines else ""
        facts = ConnectionFacts(
            environment=self._environment,
            address=address,
            shortcode=self._lines["shortcode"].text().strip(),
            initiator=self._lines["initiator"].text().strip(),
            certificate=self._certificate.pem(),
            b2c_version=self._version.value(),
            has_id_check=self._id_check.value(),
            c2b_version=self._paybill.value(),
        )
        return MpesaAccess(
            facts, MpesaSecrets(**{field: line.text() for field, line in self._secrets.items()})
        )
