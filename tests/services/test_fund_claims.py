"""Claims of welfare and own funds: within the terms, once for one event, approved and paid like every payout."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.paying_out import Benefit, OutTerms
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.savings import ProductKind, Withdrawal
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.member_payouts import fund_claims
from sacco_desktop.services.member_payouts.fund_claims import NewFundClaim
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.payouts import payments
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import PayoutRow
from tests import make, make_payments, make_savings
from tests.make import PracticeOffice

TERMS = OutTerms(wait_days=30, claims_a_year=2, benefits=(Benefit("Death", "parent", 3_000_000),))
FUNERAL = Destination("Lee Funeral Home", "", "", "", "")


def _new(office: PracticeOffice, member_id: int, kes: int = 20_000) -> NewFundClaim:
    return NewFundClaim(
        make.key(),
        member_id,
        "welfare",
        "Death",
        "parent",
        "Rose Atieno",
        make.day(office) - timedelta(days=2),
        kes * 100,
        Way.CHEQUE,
        FUNERAL,
    )


def _fund(office: PracticeOffice) -> int:
    """A member of long standing, and a fund of 60,000 with terms."""
    make_payments.bank_of(office, 200_000)
    member = make.member(office)
    office.without_guards("UPDATE member SET joined_on = '2025-01-01'")
    make_savings.contribution(office, member, welfare=60_000)
    make_savings.other_terms(office, "welfare", out=TERMS)
    return member.member_id


def _ask(office: PracticeOffice, new: NewFundClaim) -> PayoutRow:
    return office.write(fund_claims.ask, new, office.grace)


def test_a_claim_is_approved_with_what_happened_and_paid(office: PracticeOffice) -> None:
    member_id = _fund(office)
    new = _new(office, member_id)
    row = _ask(office, new)
    assert _ask(office, new) == row, "two presses are one claim"
    (asked,) = [one for one in office.read(decisions.list_waiting, None) if not one.has_changed]
    assert asked.content["about"] == [
        ["Claim", "CL-2026-0001"],
        ["Event", "Death, 14 Mar 2026"],
        ["It met", "parent: Rose Atieno"],
        ["Limit", "KES 30,000.00"],
    ]
    make_payments.handed_over(office, row, "000123")
    assert office.balance("2170") == 4_000_000
    (claim,) = office.read(fund_claims.list_claims, None)
    assert (claim.number, claim.status, claim.payout_number, claim.person) == (
        "CL-2026-0001",
        PayoutStatus.PAID,
        row.number,
        "Rose Atieno",
    )


def test_an_event_is_claimed_once_and_a_year_has_its_number(office: PracticeOffice) -> None:
    member_id = _fund(office)
    new = _new(office, member_id)
    _ask(office, new)
    again = replace(new, key=make.key(), event="death", person="rose  atieno")
    with pytest.raises(WrongState, match="claimed already by CL-2026-0001"):
        _ask(office, again)
    second = _ask(office, replace(again, person="Joseph Otieno"))
    third = replace(again, key=make.key(), person="Anna Wanjiku")
    with pytest.raises(InvalidInput, match="pays 2 in a year"):
        _ask(office, third)
    (request, shown) = office.sql("SELECT id, fingerprint FROM approval_request ORDER BY id DESC")[
        0
    ]
    no = Verdict(request, shown, Decision.REJECT, "No certificate.")
    office.write(decisions.decide, no, office.lucy)
    rows = office.read(fund_claims.of_member, member_id)
    assert [one.status.value for one in rows] == ["cancelled", "draft"]
    assert rows[0].payout_number == second.number
    # What is asked for of the fund already is not there for others.
    make_savings.other_terms(office, "welfare", date(2026, 3, 17), out=OutTerms())
    office.clock.advance(days=1)
    with pytest.raises(InvalidInput, match=r"take 20,000\.00 of it\. So 40,000\.00"):
        _ask(office, replace(third, cents=4_100_000))


def test_a_claim_outside_the_terms_is_refused_under_its_field(office: PracticeOffice) -> None:
    good = _new(office, _fund(office))
    for wrong, field in (
        (replace(good, event=" "), "event"),
        (replace(good, event="Wedding"), "event"),
        (replace(good, relation="goat"), "relation"),
        (replace(good, relation="child"), "relation"),
        (replace(good, person=""), "person"),
        (replace(good, person="x" * 81), "person"),
        (replace(good, happened_on=date(2026, 3, 17)), "happened_on"),
        (replace(good, cents=3_000_001), "amount"),
        (replace(good, cents=-1), "amount"),
        (replace(good, product="deposits"), "product"),
    ):
        with pytest.raises(InvalidInput) as refused:
            _ask(office, wrong)
        assert refused.value.field == field
    assert office.count("payout") == 0


def test_who_left_claims_nothing_and_the_dead_only_their_own_death(office: PracticeOffice) -> None:
    member_id = _fund(office)
    make_savings.other_terms(office, "welfare", date(2026, 3, 17), out=OutTerms())
    office.clock.advance(days=1)
    new = _new(office, member_id)
    row = _ask(office, new)
    office.without_guards("UPDATE member SET status = 'deceased'")
    with pytest.raises(WrongState, match="claims nothing more"):
        make.approve_payout(office, row, office.lucy)
    own = replace(new, key=make.key(), relation="member", person="")
    with pytest.raises(InvalidInput, match="paid by bank, cheque or cash"):
        _ask(office, replace(own, way=Way.MPESA))
    make_payments.handed_over(office, _ask(office, own), "000124")
    office.without_guards("UPDATE member SET status = 'dormant'")
    with pytest.raises(WrongState, match="only active members claim"):
        _ask(office, replace(own, key=make.key(), event="Hospital"))


def test_nothing_leaves_a_fund_without_a_claim(office: PracticeOffice) -> None:
    member_id = _fund(office)
    payment = NewPayment(make.key(), "welfare_claim", 100_000, Way.CASH, member_id)
    with pytest.raises(InvalidInput, match="with what happened"):
        office.write(payments.request, payment, office.grace)
    row = _ask(office, _new(office, member_id))
    make_savings.other_terms(
        office, "welfare", date(2026, 3, 17), withdrawal=Withdrawal.NEVER, out=OutTerms()
    )
    office.clock.advance(days=1)
    with pytest.raises(WrongState, match="pays no claims any more"):
        make.approve_payout(office, row, office.lucy)
    own = make_savings.own_category(office, ProductKind.FUND)
    claim = replace(_new(office, member_id), product=own.code)
    with pytest.raises(InvalidInput, match="Account 2171 come"):
        _ask(office, claim)
