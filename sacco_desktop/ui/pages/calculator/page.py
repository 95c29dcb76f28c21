"""The page Loan calculator: fields at the left, what the loan would cost at the right, at once. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.documents.schedule import draw_schedule
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.domain.loan_quote import LoanQuote, LoanWanted, quote
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.services.books.papers import LoanSchedulePaper
from sacco_desktop.services.lending import schedule_papers
from sacco_desktop.services.lending.schedule_papers import QuoteToPrint
from sacco_desktop.services.loan_figures import loan_offers
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.calculator.quote_view import HINT, QuoteView, quote_text
from sacco_desktop.ui.pages.calculator.terms_form import FREE_TERMS, TermsForm
from sacco_desktop.ui.paper_names import paper_name
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import ButtonKind, plain_label, push_button

_FORM_WIDTH = 380
_WRONG = "Something beside a field at the left is not right yet; what it is stands there."


def calculator_page(desk: Desk) -> Page:
    """The page for whoever is at this desk."""
    return CalculatorPage(desk).page()


class CalculatorPage(QWidget):
    """Reckons at each key, in the window itself: a thousand instalments take less than a blink."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown: LoanQuote | None = None
        self.setObjectName("calculator_page")
        self.form = TermsForm(lambda: business_date(desk.now()), desk.show)
        self.view = QuoteView(desk.theme)
        self._trouble = Callout(desk.theme, "", ChipColour.BLUE)
        self._trouble.hide()
        self._lay_out()
        self.form.changed.connect(self.reckon)
        desk.theme.changed.connect(self._fit)
        self._fit()
        self._allow()

    def page(self) -> Page:
        """What the window gets."""
        commands = {
            "copy": self.copy,
            "print": self.print_quote,
            "main_action": self.print_quote,
            "refresh": self.reload,
            "new": self.start_over,
        }
        panes = (self._fields, self.view.schedule.table)
        return Page(self, self, commands, panes, reload=self.reload)

    def reload(self) -> None:
        """Read the products that are lent today; free terms need no books."""
        self._desk.background.read(
            loan_offers.offered, None, owner=self, done=self._offer, failed=self._failed
        )

    def reckon(self) -> None:
        """Show what the fields ask for now; what is wrong stands beside its field."""
        self.form.clear_errors()
        self._shown = None
        try:
            wanted = self.form.wanted()
            if wanted is not None:
                found = quote(wanted)
                # What is left for the member must be something before anything is shown.
                _ = found.net_cents
                self._shown = found
        except InvalidInput as error:
            self._refuse(error)
        else:
            if self._shown is None:
                self.view.say(HINT)
            else:
                self.view.show_quote(self._shown, self._other(self._shown.wanted))
        self._allow()

    def copy(self) -> None:
        """Ctrl+C: everything as lines with tabs."""
        if self._shown is not None:
            QGuiApplication.clipboard().setText(quote_text(self._shown))
            self._desk.toast("Copied. Paste it into a sheet or a message.")

    def print_quote(self) -> None:
        """Ctrl+P: the proposal on paper, in the preview."""
        if self._shown is None:
            self._desk.toast("Write the amount and the number of instalments first.")
            return
        chosen = self.form.product
        asked = QuoteToPrint(chosen.name if chosen else FREE_TERMS, self._shown)
        self._desk.background.write(schedule_papers.quote_paper, asked, owner=self, done=self._draw)

    def start_over(self) -> None:
        """Ctrl+N: an empty amount again; the terms stay."""
        for field in ("principal", "instalments", "prepay", "prepay_after", "payoff"):
            self.form.line(field).clear()
        self.form.line("principal").setFocus()

    def _other(self, wanted: LoanWanted) -> LoanQuote | str | None:
        method = self.form.other_method
        if method is None:
            return None
        if method is wanted.terms.method:
            return "This is the method of the loan itself. Choose another one to compare."
        try:
            return quote(replace(wanted, terms=replace(wanted.terms, method=method)))
        except InvalidInput as error:
            return f"That method does not go with these terms: {error.message}"

    def _refuse(self, error: InvalidInput) -> None:
        if self.form.has(error.field):
            self.form.show_error(error)
            self.view.say(_WRONG)
        else:
            self.view.say(error.message)

    def _offer(self, products: Sequence[LoanProduct]) -> None:
        self._trouble.hide()
        self.form.offer(products)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, SaccoError):
            self._desk.show(error, self)
        words = "The loan products could not be read; free terms work all the same. F5 reads again."
        self._trouble.say(words, ChipColour.BLUE)
        self._trouble.show()

    def _draw(self, paper: LoanSchedulePaper) -> None:
        name = paper_name("Proposal", paper.product)
        self._desk.background.render(
            lambda: draw_schedule(paper),
            owner=self,
            done=lambda pdf: self._desk.show_paper(Paper(pdf, "Proposed schedule", name)),
        )

    def _allow(self) -> None:
        for button in (self._copy, self._print):
            button.setEnabled(self._shown is not None)

    def _fit(self) -> None:
        self._fields.setFixedWidth(_FORM_WIDTH * self._desk.theme.text_percent // 100)

    def _lay_out(self) -> None:
        body = QWidget()
        body.setObjectName("paper")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(body)
        inside.setContentsMargins(L, M, L, M)
        inside.addWidget(self.form)
        self._fields = QScrollArea()
        self._fields.setObjectName("calculator_fields")
        self._fields.setAccessibleName("Terms of the loan")
        self._fields.setWidgetResizable(True)
        self._fields.setFrameShape(QFrame.Shape.NoFrame)
        self._fields.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fields.setWidget(body)
        self._copy = push_button("Copy", name="copy_quote")
        self._copy.clicked.connect(self.copy)
        self._print = push_button("Print…", name="print_quote", kind=ButtonKind.PRIMARY)
        self._print.clicked.connect(self.print_quote)
        bar = QWidget()
        bar.setObjectName("filter_bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(L, S, L, S)
        row.setSpacing(S)
        row.addWidget(plain_label("By the rules of real loans. Nothing is stored.", wraps=True), 1)
        row.addWidget(self._copy)
        row.addWidget(self._print)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._fields)
        middle.addWidget(self.view, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._trouble)
        column.addLayout(middle, 1)
        lead_focus(self, self.form.line("principal"))
