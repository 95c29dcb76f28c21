"""A statement is taken in, matched, settled to zero and signed; nothing of it is posted twice or changed afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sacco_desktop.domain.chart import (
    BANK_CURRENT,
    MPESA_CHARGES,
    MPESA_CHARGES_PAID,
    MPESA_PAYBILL,
    MPESA_UTILITY,
    SUNDRY_DEBTORS,
    UNALLOCATED_RECEIPTS,
)
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    PeriodClosed,
    WrongState,
)
from sacco_desktop.domain.mpesa_accounts import UTILITY
from sacco_desktop.domain.old_books.cells import OldFile, Row, Sheet
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.domain.posting_rules import float_top_up, opening_bank_balance
from sacco_desktop.domain.reconciling.classes import LineClass
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.reconciling import (
    account_standing,
    line_settling,
    reconciliation_signing,
    statement_files,
    statement_matches,
)
from sacco_desktop.services.reconciling.line_settling import Beginning, Settle
from sacco_desktop.services.reconciling.reconciliation_signing import ToReopen, ToSign
from sacco_desktop.services.reconciling.statement_files import GivenStatement
from sacco_desktop.services.reconciling.statement_matches import ByHand, Undo
from sacco_desktop.services.sending import mpesa_differences, utility_float
from sacco_desktop.services.sending.payout_sending import SendOrder
from tests import make
from tests.make import PracticeOffice
from tests.make_statements import (
    DAY,
    Moved,
    portal_file,
    settle_all,
    signatures,
    take_in,
    view,
)

pytestmark = pytest.mark.paying_office

TOP_UP = Moved("UCG0000TOP", 500_000, "Deposit of Funds at Organization Bank")
UNKNOWN_IN = Moved("UCG0000001", 2_350, "Pay Bill Online", details="Pay Bill from 2547 Acc. M12")
UNKNOWN_OUT = Moved("UCG0000002", -700, "Something new")


def _paid(office: PracticeOffice) -> SendOrder:
    """Payout 1, paid by a notice through one relay."""
    order = make.accepted(office, office.read(payouts.row_of, 1), make.route(office, 1))
    make.arrive(office, 1, (order.tag, make.paid_news(order)))
    return order


def _out(order: SendOrder) -> Moved:
    return Moved(
        make.receipt(order), -order.amount_shillings, "Business Payment to Customer via API"
    )


def _charge(order: SendOrder) -> Moved:
    return Moved(make.receipt(order), -13, "Business Payment Charge")


def _sign(office: PracticeOffice, account: str = MPESA_UTILITY) -> str:
    shown = view(office, account, DAY)
    given = ToSign(account, DAY, shown.fingerprint, signatures(office))
    return office.write(reconciliation_signing.sign, given, office.grace).words


def test_a_day_is_matched_settled_to_zero_and_signed_and_then_nothing_of_it_changes(
    office: PracticeOffice,
) -> None:
    order = _paid(office)
    assert make.payout_now(office, order).evidence is Evidence.CLAIMED
    rows = (TOP_UP, _out(order), _charge(order), UNKNOWN_IN, UNKNOWN_OUT)
    taken = take_in(office, rows)
    assert taken.words == "5 rows of M-Pesa Utility taken in, 1 matched by their receipt."
    proven = office.read(payouts.row_of, 1)
    assert proven.evidence is Evidence.VERIFIED
    assert "stands on M-Pesa's statement utility.csv, row 6" in proven.proven_by
    left = view(office)
    found = {
        one.account.code: one.left_over for one in office.read(account_standing.list_accounts, None)
    }
    assert found[MPESA_UTILITY] == len(left.lines) + len(left.postings) == 5
    assert [one.finding.kind for one in left.lines] == [
        LineClass.SETTLEMENT,
        LineClass.CHARGE,
        LineClass.MISSED_NOTICE,
        LineClass.NOT_OURS,
    ]
    assert left.told is not None
    assert (left.told.difference_cents, left.told.unexplained_cents) == (1_637_00, 0)
    assert [one.entry for one in left.postings] == list(left.lines[0].finding.postings)[
        :0
    ] or left.postings
    with pytest.raises(InvalidInput, match="Write why"):
        settle_wordless(office, left.lines[-1].finding.line.line_id, LineClass.NOT_OURS)
    with pytest.raises(ChangedMeanwhile):
        settle_wordless(office, left.lines[-1].finding.line.line_id, LineClass.CHARGE)
    charges = office.balance(MPESA_CHARGES)
    assert len(settle_all(office)) == 4
    now = view(office)
    assert now.told is not None
    assert (now.told.is_balanced, now.lines, now.postings, now.matched) == (True, (), (), 5)
    assert office.balance(MPESA_UTILITY) == now.told.statement_cents == 403_137_00
    assert office.balance(MPESA_CHARGES) == charges
    assert office.balance(MPESA_CHARGES_PAID) == 0
    assert office.balance(UNALLOCATED_RECEIPTS) == 2_350_00
    assert office.balance(SUNDRY_DEBTORS) == 700_00
    assert office.count("posting", "memo LIKE '%2547%'") == 0
    by_code = {one.account.code: one for one in office.read(account_standing.list_accounts, None)}
    assert by_code[MPESA_UTILITY].left_over == 0
    assert by_code[BANK_CURRENT].covered_until is None
    _signed_day_stays(office)


def settle_wordless(office: PracticeOffice, line_id: int, kind: LineClass) -> None:
    office.write(line_settling.settle, Settle(make.key(), line_id, kind), office.grace)


def _signed_day_stays(office: PracticeOffice) -> None:
    with pytest.raises(WrongState, match="16 Mar 2026 is not over yet"):
        _sign(office)
    office.clock.advance(days=1)
    shown = view(office, until=DAY)
    alone = ToSign(MPESA_UTILITY, DAY, "other", signatures(office))
    with pytest.raises(ChangedMeanwhile):
        office.write(reconciliation_signing.sign, alone, office.grace)
    assert _sign(office) == (
        "M-Pesa Utility is balanced up to 16 Mar 2026, signed by Grace Wanjiru and Lucy Chebet."
    )
    with pytest.raises(PeriodClosed, match="reconciled with the statement and signed"):
        make.post(office, float_top_up(100, "late", DAY))
    [(match_id,)] = office.sql("SELECT min(id) FROM statement_match")
    with pytest.raises(PeriodClosed, match="Two people can reopen"):
        office.write(statement_matches.undo, Undo(match_id, "It was wrong."), office.grace)
    assert view(office).why_not_sign == "Signed up to 16 Mar 2026."
    back = ToReopen(MPESA_UTILITY, "A row came late.", signatures(office))
    assert office.write(reconciliation_signing.reopen, back, office.grace).words == (
        "M-Pesa Utility up to 16 Mar 2026 is open again."
    )
    assert shown.told is not None
    office.write(statement_matches.undo, Undo(match_id, "It was wrong."), office.grace)
    again = view(office, until=DAY)
    assert len(again.lines) == 1


def test_overlapping_and_repeated_statements_bring_each_row_once_and_gaps_are_refused(
    office: PracticeOffice,
) -> None:
    next_day = DAY + timedelta(days=1)
    after = (Moved("UCH0000001", -100, "Something new", next_day),)
    office.clock.advance(days=3)
    take_in(office, (TOP_UP, UNKNOWN_IN))
    with pytest.raises(InvalidInput, match="Grace Wanjiru took this very file in on 19 Mar 2026"):
        take_in(office, (TOP_UP, UNKNOWN_IN))
    with pytest.raises(InvalidInput, match="Days are missing between this statement and those"):
        take_in(office, after, opening_kes=5)
    whole = (TOP_UP, UNKNOWN_IN, *after)
    assert take_in(office, whole).words == (
        "1 row of M-Pesa Utility taken in, 0 matched by their receipt. 2 were known."
    )
    with pytest.raises(InvalidInput, match=r"Every row of .* is known already"):
        take_in(office, (UNKNOWN_IN, *after), opening_kes=500_000)
    other = (TOP_UP, Moved("UCG0000009", 5, "Something new"), UNKNOWN_IN, *after)
    with pytest.raises(InvalidInput, match="Row 4 has the balance"):
        take_in(office, other)
    before = (Moved("UCF0000001", 40, "Something new", DAY - timedelta(days=1)),)
    take_in(office, (*before, Moved("UCF0000002", -40, "Something new", DAY - timedelta(days=1))))
    assert office.count("statement_line") == 5
    with pytest.raises(NotAllowed):
        office.write(
            statement_files.preview, GivenStatement(portal_file(whole), MPESA_UTILITY), office.peter
        )


def test_a_payment_whose_notice_never_came_is_booked_from_the_statement(
    office: PracticeOffice,
) -> None:
    order = make.doubtful(office, office.read(payouts.row_of, 1), make.route(office, 1))
    office.clock.advance(minutes=30)
    masked = f"{order.phone[:6]}***{order.phone[-3:]} - MARY"
    row = Moved(
        "UCG000PAID", -order.amount_shillings, "Business Payment to Customer via API", party=masked
    )
    take_in(office, (TOP_UP, row))
    [_top_up, doubt] = view(office).lines
    assert [one.number for one in doubt.finding.attempts] == ["PO-2026-0001"]
    [_matched, words] = settle_all(office)
    assert words == "PO-2026-0001: Paid, receipt UCG000PAID."
    paid = office.read(payouts.row_of, 1)
    assert (paid.evidence, paid.receipt) == (Evidence.VERIFIED, "UCG000PAID")
    told = view(office).told
    assert told is not None
    assert told.is_balanced


def test_money_in_the_wrong_account_and_moves_come_right_on_both_statements(
    office: PracticeOffice,
) -> None:
    take_in(office, (TOP_UP, UNKNOWN_IN))
    settle_all(office)
    # The same receipt stands on the statement of the other account, too: it was booked on the wrong one.
    move = Moved("UCG000MOVE", -300, "Business Transfer from Utility to Working")
    wrong = Moved("UCG0000005", 90, "Pay Bill Online")
    take_in(office, (move,), opening_kes=502_350, at_hour=12)
    settle_all(office)
    assert office.balance(MPESA_PAYBILL) == 300_00
    arrived = Moved("UCG000MOVE", 300, "Business Transfer from Utility to Working")
    taken = take_in(office, (arrived, wrong), MPESA_PAYBILL)
    assert taken.matched == 1
    settle_all(office, MPESA_PAYBILL)
    for account in (MPESA_PAYBILL, MPESA_UTILITY):
        told = view(office, account).told
        assert told is not None
        assert told.is_balanced, account


def test_a_beginning_that_differs_is_booked_once_with_a_word(office: PracticeOffice) -> None:
    make.post(office, opening_bank_balance(10_00, "more", make.day(office) - timedelta(days=1)))
    bank: tuple[Row, ...] = (
        ("Date", "Particulars", "Reference", "Debit", "Credit", "Balance"),
        ("16/03/2026", "Deposit", "FT1", None, 500.0, 2_500.0),
    )
    file = OldFile("bank.csv", "b" * 64, "", (Sheet("", bank),))
    office.write(statement_files.take_in, GivenStatement(file, BANK_CURRENT), office.grace)
    seen = view(office, BANK_CURRENT)
    assert seen.beginning_cents == 2_000_00 - 10_00
    given = Beginning(make.key(), BANK_CURRENT, seen.beginning_cents, "The books of 2025 end so.")
    office.write(line_settling.book_beginning, given, office.grace)
    assert office.write(line_settling.book_beginning, given, office.grace).startswith("Entry ")
    assert view(office, BANK_CURRENT).beginning_cents == 0


def test_rows_are_matched_by_hand_only_when_both_sides_come_to_the_same(
    office: PracticeOffice,
) -> None:
    take_in(
        office,
        (
            Moved("UCG0000TOP", 300_000, "Deposit of Funds"),
            Moved("UCG000TOP2", 200_000, "Deposit of Funds"),
        ),
    )
    now = view(office)
    lines, [posting] = (
        [one.line.line_id for one in now.lines],
        [one.posting_id for one in now.postings],
    )
    with pytest.raises(InvalidInput, match=r"200,000[.]00 apart"):
        office.write(
            statement_matches.by_hand,
            ByHand(MPESA_UTILITY, (lines[0],), (posting,), "Two halves."),
            office.grace,
        )
    both = ByHand(MPESA_UTILITY, tuple(lines), (posting,), "The bank sent it in two halves.")
    office.write(statement_matches.by_hand, both, office.grace)
    told = view(office).told
    assert told is not None
    assert told.is_balanced


def test_a_payment_to_the_paybill_goes_through_its_one_door_and_its_reversal_takes_it_back(
    office: PracticeOffice,
) -> None:
    _connect(office)
    paid = Moved("UCG0000001", 2_350, "Pay Bill Online", details="Pay Bill from 2547 Acc. M12")
    take_in(office, (paid,), MPESA_PAYBILL)
    [words] = settle_all(office, MPESA_PAYBILL)
    assert "waits for its owner" in words
    [receipt] = office.sql("SELECT evidence, state, reference FROM mpesa_receipt")
    assert receipt[:2] == ("verified", "waiting")
    assert office.balance(UNALLOCATED_RECEIPTS) == 2_350_00
    back = Moved("UCG0000002", -2_350, "Transaction Reversal", linked="UCG0000001")
    take_in(office, (back,), MPESA_PAYBILL, opening_kes=2_350, at_hour=12)
    settle_all(office, MPESA_PAYBILL)
    assert office.sql("SELECT state FROM mpesa_receipt") == [("refuted",)]
    assert (office.balance(UNALLOCATED_RECEIPTS), office.balance(MPESA_PAYBILL)) == (0, 0)
    told = view(office, MPESA_PAYBILL).told
    assert told is not None
    assert told.is_balanced


def test_m_pesas_word_beside_the_books_is_explained_line_by_line(office: PracticeOffice) -> None:
    order = make.accepted(office, office.read(payouts.row_of, 1), make.route(office, 1))
    office.clock.advance(minutes=5)
    take_in(office, (TOP_UP, Moved("UCG0000002", -700, "Something new")), at_hour=8)
    top_up = view(office).lines[0].finding
    settle_wordless(office, top_up.line.line_id, top_up.kind)
    holds = 500_000_00 - 700_00 - order.amount_shillings * 100
    office.write(_note_reading, holds)
    found = office.read(mpesa_differences.difference, UTILITY)
    assert found is not None
    assert (found.explained.difference_cents, found.explained.unexplained_cents) == (
        -700_00 - order.amount_shillings * 100,
        0,
    )
    # The bank's transfer stands on the statement under another number, and in the books: it explains nothing.
    assert [one.words for one in found.explained.causes] == [
        "On the statement and not in the books: UCG0000002 Something new",
        "PO-2026-0001 is in flight and M-Pesa has paid it",
    ]


def _connect(office: PracticeOffice) -> None:
    certificate = "-----BEGIN CERTIFICATE-----"
    facts = ConnectionFacts("practice", "http://127.0.0.1:1", "600100", "sacco", certificate)
    office.write(mpesa_connections.save, facts, office.admin)


def _note_reading(work: Work, cents: int) -> None:
    utility_float.note_reading(work, cents, "balance query")
