"""Pictures of what belongs to lending: why a figure is what it is, the calculator, and the guarantors."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox

from sacco_desktop.demo.tour.visit import Visit


def _calculator(visit: Visit) -> None:
    """Free terms, compared with another method."""
    visit.hands.type_into("principal", "100,000")
    visit.hands.type_into("instalments", "12")
    visit.hands.find("compare", QComboBox).setCurrentIndex(3)


def _wrong_terms(visit: Visit) -> None:
    """A field that cannot be read, and what is wrong with it."""
    visit.hands.type_into("principal", "a lot")
    visit.hands.type_into("instalments", "12")


def _explained(visit: Visit) -> None:
    """Why a running loan stands as it does, opened beside its figure."""
    visit.choose_row("loans_table", "L-0001")
    visit.hands.click("explain_provision")
    visit.hands.find("explained_result")


def _promise(visit: Visit) -> None:
    """A promise whose consent waits."""
    visit.hands.click("guarantors")
    visit.choose_row("guarantors_table", "Consent waits")


# Who looks at which page, the name of the picture, and what is opened before it.
LENDING_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("peter", "loans", "explain-dialog", _explained),
    ("peter", "loans", "guarantors", _promise),
    ("peter", "calculator", "calculator-empty", None),
    ("peter", "calculator", "calculator", _calculator),
    ("peter", "calculator", "calculator-wrong", _wrong_terms),
)
