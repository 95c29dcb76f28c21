"""The Relay tab: where M-Pesa's results come from, how far they are read, and whether the way is open."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.operations.check_setup import self_test
from sacco_desktop.operations.enrol import PairingCode, enrol_at_relay
from sacco_desktop.operations.wake_relay import wake_relay
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.feed import damaged_entries
from sacco_desktop.services.feed.damaged_entries import DamagedRow
from sacco_desktop.services.relays import relays
from sacco_desktop.services.relays.relays import RelayRow
from sacco_desktop.settings import Settings
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_tab import ListTab
from sacco_desktop.ui.pages.settings.relay_rest_dialog import open_relay_rest_dialog
from sacco_desktop.ui.pages.settings.skip_dialog import open_skip_dialog
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import NOTHING_THERE, Column, chip_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_READ = Chip("read", "✓", "check", "Read to its head", "Imesomwa", ChipColour.GREEN)
_NEW = Chip("not_read", "○", "circle", "Not read yet", "Haijasomwa", ChipColour.GREY)
_RESTS = Chip("rests", "‖", "pause", "At rest", "Imepumzishwa", ChipColour.GREY)
_TROUBLE = Chip("trouble", "!", "alert-triangle", "Trouble", "Tatizo", ChipColour.AMBER)


@dataclass(frozen=True, slots=True)
class RelayView:
    """A relay, and the damaged entry at which its feed stands, if it does."""

    row: RelayRow
    damaged: DamagedRow | None


def read_relays(work: Work, _nothing: None = None) -> tuple[RelayView, ...]:
    """Every relay of this office."""
    damaged = {each.relay_id: each for each in damaged_entries.list_damaged(work)}
    return tuple(RelayView(row, damaged.get(row.relay_id)) for row in relays.list_relays(work))


class RelayTab(ListTab[RelayView]):
    """Everybody who sends payouts may look and test; an administrator enrols."""

    title = "Relay"

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._settings = settings
        self._may_enrol = may(desk.actor.roles, Act.MANAGE_CONNECTIONS)
        self._tested: dict[int, Note] = {}
        super().__init__(desk, self._plan())
        if self._may_enrol:
            self.list.add_action("enrol_open", "Enrol…", self.new, kind=ButtonKind.PRIMARY)
        self.list.opened.connect(lambda view: self._test(view.row))

    def read(self) -> None:
        self.read_by(read_relays, "The relays could not be read. Nothing was changed.")

    def new(self) -> None:
        if self._may_enrol:
            EnrolDialog(self.desk, self.list, self._settings).open()

    def _plan(self) -> ListPlan[RelayView]:
        words = "This office is enrolled at no relay, so no result of M-Pesa would reach it."
        empty = EmptyList(f"{words} An administrator enrols it.")
        if self._may_enrol:
            empty = EmptyList(words, "Enrol…", self.new)
        return ListPlan(
            name="relays",
            one="relay",
            many="relays",
            columns=(
                chip_column("State", lambda view: _chip(view.row), (_TROUBLE, _RESTS, _NEW, _READ)),
                Column("Relay", lambda view: view.row.name, widest="practice relay"),
                Column("Address", lambda view: view.row.api_url, priority=2),
                Column(
                    "Read up to",
                    lambda view: _position(view.row),
                    widest="entry 10,000",
                    is_figures=True,
                ),
                Column(
                    "Last read",
                    lambda view: _last_read(view.row),
                    widest="30 May 2026 14:05",
                    is_figures=True,
                ),
            ),
            key=lambda view: view.row.relay_id,
            empty=empty,
            details=self._details,
        )

    def _details(self, view: RelayView) -> Details:
        row = view.row
        notes = [Note(row.trouble, title="Trouble")] if row.trouble else []
        if row.rests_since is not None:
            since = f"{format_date(business_date(row.rests_since))} {format_time(row.rests_since)}"
            notes.insert(0, Note(row.rest_reason, title=f"At rest since {since}"))
        if view.damaged is not None:
            notes.append(_damaged_note(view.damaged))
        tested = self._tested.get(row.relay_id)
        notes += [tested] if tested is not None else []
        return Details(
            title=row.name,
            subtitle=row.host,
            chip=_chip(row),
            note=notes[0] if notes else None,
            more_notes=tuple(notes[1:]),
            facts=(
                ("Address", row.api_url),
                ("Results come to", row.callback_url),
                ("Our name there", row.tenant),
                ("Read up to", _position(row)),
                ("Last read", _last_read(row)),
            ),
            action=PanelAction("self_test", "Test the round trip", lambda: self._test(row)),
            other_actions=(*self._skip_actions(view), *self._rest_actions(row)),
        )

    def _skip_actions(self, view: RelayView) -> tuple[PanelAction, ...]:
        damaged = view.damaged
        if damaged is None or not may(self.desk.actor.roles, Act.SETTLE_PAYOUT):
            return ()
        why = "Another person has been asked already, under Approvals." if damaged.is_asked else ""
        skip = None if why else lambda: open_skip_dialog(self.desk, self.list, damaged)
        return (PanelAction("skip_entry", "Skip the damaged entry…", skip, why),)

    def _rest_actions(self, row: RelayRow) -> tuple[PanelAction, ...]:
        if not may(self.desk.actor.roles, Act.SETTLE_PAYOUT):
            return ()
        if row.is_used:
            return (PanelAction("let_relay_rest", "Let it rest…", lambda: self._let_rest(row)),)
        return (PanelAction("wake_relay", "Use it again", lambda: self._wake(row)),)

    def _let_rest(self, row: RelayRow) -> None:
        open_relay_rest_dialog(self.desk, self.list, row)

    def _wake(self, row: RelayRow) -> None:
        office, actor = self.desk.office, self.desk.actor
        words = f"{row.name} is in use again, and knows what went out without it."
        self.desk.background.operate(
            lambda: wake_relay(office, row.relay_id, actor),
            owner=self.list,
            done=lambda _: self.desk.toast(words),
        )

    def _test(self, row: RelayRow) -> None:
        self._tested[row.relay_id] = Note(
            "A test callback is on its way. This takes up to half a minute.", ChipColour.BLUE
        )
        self.list.refresh_details()
        office = self.desk.office
        self.desk.background.operate(
            lambda: self_test(office, row),
            owner=self.list,
            done=lambda seconds: self._say_test(row, seconds),
            failed=lambda error: self._say_broken(row, error),
        )

    def _say_test(self, row: RelayRow, seconds: float) -> None:
        at = format_time(self.desk.now())
        words = f"A test callback came back, verified, after {seconds:.1f} s at {at}."
        self._tested[row.relay_id] = Note(words, ChipColour.GREEN, "The way is open")
        self.list.refresh_details()

    def _say_broken(self, row: RelayRow, error: BaseException) -> None:
        words = getattr(error, "message", "")
        if not words:
            self.desk.show(error, self.list)
        note = words or "The test could not be made."
        self._tested[row.relay_id] = Note(note, ChipColour.RED, "The way is not open")
        self.list.refresh_details()


class EnrolDialog(FormDialog):
    """Name, address and the code that the relay's operator gives."""

    def __init__(self, desk: Desk, parent: QWidget, settings: Settings) -> None:
        plan = FormPlan(
            "enrol_dialog",
            "Enrol at a relay",
            "Enrol",
            "The code works once and for three days. The keys of this office are made here and stay here.",
        )
        super().__init__(desk, plan, parent)
        self._pc_name = settings.pc_name
        self._lines: dict[str, QLineEdit] = {}
        for field, title, note in (
            ("name", "Name", "As people here will call it, for example Nairobi relay."),
            (
                "api_url",
                "Address",
                "As the operator wrote it, for example https://api.relay.example.",
            ),
            ("code", "Pairing code", "For example K7QM-3DXN-8W2P-5RTV."),
        ):
            line = QLineEdit()
            line.setObjectName(field)
            self._lines[field] = line
            self.form.add_row(field, title, line, note)
        self.submitted.connect(self._enrol)

    def _enrol(self) -> None:
        code = self.form.read(self._read)
        if code is None:
            return
        office, actor = self.desk.office, self.desk.actor
        words = f"Enrolled at {code.name}. Its feed is read from now on."
        self.operate(
            lambda: enrol_at_relay(office, code, actor), lambda _id: self.desk.toast(words)
        )

    def _read(self) -> PairingCode:
        name, address, code = (self._lines[f].text().strip() for f in ("name", "api_url", "code"))
        if not name:
            raise InvalidInput("Give the relay a name that people here know it by.", "name")
        if not address:
            raise InvalidInput("Write the address that the operator gave.", "api_url")
        if not code:
            raise InvalidInput("Write the pairing code that the operator gave.", "code")
        return PairingCode(name, address, code, self._pc_name)


def _damaged_note(damaged: DamagedRow) -> Note:
    words = (
        "Ask the operator of the relay for a good copy first. If there is none, a treasurer asks another person to skip"
        " exactly this entry."
    )
    return Note(words, ChipColour.RED, f"Entry {damaged.sequence:,} is damaged")


def _chip(row: RelayRow) -> Chip:
    if not row.is_used:
        return _RESTS
    if row.trouble:
        return _TROUBLE
    return _NEW if row.read_to_head_at is None else _READ


def _position(row: RelayRow) -> str:
    return f"entry {row.sequence:,}"


def _last_read(row: RelayRow) -> str:
    at = row.read_to_head_at
    return NOTHING_THERE if at is None else f"{format_date(business_date(at))} {format_time(at)}"
