"""Prints a letter about a loan: counts the print, draws it on the render lane, shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from sacco_desktop.documents.loan_letter import draw_loan_letter
from sacco_desktop.services.books.papers import LoanLetter
from sacco_desktop.services.books.work import Work
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.paper_names import paper_name

Q = TypeVar("Q")


def show_letter(
    desk: Desk, owner: QObject, make: Callable[[Work, Q], LoanLetter], question: Q
) -> None:
    """Show the letter that `make` answers the question with; from the second time on it says COPY."""

    def draw(paper: LoanLetter) -> None:
        title = f"{paper.title} {paper.loan_number}"
        name = paper_name(paper.member_number, paper.member_name, paper.title, paper.loan_number)
        desk.background.render(
            lambda: draw_loan_letter(paper),
            owner=owner,
            done=lambda pdf: desk.show_paper(Paper(pdf, title, name)),
        )

    desk.background.write(make, question, owner=owner, done=draw)
