"""The dated settings: what may be typed for each, from when it counts, and that figures are figures."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import sacco_desktop
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from sacco_desktop.domain.setting_rules import SettingRule, read_rules
from sacco_desktop.services.office import setting_changes, society
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.office.society import NewSociety, RuleRow
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import first_run
from tests import make
from tests.make import PracticeOffice

TODAY = date(2026, 3, 16)
TOMORROW = date(2026, 3, 17)
RULES = {rule.name: rule for rule in society.setting_rules()}


def rule_row(office: PracticeOffice, name: str) -> RuleRow:
    return next(r for r in office.read(society.list_rules, None) if r.rule.name == name)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_what_new_books_begin_with_can_be_typed_again_as_it_is_shown(rule: SettingRule) -> None:
    assert rule.read(rule.typed(rule.first_value)) == rule.first_value
    assert rule.title
    assert rule.meaning.endswith(".")


def test_every_setting_is_read_under_the_name_that_it_has() -> None:
    """A rule that is set under one name and read under another would be no rule."""
    root = Path(sacco_desktop.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in root.rglob("*.py")]
    named = {name for text in texts for name in re.findall(r'"([a-z_]+\.[a-z_]+)"', text)}
    assert set(RULES) - named == set()
    read = {name for text in texts for name in re.findall(r'setting\(\s*work,\s*"([^"]+)"', text)}
    assert len(read) > 10
    assert read - set(RULES) == set()


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
@pytest.mark.parametrize("nonsense", ["", "abc", "-1", "١٢", "1e3", "NaN", "9" * 30, "yes please"])
def test_letters_are_never_nothing(rule: SettingRule, nonsense: str) -> None:
    with pytest.raises(InvalidInput):
        rule.read(nonsense)
    with pytest.raises(InvalidInput):
        rule.check(nonsense)


@pytest.mark.parametrize(
    ("name", "typed", "kept", "shown"),
    [
        ("payout.minimum_cents", "1,500.50", "150050", "KES 1,500.50"),
        ("password.tries", " 1 ", "1", "1 time"),
        ("payout.not_found_hours", "0720", "720", "720 hours"),
        ("payout.resend_window_minutes", "1,440", "1440", "1,440 minutes"),
        ("payout.resend_by_clock", "yes", "yes", "Yes"),
    ],
)
def test_it_is_kept_and_shown_in_the_units_of_people(
    name: str, typed: str, kept: str, shown: str
) -> None:
    assert RULES[name].read(typed) == kept
    assert RULES[name].words(kept) == shown


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("payout.minimum_cents", "9.99", "Write a figure from 10.00 to 250,000.00."),
        ("payout.minimum_cents", "250,000.01", "Write a figure from 10.00 to 250,000.00."),
        ("window.lock_after_minutes", "16", "Write a figure from 1 to 15 minutes."),
        ("payout.resend_by_clock", "maybe", "Choose Yes or No."),
        ("payout.charge_bearer", "nobody", "Choose The society or The member."),
    ],
)
def test_the_refusal_says_what_can_be_written(name: str, typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        RULES[name].read(typed)
    assert refusal.value.message == sentence


def test_a_row_of_the_data_that_breaks_its_own_rule_is_a_bug() -> None:
    with pytest.raises(ValueError, match=r"x\.y"):
        read_rules(
            '[[setting]]\nname="x.y"\ntitle="X"\nmeaning="M."\nkind="count"\nvalue="5"\nmost=4\n'
        )


def test_a_change_counts_from_its_day_and_shows_before_it_does(office: PracticeOffice) -> None:
    change = SettingChange("password.tries", "5", TOMORROW)
    make.agreed(office, setting_changes.change_setting, change)
    found = rule_row(office, "password.tries")
    assert (found.value, found.since) == ("3", society.SINCE_EVER)
    assert found.coming is not None
    assert (found.coming.value, found.coming.effective_on) == ("5", TOMORROW)
    office.clock.advance(days=1)
    found = rule_row(office, "password.tries")
    assert (found.value, found.since, found.coming) == ("5", TOMORROW, None)
    assert [dated.value for dated in found.history] == ["5", "3"]


def test_the_service_refuses_what_the_dialog_would(office: PracticeOffice) -> None:
    for value, day in (("abc", TODAY), ("0", TODAY), ("5", date(2026, 3, 15))):
        change = SettingChange("password.tries", value, day)
        with pytest.raises(InvalidInput):
            make.agreed(office, setting_changes.change_setting, change)
    with pytest.raises(NotAllowed):
        office.write(
            setting_changes.change_setting,
            SettingChange("password.tries", "5", TODAY),
            office.grace,
        )
    assert rule_row(office, "password.tries").value == "3"


@pytest.mark.parametrize(
    ("field", "society_name", "number"),
    [("name", "  ", "CS/1"), ("registration_number", "Umoja", " ")],
)
def test_a_society_has_a_name_and_a_number(field: str, society_name: str, number: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        society.check_name(NewSociety(society_name, number, "", "", "practice"))
    assert refusal.value.field == field


def test_books_begin_once(office: PracticeOffice) -> None:
    assert not office.read(society.is_empty, None)
    new = first_run.NewBooks(make.SOCIETY, NewUser("ann", "Ann", frozenset(), make.PASSWORD))
    with pytest.raises(WrongState):
        office.write(first_run.begin, new)


def test_older_books_have_the_first_value_of_a_setting_that_is_new(office: PracticeOffice) -> None:
    office.sql("DELETE FROM setting WHERE name = 'password.tries'")
    assert office.read(society.setting, "password.tries") == "3"
    found = rule_row(office, "password.tries")
    assert (found.value, found.since, found.coming) == ("3", society.SINCE_EVER, None)
    make.agreed(
        office, setting_changes.change_setting, SettingChange("password.tries", "5", TOMORROW)
    )
    assert office.read(society.setting, "password.tries") == "3"
    assert rule_row(office, "password.tries").value == "3"
    with pytest.raises(NotFound):
        office.read(society.setting, "no.such_setting")
