"""Reads the rules of penalties that new books begin with; every one of them is switched off."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sacco_desktop.domain.penalties.terms import (
    About,
    Basis,
    PenaltyTerms,
    checked_terms,
    growth_of_kept,
)


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule of the data file with the terms that new books begin with."""

    code: str
    about: About
    terms: PenaltyTerms


def read_penalty_rules(text: str) -> tuple[NamedRule, ...]:
    """The rules of the data file, in its order. Raises ValueError where a code stands twice, and InvalidInput for
    terms that cannot be kept.
    """
    rules = tuple(_rule(row) for row in tomllib.loads(text)["rule"])
    if len({one.code for one in rules}) != len(rules):
        raise ValueError("each rule stands once")
    return rules


def _rule(row: Mapping[str, Any]) -> NamedRule:
    about = About(row["about"])
    terms = PenaltyTerms(
        name=row["name"],
        is_on=False,
        basis=Basis(row["basis"]),
        cents=row["cents"],
        percent=row["percent"],
        grace_days=row["grace_days"],
        growth=growth_of_kept(json.dumps(row["growth"])),
    )
    return NamedRule(row["code"], about, checked_terms(about, terms))
