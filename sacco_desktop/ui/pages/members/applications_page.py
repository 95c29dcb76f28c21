"""The page of applications for membership: who wants to join, what is missing, and the fee."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.kyc import KIND_WORDS
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.membership import membership_applications
from sacco_desktop.services.membership.joining_fees import TakenFee
from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.services.membership.membership_applications import ApplicationAct, ApplicationRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.members.fee_dialog import FeeDialog
from sacco_desktop.ui.pages.members.file_window import FileWindow
from sacco_desktop.ui.pages.members.new_application_dialog import NewApplicationDialog
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_OPEN = Chip("applied", "○", "circle", "To send", "Kutuma", ChipColour.BLUE)
_WAITS = Chip("waits", "◔", "clock", "Waits", "Inasubiri", ChipColour.AMBER)
_JOINED = Chip("approved", "✓", "check", "Joined", "Amejiunga", ChipColour.GREEN)
_REJECTED = Chip("rejected", "✕", "x", "Rejected", "Imekataliwa", ChipColour.RED)
_WITHDRAWN = Chip("withdrawn", "—", "minus", "Withdrawn", "Imeondolewa", ChipColour.GREY)
_CHIPS = (_OPEN, _WAITS, _JOINED, _REJECTED, _WITHDRAWN)
_TOPICS = frozenset({Topic.MEMBERS, Topic.APPROVALS, Topic.LEDGER})


def _chip(row: ApplicationRow) -> Chip:
    if row.waits:
        return _WAITS
    return next(chip for chip in _CHIPS if chip.key == row.status)


_COLUMNS: tuple[Column[ApplicationRow], ...] = (
    Column("No.", lambda row: row.number, widest="AP-0001"),
    Column("Name", lambda row: row.full_name),
    chip_column("Status", _chip, _CHIPS),
    Column("Who", lambda row: KIND_WORDS[row.kind], priority=2, widest="Organisation"),
    date_column("Applied", lambda row: row.applied_on, priority=2),
    Column("To look at", lambda row: row.warnings, align=Align.RIGHT, priority=2, widest="12"),
    money_column("Fee KES", lambda row: row.fee_cents or None),
    Column("Receipt", lambda row: row.receipt or None, priority=2, widest="RC-2026-0001"),
    Column("Member", lambda row: row.member_number or None, widest="M-0001"),
)
_FILTERS: tuple[SavedFilter[ApplicationRow], ...] = (
    SavedFilter("open", "Open", lambda row: row.is_open, "No application is open."),
    SavedFilter(
        "fee", "Fee not taken", lambda row: row.is_open and row.fee_is_open, "No fee is open."
    ),
    SavedFilter("waits", "Waits", lambda row: row.waits, "None waits for approval."),
    SavedFilter("all", "All", lambda _row: True, "Nobody has applied yet."),
)


def applications_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return ApplicationsPage(desk).page()


class ApplicationsPage(QObject):
    """Shows every application, the newest first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        roles = desk.actor.roles
        self._may_write = may(roles, Act.REGISTER_MEMBER)
        self._may_take = may(roles, Act.TAKE_DEPOSIT)
        self._may_read = may(roles, Act.READ_FILES)
        empty = EmptyList("Nobody has applied yet. An officer writes applications.")
        if self._may_write:
            empty = EmptyList("Nobody has applied yet.", "New application…", self.new_application)
        self._list = ListPage(
            desk.theme,
            ListPlan(
                name="applications",
                one="application",
                many="applications",
                columns=_COLUMNS,
                key=lambda row: row.application_id,
                empty=empty,
                details=self._details,
                filters=_FILTERS,
            ),
        )
        self.setParent(self._list)
        self._list.opened.connect(self._open_file)
        if self._may_write:
            self._list.add_action(
                "applications_new",
                "New application…",
                self.new_application,
                kind=ButtonKind.PRIMARY,
            )

    def page(self) -> Page:
        """What the window gets."""
        commands: dict[str, Callable[[], None]] = {}
        if self._may_write:
            commands["new"] = self.new_application
        return self._list.page(commands, _TOPICS, self.reload)

    def reload(self) -> None:
        """Read the applications again."""
        self._list.show_loading()
        self._desk.background.read_anew(
            membership_applications.list_applications,
            None,
            owner=self._list,
            done=self._show,
            failed=self._failed,
        )

    def new_application(self) -> None:
        """Ctrl+N."""
        NewApplicationDialog(self._desk, self._list, self._say_written).open()

    def _show(self, rows: Sequence[ApplicationRow]) -> None:
        self._list.show_behind("")
        self._list.set_rows(rows)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, SaccoError):
            self._desk.show(error, self._list)
        self._list.show_failed("The applications could not be read.", self.reload)

    def _details(self, row: ApplicationRow) -> Details:
        notes = []
        if row.is_open and row.warnings:
            count = "1 thing" if row.warnings == 1 else f"{row.warnings} things"
            words = f"{count} of the file should be looked at. Nothing of it stops the application."
            notes.append(Note(words, ChipColour.AMBER, "The file"))
        return Details(
            title=row.full_name,
            subtitle=row.number,
            chip=_chip(row),
            note=notes[0] if notes else None,
            facts=(
                ("Who applies", KIND_WORDS[row.kind]),
                ("ID or registration", row.national_id),
                ("Phone", display_phone(row.phone)),
                ("Applied on", format_date(row.applied_on)),
                ("Registration fee", _fee_words(row)),
                *((("Member", row.member_number),) if row.member_number else ()),
            ),
            action=self._main_action(row),
            other_actions=self._other_actions(row),
        )

    def _main_action(self, row: ApplicationRow) -> PanelAction | None:
        if row.member_number:
            target = f"member/{row.member_number}"
            return PanelAction("open_member", "Open member", lambda: self._desk.open_page(target))
        if not self._may_write or not row.is_open:
            return None
        if row.waits:
            return PanelAction("send", "Send for approval", None, "It waits for another person.")
        return PanelAction(
            "send", "Send for approval", lambda: self._act(row, membership_applications.send)
        )

    def _other_actions(self, row: ApplicationRow) -> tuple[PanelAction, ...]:
        actions = []
        if self._may_take and row.is_open and row.fee_is_open:
            actions.append(PanelAction("take_fee", "Take fee…", lambda: self._take_fee(row)))
        if row.receipt:
            words = f"Receipt {row.receipt}…"
            actions.append(
                PanelAction(
                    "receipt", words, lambda: show_receipt(self._desk, self._list, row.receipt)
                )
            )
        if self._may_read:
            actions.append(PanelAction("file", "Open file…", lambda: self._open_file(row)))
        if self._may_write and row.is_open:
            withdraw = membership_applications.withdraw
            actions.append(PanelAction("withdraw", "Withdraw", lambda: self._act(row, withdraw)))
        return tuple(actions)

    def _act(self, row: ApplicationRow, service: Callable[[Any, ApplicationAct], Any]) -> None:
        def done(answer: object) -> None:
            self._desk.toast(answer if isinstance(answer, str) else f"{row.number} is withdrawn.")

        self._desk.background.write(
            service, ApplicationAct(row.application_id, row.version), owner=self._list, done=done
        )

    def _take_fee(self, row: ApplicationRow) -> None:
        FeeDialog(self._desk, self._list, row, self._say_taken).open()

    def _open_file(self, row: ApplicationRow) -> None:
        if self._may_read:
            holder = Holder(application_id=row.application_id)
            FileWindow(self._desk, self._list, holder, f"File of {row.full_name}").open()

    def _say_written(self, row: ApplicationRow) -> None:
        self._desk.toast(f"Written. {row.full_name} is {row.number}.")
        self._list.table.select_key(row.application_id)

    def _say_taken(self, taken: TakenFee) -> None:
        self._desk.toast(f"Taken, {format_kes(taken.amount_cents)}. Receipt {taken.receipt}.")
        show_receipt(self._desk, self._list, taken.receipt)


def _fee_words(row: ApplicationRow) -> str:
    if not row.fee_cents:
        return "None"
    return (
        f"{format_kes(row.fee_cents)}, {f'receipt {row.receipt}' if row.receipt else 'not taken'}"
    )
