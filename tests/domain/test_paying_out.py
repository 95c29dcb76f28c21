"""How money of a product goes out: terms that contradict themselves, and what a fund says to a claim."""

from datetime import date

import pytest

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.paying_out import (
    ANYBODY,
    Benefit,
    Claim,
    Claimant,
    OutTerms,
    benefits_kept,
    benefits_of_kept,
    benefits_of_lines,
    check_claim,
    checked,
    lines_of_benefits,
    out_words,
)

BENEFITS = (Benefit("Death", "parent", 3_000_000), Benefit("Hospital", ANYBODY, 1_000_000))
FUND = OutTerms(wait_days=90, claims_a_year=2, benefits=BENEFITS)
JOINED = date(2026, 1, 1)
FIRST_DAY = date(2026, 4, 1)


def test_benefits_are_read_kept_and_told() -> None:
    typed = "Death, parent, 30,000\n\n  Hospital ,Anybody, KES 10,000.00 "
    assert benefits_of_lines(typed) == BENEFITS
    assert benefits_of_lines(lines_of_benefits(BENEFITS)) == BENEFITS
    assert benefits_of_kept(benefits_kept(BENEFITS)) == BENEFITS
    assert out_words(FUND)[-1] == "Hospital of anybody: up to KES 10,000.00"
    assert out_words(OutTerms(most_a_month=1, fee_cents=5_000)) == (
        "At most once in a month",
        "Fee KES 50.00 each time",
    )


@pytest.mark.parametrize("line", ["Death", "Death, parent", "Death, parent, much", "a, b, -1"])
def test_a_line_that_is_no_benefit_is_named(line: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read") as refused:
        benefits_of_lines(line)
    assert refused.value.field == "benefits"


def test_a_long_line_is_named_by_its_beginning() -> None:
    with pytest.raises(InvalidInput) as refused:
        benefits_of_lines("x" * 2_000)
    assert refused.value.message.startswith(f"“{'x' * 40}…” cannot be read.")


@pytest.mark.parametrize(
    ("out", "ways", "field"),
    [
        (OutTerms(most_a_month=-1), (True, False), "most_a_month"),
        (OutTerms(fee_cents=1), (False, False), "fee_cents"),
        (OutTerms(fee_cents=1_001), (True, False), "fee_cents"),
        (OutTerms(wait_days=1), (True, False), "wait_days"),
        (OutTerms(benefits=BENEFITS), (True, False), "benefits"),
        (OutTerms(benefits=(*BENEFITS, Benefit("death", "parent", 1))), (False, True), "benefits"),
        (OutTerms(benefits=(Benefit("Death", "goat", 1),)), (False, True), "benefits"),
        (OutTerms(benefits=(Benefit("D", "child", 1),)), (False, True), "benefits"),
        (OutTerms(benefits=(Benefit("Death", "child", 0),)), (False, True), "benefits"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(
    out: OutTerms, ways: tuple[bool, bool], field: str
) -> None:
    withdraws, claims = ways
    most = 1_000 if field == "fee_cents" else 100_000_000
    with pytest.raises(InvalidInput) as refused:
        checked(out, withdraws=withdraws, claims=claims, most_cents=most)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("claim", "had", "field", "words"),
    [
        (Claim("Wedding", "child", FIRST_DAY, 1), 0, "event", "pays for: Death, Hospital"),
        (Claim("Death", "child", FIRST_DAY, 1), 0, "relation", "when it meets: parent"),
        (Claim("Death", "parent", FIRST_DAY, 3_000_001), 0, "amount", "30,000.00 at the most"),
        (Claim("Death", "parent", FIRST_DAY, 0), 0, "amount", "above zero"),
        (Claim("Death", "parent", date(2025, 12, 31), 1), 0, "happened_on", "before the person"),
        (Claim("Death", "parent", date(2026, 3, 31), 1), 0, "happened_on", "from 1 Apr 2026 on"),
        (Claim("Death", "parent", FIRST_DAY, 1), 2, "happened_on", "has had 2"),
    ],
)
def test_a_claim_is_refused_under_its_field(claim: Claim, had: int, field: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        check_claim("Welfare", FUND, claim, Claimant(JOINED, had))
    assert refused.value.field == field


def test_a_claim_within_the_terms_has_its_limit() -> None:
    by = Claimant(JOINED, 1)
    assert (
        check_claim("Welfare", FUND, Claim("death", "parent", FIRST_DAY, 3_000_000), by)
        == 3_000_000
    )
    assert check_claim("Welfare", FUND, Claim("Hospital", "child", FIRST_DAY, 1), by) == 1_000_000
    anything = Claim("Fire", "other relative", FIRST_DAY, 99_000_000)
    assert check_claim("Welfare", OutTerms(), anything, Claimant(JOINED)) == 0
