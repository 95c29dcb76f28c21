"""Settings: who decides by what amount, how much one person may do, deputies, and which member somebody is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.people import deputies, member_links
from sacco_desktop.services.people.member_links import MemberLink
from sacco_desktop.settings import system_clock
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from tests.ui.practice_desk import Seat, Town, said
from tests.ui.test_fit import cut_texts, nameless
from tests.ui.test_settings_page import open_settings

Sit = Callable[[str], Seat]
SENT = "Sent for approval. Nothing has changed yet."


def _reject_rules(town: Town) -> str:
    """Daniel says no to the change that waits; returns what it would have been."""
    found = town.read(decisions.list_requests, None, "daniel")
    row = next(
        row
        for row in found
        if row.kind is ApprovalKind.APPROVAL_RULES and row.status is ApprovalStatus.WAITING
    )
    verdict = Verdict(row.request_id, row.fingerprint, Decision.REJECT, "Not now.")
    town.write(decisions.decide, verdict, "daniel")
    return str(row.content["after"])


def test_other_levels_are_asked_for_and_change_nothing(town: Town, sit: Sit) -> None:
    ruth = sit("ruth")
    open_settings(ruth, "Approval rules")
    ruth.choose("approval_rules_table", "Loans")
    ruth.wait(lambda: "up to KES 1,000,000.00: 2 of committee" in said(ruth.find("details")))
    ruth.click("change_approval_rule")
    dialog = ruth.find("levels_dialog")
    assert nameless(dialog) == []
    assert cut_texts(dialog) == []
    assert "KES 100,000.00 would need 1 of committee." in ruth.text("needed")
    ruth.type("try_amount", "2,000,000")
    assert "would need 2 of committee, then 1 of chairperson or secretary" in ruth.text("needed")
    ruth.click("level1_remove")
    ruth.click("level2_remove")
    assert not ruth.sees("level3_remove")
    ruth.find("level3_step2_count", ChoiceBox).choose(0)
    ruth.find("level3_step1_count", ChoiceBox).choose(3)
    ruth.click("ok")
    ruth.wait(lambda: ruth.sees("bands_error"))
    assert "3 of committee are needed, and this office has 2" in ruth.text("bands_error")
    ruth.find("level3_step1_count", ChoiceBox).choose(1)
    ruth.click("ok")
    ruth.wait_gone("levels_dialog")
    assert ruth.toasts == [SENT]
    assert _reject_rules(town) == "without a ceiling: 1 of committee"


def test_another_limit_is_asked_for_and_changes_nothing(town: Town, sit: Sit) -> None:
    ruth = sit("ruth")
    open_settings(ruth, "Approval rules")
    ruth.choose("approval_rules_table", "Treasurer: send payouts")
    ruth.click("change_approval_rule")
    dialog = ruth.find("limit_dialog")
    assert nameless(dialog) == []
    ruth.type("single", "100,000")
    ruth.type("day", "50,000")
    ruth.click("ok")
    ruth.wait(lambda: ruth.sees("day_error"))
    ruth.type("day", "300,000")
    ruth.click("ok")
    ruth.wait_gone("limit_dialog")
    assert ruth.toasts == [SENT]
    assert _reject_rules(town) == "KES 100,000.00 at once, KES 300,000.00 a day"


def test_who_may_not_ask_is_told_who_may(town: Town, sit: Sit) -> None:
    peter = sit("peter")
    open_settings(peter, "Approval rules")
    table = peter.choose("approval_rules_table", "Payouts")
    peter.wait(lambda: "asks for a change" in said(peter.find("details")))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert not peter.sees("levels_dialog")


def test_a_deputy_is_named_and_ended(town: Town, sit: Sit) -> None:
    ruth = sit("ruth")
    open_settings(ruth, "People")
    ruth.choose("people_table", "Lucy Chebet")
    ruth.click("name_deputy")
    dialog = ruth.find("deputy_dialog")
    assert nameless(dialog) == []
    choice = ruth.find("for_user", ChoiceBox)
    choice.setCurrentIndex(choice.findText("Daniel Omondi, committee"))
    ruth.click("ok")
    ruth.wait(lambda: ruth.sees("until_on_error"))
    last = business_date(system_clock()) + timedelta(days=5)
    ruth.type("until_on", format_date(last))
    ruth.click("ok")
    ruth.wait_gone("deputy_dialog")
    town.agree_to("Lucy Chebet stands in for Daniel Omondi")
    ruth.wait(lambda: "Treasurer (deputy committee)" in _roles(ruth))
    (row,) = [each for each in town.read(deputies.list_deputies) if not each.is_over]
    ruth.click(f"end_deputy_{row.deputy_id}")
    ruth.wait(lambda: "deputy" not in _roles(ruth))
    assert ruth.toasts[-1] == "Lucy Chebet is deputy committee no more."


def _roles(seat: Seat) -> str:
    table = seat.choose("people_table", "Lucy Chebet")
    model = table.table_model
    row = next(each for each in model.shown_rows() if each.row.username == "lucy")
    return next(column.text(row) for column in model.columns if column.title == "Roles")


def test_a_person_is_linked_to_a_member(town: Town, sit: Sit) -> None:
    ruth = sit("ruth")
    open_settings(ruth, "People")
    ruth.choose("people_table", "Peter Kamau")
    ruth.click("link_member")
    dialog = ruth.find("member_link_dialog")
    assert nameless(dialog) == []
    ruth.type("member", "nobody at all")
    ruth.click("ok")
    ruth.wait(lambda: ruth.sees("member_error"))
    ruth.type("member", "Jane")
    ruth.wait(lambda: ruth.sees("member_found"))
    ruth.press("member", Qt.Key.Key_Return)
    ruth.click("ok")
    ruth.wait_gone("member_link_dialog")
    ruth.wait(lambda: "Jane Wanjiku, M-0001" in said(ruth.find("details")))
    peter = town.person("peter").user_id
    town.agreed(member_links.link, MemberLink(peter, None))
