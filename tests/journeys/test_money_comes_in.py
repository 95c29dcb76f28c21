"""Money from a member's phone to the member's deposits, over the real relay: by a prompt, and by the paybill."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import NotAllowed
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.domain.prompts import PromptStatus
from sacco_desktop.operations import collect, payment_checks
from sacco_desktop.operations.register_shortcodes import ToRegister, register_shortcode
from sacco_desktop.services.books import ledger
from sacco_desktop.services.collecting import mpesa_receipts, prompts
from sacco_desktop.services.collecting.prompts import NewPrompt, PromptRow
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.office import setting_changes, shortcodes
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.proof import verify
from tests.agreements import agreed_in
from tests.faults.desk import Desk

pytestmark = pytest.mark.only_on("sqlite", "what each database does is proven in tests/services")


def _member(desk: Desk) -> MemberRow:
    return next(row for row in desk.read(members.list_members, None) if "Kipchoge" in row.full_name)


def _ask(desk: Desk, key: str, of: MemberRow, kes: int) -> PromptRow:
    new = NewPrompt(key, of.member_id, "deposits", None, display_phone(of.phone), kes * 100)
    actor = desk.people["peter"]
    return desk.run(lambda: collect.ask_to_pay(desk.office, new, actor))


def _now(desk: Desk, row: PromptRow) -> PromptRow:
    return desk.read(prompts.row_of, row.prompt_id)


def _balances(desk: Desk, of: MemberRow) -> tuple[int, int, int]:
    """The paybill, what of it has no purpose, and the member's deposits."""
    accounts = ("1030", "2150", members.deposits_account(of.number))
    first, second, third = (desk.read(ledger.balance, code) for code in accounts)
    return first, second, third


def test_a_prompt_and_payments_to_the_paybill_reach_the_deposits_once(desk: Desk) -> None:
    safaricom, jane = desk.day.safaricom, _member(desk)
    paybill, loose, deposits = _balances(desk, jane)

    # A prompt: its notice comes by the relay, a question proves it, and it is in the deposits.
    asked = _ask(desk, "prompt-1", jane, 1_500)
    assert asked.status is PromptStatus.WAITING
    desk.day.quiet()
    desk.sync()
    assert _now(desk, asked).status is PromptStatus.PAID
    assert _balances(desk, jane) == (paybill + 1_500_00, loose + 1_500_00, deposits)
    assert desk.run(lambda: collect.ask_due(desk.office)) == 1
    assert _balances(desk, jane) == (paybill + 1_500_00, loose, deposits + 1_500_00)
    assert _now(desk, asked).receipt == safaricom.members.payments[0].receipt
    # The same dialog sent twice asks nobody again.
    assert _ask(desk, "prompt-1", jane, 1_500) == _now(desk, asked)
    assert len(safaricom.members.prompts) == 1

    # The connection breaks after M-Pesa took the prompt: the notice finds it by the secret of its address.
    desk.day.clock.advance(minutes=3)
    safaricom.arm("drop_after_taking", api="stk")
    lost = _ask(desk, "prompt-2", jane, 200)
    assert lost.status is PromptStatus.UNKNOWN
    desk.day.quiet()
    desk.sync()
    desk.run(lambda: collect.ask_due(desk.office))
    assert _balances(desk, jane) == (paybill + 1_700_00, loose, deposits + 1_700_00)

    # The paybill is registered for notices and for its list; of three payments one notice is lost, one is forged.
    to_register = ToRegister(nominated_phone=jane.phone)
    with pytest.raises(NotAllowed):
        desk.run(lambda: register_shortcode(desk.office, to_register, desk.people["peter"]))
    ruth = desk.people["ruth"]
    words = desk.run(lambda: register_shortcode(desk.office, to_register, ruth))
    (kept,) = desk.read(shortcodes.list_shortcodes, None)
    assert words == f"{kept.shortcode} (v2) is registered. The list of payments is registered."
    assert (kept.told, kept.is_registered) == (words, True)
    safaricom.members.pay(jane.phone, 300_00, jane.number.lower())
    desk.day.quiet()
    safaricom.arm("result_lost", api="c2b")
    safaricom.members.pay(jane.phone, 40_00, f"{jane.number} deposit")
    safaricom.members.forge(jane.phone, 5_000_00, jane.number)
    safaricom.members.pay("254722000009", 6_00, "for the party")
    desk.day.quiet()
    desk.sync()
    assert _balances(desk, jane)[2] == deposits + 1_700_00
    assert "1 of them new" in desk.run(lambda: collect.pull_payments(desk.office))
    assert _balances(desk, jane)[2] == deposits + 2_040_00
    waiting = desk.read(mpesa_receipts.list_waiting, None)
    assert [(row.amount_cents, row.is_proven) for row in waiting] == [
        (5_000_00, False),
        (6_00, True),
    ]
    assert desk.read(verify.verify, None).is_sound
    assert safaricom.is_conserved


