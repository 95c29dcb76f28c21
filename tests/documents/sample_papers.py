"""Papers of an invented society, as a service would hand them over; tests change single facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sacco_desktop.domain.loan_cost import LoanCost
from sacco_desktop.services.papers import (
    AmountLine,
    DepositReceipt,
    DisbursementVoucher,
    JournalLine,
    Letterhead,
    LoanSchedulePaper,
    PaperStamp,
    ScheduleRow,
    Signature,
)

FINGERPRINT = "3f9a12bc44d09e1f7c55aa8802b6d1e0943f17c6d2ab58e4f0917735cd2e86b1"
UMOJA = Letterhead(
    name="Umoja wa Walimu Savings and Credit Co-operative Society Ltd",
    registration_number="CS/12874",
    postal_address="P.O. Box 4512 – 00100 Nairobi",
    phone="0722 908 000",
    is_practice=False,
)
PRACTICE = Letterhead("Practice Sacco", "CS/0", "P.O. Box 1 – 00100 Nairobi", "0700 000 000", True)


def stamp(number: str, copy_number: int = 1) -> PaperStamp:
    """A print by the treasurer on 3 Jul 2026 at 14:20 in Nairobi."""
    printed_at = datetime(2026, 7, 3, 11, 20, tzinfo=UTC)
    return PaperStamp(number, "Grace Achieng Otieno", printed_at, copy_number, FINGERPRINT)


def voucher() -> DisbursementVoucher:
    """A loan of 100,000 paid out: two deductions, 98,437 by M-Pesa and 50 cents to deposits."""
    paid_at = datetime(2026, 7, 3, 11, 5, 12, tzinfo=UTC)
    return DisbursementVoucher(
        letterhead=UMOJA,
        stamp=stamp("PV-2026-0117"),
        voucher_number="PV-2026-0117",
        payee="Wanjikũ Mũthoni Ngĩrĩ",
        member_number="M-0001",
        national_id="23456789",
        loan_number="L-0412",
        product="Development loan",
        gross_cents=100_000_00,
        deductions=(
            AmountLine("processing fee", 1_000_00),
            AmountLine("loan insurance", 562_50),
        ),
        net_cents=98_437_50,
        paid_by_mpesa_cents=98_437_00,
        left_in_deposits_cents=50,
        charge_cents=13_00,
        phone="254722908114",
        receipt="SGL7X2K9QD",
        status_words="Paid",
        originator_conversation_id="SD-7f3c21d4-PO-2026-0117-0",
        paid_at=paid_at,
        entry_number=2381,
        journal=(
            JournalLine("1310", "Loans to members – development", 100_000_00, 0),
            JournalLine("4120", "Loan processing fees", 0, 1_000_00),
            JournalLine("2310", "Loan insurance payable", 0, 562_50),
            JournalLine("1120", "M-Pesa utility account", 0, 98_450_00),
            JournalLine("2110", "Members' deposits – M-0001", 0, 50),
            JournalLine("5310", "M-Pesa charges", 13_00, 0),
        ),
        signatures=(
            Signature("Prepared by", "Peter Kamau Njoroge", paid_at - timedelta(hours=26)),
            Signature("Checked by", "Amina Hassan Abdi", paid_at - timedelta(hours=3)),
            Signature("Approved by", "Grace Achieng Otieno", paid_at - timedelta(minutes=9)),
        ),
    )


def receipt() -> DepositReceipt:
    """Cash of 2,500.50 taken over the counter."""
    return DepositReceipt(
        letterhead=UMOJA,
        stamp=stamp("R-2026-00318"),
        receipt_number="R-2026-00318",
        member_name="Joseph Kĩprono arap Chepkwony",
        member_number="M-0027",
        amount_cents=2_500_50,
        mode="Cash",
        balance_after_cents=48_250_75,
        value_date=date(2026, 7, 3),
        cashier="Peter Kamau Njoroge",
        entry_number=2384,
    )


def schedule(weeks: int = 12, fee: int = 0) -> LoanSchedulePaper:
    """A flat loan of 1,111.11 a week plus interest and `fee` cents; the figures are only required to add up."""
    start = date(2026, 7, 3)
    principal, interest = 1_111_11, 87_65
    rows = tuple(
        ScheduleRow(
            number=number,
            due_on=start + timedelta(weeks=number),
            principal_cents=principal,
            interest_cents=interest,
            instalment_cents=principal + interest + fee,
            balance_cents=(weeks - number) * principal,
            fee_cents=fee,
        )
        for number in range(1, weeks + 1)
    )
    amount = principal * weeks
    return LoanSchedulePaper(
        letterhead=UMOJA,
        stamp=stamp("LS-2026-0412"),
        loan_number="L-0412",
        member_name="Wanjikũ Mũthoni Ngĩrĩ",
        member_number="M-0001",
        product="Biashara weekly loan",
        asked_cents=amount,
        amount_cents=amount,
        terms=(
            ("Interest", "1 % per month, flat, on the whole amount for the whole term"),
            ("Instalments", f"{weeks}, weekly"),
            ("First due", "One week after the payout"),
        ),
        disbursed_on=start,
        is_final=False,
        rows=rows,
        total_principal_cents=amount,
        total_interest_cents=interest * weeks,
        total_fee_cents=fee * weeks,
        deductions=(AmountLine("Processing fee", 500_00), AmountLine("Insurance", 120_00)),
        net_cents=amount - 620_00,
        cost=LoanCost(interest * weeks, 620_00, fee * weeks, (principal + interest + fee) * weeks),
    )
