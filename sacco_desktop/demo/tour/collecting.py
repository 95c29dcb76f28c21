"""The tour's steps of money in: a member is asked on the phone, and a payment without owner is given to its owner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from sacco_desktop.demo.tour.proofs import require
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.operations import collect
from sacco_desktop.operations.register_shortcodes import ToRegister, register_shortcode
from sacco_desktop.operations.sync_relays import sync_all
from sacco_desktop.ui.widgets.choice_box import ChoiceBox

_PAYBILL, _UNALLOCATED = "1030", "2150"
_PAYER = "254722000111"


def ask_on_the_phone(visit: Visit) -> str:
    """The dialog follows the prompt until the money is booked, proven by M-Pesa's own answer."""
    visit.facts["held_before"] = str(_working(visit) - _balance(visit, _PAYBILL))
    visit.sign_in("peter")
    visit.open_page("collections")
    visit.front.window.open_page("collections/prompts-new")
    visit.pick_member("member", "M-0001")
    _choose(visit, "purpose", "Deposits")
    visit.hands.type_into("amount", "500")
    visit.picture("ask-to-pay")
    visit.hands.click("ok")
    words = visit.hands.find("prompt_words", QLabel)
    # M-Pesa is asked what became of it when the first seconds have passed.
    visit.clock.pass_minutes(1)
    visit.hands.wait_for("the prompt to be booked", lambda: "It is booked." in words.text())
    visit.picture("prompt-paid")
    visit.hands.click("close")
    visit.hands.gone("prompt_dialog")
    number, receipt = visit.sources.one(
        "SELECT p.number, r.receipt FROM mpesa_prompt p JOIN mpesa_receipt r ON r.id = p.receipt_id"
        " WHERE p.status = 'paid' AND r.evidence = 'verified' AND r.state = 'allocated'"
    )
    paid = visit.practice.safaricom.members.payments
    require("the receipt is Safaricom's", [one.receipt for one in paid] == [receipt])
    _paybill_agrees(visit)
    return (
        f"{number} is paid under receipt {receipt}, proven by M-Pesa's answer, and in the deposits"
    )


def give_to_its_owner(visit: Visit) -> str:
    """Member, Enter, purpose, Enter: the payment leaves the unallocated receipts."""
    practice = visit.practice
    wish, ruth = ToRegister(nominated_phone=_PAYER), practice.person("ruth")
    _run(visit, lambda: register_shortcode(practice.office, wish, ruth))
    practice.safaricom.members.pay(_PAYER, 1_200_00, "mama amina")
    practice.safaricom.wait_until_quiet()
    visit.clock.pass_minutes(1)
    _run(visit, lambda: sync_all(practice.office))
    _run(visit, lambda: collect.pull_payments(practice.office))
    visit.front.window.open_page("collections/inbox")
    visit.choose_row("inbox_table", "mama amina")
    visit.picture("without-owner")
    visit.hands.press("inbox_table", Qt.Key.Key_Return)
    visit.pick_member("owner", "M-0002")
    _choose(visit, "owner_purpose", "Deposits")
    visit.hands.press("owner_purpose", Qt.Key.Key_Return)
    said = "SELECT state FROM mpesa_receipt WHERE reference = 'mama amina'"
    visit.hands.wait_for("its owner", lambda: visit.sources.one(said)[0] == "allocated")
    came, went, slip = visit.sources.one(
        "SELECT r.entry_number, a.entry_number, a.slip FROM mpesa_receipt r"
        " JOIN receipt_allocation a ON a.receipt_id = r.id WHERE r.reference = 'mama amina'"
    )
    require("nothing is left without owner", _balance(visit, _UNALLOCATED) == 0)
    _paybill_agrees(visit)
    return f"entry {came} took it in and entry {went} gave it to M-0002, receipt {slip}; nothing is left without owner"


def _choose(visit: Visit, name: str, words: str) -> None:
    box = visit.hands.find(name, ChoiceBox)
    visit.hands.wait_for(f"{words} in {name}", lambda: _place(box, words) >= 0)
    box.setCurrentIndex(_place(box, words))


def _place(box: ChoiceBox, words: str) -> int:
    return next((at for at in range(box.count()) if box.itemText(at).startswith(words)), -1)


def _run(visit: Visit, operation: Callable[[], Awaitable[object]]) -> None:
    visit.practice.office.lanes.submit_async(operation).result(60)


def _paybill_agrees(visit: Visit) -> None:
    """Both ledgers grew by the same; M-Pesa held something before the office began to collect."""
    books, theirs = _balance(visit, _PAYBILL), _working(visit)
    require(f"paybill {books} of {theirs}", theirs - books == int(visit.facts["held_before"]))


def _working(visit: Visit) -> int:
    return int(visit.sources.safaricom()["accounts_cents"]["working"])


def _balance(visit: Visit, code: str) -> int:
    found = visit.sources.one(
        "SELECT sum(p.debit_cents) - sum(p.credit_cents) FROM posting p"
        " JOIN account a ON a.id = p.account_id WHERE a.code = ?",
        code,
    )
    return int(found[0] or 0)
