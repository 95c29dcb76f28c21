"""Builders of payments that are no loans, and of payments by bank, cheque and cash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.posting_rules import cash_deposit, opening_bank_balance
from sacco_desktop.services import bank_files, payments
from sacco_desktop.services.bank_files import NewBankFile, SavedBankFile
from sacco_desktop.services.payments import NewPayment
from sacco_desktop.services.payouts import PayoutRow
from tests import make
from tests.make import PracticeOffice


def bank_of(office: PracticeOffice, kes: int) -> None:
    """Put money on the bank account."""
    make.post(office, opening_bank_balance(kes * 100, make.key(), make.day(office)))


def deposit_back(office: PracticeOffice, member_number: str, kes: int) -> None:
    """Take cash deposits back, as the reversal of a wrong entry does."""
    entry = cash_deposit(member_number, kes * 100, make.key(), make.day(office))
    other_way = tuple(
        replace(line, debit_cents=line.credit_cents, credit_cents=line.debit_cents)
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
