"""A loan from the application to the money on the member's phone, proven from three places that know nothing of each
other: the books, the relay's feed, and Safaricom's own ledger.
"""

from __future__ import annotations

import json

from callback_relay.protocol.chain import Position
from callback_relay.protocol.page import OpenedEntry
from sacco_desktop.demo.practice_office import FLOAT_CENTS
from sacco_desktop.domain.chart import MPESA_UTILITY
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal, LoanRow, NewApplication
from sacco_desktop.services.membership import members
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import NewPayout
from sacco_desktop.services.proof import verify
from sacco_desktop.services.relays import relays
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.truth import check_end, payments_of

KES = 60_000


def _agreed_loan(desk: Desk) -> LoanRow:
    """Peter writes and appraises, Daniel of the committee agrees."""
    member = next(
        row for row in desk.read(members.list_members, None) if "Kipchoge" in row.full_name
    )
    new = NewApplication("form-1", member.member_id, "development", KES * 100, 12, "Dairy cow")
    loan = desk.write(loans.apply, new, "peter")
    desk.write(loans.appraise, Appraisal(loan.loan_id, loan.version, "Pays on time."), "peter")
    [request] = desk.waiting_requests("daniel")
    desk.decide(request, "daniel")
    return desk.read(loans.row_of, loan.loan_id)


def _feed(desk: Desk) -> list[OpenedEntry]:
    """Everything the relay holds for this office, fetched and verified from its very beginning."""
    row = desk.read(relays.list_relays, None)[0]
    client = desk.office.relay(row)
    page = desk.run(lambda: client.fetch(Position.start(row.tenant)))
    assert not page.more
    return list(page.entries)


def test_a_loan_reaches_the_members_phone_and_three_places_say_so(desk: Desk) -> None:
    safaricom = desk.day.safaricom
    loan = _agreed_loan(desk)
    asked = desk.write(payouts.request, NewPayout("form-2", loan.loan_id), "grace")
    [request] = desk.waiting_requests("lucy")
    desk.decide(request, "lucy")
    before = safaricom.wallet_cents(asked.phone)
    [sent] = desk.send(asked.payout_id)
    assert (sent.refusal, sent.row.attempt_status) == ("", AttemptStatus.ACCEPTED)
    desk.day.quiet()
    desk.jobs()

    # The books: who approved, which ids, which entry, and that all of it adds up.
    row = desk.row(asked.payout_id)
    assert (row.status, row.evidence) == (PayoutStatus.PAID, Evidence.CLAIMED)
    assert (row.requested_by, row.approved_by) == ("Grace Wanjiru", "Lucy Chebet")
    assert desk.read(loans.row_of, loan.loan_id).status == "active"
    assert row.entry_number is not None
    entry = desk.read(ledger.read_entry, row.entry_number)
    assert entry.reference == row.receipt
    assert sum(line.debit_cents for line in entry.postings) == KES * 100
    paid = [line for line in entry.postings if line.account_code == MPESA_UTILITY]
    assert [line.credit_cents for line in paid] == [row.mpesa_cents]
    assert desk.read(ledger.balance, MPESA_UTILITY) == FLOAT_CENTS - row.mpesa_cents
    assert desk.read(ledger.trial_balance, None).is_square
    assert desk.read(verify.verify, None).is_sound

    # Safaricom's own ledger: one payment under our id, and the money in the member's wallet.
    [payment] = payments_of(safaricom, row.number)
    assert payment.originator_id == row.originator_conversation_id
    assert (payment.receipt, payment.phone) == (row.receipt, row.phone)
    assert payment.amount_cents == row.mpesa_cents
    assert safaricom.wallet_cents(row.phone) - before == row.mpesa_cents
    assert safaricom.is_conserved

    # The relay's feed: the intent before the result, both under the same id, sealed to this office.
    feed = _feed(desk)
    [note] = [place for place, e in enumerate(feed) if e.kind == "note"]
    [result] = [place for place, e in enumerate(feed) if e.kind == "b2c-result"]
    assert note < result
    assert json.loads(feed[note].body)["id"] == row.originator_conversation_id
    told = json.loads(feed[result].body)["Result"]
    assert (told["OriginatorConversationID"], told["TransactionID"]) == (
        row.originator_conversation_id,
        row.receipt,
    )
    check_end(desk)


def test_a_batch_with_every_outcome_ends_as_each_of_them_should(desk: Desk) -> None:
    """One is paid, one refused by M-Pesa, one paid without a result, one paid without an answer."""
    safaricom, phones = desk.day.safaricom, [row.phone for row in desk.rows()]
    safaricom.set_outcome(phones[1], "2040")
    safaricom.arm("result_lost", match_phone=phones[2])
    safaricom.arm("hang_after_taking", match_phone=phones[3])
    safaricom.arm("result_lost", match_phone=phones[3])
    sent = desk.send(1, 2, 3, 4)
    assert [line.refusal for line in sent] == ["", "", "", ""]
    desk.news()
    stands = [(row.status.value, row.attempt_status) for row in desk.rows()]
    assert stands == [
        ("paid", AttemptStatus.PAID),
        ("in_flight", AttemptStatus.UNKNOWN),
        ("in_flight", AttemptStatus.ACCEPTED),
        ("in_flight", AttemptStatus.UNKNOWN),
    ]
    settle(desk, pay_anew=False)
    check_end(desk)
    ends = [row.status for row in desk.rows()]
    paid, draft = PayoutStatus.PAID, PayoutStatus.DRAFT
    assert ends == [paid, draft, paid, paid]
    assert "not a registered M-Pesa user" in desk.row(2).reason


def test_cents_that_m_pesa_cannot_carry_go_to_the_members_deposits(desk: Desk) -> None:
    row = desk.row(3)
    assert 0 < row.deposits_cents < 100
    assert row.mpesa_cents + row.deposits_cents == row.net_cents
    desk.send(3)
    settle(desk, 3)
    check_end(desk)
    entry = desk.read(ledger.read_entry, desk.row(3).entry_number or 0)
    deposits = [line for line in entry.postings if line.account_code.startswith("2010")]
    assert [line.credit_cents for line in deposits] == [row.deposits_cents]
