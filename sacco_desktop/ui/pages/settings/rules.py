"""The Rules tab: what differs between societies, what it means, and from which day it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.office import setting_changes, society
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.office.society import SINCE_EVER, RuleRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_tab import ListTab
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.columns import NOTHING_THERE, Column
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction, Step
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan


class RulesTab(ListTab[RuleRow]):
    """Everybody may read the rules of the house. An administrator asks for changes, never for days gone by; those that
    guard money are approved by another person.
    """

    title = "Rules"

    def __init__(self, desk: Desk) -> None:
        self._may_change = may(desk.actor.roles, Act.MANAGE_CONNECTIONS)
        super().__init__(desk, _plan(self._details))
        self.list.opened.connect(self._change)

    def read(self) -> None:
        self.read_by(society.list_rules, "The rules could not be read. Nothing was changed.")

    def _details(self, row: RuleRow) -> Details:
        note = None
        if row.coming is not None:
            words = (
                f"{row.rule.words(row.coming.value)} from {format_date(row.coming.effective_on)}."
            )
            note = Note(words, title="Will change")
        return Details(
            title=row.rule.title,
            subtitle=row.rule.meaning,
            note=note,
            facts=(("Today", row.rule.words(row.value)), ("Since", _since(row.since))),
            timeline=_history(row),
            action=self._action(row),
        )

    def _action(self, row: RuleRow) -> PanelAction | None:
        if not self._may_change:
            return None
        return PanelAction("change_rule", "Change…", lambda: self._change(row))

    def _change(self, row: RuleRow) -> None:
        if self._may_change:
            RuleDialog(self.desk, self.list, row).open()


def _plan(details: Callable[[RuleRow], Details]) -> ListPlan[RuleRow]:
    return ListPlan(
        name="rules",
        one="rule",
        many="rules",
        columns=(
            Column(
                "Rule", lambda row: row.rule.title, widest="Wait before a missing payment is judged"
            ),
            Column(
                "Today",
                lambda row: row.rule.words(row.value),
                widest="KES 250,000.00",
                longest=24,
            ),
            Column("Since", lambda row: _since(row.since), priority=2, widest="the beginning"),
            Column("Will change", _coming, priority=2, widest="KES 250,000.00 from 30 May 2026"),
        ),
        key=lambda row: row.rule.name,
        empty=EmptyList("There are no rules."),
        details=details,
    )


_BY_TWO = (
    "This rule guards money, so another person must approve the change. The value of today stays for all days"
    " before."
)


class RuleDialog(FormDialog):
    """Another value and the day from which it counts."""

    def __init__(self, desk: Desk, parent: QWidget, row: RuleRow) -> None:
        plan = FormPlan(
            "rule_dialog",
            row.rule.title,
            "Ask for approval" if row.rule.guards_money else "Change rule",
            _BY_TWO if row.rule.guards_money else "The value of today stays for all days before.",
        )
        super().__init__(desk, plan, parent)
        self._row = row
        self._value = self._make_value()
        self._day = DateEdit("effective_on", self._today)
        self._day.set_day(self._today())
        self.form.add_row("value", self._value_title(), self._value, row.rule.meaning)
        self.form.add_row("effective_on", "Counts from", self._day, "Today or a later day.")
        self.submitted.connect(self._change)

    def _make_value(self) -> QWidget:
        rule = self._row.rule
        if rule.choices:
            box = ChoiceBox("value", rule.choices)
            box.choose(self._row.value)
            return box
        line = QLineEdit(rule.typed(self._row.value))
        line.setObjectName("value")
        return line

    def _value_title(self) -> str:
        rule = self._row.rule
        if rule.choices:
            return "Value"
        return f"Value in {rule.unit}" if rule.unit else "Value in KES"

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _change(self) -> None:
        change = self.form.read(self._read)
        if change is not None:
            self.carry_out(
                setting_changes.change_setting, change, lambda done: self.desk.toast(done.words)
            )

    def _read(self) -> SettingChange:
        rule = self._row.rule
        if isinstance(self._value, ChoiceBox):
            value = rule.check(self._value.value())
        else:
            assert isinstance(self._value, QLineEdit), "a value is chosen or typed"
            value = rule.read(self._value.text())
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day from which it counts.", "effective_on")
        return SettingChange(rule.name, value, day)


def _since(day: date) -> str:
    return "the beginning" if day == SINCE_EVER else format_date(day)


def _coming(row: RuleRow) -> str:
    if row.coming is None:
        return NOTHING_THERE
    return f"{row.rule.words(row.coming.value)} from {format_date(row.coming.effective_on)}"


def _history(row: RuleRow) -> tuple[Step, ...]:
    """Every value with its day, the newest first; what is still to come has an open sign."""
    return tuple(
        Step(
            _since(dated.effective_on), row.rule.words(dated.value), dated.effective_on <= row.since
        )
        for dated in row.history
    )
