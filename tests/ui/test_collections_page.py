"""Collections with the simulated Safaricom: owners given by keys, a payment shared, one phone asked, then a list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from sacco_desktop.application import front_office
from sacco_desktop.demo.paying_in_scenes import members_save
from sacco_desktop.demo.practice_office import PASSPHRASE, PracticeOffice, practice_office
from sacco_desktop.demo.tour.hands import Hands
from sacco_desktop.demo.tour.moved_clock import MovedClock
from sacco_desktop.demo.tour.proofs import Sources
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.operations import collect
from sacco_desktop.operations.register_shortcodes import ToRegister, register_shortcode
from sacco_desktop.operations.watch_prompts import follow_now
from sacco_desktop.services.books import ledger
from sacco_desktop.services.membership import members
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from tests.ui.practice_desk import AMINA, JANE, KIPCHOGE, MERCY, OTIENO, PHONES, said
from tests.ui.test_fit import cut_texts, nameless

STRANGER = "254722000111"


def _run(practice: PracticeOffice, operation: Callable[[], Awaitable[object]]) -> None:
    practice.office.lanes.submit_async(operation).result(60)


def _pay(practice: PracticeOffice, clock: MovedClock, *payments: tuple[int, str]) -> None:
    """Payments of a stranger, told by notices and proven by M-Pesa's list."""
    for kes, reference in payments:
        practice.safaricom.members.pay(STRANGER, kes * 100, reference)
    practice.safaricom.wait_until_quiet()
    clock.pass_minutes(1)
    _run(practice, lambda: follow_now(practice.office))
    _run(practice, lambda: collect.pull_payments(practice.office))


def _deposits(practice: PracticeOffice, number: str) -> int:
    account = members.deposits_account(number)
    return practice.office.books.read(ledger.balance, account, actor=practice.person("peter"))


def _rows(visit: Visit, table: str) -> int:
    return visit.hands.find(table, FrozenTable).table_model.rowCount()


def _fits(visit: Visit, name: str) -> None:
    """At the usual size of the text, and when it grows while the dialog is open."""
    dialog = visit.hands.find(name)
    assert nameless(dialog) == []
    for percent in (150, 100):
        visit.front.theme.set_text_percent(percent)
        visit.hands.wait_for(f"{name} to fit at {percent} %", lambda: not cut_texts(dialog))


def test_an_officer_works_through_a_day_of_collections(
    qapp: QApplication, theme: Theme, tmp_path: Path
) -> None:
    clock = MovedClock(system_clock)
    with practice_office(tmp_path / "office", clock) as practice:
        members_save(practice)
        phone = PHONES[JANE]
        wish, ruth = ToRegister(nominated_phone=phone), practice.person("ruth")
        _run(practice, lambda: register_shortcode(practice.office, wish, ruth))
        settings = Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)
        with front_office(qapp, practice.opened, settings, clock, theme=theme) as front:
            hands = Hands(qapp, tmp_path)
            visit = Visit(practice, front, hands, Sources(practice), tmp_path, clock)
            front.window.resize(1366, 697)
            visit.sign_in("peter")
            visit.open_page("collections")
            hands.wait_for("an empty inbox", lambda: "All money has an owner" in said(front.window))
            _pay(practice, clock, (1_000, "otieno loan"), (2_350, "harambee"), (90, "chama"))
            hands.wait_for("three payments", lambda: _rows(visit, "inbox_table") == 3)
            _give_by_keys(visit)
            _share(visit)
            _ask_one(visit)
            _ask_a_list(visit)
            assert practice.safaricom.is_conserved


def _give_by_keys(visit: Visit) -> None:
    """Enter, the member, Enter, Enter: the payment has its owner and the next one is under the cursor."""
    hands, practice = visit.hands, visit.practice
    before = _deposits(practice, OTIENO)
    table = hands.find("inbox_table", FrozenTable)
    visit.choose_row("inbox_table", "otieno loan")
    hands.press("inbox_table", Qt.Key.Key_Return)
    hands.press("owner", Qt.Key.Key_Escape)
    hands.wait_for("the list again", table.hasFocus)
    # A guess of the panel goes into the line by its figure, and gives nothing by itself.
    guess = hands.find("guess_1", QPushButton)
    assert "Otieno Okoth" in guess.text()
    hands.press("inbox_table", Qt.Key.Key_1)
    hands.wait_for("the guess", lambda: hands.find("owner_purpose").hasFocus())
    assert _rows(visit, "inbox_table") == 3
    hands.press("owner_purpose", Qt.Key.Key_Escape)
    hands.press("inbox_table", Qt.Key.Key_Return)
    visit.pick_member("owner", OTIENO)
    purpose = hands.find("owner_purpose", ChoiceBox)
    hands.wait_for("the purposes", lambda: purpose.hasFocus() and purpose.count() > 2)
    hands.press("owner_purpose", Qt.Key.Key_Return)
    hands.wait_for("one payment less", lambda: _rows(visit, "inbox_table") == 2)
    hands.wait_for("the list to have the focus", table.hasFocus)
    assert table.current_row().reference == "harambee"
    assert _deposits(practice, OTIENO) == before + 1_000_00


