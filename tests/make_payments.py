"""Builders of payments that are no loans, and of payments by bank, cheque and cash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.posting_rules import cash_deposit, opening_bank_balance
from sacco_desktop.services.payouts import bank_files, hand_overs, payments, payouts
from sacco_desktop.services.payouts.bank_files import NewBankFile, SavedBankFile
from sacco_desktop.services.payouts.hand_overs import Confirmation, NewCheque
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutRow
from tests import make
from tests.make import PracticeOffice


def bank_of(office: PracticeOffice, kes: int) -> None:
    """Put money on the bank account."""
    make.post(office, opening_bank_balance(kes * 100, make.key(), make.day(office)))


def deposit_back(office: PracticeOffice, member_number: str, kes: int) -> None:
    """Take cash deposits back, as the reversal of a wrong entry does."""
    entry = cash_deposit(member_number, kes * 100, make.key(), make.day(office))
    other_way = tuple(
        line._replace(debit_cents=line.credit_cents, credit_cents=line.debit_cents)
        for line in entry.postings
    )
    make.post(office, replace(entry, postings=other_way, kind="correction"))


ACCOUNT = Destination("Rift Stationers Ltd", "Equity Bank", "68", "123", "0123456789")


def new_payment(way: Way = Way.MPESA, **changes: Any) -> NewPayment:
    """A bill of the office of KES 12,400 for stationery."""
    new = NewPayment(
        make.key(),
        "office_expense",
        1_240_000,
        way,
        None,
        "0722 000 111",
        ACCOUNT,
        "",
        "Invoice 77",
    )
    return replace(new, **changes)


def requested_payment(office: PracticeOffice, way: Way = Way.MPESA, **changes: Any) -> PayoutRow:
    """A payment that Grace has asked for."""
    return office.write(payments.request, new_payment(way, **changes), office.grace)


def approved_payment(office: PracticeOffice, way: Way = Way.MPESA, **changes: Any) -> PayoutRow:
    """A payment asked for by Grace and approved by Lucy."""
    row = requested_payment(office, way, **changes)
    make.approve_payout(office, row, office.lucy)
    return make.payout_now(office, row)


def bank_file(office: PracticeOffice, *rows: PayoutRow) -> SavedBankFile:
    """The file for the bank that Grace makes of these payouts."""
    new = NewBankFile(make.key(), tuple(row.payout_id for row in rows))
    return office.write(bank_files.make, new, office.grace)


def handed_over_loan(office: PracticeOffice, number: str = "000123") -> PayoutRow:
    """A loan of 100,000 whose net a member has as a cheque; the bank must hold it."""
    member = make.member(office, deposits_kes=50_000)
    new = NewPayout(make.key(), make.approved_loan(office, member).loan_id, Way.CHEQUE)
    return handed_over(office, office.write(payouts.request, new, office.grace), number)


def handed_over(office: PracticeOffice, row: PayoutRow, number: str) -> PayoutRow:
    """A payout by cheque, approved by Lucy, written and handed over by Grace."""
    make.approve_payout(office, row, office.lucy)
    cheque = NewCheque(row.payout_id, make.payout_now(office, row).version, number)
    office.write(hand_overs.write_cheque, cheque, office.grace)
    return confirmed(office, row, "Jane Mutua, ID 12345678")


def confirmed(office: PracticeOffice, row: PayoutRow, reference: str = "FT26075XYZ") -> PayoutRow:
    """A payment by bank or cheque that Grace says has arrived."""
    version = make.payout_now(office, row).version
    seen = Confirmation(row.payout_id, version, reference, make.day(office))
    return office.write(hand_overs.confirm, seen, office.grace)


def parts_of_loan(office: PracticeOffice) -> tuple[PayoutRow, PayoutRow]:
    """A loan of 400,000, whose net of 394,000 goes out as 250,000 and 144,000; asked for by Grace."""
    make.float_of(office, 900_000)
    member = make.member(office, deposits_kes=200_000)
    loan = make.approved_loan(office, member, amount_cents=40_000_000)
    office.write(payouts.request, NewPayout(make.key(), loan.loan_id), office.grace)
    rows = office.read(payouts.list_payouts, None)
    first, second = sorted((row for row in rows if row.loan_id == loan.loan_id), key=_part)
    return first, second


def _part(row: PayoutRow) -> int:
    return row.part


def approved_part(office: PracticeOffice, row: PayoutRow) -> PayoutRow:
    """By two people, as the whole of it needs."""
    make.approve_payout(office, row, office.lucy)
    make.approve_payout(office, row, office.daniel)
    return make.payout_now(office, row)


def loan_with_one_part_paid(office: PracticeOffice) -> PayoutRow:
    """The part that is paid; the other waits for its approval."""
    first, _second = parts_of_loan(office)
    via = make.route(office, make.relay(office))
    order = make.accepted(office, approved_part(office, first), via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    return make.payout_now(office, first)
