"""The terms of a product of savings, shares or a fund in one cell, as other books of this program wrote them."""

from __future__ import annotations

import json
from typing import Any

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.json_cell import Fields, mapping_in, rows_in, text_in, whole
from sacco_desktop.domain.paying_out import Benefit, OutTerms
from sacco_desktop.domain.savings import (
    Every,
    ProductKind,
    SavingsTerms,
    Withdrawal,
    checked_terms,
)


def terms_as_text(terms: SavingsTerms) -> str:
    """The terms in one cell; the same terms always give the same text."""
    out = terms.out
    said: dict[str, Any] = {
        "name": terms.name,
        "is_open": int(terms.is_open),
        "preset_cents": terms.preset_cents,
        "every": terms.every.value,
        "expected_cents": terms.expected_cents,
        "due_day": terms.due_day,
        "withdrawal": terms.withdrawal.value,
        "least_cents": terms.least_cents,
        "notice_days": terms.notice_days,
        "most_a_month": out.most_a_month,
        "fee_cents": out.fee_cents,
        "wait_days": out.wait_days,
        "claims_a_year": out.claims_a_year,
    }
    if out.benefits:
        said["benefits"] = [[one.event, one.relation, one.most_cents] for one in out.benefits]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def terms_of_text(text: str, kind: ProductKind, what: str) -> SavingsTerms:
    """The terms of a cell in their kept form. Raises InvalidInput under `what`."""
    said = Fields(mapping_in(text, what), what)
    terms = SavingsTerms(
        name=said.take("name", text_in),
        is_open=bool(said.take("is_open", whole)),
        preset_cents=said.take("preset_cents", whole),
        every=said.choice("every", Every),
        expected_cents=said.take("expected_cents", whole),
        due_day=said.take("due_day", whole),
        withdrawal=said.choice("withdrawal", Withdrawal),
        least_cents=said.take("least_cents", whole),
        notice_days=said.take("notice_days", whole),
        out=OutTerms(
            most_a_month=said.take("most_a_month", whole),
            fee_cents=said.take("fee_cents", whole),
            wait_days=said.take("wait_days", whole),
            claims_a_year=said.take("claims_a_year", whole),
            benefits=tuple(map(_benefit, said.take("benefits", _benefits, []))),
        ),
    )
    said.close()
    try:
        return checked_terms(kind, terms)
    except InvalidInput as wrong:
        raise InvalidInput(f"{what}: {wrong.message}", what) from None


def _benefits(value: Any) -> list[Any]:
    rows = rows_in(value)
    for row in rows:
        _benefit(row)
    return rows


def _benefit(row: Any) -> Benefit:
    event, relation, most = row
    return Benefit(text_in(event), text_in(relation), whole(most))