def _share(visit: Visit) -> None:
    """One payment of two members: too much is refused under the field, the rest is in view."""
    hands, practice = visit.hands, visit.practice
    before = _deposits(practice, JANE)
    visit.choose_row("inbox_table", "harambee")
    hands.click("share")
    visit.pick_member("member_1", JANE)
    amount = hands.find("purpose_1", ChoiceBox)
    hands.wait_for("what Jane pays for", lambda: amount.count() > 2)
    amount.setCurrentText("Deposits")
    hands.type_into("amount_1", "3000")
    hands.click("ok")
    assert "more is written" in visit.error_under("shares")
    hands.type_into("amount_1", "2000")
    visit.pick_member("member_2", MERCY)
    other = hands.find("purpose_2", ChoiceBox)
    hands.wait_for("what Mercy pays for", lambda: other.count() > 2)
    hands.type_into("amount_2", "300")
    assert "Stays without owner, KES\n50.00" in said(hands.find("share_sum"))
    _fits(visit, "share_dialog")
    hands.click("ok")
    hands.gone("share_dialog")
    assert _deposits(practice, JANE) == before + 2_000_00
    table = hands.find("inbox_table", FrozenTable)
    hands.wait_for(
        "what is left of it",
        lambda: [row.left_cents for row in table.table_model.rows] == [50_00, 90_00],
    )


def _ask_one(visit: Visit) -> None:
    """Cents are refused before anything is sent; the dialog then follows the prompt until it is booked."""
    hands, practice = visit.hands, visit.practice
    before = _deposits(practice, KIPCHOGE)
    visit.front.window.open_page("collections/prompts-new")
    visit.pick_member("member", KIPCHOGE)
    purpose = hands.find("purpose", ChoiceBox)
    hands.wait_for("the purposes", lambda: purpose.count() > 2)
    purpose.setCurrentText("Deposits")
    hands.type_into("amount", "55.50")
    hands.click("ok")
    assert visit.error_under("amount") == "M-Pesa asks for whole shillings."
    hands.type_into("amount", "55")
    _fits(visit, "ask_to_pay_dialog")
    hands.click("ok")
    hands.find("prompt_dialog")
    practice.safaricom.wait_until_quiet()
    visit.clock.pass_minutes(1)
    _run(practice, lambda: follow_now(practice.office))
    hands.wait_for("Paid", lambda: "It is booked." in said(hands.find("prompt_dialog")))
    assert "Kiswahili: Imelipwa." in said(hands.find("prompt_dialog"))
    assert not hands.is_seen("ask_again")
    _fits(visit, "prompt_dialog")
    hands.click("close")
    hands.gone("prompt_dialog")
    assert _deposits(practice, KIPCHOGE) == before + 55_00


def _ask_a_list(visit: Visit) -> None:
    """Everybody behind with contributions: who cancels is told from who pays, and a busy phone is left out."""
    hands, practice = visit.hands, visit.practice
    practice.safaricom.set_outcome(PHONES[AMINA], "1032")
    hands.click("ask_many")
    kind = hands.find("many_kind", ChoiceBox)
    kind.setCurrentIndex(1)
    kind.activated.emit(1)
    ask = hands.find("ask_ticked", QPushButton)
    hands.wait_for("a list", lambda: ask.isEnabled() and "phone" in ask.text())
    table = hands.find("to_ask_table", FrozenTable)
    assert all(not row.why_not for row in table.table_model.ticked_rows())
    asked = len(table.table_model.ticked_rows())
    _fits(visit, "ask_many_dialog")
    ask.click()
    view = hands.find("asking_view")
    hands.wait_for("everybody asked", lambda: "were asked" in said(view) or asked == 1)
    practice.safaricom.wait_until_quiet()
    visit.clock.pass_minutes(1)
    _run(practice, lambda: follow_now(practice.office))
    hands.wait_for("who cancelled", lambda: "1 Not paid" in said(view))
    _fits(visit, "ask_many_dialog")
    hands.click("close_asking")
    hands.gone("ask_many_dialog")
    hands.wait_for("the prompts", lambda: _rows(visit, "prompts_table") == asked + 1)
    visit.choose_row("prompts_table", "cancelled")
    visit.front.window.open_page("collections/all-today")
    hands.wait_for("the payments of today", lambda: _rows(visit, "payments_table") >= 4)
