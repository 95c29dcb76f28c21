"""Savings of a practice office on their way out: a notice that runs, and a claim that waits for its approval."""

from __future__ import annotations

from uuid import uuid4

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services import contributions, fund_claims, members, withdrawal_notices
from sacco_desktop.services.contributions import NewContribution
from sacco_desktop.services.fund_claims import NewFundClaim
from sacco_desktop.services.withdrawal_notices import NewWithdrawalNotice


def savings_go_out(practice: PracticeOffice) -> None:
    """Two members save and pay into welfare; one gives notice, the other claims."""
    books, peter = practice.office.books, practice.person("peter")
    today = business_date(practice.office.now())
    ids = {
        number: books.read(members.find, number, actor=peter)[0].member_id
        for number in ("M-0001", "M-0002")
    }
    for number, parts in (
        ("M-0001", (("special_savings", 30_000_00), ("welfare", 6_000_00))),
        ("M-0002", (("special_savings", 12_000_00), ("welfare", 9_000_00))),
    ):
        new = NewContribution(uuid4().hex, ids[number], parts, PaidBy.CASH, "", today)
        books.write(contributions.take, new, actor=peter)
    notice = NewWithdrawalNotice(uuid4().hex, ids["M-0001"], "special_savings", 20_000_00, today)
    books.write(withdrawal_notices.give, notice, actor=peter)
    claim = NewFundClaim(
        uuid4().hex,
        ids["M-0002"],
        "welfare",
        "Hospital",
        "child",
        "Brian Kiplagat",
        today,
        8_000_00,
        Way.CHEQUE,
        Destination("Voi County Hospital"),
    )
    books.write(fund_claims.ask, claim, actor=practice.person("grace"))
