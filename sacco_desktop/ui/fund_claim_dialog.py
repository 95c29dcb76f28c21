"""Writes a claim of a fund down and asks for its payout: what happened, whom it met, how much, by which way."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.domain.paying_out import ANYBODY, RELATIONS, Benefit
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.domain.savings_words import withdrawal_words
from sacco_desktop.services.member_payouts import fund_claims
from sacco_desktop.services.member_payouts.fund_claims import ClaimFacts, Fund, NewFundClaim
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.way_fields import WayFields
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_BEFORE = "Nothing leaves now. A second person approves the claim, and then it is paid by someone who did not."
_NO_FUND = "No fund of this society pays on claims."
_BY_HAND = (Way.BANK, Way.CHEQUE, Way.CASH)


class FundClaimDialog(FormDialog):
    """One claim, however often the button is pressed: its key is made here."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        facts: ClaimFacts,
        asked: Callable[[PayoutRow], None],
    ) -> None:
        title = f"Claim: {facts.full_name}, {facts.number}"
        plan = FormPlan("fund_claim_dialog", title, "Ask for approval", _BEFORE)
        super().__init__(desk, plan, parent)
        self._key, self._facts, self._asked = uuid4().hex, facts, asked
        self._effect = AmountLines(desk.theme, "claim_amounts")
        self._add_fields()
        self.notes.addWidget(self._effect)
        names = " or ".join(facts.approvers)
        words = f"Can be approved by {names}." if names else "Nobody else may approve payouts yet."
        self.notes.addWidget(plain_label(words, TextRole.SECONDARY, name="approvers", wraps=True))
        self.submitted.connect(self._ask)
        if facts.funds:
            self._choose_fund()
        else:
            self.notes.addWidget(Callout(desk.theme, _NO_FUND, ChipColour.AMBER))
            self.lock()

    def _add_fields(self) -> None:
        funds = [(one, one.product.terms.name) for one in self._facts.funds]
        self._fund = ChoiceBox("product", funds)
        # One of the events of the terms, or in free words where the fund judges each alone.
        self._listed, self._typed = ChoiceBox("listed_event"), QLineEdit()
        self._typed.setObjectName("event")
        self._relation = ChoiceBox("relation")
        self._person = QLineEdit()
        self._person.setObjectName("person")
        self._day = DateEdit("happened_on", lambda: business_date(self.desk.now()))
        self._amount = MoneyEdit("amount")
        self.form.add_row("product", "Fund", self._fund)
        self.form.add_row("listed_event", "What happened", self._listed)
        self.form.add_row("event", "What happened", self._typed, "For example: Death, Hospital.")
        self.form.add_row("relation", "Whom it met", self._relation)
        self.form.add_row("person", "Their name", self._person)
        self.form.add_row("happened_on", "On", self._day, "As the certificate or letter says.")
        self.form.add_row("amount", "Amount KES", self._amount)
        self._way = WayFields(self.form, self._facts.full_name, self._show_way)
        self._way.know_name(self._facts.full_name)
        self._way.offer(_BY_HAND if self._facts.is_dead else tuple(Way))
        self._fund.currentIndexChanged.connect(self._choose_fund)
        self._listed.currentIndexChanged.connect(self._choose_event)
        self._relation.currentIndexChanged.connect(self._choose_relation)

    def _chosen(self) -> Fund | None:
        found = self._fund.value()
        return found if isinstance(found, Fund) else None

    def _choose_fund(self) -> None:
        fund = self._chosen()
        if fund is None:
            return
        terms = fund.product.terms
        self.form.say_note("product", f"{withdrawal_words(terms)}.")
        events = list(dict.fromkeys(one.event for one in terms.out.benefits))
        self._listed.set_choices([(event, event) for event in events])
        self.form.show_row("listed_event", bool(events))
        self.form.show_row("event", not events)
        self._choose_event()

    def _choose_event(self) -> None:
        self._relation.set_choices([(one, one.capitalize()) for one in self._relations()])
        self._choose_relation()

    def _relations(self) -> tuple[str, ...]:
        """Whom the chosen event can have met, by the terms; the dead claim for themselves only."""
        if self._facts.is_dead:
            return ("member",)
        met = {one.relation for one in self._benefits()}
        if not met or ANYBODY in met:
            return RELATIONS
        return tuple(one for one in RELATIONS if one in met)

    def _benefits(self) -> list[Benefit]:
        fund, event = self._chosen(), self._listed.value()
        found = fund.product.terms.out.benefits if fund is not None else ()
        return [one for one in found if one.event == event]

    def _choose_relation(self) -> None:
        self.form.show_row("person", self._relation.value() != "member")
        self._show_effect()

    def _show_way(self, way: Way) -> None:
        to = f"To {display_phone(self._facts.phone)}." if way is Way.MPESA else ""
        self.form.say_note("way", to)

    def _show_effect(self) -> None:
        fund = self._chosen()
        if fund is None:
            return
        cover = fund.cover
        lines = [NamedAmount(f"{fund.product.terms.name} now, KES", cover.balance_cents)]
        if cover.pledged_cents:
            lines.append(NamedAmount("Other payouts on their way", -cover.pledged_cents))
        self._effect.show_lines(
            [*lines, NamedAmount("Can be paid", cover.free_cents, is_total=True)]
        )
        whom = self._relation.value()
        most = [one for one in self._benefits() if one.relation in (whom, ANYBODY)]
        exact = [one for one in most if one.relation == whom] or most
        words = f"{format_kes(exact[0].most_cents)} at the most." if exact else ""
        self.form.say_note("amount", words)

    def _ask(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(fund_claims.ask, new, self._asked)

    def _collect(self) -> NewFundClaim:
        fund, cents, day = self._chosen(), self._amount.cents(), self._day.day()
        assert fund is not None, "without a fund the dialog is locked"
        if day is None:
            raise InvalidInput("Write the day on which it happened.", "happened_on")
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        listed = self._listed.value()
        relation = str(self._relation.value())
        return NewFundClaim(
            key=self._key,
            member_id=self._facts.member_id,
            product=fund.product.code,
            event=listed if isinstance(listed, str) else self._typed.text(),
            relation=relation,
            person="" if relation == "member" else self._person.text(),
            happened_on=day,
            cents=cents,
            way=self._way.way,
            destination=self._way.destination(),
        )
