"""Shows the paper of a reconciliation in the preview, where it is printed or saved."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sacco_desktop.documents.reconciliation import draw_reconciliation
from sacco_desktop.services.reconciling import reconciliation_papers
from sacco_desktop.services.reconciling.account_standing import AccountStanding, StandingQuestion
from sacco_desktop.services.reconciling.reconciliation_papers import ReconciliationPaper
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.paper_names import paper_name


def show_reconciliation(desk: Desk, owner: QObject, view: AccountStanding) -> None:
    """Number the paper of what is shown, and draw it."""

    def draw(paper: ReconciliationPaper) -> None:
        title = f"Reconciliation of {paper.title}"
        name = paper_name(title, paper.until.isoformat())
        desk.background.render(
            lambda: draw_reconciliation(paper),
            owner=owner,
            done=lambda pdf: desk.show_paper(Paper(pdf, title, name)),
        )

    question = StandingQuestion(view.account.code, view.until)
    desk.background.write(reconciliation_papers.paper, question, owner=owner, done=draw)
