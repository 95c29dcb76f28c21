"""The voucher of a loan paid out (domain.md §8): what was granted, what was paid, who answers."""

from __future__ import annotations

from sacco_desktop.documents.agreement import require_equal
from sacco_desktop.documents.blocks import (
    Fact,
    draw_facts,
    draw_framed,
    draw_note,
    draw_pen_lines,
    draw_section,
    pen_line,
    pen_lines_height,
)
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.sheet import Sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table, table_height
from sacco_desktop.documents.wording import NOTHING, figure_or_nothing, moment_words, phone_words
from sacco_desktop.domain.amount_words import amount_in_words
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.services.books.papers import DisbursementVoucher

PROVEN_WORDS = "Paid"
MPESA = "M-Pesa"
_RECEIPT = {
    MPESA: "M-Pesa receipt",
    "Bank transfer": "Bank reference",
    "Cheque": "Cheque no.",
    "Cash at the till": "Till voucher",
}
DOUBT = "This voucher does not yet prove that the member has the money."


def draw_voucher(voucher: DisbursementVoucher) -> bytes:
    """The PDF of the voucher. Raises `BooksDamaged` when its sums contradict each other."""
    _require_agreement(voucher)
    heading = Heading(voucher.letterhead, voucher.stamp, _title(voucher))
    sheet = open_sheet(heading)
    _draw_who(sheet, voucher)
    _draw_amounts(sheet, voucher)
    _draw_payment(sheet, voucher)
    _draw_journal(sheet, voucher)
    sheet.y += 10
    draw_pen_lines(sheet, [pen_line(each) for each in voucher.signatures])
    return close_sheet(sheet, heading)


def _require_agreement(voucher: DisbursementVoucher) -> None:
    name = f"Voucher {voucher.voucher_number}"
    deducted = sum(line.amount_cents for line in voucher.deductions)
    parts = voucher.paid_by_mpesa_cents + voucher.left_in_deposits_cents + voucher.recovered_cents
    require_equal(
        name, "gross less deductions", voucher.gross_cents - deducted, "net", voucher.net_cents
    )
    require_equal(name, "its parts together", parts, "net", voucher.net_cents)
    debits = sum(line.debit_cents for line in voucher.journal)
    credits = sum(line.credit_cents for line in voucher.journal)
    require_equal(name, "the debits of its entry", debits, "the credits", credits)


def _draw_who(sheet: Sheet, voucher: DisbursementVoucher) -> None:
    sheet.y += 4
    facts = [
        Fact("Payee", voucher.payee, is_wide=True, is_strong=True),
        Fact("Member no.", voucher.member_number or NOTHING),
        Fact("Loan no.", " · ".join(filter(None, (voucher.loan_number, voucher.part_words)))),
        Fact("National ID", voucher.national_id or NOTHING),
        Fact("Product", voucher.product),
    ]
    if not voucher.loan_number:
        facts[2:] = [
            Fact("National ID", voucher.national_id or NOTHING),
            Fact("For", voucher.product, is_wide=True),
        ]
    if voucher.voucher_number != voucher.stamp.number:
        facts.insert(0, Fact("Voucher no.", voucher.voucher_number, is_wide=True))
    draw_facts(sheet, facts)
    sheet.y += 6


def _draw_amounts(sheet: Sheet, voucher: DisbursementVoucher) -> None:
    deducted = sum(line.amount_cents for line in voucher.deductions)
    gross = "Loan granted (gross)" if voucher.loan_number else "Agreed"
    gross += f", {voucher.part_words.lower()}" if voucher.part_words else ""
    rows = [Row((gross, "", format_amount(voucher.gross_cents)))]
    for line in voucher.deductions:
        rows.append(Row((f"less {line.name}", format_amount(line.amount_cents), "")))
    if len(voucher.deductions) > 1:
        rows.append(Row(("Deductions together", "", format_amount(deducted))))
    elif voucher.deductions:
        rows[-1] = Row((f"less {voucher.deductions[0].name}", "", format_amount(deducted)))
    net = format_amount(voucher.net_cents)
    who = "the member" if voucher.member_number else "the payee"
    rows.append(Row((f"Net to {who}", "", net), is_strong=True, closes=True))
    paid, left = voucher.paid_by_mpesa_cents, voucher.left_in_deposits_cents
    rows.append(Row((f"of which paid {_by(voucher)}", format_amount(paid), "")))
    if voucher.recovered_cents:
        charge = format_amount(voucher.recovered_cents)
        rows.append(Row(("of which M-Pesa's charge, borne by the member", charge, "")))
    if voucher.member_number:
        rows.append(Row(("of which left in the member's deposits", format_amount(left), "")))
    columns = (
        Column("Amounts", stretches=True),
        Column("KES", is_figures=True),
        Column("KES", is_figures=True),
    )
    draw_table(sheet, Table(columns, tuple(rows)))
    sheet.y += 4
    draw_framed(sheet, "Net in words", amount_in_words(voucher.net_cents))


