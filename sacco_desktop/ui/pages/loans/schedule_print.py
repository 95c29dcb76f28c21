"""Prints a loan's schedule: counts the print, draws it on the render lane, shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sacco_desktop.documents.schedule import draw_schedule
from sacco_desktop.services.books.papers import LoanSchedulePaper
from sacco_desktop.services.lending import schedule_papers
from sacco_desktop.services.lending.schedule_history import VersionQuestion
from sacco_desktop.services.loan_figures.loan_offers import LoanQuestion
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.paper_names import paper_name


def show_schedule(desk: Desk, owner: QObject, loan_id: int) -> None:
    """Show the schedule of this loan: a proposal until it is paid out, then the final one."""
    desk.background.write(
        schedule_papers.schedule_paper,
        loan_id,
        owner=owner,
        done=lambda paper: _draw(desk, owner, paper),
    )


def show_version(desk: Desk, owner: QObject, question: VersionQuestion) -> None:
    """Show a schedule that the loan had before."""
    desk.background.write(
        schedule_papers.version_paper,
        question,
        owner=owner,
        done=lambda paper: _draw(desk, owner, paper),
    )


def show_offer(desk: Desk, owner: QObject, question: LoanQuestion) -> None:
    """Show what a loan would cost, before anything is written."""
    desk.background.write(
        schedule_papers.offer_paper,
        question,
        owner=owner,
        done=lambda paper: _draw(desk, owner, paper),
    )


def _draw(desk: Desk, owner: QObject, paper: LoanSchedulePaper) -> None:
    about = paper.loan_number or paper.product
    name = paper_name(*filter(None, (paper.member_number, paper.member_name, "Schedule", about)))
    title = f"{'Schedule' if paper.is_final else 'Proposed schedule'} {about}"
    desk.background.render(
        lambda: draw_schedule(paper),
        owner=owner,
        done=lambda pdf: desk.show_paper(Paper(pdf, title, name)),
    )
