"""Many payments at once: they leave what each would leave by itself, one that is refused harms no other, and those that
wait are all tried again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.domain.chart import MPESA_PAYBILL
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.money_in import Road
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import allocations, prompt_news, receipt_pulls
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.prompt_news import PaymentNews
from sacco_desktop.services.collecting.receipt_pulls import PullTold
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.savings import unproven_payments
from sacco_desktop.services.sending.payout_news import Parked
from tests import make, make_check_offs, make_loans, make_payments
from tests.make import PracticeOffice
from tests.make_statements import DAY, Moved, take_in

SHORTCODE = "600100"
# Everything that the books keep of payments, but for what names the feed.
KEPT = (
    "SELECT number, value_date, kind, narration, reference, hash FROM journal_entry ORDER BY number",
    "SELECT e.number, p.line, p.account_id, p.debit_cents, p.credit_cents, p.memo FROM posting p"
    " JOIN journal_entry e ON e.id = p.entry_id ORDER BY e.number, p.line",
    "SELECT receipt, shortcode, paid_at, amount_cents, reference, payer_masked, evidence, state, entry_number, version"
    " FROM mpesa_receipt ORDER BY receipt",
    "SELECT r.receipt, w.road, w.amount_cents, w.words FROM receipt_word w JOIN mpesa_receipt r ON r.id = w.receipt_id"
    " ORDER BY r.receipt, w.road",
    "SELECT action, subject, detail, hash FROM audit_row ORDER BY id",
    "SELECT a.code, b.debit_cents, b.credit_cents FROM account_balance b JOIN account a ON a.id = b.account_id"
    " ORDER BY a.code",
)


def _connect(office: PracticeOffice) -> None:
    facts = ConnectionFacts(
        "practice", "http://127.0.0.1:1", SHORTCODE, "sacco", "-----BEGIN CERTIFICATE-----"
    )
    office.write(mpesa_connections.save, facts, office.admin)


def _heard(office: PracticeOffice, number: int, **changes: Any) -> Heard:
    fields: dict[str, Any] = {
        "receipt": f"UCG{number:07d}",
        "shortcode": SHORTCODE,
        "paid_at": office.clock.now(),
        "amount_cents": (100 + number) * 100,
        "road": Road.C2B,
        "reference": "M-0001",
        "payer": PayerTold(masked="2547 ***** 126"),
        **changes,
    }
    return Heard(**fields)


def _one_by_one(office: PracticeOffice, told: list[Heard]) -> None:
    for heard in told:
        try:
            office.write(prompt_news.apply_payment, PaymentNews(heard))
        except Parked:
            continue


def _kept(office: PracticeOffice, on_claim: str) -> list[list[tuple[Any, ...]]]:
    found = [office.sql(query) for query in KEPT]
    if on_claim == "yes":
        # Purposes are posted after all payments of a slice and not between them, so the numbers are others.
        return [found[5], office.sql("SELECT receipt, state FROM mpesa_receipt ORDER BY receipt")]
    sealed = office.place.file is None
    # On a server what is personal is sealed anew each time.
    return [found[place] for place in (0, 1, 4, 5)] if sealed else found


@pytest.mark.parametrize("on_claim", ["no", "yes"])
def test_many_leave_what_each_would_leave_by_itself(
    office: PracticeOffice, tmp_path: Path, on_claim: str
) -> None:
    _connect(office)
    jane = make.member(office)
    if on_claim == "yes":
        make_loans.set_rule(office, "money_in.on_claim", "yes")
    relay = make.relay(office)
    folder = tmp_path / "other"
    folder.mkdir()
    copy = office.snapshot()
    together, apart = make.office_from(copy, tmp_path / "other"), make.office_from(copy, tmp_path)
    told = [
        _heard(office, 1),
        _heard(office, 2, reference="nobody"),
        _heard(office, 1),
        _heard(office, 3, shortcode="600000"),
        _heard(office, 4, amount_cents=0),
        _heard(office, 5, reference=f"{jane.number} shares"),
        _heard(office, 2, amount_cents=5),
    ]
    done = make.arrive(together, relay, *((None, PaymentNews(heard)) for heard in told))
    _one_by_one(apart, told)
    assert (done.applied, done.parked) == (5, 2)
    assert _kept(together, on_claim) == _kept(apart, on_claim)
    states = together.sql("SELECT sequence, state, outcome FROM relay_entry ORDER BY sequence")
    assert [state for _sequence, state, _outcome in states] == [
        *["applied"] * 3, "parked", "parked", "applied", "applied",
    ]  # fmt: skip
    together.close()
    apart.close()


@pytest.mark.expects_log("could not be applied")
@pytest.mark.may_log("one by one")
def test_one_that_is_refused_parks_nothing_but_itself(office: PracticeOffice) -> None:
    _connect(office)
    relay = make.relay(office)
    told = [_heard(office, at, amount_cents=2**70 if at == 2 else 5_00) for at in range(1, 5)]
    done = make.arrive(office, relay, *((None, PaymentNews(heard)) for heard in told))
    assert (done.applied, done.parked) == (3, 1)
    assert office.balance("2150") == 15_00
    assert office.count("receipt_word") == 3


def test_all_that_wait_are_tried_again_and_not_only_the_newest(office: PracticeOffice) -> None:
    _connect(office)
    proven = [
        _heard(office, at, road=Road.PULL, reference="M-0001" if at == 1 else "Jane")
        for at in range(1, 103)
    ]
    window = office.read(receipt_pulls.window, None)
    office.write(receipt_pulls.take_in, PullTold(window, tuple(proven)))
    assert office.write(allocations.settle_waiting, None) == 0
    jane = make.member(office)
    assert office.write(allocations.settle_waiting, None) == 1
    assert office.balance(f"2010.{jane.number}") == proven[0].amount_cents
    first = office.write(allocations.settle_some, 0)
    assert (first.settled, office.write(allocations.settle_some, first.up_to).up_to) == (0, 102)


def test_what_is_not_proven_is_reckoned_also_when_its_purpose_was_taken_back(
    office: PracticeOffice,
) -> None:
    _connect(office)
    make.member(office)
    relay = make.relay(office)
    make_loans.set_rule(office, "money_in.on_claim", "yes")

    def unproven() -> int:
        def read(work: Work, _nothing: None) -> int:
            return unproven_payments.unproven_cents(work)

        return office.read(read, None)

    make.arrive(office, relay, (None, PaymentNews(_heard(office, 1, amount_cents=70_00))))
    assert unproven() == 0
    [(entry,)] = office.sql("SELECT entry_number FROM receipt_allocation")
    office.write(lambda work, _: ledger.reverse(work, int(entry), "wrong member"), None)
    assert unproven() == 70_00
    assert office.write(allocations.settle_waiting, None) == 1
    assert (unproven(), office.count("receipt_allocation")) == (0, 2)


def test_only_what_the_statement_has_passed_without_is_taken_back_as_forged(
    office: PracticeOffice,
) -> None:
    _connect(office)
    relay = make.relay(office)
    forged, later, proven = (_heard(office, at, reference="nobody") for at in (1, 2, 3))
    make.arrive(office, relay, *((None, PaymentNews(one)) for one in (forged, later, proven)))
    window = office.read(receipt_pulls.window, None)
    office.write(receipt_pulls.take_in, PullTold(window, (replace(proven, road=Road.PULL),)))
    entries = dict(office.sql("SELECT receipt, entry_number FROM mpesa_receipt"))

    def ask(one: Heard, reason: str = "M-Pesa does not know it.") -> int:
        asked = ReversalRequest(int(entries[one.receipt]), reason)
        return office.write(decisions.ask_reversal, asked, office.grace)

    with pytest.raises(WrongState, match="is proven"):
        ask(proven)
    with pytest.raises(WrongState, match=r"reaches beyond 16 Mar 2026"):
        ask(forged)
    office.clock.advance(days=2)
    known = Moved(later.receipt, later.amount_cents // 100 + 5, "Pay Bill Online")
    after = Moved("UCI0000009", 5, "Something new", DAY + timedelta(days=1))
    take_in(office, (known, after), MPESA_PAYBILL)
    with pytest.raises(WrongState, match="stands on M-Pesa's statement"):
        ask(later)
    with pytest.raises(InvalidInput):
        ask(forged, " ")
    make.decide(office, ask(forged), office.lucy)
    assert office.sql("SELECT receipt FROM mpesa_receipt WHERE state = 'refuted'") == [
        (forged.receipt,)
    ]
    assert office.balance("2150") == later.amount_cents + proven.amount_cents


def test_a_check_off_list_is_not_taken_back_with_the_money_of_the_paybill(
    office: PracticeOffice,
) -> None:
    """What it kept without owner was paid out; what lies there now is of who paid to the paybill."""
    _connect(office)
    jane = make.member(office)
    row = make_check_offs.posted(office, ((jane.number, 500), ("M-0999", 300)))
    paid = _heard(office, 1, reference="Jane", road=Road.PULL, amount_cents=5_000_00)
    window = office.read(receipt_pulls.window, None)
    office.write(receipt_pulls.take_in, PullTold(window, (paid,)))
    make_payments.bank_of(office, 1_000)
    refund = make_payments.requested_payment(
        office, Way.CHEQUE, purpose="receipt_refund", amount_cents=100_00
    )
    make_payments.handed_over(office, refund, "000125")
    assert office.balance("2150") == 5_200_00
    with pytest.raises(WrongState, match=r"KES 5,000\.00 is of other lists or came to the paybill"):
        make_check_offs.ask_back(office, row)
