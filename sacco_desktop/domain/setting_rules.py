"""What a society's setting may be: how it is typed, kept and shown. The rows themselves are data in `resources/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sacco_desktop.domain import loan_classes, receipt_steps
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.messages import templates
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.money import format_amount, format_kes, parse_amount

# A default holds since ever, so that a day before the set-up has a value too.
SINCE_EVER = date(2000, 1, 1)
_LONGEST_FIGURES = 12
# What the names of the texts of messages begin with; the event and the language follow.
TEXT_PREFIX = "message.text."


class SettingKind(StrEnum):
    """How the kept text of a setting is to be read."""

    CENTS = "cents"
    COUNT = "count"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LOAN_CLASSES = "loan_classes"
    STEPS = "steps"
    MESSAGE_TEXT = "message_text"


@dataclass(frozen=True, slots=True)
class SettingRule:
    """One setting. Its value is kept as text: cents and counts in figures, `yes` or `no`, or one of `choices`.

    `least` and `most` are in the unit that is kept; `unit` is the word after a count: minutes, hours, tries. `choices`
    are pairs of the kept text and the words for it, empty for a setting that is typed. A setting that `guards_money`
    changes only when a second person agrees.
    """

    name: str
    title: str
    meaning: str
    kind: SettingKind
    first_value: str
    unit: str = ""
    least: int = 0
    most: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    guards_money: bool = True

    def read(self, typed: str) -> str:
        """The text to keep for what a person typed or chose. Raises InvalidInput under `value`."""
        if self.kind is SettingKind.CENTS:
            return self.check(str(parse_amount(typed.strip(), "value", allow_zero=True)))
        if self.kind in (SettingKind.LOAN_CLASSES, SettingKind.STEPS, SettingKind.MESSAGE_TEXT):
            return self.check(typed)
        return self.check(typed.strip().replace(",", ""))

    def check(self, value: str) -> str:
        """The kept text itself when this setting can have it. Raises InvalidInput under `value`."""
        if self.choices:
            if value not in dict(self.choices):
                words = " or ".join(words for _, words in self.choices)
                raise InvalidInput(f"Choose {words}.", "value")
            return value
        if self.kind is SettingKind.LOAN_CLASSES:
            return loan_classes.kept_text(loan_classes.read_classes(value))
        if self.kind is SettingKind.STEPS:
            return receipt_steps.kept_steps(receipt_steps.read_steps(value))
        if self.kind is SettingKind.MESSAGE_TEXT:
            event = Event(self.name.removeprefix(TEXT_PREFIX).partition(".")[0])
            templates.preview(event, value)
            return " ".join(value.split())
        # isdigit alone would let figures of other scripts in, which int() reads and a person cannot compare.
        is_figures = value.isascii() and value.isdigit() and len(value) <= _LONGEST_FIGURES
        if not is_figures or not self.least <= int(value) <= self.most:
            raise InvalidInput(f"Write a figure from {self._range()}.", "value")
        return str(int(value))

    def words(self, value: str) -> str:
        """A kept value as people read it: `KES 10.00`, `120 minutes`, `Yes`."""
        if self.choices:
            return dict(self.choices).get(value, value)
        if self.kind is SettingKind.LOAN_CLASSES:
            return loan_classes.in_words(loan_classes.read_classes(value))
        if self.kind is SettingKind.STEPS:
            return receipt_steps.steps_in_words(receipt_steps.read_steps(value))
        if self.kind is SettingKind.MESSAGE_TEXT or not value.isdigit():
            return value
        if self.kind is SettingKind.CENTS:
            return format_kes(int(value))
        return f"{int(value):,} {self.unit if int(value) != 1 else self.unit.removesuffix('s')}"

    def typed(self, value: str) -> str:
        """A kept value as it stands in the field while a person changes it."""
        if self.kind is SettingKind.CENTS and value.isdigit():
            return format_amount(int(value))
        return value

    def _range(self) -> str:
        if self.kind is SettingKind.CENTS:
            return f"{format_amount(self.least)} to {format_amount(self.most)}"
        return f"{self.least:,} to {self.most:,} {self.unit}".rstrip()


YES_NO = (("yes", "Yes"), ("no", "No"))


def read_rules(text: str) -> tuple[SettingRule, ...]:
    """The rules of the data file. Raises ValueError when a row's own first value breaks its rule."""
    rules = tuple(_rule(row) for row in tomllib.loads(text)["setting"])
    for rule in rules:
        try:
            rule.check(rule.first_value)
        except InvalidInput as error:
            raise ValueError(f"{rule.name}: {error.message}") from error
    return rules


def _rule(row: Mapping[str, Any]) -> SettingRule:
    kind = SettingKind(row["kind"])
    choices = YES_NO if kind is SettingKind.YES_NO else tuple(row.get("choices", {}).items())
    return SettingRule(
        name=row["name"],
        title=row["title"],
        meaning=row["meaning"],
        kind=kind,
        first_value=row["value"],
        unit=row.get("unit", ""),
        least=row.get("least", 0),
        most=row.get("most", 0),
        choices=choices,
        guards_money=row.get("guards_money", True),
    )
