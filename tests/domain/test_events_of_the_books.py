"""Each event that moves money has one function that builds its whole entry: the row of the office's book of entries,
the function, and the worked entry to the cent. Debits stand above zero and credits below.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import sacco_desktop
from sacco_desktop.domain import (
    exits,
    ledger,
    loan_entries,
    money_in,
    opening_entries,
    posting_rules,
    savings_entries,
)
from sacco_desktop.domain.exits import SharesTransferred
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.loan_entries import Repaid, Source, WrittenOff
from sacco_desktop.domain.money import parse_signed_amount
from sacco_desktop.domain.mpesa_accounts import FloatRoute
from sacco_desktop.domain.old_books.lines import BalanceLine
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.penalties import entries as penalty_entries
from sacco_desktop.domain.posting_rules import MoneyOut, PaidTwice, Returned
from sacco_desktop.domain.reconciling import entries as statement_entries
from sacco_desktop.domain.reconciling.classes import LineClass
from sacco_desktop.domain.reconciling.entries import Begun, Settled
from sacco_desktop.domain.savings_entries import PaidBy, PaidIn, Share
from tests.domain.test_loan_entries import DAY, G15, LOAN
from tests.domain.test_posting_rules import G14

Event = tuple[str, partial[JournalEntry] | partial[JournalEntry | None], str]
RECEIPT = "TGH4X1K2LM"


def _in(cents: int, name: str = "Deposits", account: str = "2010") -> PaidIn:
    return PaidIn("M-0001", (Share(name, account, cents),), "RC-1", DAY)


def _out(account: str, cents: int, way: Way, member: str = "M-0001", **more: int) -> MoneyOut:
    known = {"leftover_cents": 0, "recovered_cents": 0, **more}
    return MoneyOut(account, member, "Paid", cents, receipt=RECEIPT, on=DAY, way=way, **known)


def _repaid(**more: Any) -> Repaid:
    return Repaid(LOAN, Source.PAYBILL, RECEIPT, DAY, **more)


G14_LINES = (
    "1110.L-0412 100,000.00 · 1031 -76,955.00 · 4020 -1,000.00 · 2140 -200.00 · 2160 -500.00"
    " · 1110.L-0100 -18,250.00 · 4010 -182.50 · 4025 -912.50 · 3010.M-0001 -2,000.00"
)
G15_BOOKED = _repaid(
    principal_cents=963_461,
    interest_cents=192_115,
    penalty_cents=44_424,
    booked_interest_cents=192_115,
    booked_penalty_cents=44_424,
)
BORNE_BY_MEMBER = posting_rules.LoanPaidOut(
    loan_number="L-0412",
    member_number="M-0001",
    loan_control="1110",
    gross_cents=7_695_500,
    deductions=(),
    paid_cents=7_694_200,
    leftover_cents=0,
    receipt=RECEIPT,
    on=DAY,
    recovered_cents=1_300,
)
CALLED = Repaid(LOAN, Source.GUARANTOR, "GR-1", DAY, 2_375_000, 0)
FEE = (Deduction("Processing fee", 100_000, "4020"),)
BACK = Returned("PO-0001", "CHQ 44", DAY, "The account was closed.")
SALE = SharesTransferred("M-0001", "M-0456", 2_000_000, 0, "ST-0001", DAY)
LOSS = WrittenOff(LOAN, 4_500_000, 0, 0, "Board 12", DAY)
LATE = WrittenOff(LOAN, 4_500_000, 60_000, 44_424, "Board 12", DAY)

# The row, the function, how the worked case calls it, and the lines.
EVENTS: list[Event] = [
    (
        "1",
        partial(posting_rules.registration_fee, "A-0001", 100_000, "RC-1", DAY, came_on="2150"),
        "2150 1,000.00 · 4040 -1,000.00",
    ),
    (
        "2",
        partial(savings_entries.contribution, _in(500_000, "Share capital", "3010"), PaidBy.MPESA),
        "2150 5,000.00 · 3010.M-0001 -5,000.00",
    ),
    (
        "3",
        partial(savings_entries.contribution, _in(500_000), PaidBy.MPESA),
        "2150 5,000.00 · 2010.M-0001 -5,000.00",
    ),
    (
        "3b",
        partial(
            statement_entries.settling_entry,
            Settled(LineClass.CHARGE, "1030", "5230", -1_800, RECEIPT, "Pay Bill Charge", DAY),
        ),
        "5230 18.00 · 1030 -18.00",
    ),
    (
        "4",
        partial(loan_entries.repayment, G15),
        "1030 12,000.00 · 4030 -444.24 · 4010 -1,921.15 · 1110.L-0412 -9,634.61",
    ),
    (
        "4b",
        partial(loan_entries.repayment, G15_BOOKED),
        "1030 12,000.00 · 1130 -444.24 · 1120 -1,921.15 · 1110.L-0412 -9,634.61",
    ),
    (
        "4c, kept for later",
        partial(
            loan_entries.prepayment_used, _repaid(principal_cents=788_488, interest_cents=100_000)
        ),
        "2165.L-0412 8,884.88 · 4010 -1,000.00 · 1110.L-0412 -7,884.88",
    ),
    (
        "5",
        partial(posting_rules.cash_deposit, "M-0001", 500_000, "RC-1", DAY),
        "1010 5,000.00 · 2010.M-0001 -5,000.00",
    ),
    (
        "5b, a cheque comes",
        partial(savings_entries.cheque_received, _in(500_000)),
        "1025 5,000.00 · 2152 -5,000.00",
    ),
    (
        "5c, it is cleared",
        partial(savings_entries.cheque_cleared, _in(500_000)),
        "1020 5,000.00 · 1025 -5,000.00 · 2152 5,000.00 · 2010.M-0001 -5,000.00",
    ),
    (
        "5d, it comes back",
        partial(savings_entries.cheque_return_charge, 50_000, "RC-1", DAY),
        "5220 500.00 · 1020 -500.00",
    ),
    (
        "6",
        partial(savings_entries.check_off_received, 800_000, "County", "CO-1", DAY),
        "1020 8,000.00 · 1040 -8,000.00",
    ),
    (
        "6b",
        partial(savings_entries.check_off_shared, [_in(700_000)], "County", "CO-1", DAY, 100_000),
        "1040 8,000.00 · 2010.M-0001 -7,000.00 · 2150 -1,000.00",
    ),
    (
        "6b, a loan",
        partial(
            loan_entries.repayment, Repaid(LOAN, Source.CHECK_OFF, "CO-1", DAY, 788_488, 100_000)
        ),
        "1040 8,884.88 · 4010 -1,000.00 · 1110.L-0412 -7,884.88",
    ),
    (
        "6c, its owner is found",
        partial(savings_entries.check_off_owner_found, _in(100_000), "CO-1"),
        "2150 1,000.00 · 2010.M-0001 -1,000.00",
    ),
    (
        "6d, no repayment any more",
        partial(savings_entries.check_off_kept, "M-0001", 888_488, "CO-1", DAY, found_later=False),
        "1040 8,884.88 · 2010.M-0001 -8,884.88",
    ),
    ("7", partial(posting_rules.loan_disbursement, G14), G14_LINES),
    (
        "7b",
        partial(posting_rules.b2c_charge, 1_300, "PO-0001", RECEIPT, DAY),
        "5230 13.00 · 1032 -13.00",
    ),
    (
        "7c",
        partial(posting_rules.loan_disbursement, BORNE_BY_MEMBER),
        "1110.L-0412 76,955.00 · 1031 -76,942.00 · 4060 -13.00",
    ),
    (
        "7d, fees brought beside",
        partial(posting_rules.loan_fees, "L-0412", FEE, "RC-1", DAY),
        "1010 1,000.00 · 4020 -1,000.00",
    ),
    (
        "9, M-Pesa paid twice",
        partial(posting_rules.paid_twice, PaidTwice("PO-0001", "M-0001", 500_000, RECEIPT, DAY)),
        "1210 5,000.00 · 1031 -5,000.00",
    ),
    (
        "9, a payment by hand came back",
        partial(
            posting_rules.payment_returned,
            posting_rules.loan_disbursement(BORNE_BY_MEMBER),
            7,
            BACK,
        ),
        "1110.L-0412 -76,955.00 · 1031 76,942.00 · 4060 13.00",
    ),
    (
        "9, what the bank charges for it",
        partial(posting_rules.bank_return_charge, 50_000, BACK),
        "5220 500.00 · 1020 -500.00",
    ),
    (
        "9b",
        partial(ledger.reversal_of, loan_entries.repayment(G15), 4, DAY, "Another loan was meant."),
        "1030 -12,000.00 · 4030 444.24 · 4010 1,921.15 · 1110.L-0412 9,634.61",
    ),
    (
        "10",
        partial(penalty_entries.charged, "Late", 44_424, "PN-1", DAY, of_loan=True),
        "1130 444.24 · 4030 -444.24",
    ),
    (
        "10, a fine",
        partial(penalty_entries.charged, "Absent", 20_000, "PN-1", DAY, of_loan=False),
        "1130 200.00 · 4900 -200.00",
    ),
    (
        "11",
        partial(
            loan_entries.repayment,
            _repaid(
                principal_cents=0,
                interest_cents=0,
                penalty_cents=44_424,
                booked_penalty_cents=44_424,
            ),
        ),
        "1030 444.24 · 1130 -444.24",
    ),
    (
        "12",
        partial(penalty_entries.waived, "Waived", [(True, 44_424), (False, 20_000)], "PW-1", DAY),
        "4030 444.24 · 4900 200.00 · 1130 -644.24",
    ),
    (
        "13",
        partial(loan_entries.accrued, LOAN, 100_000, "L-0412/1", DAY),
        "1120 1,000.00 · 4010 -1,000.00",
    ),
    (
        "13c",
        partial(loan_entries.suspended, LOAN, 100_000, "L-0412", DAY),
        "4010 1,000.00 · 1120 -1,000.00",
    ),
    (
        "14",
        partial(loan_entries.provision_moved, 47_000_000, 39_550_000, "AL-1", DAY),
        "5410 74,500.00 · 1190 -74,500.00",
    ),
    (
        "14, given back",
        partial(loan_entries.provision_moved, 39_550_000, 47_000_000, "AL-1", DAY),
        "1190 74,500.00 · 5410 -74,500.00",
    ),
    (
        "15",
        partial(loan_entries.written_off, LOSS, 9_000_000),
        "1190 45,000.00 · 1110.L-0412 -45,000.00",
    ),
    (
        "15b",
        partial(loan_entries.written_off, LATE, 0),
        "5410 45,000.00 · 1110.L-0412 -45,000.00 · 4010 600.00 · 1120 -600.00 · 4030 444.24 · 1130 -444.24",
    ),
    (
        "16",
        partial(loan_entries.recovered, LOAN, Source.PAYBILL, 600_000, RECEIPT, DAY),
        "1030 6,000.00 · 4200 -6,000.00",
    ),
    (
        "19, to M-Pesa",
        partial(posting_rules.dividend_payment, _out("2120", 1_067_500, Way.MPESA)),
        "2120 10,675.00 · 1031 -10,675.00",
    ),
    (
        "21, repaid from the deposits",
        partial(
            loan_entries.repayment, Repaid(LOAN, Source.DEPOSITS, "RC-1", DAY, 6_230_000, 62_300)
        ),
        "2010.M-0001 62,923.00 · 4010 -623.00 · 1110.L-0412 -62,300.00",
    ),
    (
        "21, settled",
        partial(exits.exit_settled, "M-0001", [("2010.M-0001", 12_157_700)], 0, "EX-0001", DAY),
        "2010.M-0001 121,577.00 · 2180.M-0001 -121,577.00",
    ),
    (
        "21, paid",
        partial(posting_rules.exit_refund, _out("2180", 12_157_700, Way.MPESA)),
        "2180.M-0001 121,577.00 · 1031 -121,577.00",
    ),
    (
        "21, deposits go back",
        partial(posting_rules.deposit_refund, _out("2010", 500_000, Way.MPESA)),
        "2010.M-0001 5,000.00 · 1031 -5,000.00",
    ),
    (
        "21, savings go out",
        partial(
            posting_rules.savings_withdrawal, _out("2040", 495_000, Way.MPESA, fee_cents=5_000)
        ),
        "2040.M-0001 5,000.00 · 1031 -4,950.00 · 4050 -50.00",
    ),
    (
        "21, a claim of a fund",
        partial(posting_rules.welfare_claim, _out("2170", 500_000, Way.CASH)),
        "2170 5,000.00 · 1010 -5,000.00",
    ),
    (
        "21b",
        partial(exits.shares_transferred, SALE),
        "3010.M-0001 20,000.00 · 3010.M-0456 -20,000.00",
    ),
    (
        "22",
        partial(
            statement_entries.settling_entry,
            Settled(LineClass.SETTLEMENT, "1020", "1010", 8_000_000, "SLIP 9", "", DAY),
        ),
        "1020 80,000.00 · 1010 -80,000.00",
    ),
    (
        "22b",
        partial(
            statement_entries.settling_entry,
            Settled(LineClass.SETTLEMENT, "1020", "1030", 8_000_000, RECEIPT, "", DAY),
        ),
        "1020 80,000.00 · 1030 -80,000.00",
    ),
    (
        "22c, to the utility account",
        partial(posting_rules.float_top_up, 8_000_000, "FT-1", DAY, FloatRoute.WORKING_TO_UTILITY),
        "1031 80,000.00 · 1030 -80,000.00",
    ),
    (
        "22d, what the bank held",
        partial(posting_rules.opening_bank_balance, 8_000_000, "OB-1", DAY),
        "1020 80,000.00 · 3050 -80,000.00",
    ),
    (
        "22e, what the first statement opens with",
        partial(
            statement_entries.beginning, Begun("1020", "Bank", -50_000, "Never booked.", DAY, DAY)
        ),
        "3050 500.00 · 1020 -500.00",
    ),
    (
        "23",
        partial(posting_rules.office_expense, _out("5210", 1_240_000, Way.BANK, "")),
        "5210 12,400.00 · 1020 -12,400.00",
    ),
    (
        "23, honoraria",
        partial(posting_rules.honorarium, _out("2200", 1_000_000, Way.BANK)),
        "2200 10,000.00 · 1020 -10,000.00",
    ),
    (
        "24",
        partial(money_in.received, RECEIPT, "600100", 300_000, DAY),
        "1030 3,000.00 · 2150 -3,000.00",
    ),
    (
        "24b",
        partial(savings_entries.contribution, _in(300_000), PaidBy.MPESA),
        "2150 3,000.00 · 2010.M-0001 -3,000.00",
    ),
    (
        "24, sent back",
        partial(posting_rules.receipt_refund, _out("2150", 300_000, Way.MPESA, "")),
        "2150 3,000.00 · 1031 -3,000.00",
    ),
    (
        "25",
        partial(loan_entries.guarantor_called, CALLED, "M-0007"),
        "2010.M-0007 23,750.00 · 1110.L-0412 -23,750.00",
    ),
    (
        "25, with what fell due beside it",
        partial(loan_entries.guarantor_called, G15_BOOKED, "M-0007"),
        "2010.M-0007 12,000.00 · 1130 -444.24 · 1120 -1,921.15 · 1110.L-0412 -9,634.61",
    ),
    (
        "25, paid back",
        partial(
            loan_entries.guarantors_repaid,
            LOAN,
            Source.CASH,
            [("M-0007", 60_000), ("M-0008", 40_000)],
            "RC-1",
            DAY,
        ),
        "1010 1,000.00 · 2010.M-0007 -600.00 · 2010.M-0008 -400.00",
    ),
    (
        "28, brought forward",
        partial(
            opening_entries.opening_entry,
            [BalanceLine("M-0001", 500_000, 100_000)],
            {},
            "IM-1",
            DAY,
        ),
        "2010.M-0001 -5,000.00 · 3010.M-0001 -1,000.00 · 3050 6,000.00",
    ),
]


@pytest.mark.parametrize(
    ("make", "lines"), [one[1:] for one in EVENTS], ids=[one[0] for one in EVENTS]
)
def test_the_worked_entry_of_each_event(
    make: Callable[[], JournalEntry | None], lines: str
) -> None:
    entry = make()
    assert entry is not None
    wanted = [line.split(" ") for line in lines.split(" · ")]
    assert [(one.account_code, one.debit_cents - one.credit_cents) for one in entry.postings] == [
        (account, parse_signed_amount(amount)) for account, amount in wanted
    ]
    # The same facts make the same entry, whoever asks and whenever.
    assert make() == entry


def test_no_event_stands_beside_the_table() -> None:
    """Whatever builds an entry in the rules is proven above, and nobody builds one elsewhere."""
    root = Path(sacco_desktop.__file__).parent
    sources = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*.py")
    }
    makers = {
        name
        for path, text in sources.items()
        if path.startswith("domain/")
        for name in re.findall(r"^def ([a-z]\w*)\([^)]*\) -> JournalEntry", text, re.MULTILINE)
    }
    assert makers == {made.func.__name__ for _row, made, _lines in EVENTS}
    elsewhere = {
        path
        for path, text in sources.items()
        if not path.startswith("domain/") and re.search(r"\bJournalEntry\(", text)
    }
    # These two read an entry of the books back, to reverse it or to prove its hash.
    assert elsewhere == {"services/books/ledger.py", "services/proof/verify.py"}