def test_a_refusal_waits_for_a_question_and_a_late_payment_is_believed(desk: Desk) -> None:
    safaricom, jane = desk.day.safaricom, _member(desk)
    deposits = _balances(desk, jane)[2]
    safaricom.set_outcome(jane.phone, "1032")
    refused = _ask(desk, "prompt-1", jane, 100)
    desk.day.quiet()
    desk.sync()
    assert _now(desk, refused).status is PromptStatus.WAITING
    desk.run(lambda: collect.ask_due(desk.office))
    assert (_now(desk, refused).status, _now(desk, refused).words) == (
        PromptStatus.FAILED,
        "The member cancelled the request.",
    )
    safaricom.set_outcome(jane.phone, "")
    desk.day.clock.advance(minutes=3)
    safaricom.arm("paid_after_timeout")
    late = _ask(desk, "prompt-2", jane, 100)
    desk.day.quiet()
    desk.sync()
    desk.run(lambda: collect.ask_due(desk.office))
    assert _now(desk, late).status is PromptStatus.FAILED
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: len(safaricom.members.payments) == 1)
    desk.day.quiet()
    desk.jobs()
    desk.day.clock.advance(minutes=1)
    desk.jobs()
    assert _now(desk, late).status is PromptStatus.PAID
    assert _balances(desk, jane)[2] == deposits + 100_00


def test_the_relay_turns_unknown_accounts_and_small_sums_away_where_the_society_wants_it(
    desk: Desk,
) -> None:
    safaricom, jane = desk.day.safaricom, _member(desk)
    ruth = desk.people["ruth"]
    desk.run(lambda: register_shortcode(desk.office, ToRegister(), ruth))
    safaricom.set_oddities(c2b_validation=True)

    def pay(kes: int, typed: str) -> int:
        safaricom.members.pay(jane.phone, kes * 100, typed)
        desk.day.quiet()
        return len(safaricom.members.payments)

    assert pay(10, "nobody") == 1
    _rules(desk, refuse_unknown="yes", least_cents="2000")
    assert desk.run(lambda: payment_checks.renew(desk.office)) == ""
    for kes, typed in ((100, "nobody"), (19, jane.number)):
        with pytest.raises(TimeoutError):
            safaricom.members.pay(jane.phone, kes * 100, typed, patience_seconds=0.5)
    desk.day.quiet()
    assert len(safaricom.members.payments) == 1
    assert (pay(100, "M 1"), pay(100, f"{jane.number}-loan"), pay(100, jane.phone)) == (2, 3, 4)
    desk.sync()
    kept = desk.read(lambda work, _: work.session.execute(_TURNED_AWAY).all(), None)
    assert [row.state for row in kept] == ["noted", "noted"]
    # Turned off again, and nothing is refused.
    desk.day.clock.advance(days=1)
    _rules(desk, refuse_unknown="no", least_cents="0")
    assert desk.run(lambda: payment_checks.renew(desk.office)) == ""
    assert pay(5, "nobody") == 5


_TURNED_AWAY = text("SELECT state FROM relay_entry WHERE kind = 'c2b-validate'")


def _rules(desk: Desk, **values: str) -> None:
    """Other rules of money in from today on, which two people want."""
    today = business_date(desk.day.clock.now())
    for name, value in values.items():
        change = SettingChange(f"money_in.{name}", value, today)
        agreed_in(desk.office.books, setting_changes.change_setting, change, desk.people["ruth"])
