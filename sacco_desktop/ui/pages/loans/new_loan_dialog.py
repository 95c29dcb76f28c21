"""Writes a loan application, with the schedule in view before anybody agrees to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_amount, format_kes
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.lending import eligibility, loan_limits, loans
from sacco_desktop.services.lending.eligibility import LoanWish
from sacco_desktop.services.lending.loan_limits import LimitQuestion, LoanLimit
from sacco_desktop.services.lending.loans import LoanRow, NewApplication
from sacco_desktop.services.loan_figures import loan_offers, top_up_figures
from sacco_desktop.services.loan_figures.loan_offers import LoanOffer, LoanQuestion, ProductRow
from sacco_desktop.services.loan_figures.top_up_figures import ClearableLoan
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.explain_dialog import open_explanation
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.pages.loans.application_fields import ApplicationFields
from sacco_desktop.ui.pages.loans.offer_view import HINT, OfferView
from sacco_desktop.ui.pages.loans.schedule_print import show_offer
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.explain_link import explain_link
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_PLAN = FormPlan(
    "new_loan_dialog",
    "New loan application",
    "Write application",
    "Nothing is written until you press Write application, and then no money moves: it is appraised next.",
)
_CLEARS_NOTHING: tuple[tuple[int | None, str], ...] = ((None, "No other loan"),)
_COUNT_SENTENCE = "Write the number of instalments in figures, for example 12."
# Long enough not to reckon at every key, short enough to seem at once.
_PAUSE_MS = 150


class NewLoanDialog(FormDialog):
    """One application, however often the button is pressed: its key is made here. `member` is whoever asks, if it is
    known already.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        applied: Callable[[LoanRow], None],
        member: FoundMember | None = None,
    ) -> None:
        super().__init__(desk, _PLAN, parent)
        self._key = uuid4().hex
        self._applied = applied
        self._products: dict[str, ProductRow] = {}
        self._asked: LoanQuestion | None = None
        self._clearable_of: int | None = None
        self._limit: LoanLimit | None = None
        self._limit_of: LimitQuestion | None = None
        self._offer = OfferView(desk.theme)
        self._print = push_button("Print this proposal", name="print_offer")
        self._print.clicked.connect(self.print_offer)
        self._print.setEnabled(False)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._add_fields()
        self.notes.addWidget(self._print, 0, Qt.AlignmentFlag.AlignLeft)
        self._why = explain_link("explain_limit", "what can be borrowed", self._explain)
        self._why.hide()
        self.notes.addWidget(self._why, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_side(self._offer)
        self.submitted.connect(self._apply)
        desk.background.read(loan_offers.list_products, None, owner=self, done=self._show_products)
        if member is not None:
            self._picker.take(member)
            self._amount.setFocus()

    def refuse(self, error: BaseException) -> None:
        """The product speaks of the principal, the form of the amount."""
        if isinstance(error, InvalidInput) and error.field == "principal":
            error = InvalidInput(error.message, "amount")
        if isinstance(error, InvalidInput) and self._more.holds(error.field):
            self._more.show()
        super().refuse(error)

    def print_offer(self) -> None:
        """The proposal on paper, for the member to take home before anything is written."""
        if self._asked is not None:
            show_offer(self.desk, self, self._asked)

    def _add_fields(self) -> None:
        self._picker = MemberPicker("member", finder(self.desk, self))
        self._product = ChoiceBox("product")
        self._amount = MoneyEdit("amount")
        self._count = CountEdit("instalments", _COUNT_SENTENCE)
        self._clears = ChoiceBox("clears", _CLEARS_NOTHING)
        self._purpose = QLineEdit()
        self._purpose.setObjectName("purpose")
        self.form.add_row("member", "Member", self._picker)
        self.form.add_row("product", "Product", self._product)
        self.form.add_row("amount", "Amount KES", self._amount)
        self.form.add_row("instalments", "Instalments", self._count)
        self.form.add_row(
            "clears",
            "Clears a loan",
            self._clears,
            "It is taken off this one; the rest is paid out.",
        )
        self.form.show_row("clears", False)
        self.form.add_row("purpose", "Purpose", self._purpose, "What the loan is for.")
        self._more = ApplicationFields(self.desk, self.form, folded=True)
        self._picker.chosen.connect(self._choose_member)
        self._product.currentIndexChanged.connect(self._choose_product)
        self._clears.currentIndexChanged.connect(lambda _place: self._pause.start())
        self._amount.textChanged.connect(lambda _text: self._pause.start())
        self._count.textChanged.connect(lambda _text: self._pause.start())

    def _show_products(self, rows: Sequence[ProductRow]) -> None:
        self._products = {row.code: row for row in rows}
        self._product.set_choices([(row.code, row.name) for row in rows])

    def _choose_member(self) -> None:
        self.form.clear_error("member")
        self._ask_clearable()
        self._pause.start()
        if self._picker.member is not None:
            self._more.begin(self, self._picker.member.member_id)

    def _ask_clearable(self) -> None:
        """Which loans of the member could be cleared; the row is hidden where there is none."""
        member = self._picker.member
        of = member.member_id if member else None
        if of == self._clearable_of:
            return
        self._clearable_of = of
        self._show_clearable(())
        if of is not None:
            self.desk.background.read(
                top_up_figures.list_clearable,
                of,
                owner=self,
                done=lambda rows: self._show_clearable(rows) if of == self._clearable_of else None,
            )

    def _show_clearable(self, rows: Sequence[ClearableLoan]) -> None:
        named = [
            (row.loan_id, f"{row.number}, {row.product_name}: {format_kes(row.principal_cents)}")
            for row in rows
        ]
        self._clears.set_choices([*_CLEARS_NOTHING, *named])
        self.form.show_row("clears", bool(rows))

    def _choose_product(self) -> None:
        row = self._products.get(self._product.value())
        if row is None:
            return
        most = format_amount(row.max_cents)
        self.form.say_note("product", row.words)
        self.form.say_note("amount", f"{format_kes(row.min_cents)} to {most}.")
        self.form.say_note("instalments", f"{row.min_instalments} to {row.max_instalments}.")
        self._pause.start()

    def _ask(self) -> None:
        """Ask for the offer and the limit of what stands in the form now; half-typed fields are no question."""
        self._ask_limit()
        self._asked = self._question()
        self._print.setEnabled(False)
        if self._asked is None:
            self._offer.say(HINT)
            return
        question = self._asked

        def show(offer: LoanOffer) -> None:
            if question == self._asked:
                self._offer.show_offer(offer)
                self._print.setEnabled(True)

        def refuse(error: BaseException) -> None:
            if not isinstance(error, SaccoError):
                self.desk.show(error, self)
            elif question == self._asked:
                self._offer.say(error.message)

        self.desk.background.read(loan_offers.offer, question, owner=self, done=show, failed=refuse)
        self._ask_rules(question)

    def _ask_rules(self, question: LoanQuestion) -> None:
        self._offer.show_rules(())
        if question.member_id is None:
            return
        wish = LoanWish(
            question.member_id,
            question.product_code,
            question.amount_cents,
            question.instalments,
            question.clears_loan_id,
        )

        def show(checks: tuple[Check, ...]) -> None:
            if question == self._asked:
                self._offer.show_rules(checks)

        def refuse(error: BaseException) -> None:
            # What the product does not allow is said in place of the offer already.
            if not isinstance(error, SaccoError):
                self.desk.show(error, self)

        self.desk.background.read(eligibility.preview, wish, owner=self, done=show, failed=refuse)

    def _question(self) -> LoanQuestion | None:
        try:
            cents, count = self._amount.cents(), self._count.count()
        except InvalidInput:
            return None  # half-typed; it is judged when the field is left
        product = self._product.value()
        if cents is None or count is None or product is None:
            return None
        member = self._picker.member
        today = business_date(self.desk.now())
        of = member.member_id if member else None
        return LoanQuestion(product, cents, count, today, of, self._clears.value())

    def _ask_limit(self) -> None:
        member, product = self._picker.member, self._product.value()
        wanted = None
        if member and product:
            wanted = LimitQuestion(member.member_id, product, self._clears.value())
        if wanted is not None and wanted != self._limit_of:
            self.desk.background.read(
                loan_limits.limit,
                wanted,
                owner=self,
                done=lambda limit: self._keep_limit(wanted, limit),
            )
        if wanted != self._limit_of:
            self._limit = None
        self._limit_of = wanted
        self._show_limit()

    def _keep_limit(self, question: LimitQuestion, limit: LoanLimit) -> None:
        if question == self._limit_of:
            self._limit = limit
            self._show_limit()

    def _show_limit(self) -> None:
        try:
            cents = self._amount.cents() or 0
        except InvalidInput:
            cents = 0
        self._offer.show_limit(self._limit, cents)
        self._why.setVisible(self._limit is not None)

    def _explain(self) -> None:
        """Why the member can borrow so much of this product."""
        if self._limit_of is not None:
            of = self._limit_of
            question = Question(Figure.LIMIT, of.member_id, of.product_code)
            open_explanation(self.desk, self, ((Figure.LIMIT.value, question),))

    def _apply(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(loans.apply, new, self._applied)

    def _collect(self) -> NewApplication:
        member = self._picker.member
        if member is None:
            raise InvalidInput("Choose the member who asks for the loan.", "member")
        if self._product.value() is None:
            raise InvalidInput("Choose a product.", "product")
        cents, count = self._amount.cents(), self._count.count()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        if count is None:
            raise InvalidInput(_COUNT_SENTENCE, "instalments")
        return NewApplication(
            self._key,
            member.member_id,
            self._product.value(),
            cents,
            count,
            self._purpose.text(),
            self._clears.value(),
            self._more.stated(),
        )
