"""Share capital that goes from one member to another at par, when another person agrees."""

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.membership import members
from sacco_desktop.services.savings import share_transfers
from sacco_desktop.services.savings.share_transfers import TransferWish
from tests import make, make_members
from tests.make import PracticeOffice


def _decide(office: PracticeOffice, decision: Decision = Decision.APPROVE) -> None:
    request = make.waiting_request(office, ApprovalKind.SHARE_TRANSFER, 1)
    make.decide(office, request, office.daniel, decision)


def test_shares_are_transferred_at_par_with_a_fee(office: PracticeOffice) -> None:
    make.setting(office, "shares.transfer_fee_cents", "5000")
    make_members.transfer(office)
    _decide(office)
    assert (office.balance("3010.M-0001"), office.balance("3010.M-0002")) == (1_900_000, 100_000)
    assert (office.balance("2010.M-0001"), office.balance("4050")) == (5_000, 5_000)
    assert office.balance("3010") == 12_000_000


def test_a_no_transfers_nothing(office: PracticeOffice) -> None:
    make_members.transfer(office)
    _decide(office, Decision.REJECT)
    assert office.balance("3010.M-0001") == 2_000_000
    assert office.sql("SELECT status FROM share_transfer") == [("void",)]


@pytest.mark.parametrize(
    ("kes", "least_kes", "field"),
    [(0, 0, "amount"), (20_001, 0, "amount"), (15_000, 10_000, "amount"), (20_000, 1, "amount")],
)
def test_what_cannot_be_transferred_is_refused(
    office: PracticeOffice, kes: int, least_kes: int, field: str
) -> None:
    seller, buyer = make_members.transfer(office)
    if least_kes:
        make.setting(office, "share_capital.minimum_cents", str(least_kes * 100))
    wish = TransferWish(make.key(), seller.member_id, buyer.member_id, kes * 100)
    with pytest.raises(InvalidInput) as refusal:
        office.write(share_transfers.ask, wish, office.peter)
    assert refusal.value.field == field


def test_nobody_holds_more_than_a_fifth(office: PracticeOffice) -> None:
    _seller, buyer = make_members.transfer(office)
    rich = office.read(members.row_numbered, "M-0003")
    wish = TransferWish(make.key(), 1, rich.member_id, 5_000_00)
    with pytest.raises(InvalidInput, match="more than a fifth"):
        office.write(share_transfers.ask, wish, office.peter)
    own = TransferWish(make.key(), buyer.member_id, buyer.member_id, 100)
    with pytest.raises(InvalidInput, match="another member"):
        office.write(share_transfers.ask, own, office.peter)