def _draw_payment(sheet: Sheet, voucher: DisbursementVoucher) -> None:
    draw_section(sheet, "Payment")
    status = voucher.status_words.strip() or "Not known"
    paid_at = moment_words(voucher.paid_at) if voucher.paid_at else f"{NOTHING} ({status})"
    is_mpesa = voucher.way_words == MPESA
    bearer = "the member" if voucher.recovered_cents else "the society"
    receipt = voucher.receipt or f"none yet ({status})"
    draw_facts(
        sheet,
        (
            Fact("Mode", _mode(voucher)),
            _to(voucher),
            Fact(_RECEIPT.get(voucher.way_words, "Reference"), receipt, is_strong=True),
            Fact("Paid at", paid_at),
            Fact(
                "Originator conv. ID", voucher.originator_conversation_id or NOTHING, is_wide=True
            ),
            Fact("M-Pesa charge", f"{format_kes(voucher.charge_cents)}, borne by {bearer}", True),
        )[: None if is_mpesa else 4],
    )
    if status == PROVEN_WORDS:
        draw_facts(sheet, (Fact("Status", status, is_wide=True, is_strong=True),))
    else:
        draw_framed(sheet, "Status", f"{status}. {DOUBT}")


def _title(voucher: DisbursementVoucher) -> str:
    return "Loan disbursement voucher" if voucher.loan_number else "Payment voucher"


def _by(voucher: DisbursementVoucher) -> str:
    if voucher.way_words == MPESA:
        return "by M-Pesa"
    way = voucher.way_words
    return f"by {way[:1].lower()}{way[1:]}"


def _to(voucher: DisbursementVoucher) -> Fact:
    if voucher.to_words:
        return Fact("Paid to", voucher.to_words, is_wide=True)
    return Fact("Phone", phone_words(voucher.phone) or NOTHING)


def _mode(voucher: DisbursementVoucher) -> str:
    """Only the roads that money took: a small loan may go to deposits altogether."""
    if voucher.paid_by_mpesa_cents and voucher.left_in_deposits_cents:
        return f"{voucher.way_words}, the rest to deposits"
    if voucher.paid_by_mpesa_cents and voucher.way_words != MPESA:
        return voucher.way_words
    if voucher.paid_by_mpesa_cents:
        return "M-Pesa to the member" if voucher.member_number else MPESA
    return "To the member's deposits" if voucher.left_in_deposits_cents else NOTHING


def _draw_journal(sheet: Sheet, voucher: DisbursementVoucher) -> None:
    after = 10 + pen_lines_height(len(voucher.signatures))
    if not voucher.journal:
        draw_section(sheet, "Journal entry", keep=20 + after)
        draw_note(sheet, "Not posted yet: the entry is made when M-Pesa has paid.")
        return
    number = voucher.entry_number
    title = "Journal entry" if number is None else f"Journal entry no. {number}"
    rows = [
        Row(
            (
                line.account_code,
                line.account_name,
                figure_or_nothing(line.debit_cents),
                figure_or_nothing(line.credit_cents),
            )
        )
        for line in voucher.journal
    ]
    debits = format_amount(sum(line.debit_cents for line in voucher.journal))
    credits = format_amount(sum(line.credit_cents for line in voucher.journal))
    rows.append(Row(("", "Total", debits, credits), is_strong=True, closes=True))
    columns = (
        Column("Code"),
        Column("Account", stretches=True),
        Column("Debit KES", is_figures=True),
        Column("Credit KES", is_figures=True),
    )
    table = Table(columns, tuple(rows))
    draw_section(sheet, title, keep=min(table_height(table) + after, 400.0))
    draw_table(sheet, table, keep_after=after)
