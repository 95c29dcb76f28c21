"""The search of the window: by number, by parts of names in any order, by the tail of a phone, by receipt."""

from __future__ import annotations

import pytest

from sacco_desktop.services.window import find_anything
from tests import make
from tests.make import PracticeOffice


def found(office: PracticeOffice, words: str) -> list[tuple[str, str]]:
    return [
        (each.kind, each.place) for each in office.read(find_anything.find, words, office.daniel)
    ]


def test_members_loans_and_receipts_by_what_people_know(office: PracticeOffice) -> None:
    jane = make.member(office, first_name="Jane", last_name="Wanjiku", deposits_kes=100_000)
    make.member(office, first_name="Paul", last_name="Wanjala")
    make.appraised_loan(office, jane)
    member, loan = ("Member", "member/M-0001"), ("Loan", "loans/L-0001")
    assert found(office, "m-0001") == [member, loan]
    assert found(office, "wanjiku jane") == [member, loan]
    assert found(office, "wanj") == [member, ("Member", "member/M-0002"), loan]
    assert found(office, "L-00") == [loan]
    assert found(office, "rc-2026-0001") == [("Receipt", "savings/RC-2026-0001")]
    assert found(office, "0712345001")[0] == member
    assert found(office, "23450001")[0] == member
    assert found(office, "nobody at all") == []
    assert found(office, "w") == found(office, " ") == []


@pytest.mark.only_on(
    "sqlite", "a server has the number only sealed, so there it is found as a whole"
)
def test_a_member_by_the_last_figures_of_phone_or_id(office: PracticeOffice) -> None:
    make.member(office, first_name="Jane")
    make.member(office, first_name="Paul")
    make.member(office, first_name="Ruth", national_id="30119977")
    assert found(office, "5002") == [("Member", "member/M-0002")]
    assert found(office, "9977") == [("Member", "member/M-0003")]
    assert found(office, "977") == []


def test_a_payout_by_its_number_and_its_receipt(office: PracticeOffice) -> None:
    relay = make.relay(office)
    via = make.route(office, relay)
    order = make.accepted(office, make.approved_payout(office), via)
    make.arrive(office, relay, (order.tag, make.paid_news(order)))
    payout = ("Payout", "payouts/PO-2026-0001")
    assert found(office, "po-2026") == [payout]
    assert found(office, make.receipt(order).lower()) == [payout]


def test_who_only_looks_sees_no_whole_phone(office: PracticeOffice) -> None:
    make.member(office)
    (row,) = office.read(find_anything.find, "Mary", office.daniel)
    assert row.words == "Mary Njeri Otieno · M-0001 · 0712 •••001"
