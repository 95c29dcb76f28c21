"""Shows the paper of a batch, by its number."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.documents.batch_list import draw_batch_list
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.sending import batch_papers, payout_batches
from sacco_desktop.services.sending.batch_papers import BatchPaper
from sacco_desktop.ui.desk import Desk, Paper


def print_batch(desk: Desk, number: str, owner: QWidget) -> None:
    """Number the list, draw it, and show it in the window."""

    def draw(paper: BatchPaper) -> None:
        name = f"Batch_{paper.number}.pdf"
        desk.background.render(
            lambda: draw_batch_list(paper),
            owner=owner,
            done=lambda pdf: desk.show_paper(Paper(pdf, f"Batch {paper.number}", name)),
        )

    desk.background.write(_paper_of, number, owner=owner, done=draw)


def _paper_of(work: Work, number: str) -> BatchPaper:
    return batch_papers.batch_paper(work, payout_batches.id_of(work, number))
