"""What an approver reads of guarantors: who promised how much, and what a call takes from whom."""

from __future__ import annotations

from collections.abc import Iterable

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.guarantees import ShareRule
from sacco_desktop.domain.money import format_kes

_RULES = {
    ShareRule.IN_PROPORTION.value: "in proportion to the promises",
    ShareRule.EQUALLY.value: "in equal parts",
}


def promise_lines(content: Content) -> list[tuple[str, str]]:
    """One line for each guarantor who agreed."""
    return [(f"Guarantor {number}", words) for number, words in _people(content, "guarantors")]


def call_lines(content: Content) -> list[tuple[str, str]]:
    """What a call takes from the borrower and from each guarantor."""
    if "gone" in content:
        return [("In the way now", str(content["gone"]))]
    return [
        ("Member", f"{content['name']}, {content['member']}"),
        ("Loan", str(content["loan"])),
        ("Asked for of the loan", _kes(content, "outstanding_cents")),
        *(
            [("Interest, fees and penalties in it", _kes(content, "beside_cents"))]
            if "beside_cents" in content
            else []
        ),
        ("From own deposits", _kes(content, "own_cents")),
        ("Shared", _RULES[str(content["rule"])]),
        *((f"From {number}", words) for number, words in _people(content, "shares")),
        ("Nobody covers", _kes(content, "uncovered_cents")),
        ("How they were told", str(content["notice"])),
    ]


def _people(content: Content, name: str) -> Iterable[tuple[str, str]]:
    lines = content.get(name, [])
    if isinstance(lines, list):
        for number, full_name, cents in lines:
            yield str(number), f"{full_name}, {format_kes(int(cents))}"


def _kes(content: Content, name: str) -> str:
    return format_kes(int(str(content[name])))
