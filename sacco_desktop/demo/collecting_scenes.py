"""Money in by M-Pesa of a practice office: prompts of every end, payments with and without an owner, one not proven."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import uuid4

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.dates import business_date
from sacco_desktop.operations import collect, money_back
from sacco_desktop.operations.register_shortcodes import ToRegister, register_shortcode
from sacco_desktop.operations.sync_relays import sync_all
from sacco_desktop.services.collecting import owner_requests, payment_list
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.owner_requests import OwnerWish
from sacco_desktop.services.collecting.prompts import NewPrompt
from sacco_desktop.services.collecting.receipt_claims import NewClaim
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow

_OTIENO, _MERCY, _KIPCHOGE = "254722908114", "254714554104", "254713553103"


def money_comes_in(practice: PracticeOffice) -> None:
    """The paybill is registered. Three members are asked on their phones: one pays, one cancels, one is asked still;
    others pay to the paybill, and some of that nobody can place.
    """
    safaricom = practice.safaricom
    payer = _member(practice, "M-0001")
    asked, ruth = ToRegister(nominated_phone=payer.phone), practice.person("ruth")
    _run(practice, lambda: register_shortcode(practice.office, asked, ruth))
    _ask(practice, payer, "deposits", 1_500)
    safaricom.set_outcome(_OTIENO, "1032")
    _ask(practice, _member(practice, "M-0003"), "share_capital", 500)
    safaricom.wait_until_quiet()
    _news(practice)
    safaricom.set_outcome(_OTIENO, "")
    pay = safaricom.members.pay
    pay(_OTIENO, 1_000_00, "otieno loan")
    pay("254722000111", 2_350_00, "M12 harambee")
    pay(_MERCY, 120_000_00, "mama shamba")
    pay("254733000222", 5_000_00, "")
    pay("254711000333", 300_00, "M-9999")
    pay("254711000333", 650_00, "M-0004 mkopo")
    pay(_KIPCHOGE, 800_00, "M-0005 deposits")
    safaricom.wait_until_quiet()
    _news(practice)
    _prove(practice)
    pay("254700000444", 4_000_00, "M-0002")
    safaricom.arm("result_late", api="stk")
    _ask(practice, _member(practice, "M-0004"), "welfare", 200)
    safaricom.wait_until_quiet()
    _run(practice, lambda: sync_all(practice.office))
    _ask_whose(practice)
    _show_code(practice)


def _show_code(practice: PracticeOffice) -> None:
    """Mercy shows a message with a code that M-Pesa does not know."""
    mercy, peter = _member(practice, "M-0004"), practice.person("peter")
    today = business_date(practice.office.now())
    new = NewClaim(uuid4().hex, mercy.member_id, "SGZ9QK4T7W", 1_200_00, today, "deposits")
    _run(practice, lambda: money_back.claim_code(practice.office, new, peter))
    practice.safaricom.wait_until_quiet()
    _run(practice, lambda: sync_all(practice.office))


def _prove(practice: PracticeOffice) -> None:
    """Read M-Pesa's list until it has the newest payment too: it ends with the last whole second."""
    books, peter = practice.office.books, practice.person("peter")
    for _ in range(100):
        _run(practice, lambda: collect.pull_payments(practice.office))
        rows = books.read(payment_list.list_waiting, True, actor=peter).rows
        if all(row.is_proven for row in rows):
            return


def _ask_whose(practice: PracticeOffice) -> None:
    """The large payment waits for another person."""
    books, peter = practice.office.books, practice.person("peter")
    rows = books.read(payment_list.list_waiting, True, actor=peter).rows
    large = next(row for row in rows if row.reference == "mama shamba")
    mercy = _member(practice, "M-0004")
    share = Purpose("deposits", mercy.member_id, None, large.left_cents)
    given = Allocation(uuid4().hex, large.receipt_id, (share,))
    wish = OwnerWish(given, "Mercy rang on her own number and named the sum.")
    books.write(owner_requests.give, wish, actor=peter)


def _member(practice: PracticeOffice, number: str) -> MemberRow:
    return practice.office.books.read(members.find, number, actor=practice.person("peter"))[0]


def _ask(practice: PracticeOffice, of: MemberRow, purpose: str, kes: int) -> None:
    new = NewPrompt(uuid4().hex, of.member_id, purpose, None, of.phone, kes * 100)
    peter = practice.person("peter")
    _run(practice, lambda: collect.ask_to_pay(practice.office, new, peter))


def _news(practice: PracticeOffice) -> None:
    """What the relays have, and what M-Pesa answers about prompts whose time has come."""
    _run(practice, lambda: sync_all(practice.office))
    _run(practice, lambda: collect.ask_due(practice.office))


def _run(practice: PracticeOffice, operation: Callable[[], Awaitable[object]]) -> None:
    practice.office.lanes.submit_async(operation).result(60)
