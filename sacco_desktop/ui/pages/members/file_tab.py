"""What a file holds, to be read and filled: warnings, the sheet, kin, nominees, and the papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.document_files import DOCUMENT_KINDS, MOST_BYTES, PDF
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.kyc import MemberKind, age_on, fields_of
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.membership import member_documents, member_files
from sacco_desktop.services.membership.member_documents import (
    DocumentContent,
    DocumentOf,
    DocumentRow,
    NewDocument,
)
from sacco_desktop.services.membership.member_files import ROLE_WORDS, FileSheet, Holder, KinEnd
from sacco_desktop.services.reports.member_register import percent_words
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.pages.members.file_dialog import FileDialog
from sacco_desktop.ui.pages.members.picture_dialog import PictureDialog
from sacco_desktop.ui.pages.members.related_dialogs import KinDialog, NomineeDialog
from sacco_desktop.ui.theme.sizes import XS, L, M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.labels import TextRole, hairline, plain_label, push_button

_PHOTO_SIZE = 120
_KINDS = "Pictures and PDF (*.jpg *.jpeg *.png *.pdf)"


class FileTab(QScrollArea):
    """Shows the file of one holder; it is read when `show_file` is called, and again after each change."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._may_write = may(desk.actor.roles, Act.REGISTER_MEMBER)
        self._holder: Holder | None = None
        self._kind = "id_copy"
        self.setObjectName("file_tab")
        self.setAccessibleName("Papers and KYC")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_file(self, holder: Holder) -> None:
        """Read and show this file."""
        self._holder = holder
        background = self._desk.background

        def with_sheet(sheet: FileSheet) -> None:
            background.read(
                member_documents.list_documents,
                holder,
                owner=self,
                done=lambda papers: with_papers(sheet, papers),
            )

        def with_papers(sheet: FileSheet, papers: Sequence[DocumentRow]) -> None:
            background.read(
                member_documents.photo,
                holder,
                owner=self,
                done=lambda photo: self._lay_out(sheet, papers, photo),
            )

        background.read(member_files.read_sheet, holder, owner=self, done=with_sheet)

    def _again(self, _changed: object = None) -> None:
        if self._holder is not None:
            self.show_file(self._holder)

    def _lay_out(
        self, sheet: FileSheet, papers: Sequence[DocumentRow], photo: bytes | None
    ) -> None:
        if sheet.holder != self._holder:
            return
        body = QWidget()
        body.setObjectName("paper")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        if sheet.warnings:
            words = " ".join(each.words for each in sheet.warnings)
            column.addWidget(Callout(self._desk.theme, words, ChipColour.AMBER, "To look at"))
        if photo is not None:
            column.addWidget(_picture(photo))
        self._buttons(column, sheet)
        column.addLayout(_pairs(_known(sheet, business_date(self._desk.now()))))
        self._people(column, sheet)
        self._papers(column, sheet, papers)
        column.addStretch(1)
        before = self.takeWidget()
        if before is not None:
            before.hide()
            before.deleteLater()
        self.setWidget(body)

    def _buttons(self, column: QVBoxLayout, sheet: FileSheet) -> None:
        if not self._may_write:
            return
        is_person = sheet.kind is MemberKind.PERSON
        acts: list[tuple[str, str, Callable[[], None]]] = [
            ("file_change", "Fill in…", lambda: self._open(FileDialog, sheet)),
            (
                "file_kin",
                "Next of kin…" if is_person else "Who signs…",
                lambda: self._open(KinDialog, sheet),
            ),
        ]
        if is_person:
            acts.append(("file_nominees", "Nominees…", lambda: self._open(NomineeDialog, sheet)))
        row = QWidget()
        flow = FlowLayout(row, S)
        for key, words, act in acts:
            flow.addWidget(_button(key, words, act))
        column.addWidget(row)

    def _open(self, dialog: type[FileDialog | KinDialog | NomineeDialog], sheet: FileSheet) -> None:
        dialog(self._desk, self, sheet, self._again).open()

    def _people(self, column: QVBoxLayout, sheet: FileSheet) -> None:
        if sheet.kin:
            column.addWidget(hairline())
        for kin in sheet.kin:
            parts = (kin.full_name, kin.relationship, kin.national_id, kin.phone)
            words = ", ".join(part for part in parts if part)
            line = plain_label(f"{ROLE_WORDS[kin.role]}: {words}", wraps=True)
            column.addWidget(line)
            if self._may_write:
                end = KinEnd(sheet.holder, kin.person_id)
                button = _button(
                    f"kin_end_{kin.person_id}",
                    f"Take {kin.full_name} off",
                    partial(self._write, member_files.end_kin, end),
                )
                column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        if sheet.nominees:
            column.addWidget(hairline())
            on = format_date(sheet.nominees_signed_on) if sheet.nominees_signed_on else ""
            column.addWidget(plain_label(f"Nominees, signed on {on}", TextRole.SECTION))
            column.addLayout(
                _pairs(
                    [
                        (f"{percent_words(each.share)} %", _nominee_words(each))
                        for each in sheet.nominees
                    ]
                )
            )

    def _papers(self, column: QVBoxLayout, sheet: FileSheet, papers: Sequence[DocumentRow]) -> None:
        column.addWidget(hairline())
        column.addWidget(plain_label("Papers", TextRole.SECTION))
        if not papers:
            column.addWidget(plain_label("No paper was added yet.", TextRole.SECONDARY))
        for paper in papers:
            row = QWidget()
            flow = FlowLayout(row, S)
            kb = max(1, paper.size // 1024)
            flow.addWidget(plain_label(f"{paper.words}, {paper.name}, {kb:,} KB"))
            which = DocumentOf(sheet.holder, paper.document_id)
            name = f"paper_{paper.document_id}"
            flow.addWidget(_button(f"{name}_open", "Open", partial(self._show_paper, which, paper)))
            if self._may_write:
                flow.addWidget(
                    _button(
                        f"{name}_remove",
                        "Take out",
                        partial(self._write, member_documents.remove, which),
                    )
                )
            column.addWidget(row)
        if self._may_write:
            row = QWidget()
            flow = FlowLayout(row, S)
            kinds = ChoiceBox("paper_kind", tuple(DOCUMENT_KINDS.items()))
            kinds.choose(self._kind)
            flow.addWidget(kinds)
            flow.addWidget(_button("paper_add", "Add paper…", lambda: self._ask_file(kinds)))
            column.addWidget(row)

    def _ask_file(self, kinds: ChoiceBox) -> None:
        self._kind = str(kinds.value())
        dialog = QFileDialog(self, "Add a paper", "", _KINDS)
        dialog.setObjectName("paper_file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.add_paper(self._kind, Path(name)))
        dialog.open()

    def add_paper(self, kind: str, path: Path) -> None:
        """Read a file and keep it in the books."""
        holder = self._holder
        if holder is None:
            return

        def keep(content: bytes) -> None:
            self._write(member_documents.add, NewDocument(holder, kind, path.name, content))

        self._desk.background.render(lambda: _read(path), owner=self, done=keep)

    def _write(self, service: Callable[..., object], given: object) -> None:
        self._desk.background.write(service, given, owner=self, done=self._again)

    def _show_paper(self, which: DocumentOf, row: DocumentRow) -> None:
        def show(found: DocumentContent) -> None:
            if found.media == PDF:
                self._desk.show_paper(Paper(found.content, row.words, found.name))
            else:
                PictureDialog(self, row.words, found.content).open()

        self._desk.background.read(member_documents.read, which, owner=self, done=show)


def _read(path: Path) -> bytes:
    """A file that is too large is not read to its end."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInput(f"{path.name} cannot be read. Choose it again.", "file") from error


def _button(name: str, words: str, act: Callable[[], None]) -> QWidget:
    button = push_button(words, name=name)
    button.clicked.connect(lambda: act())
    return button


def _picture(photo: bytes) -> QLabel:
    label = QLabel()
    label.setObjectName("photo")
    label.setAccessibleName("Photo of the member")
    found = QPixmap()
    found.loadFromData(photo)
    ways = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    if not found.isNull():
        label.setPixmap(found.scaled(_PHOTO_SIZE, _PHOTO_SIZE, *ways))
    return label


def _known(sheet: FileSheet, today: date) -> list[tuple[str, str]]:
    lines = []
    for field in fields_of(sheet.kind):
        text = sheet.texts[field.name]
        if field.name == "born_on" and text:
            text = f"{format_date(date.fromisoformat(text))}, {age_on(text, today)} years old"
        if text:
            lines.append((field.title, text))
    if sheet.monthly_cents:
        lines.append(("Contribution a month", format_kes(sheet.monthly_cents)))
    return lines or [("", "Nothing is written down yet.")]


def _nominee_words(nominee: member_files.NomineeRow) -> str:
    guardian = f"guardian {nominee.guardian}" if nominee.guardian else ""
    parts = (nominee.full_name, nominee.relationship, nominee.national_id, nominee.phone, guardian)
    return ", ".join(part for part in parts if part)


def _pairs(lines: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(L)
    grid.setVerticalSpacing(XS)
    grid.setColumnStretch(1, 1)
    for place, (name, words) in enumerate(lines):
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(plain_label(name, TextRole.SECONDARY), place, 0, top)
        grid.addWidget(plain_label(words, name="fact", wraps=True), place, 1, top)
    return grid
