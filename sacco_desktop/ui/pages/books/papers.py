"""Shows papers from the books: a report as it is read, and the receipt or voucher behind an entry."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.documents.voucher import draw_voucher
from sacco_desktop.services.books.papers import DisbursementVoucher
from sacco_desktop.services.payouts import vouchers
from sacco_desktop.services.reports.printing import stamp_report
from sacco_desktop.services.reports.report import PaperKind, PaperLink, Report, ReportPaper
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.paper_names import paper_name
from sacco_desktop.ui.show_receipt import show_receipt


def report_name(report: Report) -> str:
    """`General-ledger_1020_2026-01-01_2026-06-30.pdf`; practice figures say so in their name too."""
    asked = report.request
    practice = "PRACTICE" if report.letterhead.is_practice else ""
    return paper_name(
        practice, report.title, asked.about, asked.first.isoformat(), asked.last.isoformat()
    )


def show_report(desk: Desk, owner: QObject, report: Report) -> None:
    """Number the report as a paper and show it in the preview, where it is printed or saved."""

    def draw(paper: ReportPaper) -> None:
        desk.background.render(
            lambda: draw_report(paper),
            owner=owner,
            done=lambda pdf: desk.show_paper(Paper(pdf, report.title, report_name(report))),
        )

    desk.background.write(stamp_report, report, owner=owner, done=draw)


def show_paper_of(desk: Desk, owner: QObject, link: PaperLink) -> None:
    """The receipt or voucher; like every print of it, from the second time on it says COPY."""
    if link.kind is PaperKind.RECEIPT:
        show_receipt(desk, owner, link.number)
    else:
        desk.background.write(
            vouchers.voucher,
            link.payout_id,
            owner=owner,
            done=lambda paper: _show_voucher(desk, owner, paper),
        )


def _show_voucher(desk: Desk, owner: QObject, voucher: DisbursementVoucher) -> None:
    number = voucher.voucher_number
    name = paper_name(voucher.member_number, voucher.payee, "Voucher", number)
    desk.background.render(
        lambda: draw_voucher(voucher),
        owner=owner,
        done=lambda pdf: desk.show_paper(Paper(pdf, f"Voucher {number}", name)),
    )
