"""Every fault of a year is found, none is invented, and what settles each of them leaves nothing over."""

from datetime import date, timedelta

import pytest

from sacco_desktop.domain.chart import (
    BANK_CHARGES,
    BANK_CURRENT,
    MPESA_CHARGES,
    MPESA_CHARGES_PAID,
    MPESA_PAYBILL,
    MPESA_UTILITY,
    SUNDRY_DEBTORS,
    UNALLOCATED_RECEIPTS,
)
from sacco_desktop.domain.dates import moment_of
from sacco_desktop.domain.reconciling.classes import (
    BookLine,
    Finding,
    Line,
    LineClass,
    OpenPayout,
    classify,
    facts_of,
    may_be_phone,
    pairs_by_receipt,
    taken_back_pairs,
)
from sacco_desktop.domain.reconciling.difference import Reason, Why, explained
from sacco_desktop.domain.reconciling.entries import Settled, settling_entry
from sacco_desktop.domain.reconciling.row_kinds import kind_of
from sacco_desktop.domain.reconciling.statement import RowKind, Source
from tests.domain.reconciling.planted_year import HERE, by_account, planted_year

DAY = date(2026, 3, 16)


def line(kind: RowKind, cents: int, receipt: str = "UCK4A1B2C3", **more: str) -> Line:
    return Line(1, receipt, moment_of(DAY, 12), DAY, cents, kind, **more)


def found(
    of: Line, *books: BookLine, payouts: tuple[OpenPayout, ...] = (), source: Source = Source.MPESA
) -> Finding:
    return classify(of, facts_of(source, HERE, [of], books, payouts))


def book(cents: int, account: str = HERE, receipt: str = "UCK4A1B2C3", days: int = 0) -> BookLine:
    return BookLine(7, 70, account, receipt, DAY + timedelta(days=days), cents)


def test_a_generated_year_has_every_fault_found_and_none_invented() -> None:
    year = planted_year(7, 20_000)
    pairs = pairs_by_receipt(year.lines, by_account(year.books)[HERE])
    paired, booked = {one.line_id for one, _book in pairs}, {one.posting_id for _line, one in pairs}
    left = [one for one in year.lines if one.line_id not in paired]
    books = [one for one in year.books if one.posting_id not in booked]
    facts = facts_of(Source.MPESA, HERE, left, books, year.payouts)
    findings = {one.line_id: classify(one, facts) for one in left}
    assert {key: one.kind for key, one in findings.items()} == {
        key: kind for key, kind in year.planted.items() if key not in paired
    }
    assert set(year.planted) - set(findings) == set()
    named = {posting for one in findings.values() for posting in one.postings}
    left_over = {one.posting_id for one in books if one.account == HERE} - named
    assert left_over == year.missing
    assert {one.kind for one in findings.values()} == set(LineClass) - {LineClass.MATCHED}
    assert _left_over_after_settling(list(findings.values()), books, year.missing) == 0


def _left_over_after_settling(
    findings: list[Finding], books: list[BookLine], missing: set[int]
) -> int:
    """What the account differs by when each line is settled as its class says, and what never came is taken back."""
    by_id = {one.posting_id: one for one in books}
    held = sum(one.line.cents for one in findings)
    known = sum(one.cents for one in books if one.account == HERE and one.posting_id not in missing)
    for one in findings:
        matched = sum(by_id[key].cents for key in one.postings)
        is_taken_back = one.twin is not None or any(
            one.line.line_id == each.twin for each in findings
        )
        if one.counter and not is_taken_back:
            known += one.line.cents - matched
        elif is_taken_back or one.attempts:
            known += one.line.cents
    return held - known


@pytest.mark.parametrize(
    ("of", "books", "kind", "counter"),
    [
        (line(RowKind.PAID_IN, 500), [book(500)], LineClass.MATCHED, ""),
        (line(RowKind.PAID_IN, 500), [], LineClass.MISSED_NOTICE, UNALLOCATED_RECEIPTS),
        (line(RowKind.PAID_IN, 500), [book(400)], LineClass.AMOUNT_DIFFERS, UNALLOCATED_RECEIPTS),
        (line(RowKind.PAID_IN, 400), [book(500)], LineClass.AMOUNT_DIFFERS, SUNDRY_DEBTORS),
        (line(RowKind.PAID_IN, 500), [book(500, MPESA_PAYBILL)], LineClass.WRONG_ACCOUNT, MPESA_PAYBILL),
        (line(RowKind.CHARGE, -13), [book(-500)], LineClass.CHARGE, MPESA_CHARGES),
        (line(RowKind.CHARGE, -13), [book(-13, MPESA_CHARGES_PAID)], LineClass.CHARGE, MPESA_CHARGES_PAID),
        (line(RowKind.MOVE, 500, words="MMF to Utility"), [], LineClass.SETTLEMENT, MPESA_PAYBILL),
        (line(RowKind.MOVE, -500, words="Organization Settlement to bank"), [], LineClass.SETTLEMENT, BANK_CURRENT),
        (line(RowKind.MOVE, 500), [book(500, receipt="slip 7", days=-2)], LineClass.SETTLEMENT, ""),
        (line(RowKind.PAID_OUT, -500), [], LineClass.NOT_OURS, SUNDRY_DEBTORS),
        (line(RowKind.OTHER, 500), [], LineClass.NOT_OURS, UNALLOCATED_RECEIPTS),
        (line(RowKind.REVERSAL, -500, linked="UCF1D4E5F6"), [], LineClass.REVERSAL, SUNDRY_DEBTORS),
        (line(RowKind.REVERSAL, 500, linked="UCF1D4E5F6"), [], LineClass.REVERSAL, UNALLOCATED_RECEIPTS),
    ],
)  # fmt: skip
def test_each_class_by_its_receipt_its_sum_and_its_account(
    of: Line, books: list[BookLine], kind: LineClass, counter: str
) -> None:
    got = found(of, *books)
    assert (got.kind, got.counter) == (kind, counter)


