"""Send the same request once more, under the same id, which M-Pesa refuses if it knows it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.operations.confirm import prove
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.send_payouts import resend
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.ui.act_dialog import ActDialog
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.facts import payment_facts
from sacco_desktop.ui.widgets.money_plan import Check, MoneyPlan


def open_resend_dialog(desk: Desk, parent: QWidget, card: PayoutCard) -> None:
    """Facts, why it is safe, the password."""
    row = card.row
    plan = MoneyPlan(
        title=f"Send the same request once more: {row.member_name}",
        act="Send it once more",
        amount_cents=row.mpesa_cents,
        facts=payment_facts(card),
        effects=(
            "It goes out again under the same id. If M-Pesa has it already, it refuses and does not pay twice.",
        ),
        checks=(Check("M-Pesa said twice that it does not know this payment.", True),),
        crash_line="If the power goes now, the next start asks M-Pesa about it before anything else.",
    )
    dialog = ActDialog(desk, plan, parent, name="resend_dialog")
    dialog.resize(820, 460)
    actor = desk.actor
    words = f"Sent once more under the same id: {row.member_name}."
    dialog.run(
        lambda password: lambda: _resend(desk.office, row.payout_id, password, actor),
        lambda _row: desk.toast(words),
    )


async def _resend(office: Office, payout_id: int, password: str, actor: Actor) -> PayoutRow:
    return await resend(office, payout_id, await prove(office, password, actor))
