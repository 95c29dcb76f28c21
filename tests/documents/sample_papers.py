"""Papers of an invented society, as a service would hand them over; tests change single facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sacco_desktop.domain.explanations.explanation import (
    EntryLine,
    Explanation,
    Frame,
    Given,
    Source,
    Step,
    Unit,
)
from sacco_desktop.domain.loan_cost import LoanCost
from sacco_desktop.services.books.papers import (
    AmountLine,
    DayCheck,
    DaySheet,
    DisbursementVoucher,
    JournalLine,
    Letterhead,
    LoanLetter,
    LoanSchedulePaper,
    MinuteItem,
    PaperStamp,
    Receipt,
    ScheduleRow,
    Signature,
    SittingMinutes,
)
from sacco_desktop.services.explanations.explaining import ExplanationPaper
from sacco_desktop.services.old_books.letters import OpeningLetter, OpeningLetters
from sacco_desktop.services.reconciling.reconciliation_papers import (
    ClassSum,
    ReconciliationPaper,
)
from sacco_desktop.services.sending.batch_papers import BatchPaper, BatchPaperLine
from sacco_desktop.services.sending.payment_paper import (
    EntryPart,
    MoveLine,
    NoticeLine,
    PaymentFile,
    QuestionLine,
    RequestLine,
    WhoActed,
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


def minutes() -> SittingMinutes:
    """A sitting of three: one loan approved, one rejected with a reason, one that waits for more people."""
    opened = datetime(2026, 7, 3, 6, 5, tzinfo=UTC)
    chair, amina, peter = "Daniel Otieno Omondi", "Amina Hassan Abdi", "Peter Kamau Njoroge"
    return SittingMinutes(
        letterhead=UMOJA,
        stamp=stamp("M-2026-0007"),
        minute_number="CM/07/2026",
        held_on=date(2026, 7, 3),
        place="Society office, Nakuru",
        chair=chair,
        opened_by=chair,
        opened_at=opened,
        closed_by=amina,
        closed_at=opened + timedelta(minutes=95),
        present=((chair, "committee"), (amina, "committee, secretary"), (peter, "")),
        items=(
            MinuteItem(
                "L-0412",
                "Mary Njeri Otieno, M-0027",
                600_000_00,
                "Approved",
                (chair, amina),
                (),
                (peter,),
                (),
            ),
            MinuteItem(
                "L-0413",
                "Joseph Kĩprono arap Chepkwony, M-0031",
                85_000_50,
                "Rejected",
                (chair,),
                (f"{amina}: The last loan is three months late.",),
                (),
                (peter,),
            ),
            MinuteItem(
                "L-0414",
                "Kikundi cha Wanawake Umoja, M-0044",
                1_250_000_00,
                "Not decided, more people are needed",
                (chair,),
                (),
                (),
                (amina, peter),
            ),
        ),
    )


def opening_letters() -> OpeningLetters:
    """Two members, of whom one owes something."""
    owned = (AmountLine("Deposits", 184_500_00), AmountLine("Share capital", 20_000_00))
    return OpeningLetters(
        letterhead=UMOJA,
        stamp=stamp("P-000318"),
        as_of=date(2026, 6, 30),
        entry_number=1,
        approved_by="Lucy Chebet",
        letters=(
            OpeningLetter("M-0027", "Joseph Kĩprono arap Chepkwony", owned, ()),
            OpeningLetter(
                "M-0031", "Amina Hassan", owned[:1], (AmountLine("Loan L-0412", 45_000_50),)
            ),
        ),
    )


def day_sheet() -> DaySheet:
    """A day with a bank file that is still open and a word about it; it was reopened, and two entries came."""
    return DaySheet(
        letterhead=UMOJA,
        stamp=stamp("P-000412"),
        day=date(2026, 7, 3),
        closed_by="Grace Achieng Otieno",
        signed_by="Amina Hassan Abdi",
        closed_at=datetime(2026, 7, 3, 14, 5, tzinfo=UTC),
        head_number=10_412,
        head_hash=FINGERPRINT,
        checks=(
            DayCheck(
                "Sub-ledgers equal their control accounts",
                True,
                "14 control accounts equal the accounts of members and loans under them.",
                "",
            ),
            DayCheck(
                "M-Pesa Utility in the books is what M-Pesa told",
                True,
                "M-Pesa told 252,480.00 on 3 Jul 2026 16:58, the books say 294,480.00. Difference −42,000.00: in flight"
                " 42,000.00 (PO-2026-0117). M-Pesa's word is 7 minutes old.",
                "",
            ),
            DayCheck(
                "No payment by bank or cash is left open",
                False,
                "Handed over, and nobody has said what became of it: PO-2026-0114 (bank transfer) since 1 Jul 2026.",
                "The bank was closed for two days; the file BF-0007 is confirmed on Monday.",
            ),
        ),
        reopened="By Grace Achieng Otieno on 4 Jul 2026 09:12, signed by Amina Hassan Abdi",
        reopened_why="A deposit of the evening had to be entered.",
        entries_since=2,
    )


def reconciliation() -> ReconciliationPaper:
    """M-Pesa Utility at zero, signed, with one payment that the books have a day later."""
    return ReconciliationPaper(
        letterhead=UMOJA,
        stamp=stamp("P-000420"),
        title="M-Pesa Utility",
        since=date(2026, 6, 30),
        until=date(2026, 7, 3),
        state="Balanced and signed",
        statement_cents=252_480_00,
        books_cents=294_480_00,
        reasons=(
            AmountLine(
                "UCK4A1B2C3 entry 10413 booked 4 Jul 2026, on the statement 3 Jul 2026", -42_000_00
            ),
        ),
        difference_cents=0,
        sums=(ClassSum("Matched", 418, -120_300_00), ClassSum("Charges", 31, -403_00)),
        statements=(
            "utility.csv: 1 Jul 2026 to 3 Jul 2026, 449 rows, fingerprint 0123456789abcdef",
        ),
        made_by="Grace Achieng Otieno",
        signed_by="Amina Hassan Abdi",
        signed_at=datetime(2026, 7, 4, 6, 5, tzinfo=UTC),
    )


def receipt() -> Receipt:
    """Cash of 2,500.50 taken over the counter."""
    return Receipt(
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


def loan_letter() -> LoanLetter:
    """What pays a loan off on a day in July."""
    return LoanLetter(
        letterhead=UMOJA,
        stamp=stamp("P-000412"),
        title="Payoff quotation",
        loan_number="L-0042",
        product="Development loan",
        member_name="Joseph Kĩprono arap Chepkwony",
        member_number="M-0027",
        facts=(("Paid on", "3 Jul 2026"), ("Holds until", "16 Jul 2026")),
        section="What pays the loan off",
        amounts=(
            AmountLine("Principal not due yet", 51_492_09),
            AmountLine("Interest until then", 514_92),
            AmountLine("Paid before", -1_000_00),
        ),
        total=AmountLine("To bring", 51_007_01),
        notes=("The sum holds until 16 Jul 2026, if nothing else is paid on the loan before.",),
        pens=(("For the society", ""), ("Received by the member", "Joseph Kĩprono arap Chepkwony")),
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


def batch_list() -> BatchPaper:
    """Three payouts: one paid, one of which nobody is sure, one that has not gone out."""
    lines = (
        ("PO-2026-0117", "Wanjikũ Mũthoni Ngĩrĩ M-0001", "0712 345 678", 98_437_00, 13_00, "paid", "SG632NMUAB"),
        ("PO-2026-0118", "Amina Hassan M-0002", "0733 111 222", 30_000_00, 13_00, "not sure yet", ""),
        ("PO-2026-0119", "Otieno Okoth M-0003", "0722 908 114", 1_400_00, 5_00, "waits in the batch", ""),
    )  # fmt: skip
    made_at = datetime(2026, 7, 3, 11, 2, tzinfo=UTC)
    return BatchPaper(
        letterhead=UMOJA,
        stamp=stamp("P-000123"),
        number="B-0007",
        status="stands; the rest can be continued",
        made_at=made_at,
        lines=tuple(BatchPaperLine(*line) for line in lines),
        sum_cents=129_837_00,
        signatures=(Signature("Agreed to by password", "Grace Achieng Otieno", made_at),),
    )


def explanation(late: int = 2) -> ExplanationPaper:
    """Why a loan is in arrears, with so many instalments that are late."""
    on = date(2026, 7, 3)
    given = [Given("as_of", "As of", on, Unit.DAY)]
    entries = []
    for number in range(1, late + 1):
        label = f"Instalment {number}, due {number % 28 + 1} May 2026"
        given.append(Given("due", label, 8_884_88, of=str(number)))
        entries.append(EntryLine(2400 + number, on, "Repayment of L-0412, Wanjikũ", -2_000_00))
    frame = Frame(
        "L-0412 of Wanjikũ Mũthoni Ngĩrĩ, M-0001",
        on,
        (Source("Rule ‘Classes of loans’ under Settings: 5 classes", date(2026, 1, 1)),),
        tuple(entries),
        ("The oldest is 31 days late.",),
    )
    steps = tuple(Step(f"Left of instalment {number}", 8_884_88) for number in range(1, late + 1))
    rule = "Late is what fell due before this day and is not paid. " * 4
    found = Explanation("Arrears", rule, tuple(given), steps, late * 8_884_88, frame)
    return ExplanationPaper(UMOJA, stamp("P-000412"), found)


def payment_file() -> PaymentFile:
    """An office expense that went over M-Pesa, was in doubt, and was proven through two relays."""
    at = datetime(2026, 7, 3, 8, 12, tzinfo=UTC)
    later = at + timedelta(minutes=2)
    return PaymentFile(
        letterhead=UMOJA,
        stamp=stamp("P-000318"),
        payout_number="PO-2026-0117",
        receiver="Rift Stationers Ltd",
        facts=(
            ("Receiver", "Rift Stationers Ltd"),
            ("For", "Office expense: Invoice 77, July"),
            ("Paid by", "M-Pesa"),
            ("Paid to", "0722 000 111"),
            ("M-Pesa receipt", "SGL7X2K9QD"),
        ),
        amounts=(
            ("Net", "KES 12,400.00"),
            ("Paid", "KES 12,400.00"),
            ("M-Pesa charge", "KES 11.00, borne by the society"),
        ),
        status="Paid",
        evidence="Verified: M-Pesa says so through two relays, relay one and relay two.",
        fingerprint="7c4e" * 16,
        people=(
            WhoActed(
                "Asked", "Grace Achieng Otieno", at - timedelta(hours=3), "tariff: sending only"
            ),
            WhoActed("Approved", "Amina Hassan Abdi", at - timedelta(hours=2)),
            WhoActed("Sent", "Grace Achieng Otieno", at, "No. 1, id PO-2026-0117-7f3c21d4ab"),
        ),
        requests=(
            RequestLine(1, at, 0, "doubtful No answer came in time."),
            RequestLine(1, later, 200, "question accepted 0"),
        ),
        notices=(
            NoticeLine("relay one", 41, "result", later, "ab12" * 16, "Paid, receipt SGL7X2K9QD."),
            NoticeLine("relay two", 17, "answer", later, "cd34" * 16, "The payment is proven."),
        ),
        questions=(QuestionLine(later, later, "Completed"), QuestionLine(later, None, "")),
        moves=(
            MoveLine(
                at, "Grace Achieng Otieno", "sending", "Written down; the request goes out now."
            ),
            MoveLine(
                later, "Sacco Desktop", "paid", "M-Pesa's notice says paid, receipt SGL7X2K9QD."
            ),
        ),
        entries=(
            EntryPart(
                2381,
                date(2026, 7, 3),
                "ef56" * 16,
                (
                    JournalLine("5210", "Office, printing, stationery", 12_400_00, 0),
                    JournalLine("1031", "M-Pesa utility account (B2C)", 0, 12_400_00),
                ),
            ),
        ),
    )