def test_an_equal_amount_alone_never_makes_a_match() -> None:
    assert (
        found(line(RowKind.PAID_IN, 500), book(500, receipt="OTHER12345")).kind
        is LineClass.MISSED_NOTICE
    )
    far = book(500, receipt="slip 7", days=-4)
    assert found(line(RowKind.MOVE, 500), far).postings == ()
    near = found(line(RowKind.MOVE, 500), book(500, receipt="slip 7", days=-3))
    assert near.day_differs
    at_bank = line(RowKind.PAID_IN, 500, "FT99")
    assert found(at_bank, book(500, receipt="CO-1"), source=Source.BANK).kind is LineClass.MATCHED
    fee = found(line(RowKind.CHARGE, -50, ""), source=Source.BANK)
    assert fee.counter == BANK_CHARGES


def test_a_payment_in_doubt_is_found_by_sum_phone_and_time_and_never_before_it_was_sent() -> None:
    sent = moment_of(DAY, 11)
    one = OpenPayout(3, "PO-2026-0003", 500, "254712345678", sent)
    paid = line(RowKind.PAID_OUT, -500, party="254712***678 - JANE WANJIKU")
    assert found(paid, payouts=(one,)).attempts == (one,)
    other = line(RowKind.PAID_OUT, -500, party="254722***111 - PETER")
    assert found(other, payouts=(one,)).kind is LineClass.NOT_OURS
    later = OpenPayout(3, "PO-2026-0003", 500, "254712345678", sent + timedelta(hours=2))
    assert found(paid, payouts=(later,)).kind is LineClass.NOT_OURS


def test_masked_phones_fit_what_they_show_and_names_are_no_phones() -> None:
    phone = "254712345678"
    for told in ("254712345678", "254712***678 - JANE", "2547****5678", "", "JANE WANJIKU"):
        assert may_be_phone(told, phone), told
    for told in ("254712***679 - JANE", "254711345678", "2547****5679"):
        assert not may_be_phone(told, phone), told


def test_an_entry_that_was_taken_back_is_matched_last_and_its_pair_leaves_no_trace() -> None:
    first, again = BookLine(1, 1, HERE, "R", DAY, 500), BookLine(3, 3, HERE, "R", DAY, 500)
    back = BookLine(2, 2, HERE, "R", DAY, -500, reverses=1)
    paid = line(RowKind.PAID_IN, 500, "R")
    assert pairs_by_receipt([paid], [first, back, again]) == [(paid, again)]
    assert taken_back_pairs([first, back, again]) == [(first, back)]


def test_every_settling_entry_balances_on_the_right_side() -> None:
    for kind in set(LineClass) - {LineClass.MATCHED}:
        for cents in (700, -700):
            entry = settling_entry(
                Settled(kind, MPESA_UTILITY, MPESA_CHARGES, cents, "R", "Words", DAY)
            )
            moved = {one.account_code: one.debit_cents - one.credit_cents for one in entry.postings}
            assert moved == {MPESA_UTILITY: cents, MPESA_CHARGES: -cents}
            assert entry.reference == "R"


def test_words_of_the_portal_tell_the_kind_and_what_a_payer_wrote_does_not() -> None:
    for reason, kind in (
        ("Pay Bill Online", RowKind.PAID_IN),
        ("Pay Bill Charge", RowKind.CHARGE),
        ("Business Pay Bill Charge", RowKind.CHARGE),
        ("Business Payment to Customer via API", RowKind.PAID_OUT),
        ("Organization Settlement", RowKind.MOVE),
        ("Transaction Reversal", RowKind.REVERSAL),
        ("Customer Buy Goods", RowKind.PAID_IN),
        ("Something new", RowKind.OTHER),
    ):
        assert kind_of(reason, "", 100, Source.MPESA) is kind, reason
    written = "Pay Bill Online from 254722***111 - REVERSAL FEES Acc. school fees charge"
    assert kind_of("", written, 100, Source.MPESA) is RowKind.PAID_IN


def test_two_faults_that_cancel_each_other_are_still_two() -> None:
    reasons = (Reason(Why.LINE, "UCK4", 1300), Reason(Why.POSTING, "UCF1", -1300))
    assert not explained(500, 500, reasons).is_balanced
    later = explained(500, 400, (Reason(Why.OTHER_DAY, "UCK4 booked on 17 Mar", 100),))
    assert (later.is_balanced, later.difference_cents) == (True, 0)
    broken = explained(500, 400, (Reason(Why.LINE, "UCK4", 90),))
    assert (broken.unexplained_cents, broken.is_balanced) == (10, False)
