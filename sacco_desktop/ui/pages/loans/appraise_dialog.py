"""Appraises an application: what is asked against what the deposits carry, and the officer's recommendation."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal, LoanRow
from sacco_desktop.services.payouts.loan_steps import LoanSheet
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.loan_words import broken_words, rules_text
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import plain_label
from sacco_desktop.ui.widgets.note_edit import NoteEdit


class AppraiseDialog(FormDialog):
    """`appraised` is called with the loan once the committee has been asked."""

    def __init__(
        self, desk: Desk, parent: QWidget, sheet: LoanSheet, appraised: Callable[[LoanRow], None]
    ) -> None:
        detail, row = sheet.detail, sheet.detail.row
        plan = FormPlan(
            "appraise_dialog",
            f"Appraise {row.number}, {row.member_name}",
            "Send for approval",
            "The committee decides on exactly what stands here. No money moves.",
        )
        super().__init__(desk, plan, parent)
        self._row = row
        self._appraised = appraised
        terms = f"{format_kes(row.amount_cents)} in {row.instalments} instalments: {detail.terms_words}."
        self.form.add_wide(plain_label(terms, name="terms", wraps=True))
        self.form.add_wide(plain_label(f"For: {detail.purpose}", name="purpose", wraps=True))
        figures = AmountLines(desk.theme, "limit")
        left = detail.ceiling_cents - row.amount_cents
        figures.show_lines(
            (
                NamedAmount("The deposits carry, KES", detail.ceiling_cents),
                NamedAmount("Asked", row.amount_cents),
                NamedAmount("Left after this loan", left, is_total=True),
            )
        )
        self.form.add_wide(figures)
        if sheet.guarantors:
            lines = "\n".join(
                f"{line.pledge.guarantor_name}: {line.words}" for line in sheet.guarantors
            )
            self.form.add_wide(plain_label(lines, name="guarantors", wraps=True))
        rules = plain_label(rules_text(sheet.checks), name="rules", wraps=True)
        self.form.add_wide(rules)
        self._note = NoteEdit("note")
        self._note.textChanged.connect(lambda: self.form.clear_error("note"))
        self.form.add_row(
            "note", "Your appraisal", self._note, "What you checked and what you recommend."
        )
        if broken := broken_words(sheet):
            self.form.add_wide(Callout(desk.theme, broken, ChipColour.RED))
            self.lock()
        self._note.setFocus()
        self.submitted.connect(self._appraise)

    def _appraise(self) -> None:
        self.form.clear_errors()
        appraisal = Appraisal(self._row.loan_id, self._row.version, self._note.toPlainText())
        self.carry_out(loans.appraise, appraisal, self._appraised)
