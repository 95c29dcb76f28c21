"""The tab To charge: what the rules charge up to a day and is not charged yet, before anything is written."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.charging import penalty_run
from sacco_desktop.services.charging.penalty_run import Run, ToCharge
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.tabbed_page import PageTab
from sacco_desktop.ui.widgets.columns import Column, date_column, money_column
from sacco_desktop.ui.widgets.day_field import DayField
from sacco_desktop.ui.widgets.details import Details
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_UNREAD = "What is to be charged could not be read. Nothing is lost; the other pages work."
_NOTHING = "Nothing is to be charged up to this day. What is charged already stands under Charged."
_BEFORE = (
    "The program charges by itself twice a day; this does the same now. Each penalty is dated as of the day on which it"
    " came due, and none is charged twice."
)


class ToChargeTab(PageTab[ToCharge]):
    """As of today, or of a day before."""

    title = "To charge"
    key = "due"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _plan())
        self._as_of = DayField("as_of", lambda: business_date(desk.now()))
        self.list.filter_bar.add_field("Up to", self._as_of)
        self._as_of.settled.connect(self.read)
        self._as_of.refused.connect(lambda error: desk.show(error, self.list))
        self.list.opened.connect(lambda row: desk.open_page(f"member/{row.member_number}"))
        if may(desk.actor.roles, Act.CHARGE_PENALTIES):
            self.list.add_action("charge", "Charge these…", self._ask, kind=ButtonKind.PRIMARY)

    @property
    def as_of(self) -> date:
        """The day in the field; an empty one is today."""
        try:
            day = self._as_of.day()
        except InvalidInput:
            day = None
        return day or business_date(self.desk.now())

    def read(self) -> None:
        """Read up to the day in the field."""
        self.read_by(penalty_run.preview, _UNREAD, self.as_of)

    def _ask(self) -> None:
        day = self.as_of
        plan = FormPlan(
            "charge_dialog", f"Charge what came due up to {format_date(day)}", "Charge", _BEFORE
        )
        dialog = FormDialog(self.desk, plan, self.list)

        def charged(run: Run) -> None:
            many = "1 penalty" if run.charges == 1 else f"{run.charges:,} penalties"
            words = f"Charged. {many}, {format_kes(run.cents)} in all."
            self.desk.toast(words if run.charges else "Nothing new: all of it is charged already.")

        dialog.submitted.connect(lambda: dialog.carry_out(penalty_run.charge, day, charged))
        dialog.open()


def _plan() -> ListPlan[ToCharge]:
    return ListPlan(
        name="penalties_to_charge",
        one="penalty",
        many="penalties",
        columns=(
            date_column("Came due", lambda row: row.charge.on),
            Column("Member", lambda row: row.member_name, longest=28),
            Column("Rule", lambda row: row.rule_name, longest=26),
            Column("For", lambda row: row.why, priority=2, longest=34),
            money_column("Late KES", lambda row: row.charge.spans[-1].cents or None, priority=2),
            money_column("Penalty KES", lambda row: row.charge.cents),
            Column("Member no.", lambda row: row.member_number, priority=2, widest="M-0001"),
        ),
        key=lambda row: row.charge.charged.key,
        empty=EmptyList(_NOTHING),
        details=_details,
    )


def _details(row: ToCharge) -> Details:
    charge = row.charge
    days = sum(span.days for span in charge.spans)
    limit = (("Without the limit", format_kes(charge.uncapped_cents)),)
    return Details(
        title=row.member_name,
        subtitle=f"{row.member_number} · {row.rule_name}",
        amount_cents=charge.cents,
        facts=(
            ("For", row.why),
            ("Fell due", format_date(charge.period)),
            ("Came due", format_date(charge.on)),
            ("Late", format_kes(charge.spans[-1].cents)),
            *((("Days counted", str(days)),) if days > 1 else ()),
            *(limit if charge.cents < charge.uncapped_cents else ()),
        ),
    )
