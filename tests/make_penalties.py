"""Builders of penalties: rules that are switched on, runs, waivers and fines of a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.services.charging import penalty_run
from sacco_desktop.services.charging.penalty_run import Run
from sacco_desktop.services.penalties import meetings, penalty_rules, waivers
from sacco_desktop.services.penalties.meetings import Attendance
from sacco_desktop.services.penalties.penalty_rules import RuleChange, RuleNow
from sacco_desktop.services.penalties.waivers import WaiverWish
from tests import make
from tests.make import PracticeOffice


def rules(office: PracticeOffice) -> dict[str, RuleNow]:
    """The rules of today by their codes."""
    return {one.code: one for one in office.read(penalty_rules.list_rules, None)}


def rule_request(office: PracticeOffice, code: str, **changes: Any) -> int:
    """Other terms of a rule from today on, as the administrator asks for them; the request's id."""
    now = rules(office)[code]
    terms = replace(now.terms, **{"is_on": True, **changes})
    change = RuleChange(code, now.about, terms, make.day(office))
    return office.write(penalty_rules.ask_terms, change, office.admin)


def switch_on(office: PracticeOffice, code: str, **changes: Any) -> None:
    """The same, agreed to by Daniel."""
    make.decide(office, rule_request(office, code, **changes), office.daniel)


def charge(office: PracticeOffice, as_of: date | None = None) -> Run:
    """What the treasurer has charged up to that day, or up to today."""
    return office.write(penalty_run.charge, as_of or make.day(office), office.grace)


def charges(office: PracticeOffice) -> list[tuple[str, int, str]]:
    """Subject, cents and day of each charge."""
    return office.sql("SELECT subject, cents, charged_on FROM penalty_charge ORDER BY id")


def waiver_request(office: PracticeOffice, member_id: int, *charges: tuple[int, int]) -> int:
    """A waiver that Peter asks for; the request's id."""
    office.write(waivers.ask, WaiverWish(charges, "Was in hospital"), office.peter)
    return make.waiting_request(office, ApprovalKind.PENALTY_WAIVER, member_id)


def waive(office: PracticeOffice, member_id: int, *charges: tuple[int, int]) -> None:
    """The same, agreed to by Daniel."""
    make.decide(office, waiver_request(office, member_id, *charges), office.daniel)


def meeting(office: PracticeOffice, *marks: tuple[int, str]) -> str:
    """Attendance of a meeting of today that Peter writes down."""
    new = Attendance(make.key(), make.day(office), "Monthly meeting", marks)
    return office.write(meetings.record, new, office.peter)
