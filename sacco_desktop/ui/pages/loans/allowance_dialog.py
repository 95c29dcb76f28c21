"""Brings the allowance for loan losses to what the classes of a day ask for, shown class by class."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.lending import provisioning
from sacco_desktop.services.lending.provisioning import ProvisioningFacts, ProvisioningWish
from sacco_desktop.services.reports.allowance_report import allowance_report
from sacco_desktop.services.reports.printing import stamp_report
from sacco_desktop.services.reports.report import Report, ReportPaper
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.pages.loans.loan_words import people_words
from sacco_desktop.ui.paper_names import paper_name
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

_PLAN = FormPlan(
    "allowance_dialog",
    "Allowance for loan losses",
    "Ask for approval",
    "Nothing is posted until a second person agrees; then one entry moves the allowance, once for each day.",
)


class AllowanceDialog(FormDialog):
    """Nothing is written but the request."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _PLAN, parent)
        self._facts: ProvisioningFacts | None = None
        self._asked: date | None = None
        self._refusal = ""
        self._day = DateEdit("as_of", lambda: business_date(desk.now()))
        self._lines = AmountLines(desk.theme, "allowance_lines")
        self._note = plain_label("", TextRole.SECONDARY, name="allowance_note", wraps=True)
        self.form.add_row("as_of", "As of", self._day, "The classes of the end of that day count.")
        self.notes.addWidget(self._lines)
        self.notes.addWidget(self._note)
        print_last = push_button("Print the last…", name="print_allowance")
        print_last.clicked.connect(self.print_last)
        self.notes.addWidget(print_last, alignment=Qt.AlignmentFlag.AlignLeft)
        self._day.textChanged.connect(self._look_up)
        self.submitted.connect(self._ask)
        self._day.set_day(business_date(desk.now()))
        self._look_up()

    def print_last(self) -> None:
        """What was set aside last, as a numbered paper in the preview."""
        background = self.desk.background

        def draw(paper: ReportPaper) -> None:
            name = paper_name("Allowance", paper.report.request.last.isoformat())
            background.render(
                lambda: draw_report(paper),
                owner=self,
                done=lambda pdf: self.desk.show_paper(Paper(pdf, paper.report.title, name)),
            )

        def stamp(report: Report) -> None:
            background.write(stamp_report, report, owner=self, done=draw)

        background.read(allowance_report, None, owner=self, done=stamp)

    def _look_up(self) -> None:
        try:
            day = self._day.day()
        except InvalidInput:
            day = None
        if day is None or day == self._asked:
            return
        self._asked, self._facts, self._refusal = day, None, ""
        self._lines.show_lines([])
        self._note.clear()

        def show(facts: ProvisioningFacts) -> None:
            if self._asked == facts.as_of:
                self._show(facts)

        self.desk.background.read(
            provisioning.look, day, owner=self, done=show, failed=self._refuse
        )

    def _refuse(self, error: BaseException) -> None:
        """Why nothing is set aside for that day; the button says it again."""
        self._refusal = error.message if isinstance(error, InvalidInput) else ""
        self.form.failed(error)

    def _show(self, facts: ProvisioningFacts) -> None:
        self._facts = facts
        lines = [
            NamedAmount(
                f"{line.name}, {line.percent} % of {format_amount(line.outstanding_cents)},"
                f" {line.loans} loan{'s' if line.loans != 1 else ''}; before {format_amount(line.opening_cents)}",
                line.closing_cents,
            )
            for line in facts.lines
        ]
        lines.append(NamedAmount("Wanted, KES", facts.wanted_cents, is_total=True))
        if facts.used_cents:
            lines.append(NamedAmount("Used by write-offs since the last time", facts.used_cents))
        lines += [
            NamedAmount("Held in the books that day", facts.held_cents),
            NamedAmount(
                "The entry charges to expense"
                if facts.movement_cents >= 0
                else "The entry gives back",
                abs(facts.movement_cents),
                is_total=True,
            ),
        ]
        self._lines.show_lines(lines)
        who = people_words(facts.approvers, self.desk.actor.full_name) or "Nobody yet"
        last = f" Set last for {format_date(facts.last_on)}." if facts.last_on else ""
        self._note.setText(f"{who} can agree.{last}")

    def _ask(self) -> None:
        wish = self.form.read(self._collect)
        if wish is not None:
            self.carry_out(provisioning.ask, wish, self.desk.toast)

    def _collect(self) -> ProvisioningWish:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day, for example t.", "as_of")
        if self._refusal and self._asked == day:
            raise InvalidInput(self._refusal, "as_of")
        if self._facts is None or self._facts.as_of != day:
            raise InvalidInput("The figures of that day are not here yet. Try again.", "as_of")
        return ProvisioningWish(day)
