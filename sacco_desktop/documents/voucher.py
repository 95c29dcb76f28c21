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
from sacco_desktop.services.papers import DisbursementVoucher

PROVEN_WORDS = "Paid"
DOUBT = "This voucher does not yet prove that the member has the money."


def draw_voucher(voucher: DisbursementVoucher) -> bytes:
    """The PDF of the voucher. Raises `BooksDamaged` when its sums contradict each other."""
    _require_agreement(voucher)
    heading = Heading(voucher.letterhead, voucher.stamp, "Loan disbursement voucher")
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
    parts = voucher.paid_by_mpesa_cents + voucher.left_in_deposits_cents
    require_equal(
        name, "gross less deductions", voucher.gross_cents - deducted, "net", voucher.net_cents
    )
    require_equal(name, "its two parts together", parts, "net", voucher.net_cents)
    debits = sum(line.debit_cents for line in voucher.journal)
    credits = sum(line.credit_cents for line in voucher.journal)
    require_equal(name, "the debits of its entry", debits, "the credits", credits)


def _draw_who(sheet: Sheet, voucher: DisbursementVoucher) -> None:
    sheet.y += 4
    facts = [
        Fact("Payee", voucher.payee, is_wide=True, is_strong=True),
        Fact("Member no.", voucher.member_number),
        Fact("Loan no.", voucher.loan_number),
        Fact("National ID", voucher.national_id or NOTHING),
        Fact("Product", voucher.product),
    ]
    if voucher.voucher_number != voucher.stamp.number:
        facts.insert(0, Fact("Voucher no.", voucher.voucher_number, is_wide=True))
    draw_facts(sheet, facts)
    sheet.y += 6


def _draw_amounts(sheet: Sheet, voucher: DisbursementVoucher) -> None:
    deducted = sum(line.amount_cents for line in voucher.deductions)
    rows = [Row(("Loan granted (gross)", "", format_amount(voucher.gross_cents)))]
    for line in voucher.deductions:
        rows.append(Row((f"less {line.name}", format_amount(line.amount_cents), "")))
    if len(voucher.deductions) > 1:
        rows.append(Row(("Deductions together", "", format_amount(deducted))))
    elif voucher.deductions:
        rows[-1] = Row((f"less {voucher.deductions[0].name}", "", format_amount(deducted)))
    net = format_amount(voucher.net_cents)
    rows.append(Row(("Net to the member", "", net), is_strong=True, closes=True))
    paid, left = voucher.paid_by_mpesa_cents, voucher.left_in_deposits_cents
    rows.append(Row(("of which paid by M-Pesa", format_amount(paid), "")))
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
    draw_facts(
        sheet,
        (
            Fact("Mode", _mode(voucher)),
            Fact("Phone", phone_words(voucher.phone) or NOTHING),
            Fact("M-Pesa receipt", voucher.receipt or f"none yet ({status})", is_strong=True),
            Fact("Paid at", paid_at),
            Fact(
                "Originator conv. ID", voucher.originator_conversation_id or NOTHING, is_wide=True
            ),
            Fact(
                "M-Pesa charge", f"{format_kes(voucher.charge_cents)}, borne by the society", True
            ),
        ),
    )
    if status == PROVEN_WORDS:
        draw_facts(sheet, (Fact("Status", status, is_wide=True, is_strong=True),))
    else:
        draw_framed(sheet, "Status", f"{status}. {DOUBT}")


def _mode(voucher: DisbursementVoucher) -> str:
    """Only the roads that money took: a small loan may go to deposits altogether."""
    if voucher.paid_by_mpesa_cents and voucher.left_in_deposits_cents:
        return "M-Pesa, the rest to deposits"
    if voucher.paid_by_mpesa_cents:
        return "M-Pesa to the member"
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
