"""Settings with a real office behind it: people, M-Pesa, relays, rules, and the dialogs that stand around them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTabWidget,
)

from sacco_desktop.demo.practice_office import PASSPHRASE
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.permissions import Role
from sacco_desktop.operations.copies import manifest_path
from sacco_desktop.services.books.work import CLOCK
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.office import society, users
from sacco_desktop.services.office.users import AccessChange, Credentials, UserRow
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.people.people_changes import PasswordRequest
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.back_up import ask_and_back_up
from sacco_desktop.ui.check_setup_dialog import CheckSetupDialog
from sacco_desktop.ui.export_books import ask_and_export
from sacco_desktop.ui.my_password_dialog import MyPasswordDialog
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.settings.mpesa_dialog import CertificatePicker
from sacco_desktop.ui.pages.settings.page import settings_page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from tests.ui.practice_desk import Seat, Town, said
from tests.ui.test_fit import cut_texts, nameless

Sit = Callable[[str], Seat]
SENTENCE = "a sentence for a test"


def settings_of(town: Town) -> Settings:
    return Settings(town.office.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)


def open_settings(seat: Seat, tab: str) -> QTabWidget:
    """Give the window the page Settings and open a tab of it."""
    desk, settings = seat.desk, settings_of(seat.town)
    entry = PageEntry(
        "settings", "Settings", "settings", "Ctrl+,", lambda: settings_page(desk, settings)
    )
    seat.window.welcome(desk.actor.full_name, "", (entry,))
    tabs = seat.find("settings_tabs", QTabWidget)
    tabs.setCurrentIndex(titles(tabs).index(tab))
    return tabs


def titles(tabs: QTabWidget) -> list[str]:
    return [tabs.tabText(place) for place in range(tabs.count())]


def row(town: Town, username: str) -> UserRow:
    found = town.read(users.list_users)
    return next(each for each in found if each.username == username)


def signs_in(town: Town, username: str, password: str) -> bool:
    given = Credentials(username, password)
    return town.office.office.books.write(users.sign_in, given, actor=CLOCK).actor is not None


def add(town: Town, username: str, role: Role = Role.OFFICER) -> None:
    new = users.NewUser(username, f"{username.title()} Test", frozenset({role}), SENTENCE)
    town.agreed(people_changes.add_user, new)


def wait_for(seat: Seat, name: str) -> None:
    """Until this can be seen and used."""
    seat.wait(lambda: seat.sees(name) and seat.find(name).isEnabled())


def answer(seat: Seat, words: str) -> None:
    """Press a button of the question in front."""
    seat.wait(lambda: bool(seat.window.findChildren(QMessageBox)))
    box = seat.window.findChildren(QMessageBox)[-1]
    next(b for b in box.findChildren(QAbstractButton) if b.text() == words).click()


@pytest.mark.parametrize(
    ("person", "tabs"),
    [
        (
            "ruth",
            ["People", "M-Pesa", "Relay", "Rules", "Approval rules", "Who may do what", "Products"],
        ),
        ("grace", ["M-Pesa", "Relay", "Rules", "Approval rules", "Who may do what", "Products"]),
        ("daniel", ["Rules", "Approval rules", "Who may do what", "Products"]),
        ("peter", ["Rules", "Approval rules", "Who may do what", "Products"]),
    ],
)
def test_everybody_sees_what_concerns_him(sit: Sit, person: str, tabs: list[str]) -> None:
    assert titles(open_settings(sit(person), "Rules")) == tabs


def test_a_treasurer_looks_and_changes_nothing(sit: Sit) -> None:
    seat = sit("grace")
    open_settings(seat, "M-Pesa")
    seat.wait(lambda: "600310" in said(seat.find("mpesa_tab")))
    assert not seat.sees("mpesa_change")
    assert seat.sees("top_up_open")
    open_settings(seat, "Relay")
    seat.choose("relays_table", "practice relay")
    assert seat.sees("self_test")
    assert not seat.sees("enrol_open")
    open_settings(seat, "Rules")
    seat.choose("rules_table", "Wrong passwords")
    assert not seat.sees("change_rule")


def test_a_person_is_added_once_everything_is_right(sit: Sit, town: Town) -> None:
    seat = sit("ruth")
    open_settings(seat, "People")
    seat.click("new_person")
    seat.find("new_person_dialog")
    seat.click("ok")
    assert seat.text("full_name_error") == "Write the name."
    seat.type("full_name", "Mary Wambui")
    seat.type("username", "Not A Name")
    seat.click("ok")
    assert seat.sees("username_error")
    seat.type("username", "mary")
    seat.type("password", SENTENCE)
    seat.click("ok")
    assert seat.text("roles_error") == "Choose at least one role."
    seat.click("role_treasurer")
    seat.type("again", "another sentence")
    seat.click("ok")
    assert seat.text("again_error") == "The two passwords differ. Type them again."
    seat.type("again", SENTENCE)
    seat.click("ok")
    seat.wait_gone("new_person_dialog")
    assert seat.toasts[-1].endswith("can agree. Nothing has changed yet.")
    assert not signs_in(town, "mary", SENTENCE)
    town.agree_to("New person Mary Wambui")
    seat.choose("people_table", "Mary Wambui")
    assert row(town, "mary").roles == {Role.TREASURER}
    assert signs_in(town, "mary", SENTENCE)


def test_a_name_that_is_taken_stays_in_the_dialog(sit: Sit) -> None:
    seat = sit("ruth")
    open_settings(seat, "People")
    seat.click("new_person")
    seat.type("full_name", "Another Grace")
    seat.type("username", "grace")
    seat.type("password", SENTENCE)
    seat.type("again", SENTENCE)
    seat.click("role_officer")
    seat.click("ok")
    seat.wait(lambda: seat.sees("username_error"))
    assert seat.text("username_error") == "That user name is taken. Choose another one."


def is_read_again(seat: Seat, username: str) -> None:
    """Until the list shows this person, who is under the cursor, as he or she is now."""
    table = seat.find("people_table", FrozenTable)
    seat.wait(lambda: table.current_row().row == row(seat.town, username))


def test_roles_password_and_account_of_a_person(sit: Sit, town: Town) -> None:
    add(town, "amos")
    seat = sit("ruth")
    open_settings(seat, "People")
    seat.choose("people_table", "Amos Test")
    seat.click("change_roles")
    seat.click("role_committee")
    seat.click("ok")
    seat.wait_gone("roles_dialog")
    assert row(town, "amos").roles == {Role.OFFICER}
    town.agree_to("Roles of Amos Test")
    assert row(town, "amos").roles == {Role.OFFICER, Role.COMMITTEE}

    is_read_again(seat, "amos")
    seat.click("reset_password")
    answer(seat, "Ask for approval")
    seat.wait(lambda: town.waiting("New password for Amos Test") is not None)
    town.agree_to("New password for Amos Test")
    seat.wait(lambda: seat.find("people_table", FrozenTable).current_row().may_type)
    seat.click("reset_password")
    seat.type("password", "yet another sentence")
    seat.type("again", "yet another sentence")
    seat.click("ok")
    seat.wait_gone("reset_password_dialog")
    assert signs_in(town, "amos", "yet another sentence")

    is_read_again(seat, "amos")
    seat.click("close_account")
    answer(seat, "Leave it open")
    seat.wait_gone("question")
    assert row(town, "amos").is_active
    seat.click("close_account")
    answer(seat, "Close account")
    seat.wait(lambda: town.waiting("Account of Amos Test") is not None)
    assert row(town, "amos").is_active
    town.agree_to("Account of Amos Test")
    assert not row(town, "amos").is_active
    seat.wait(lambda: seat.sees("open_account"))
    assert not signs_in(town, "amos", "yet another sentence")
    seat.click("open_account")
    seat.wait(lambda: town.waiting("Account of Amos Test") is not None)
    town.agree_to("Account of Amos Test")
    assert row(town, "amos").is_active


def test_what_another_administrator_changed_is_told(sit: Sit, town: Town) -> None:
    add(town, "rose")
    seat = sit("ruth")
    open_settings(seat, "People")
    seat.choose("people_table", "Rose Test")
    seat.click("change_roles")
    found = row(town, "rose")
    town.agreed(people_changes.change_access, AccessChange(found.user_id, found.version, False))
    seat.click("role_treasurer")
    seat.click("ok")
    seat.wait(lambda: bool(seat.window.findChildren(QMessageBox)))
    assert (
        "Somebody else has just changed Rose Test"
        in seat.window.findChildren(QMessageBox)[0].text()
    )


def test_nobody_closes_the_own_account(sit: Sit) -> None:
    seat = sit("ruth")
    open_settings(seat, "People")
    seat.choose("people_table", "Ruth Njeri")
    locked = [seat.find(name, QPushButton) for name in ("reset_password", "close_account")]
    assert not any(button.isEnabled() for button in locked)
    assert "My password" in said(seat.find("panel_body"))


def test_mpesa_is_checked_and_its_secrets_are_typed_blind(sit: Sit, town: Town) -> None:
    seat, profile = sit("ruth"), town.office.safaricom.profile
    open_settings(seat, "M-Pesa")
    seat.wait(lambda: "On this computer" in said(seat.find("mpesa_tab")))
    shown = said(seat.find("mpesa_tab"))
    assert "Practice: a simulated M-Pesa" in shown
    for secret in (profile.consumer_key, profile.consumer_secret, profile.passkey):
        assert secret not in shown
    seat.click("mpesa_check")
    seat.wait(lambda: "takes key and secret" in said(seat.find("mpesa_told")))

    # A till is added, and stands below the paybill with its account.
    seat.click("shortcode_add")
    seat.find("kind", ChoiceBox).choose("till")
    seat.type("shortcode", "600777")
    seat.type("name", "Shop in Thika")
    seat.click("ok")
    seat.wait_gone("shortcode_dialog")
    seat.wait(lambda: "Till 600777, Shop in Thika" in said(seat.find("shortcodes")))
    seat.click("shortcode_register")
    dialog = seat.find("register_dialog")
    assert (cut_texts(dialog), nameless(dialog)) == ([], [])
    seat.click("close")
    seat.wait_gone("register_dialog")

    seat.click("mpesa_change")
    seat.find("mpesa_dialog")
    for field in ("consumer_key", "consumer_secret", "initiator_password", "passkey"):
        line = seat.find(field, QLineEdit)
        assert (line.text(), line.echoMode()) == ("", QLineEdit.EchoMode.Password)
    seat.type("consumer_secret", "not the secret")
    seat.click("ok")
    seat.wait_gone("mpesa_dialog")
    assert "The connection is kept. M-Pesa does not accept" in said(seat.find("mpesa_told"))

    seat.click("mpesa_change")
    seat.type("consumer_secret", profile.consumer_secret)
    seat.click("ok")
    seat.wait_gone("mpesa_dialog")
    assert "M-Pesa takes key and secret" in said(seat.find("mpesa_told"))


def test_a_connection_that_cannot_be_built_is_not_kept(sit: Sit, town: Town) -> None:
    seat = sit("ruth")
    open_settings(seat, "M-Pesa")
    seat.wait(lambda: "600310" in said(seat.find("mpesa_tab")))
    seat.click("mpesa_change")
    for field, wrong in (("address", "https://api.safaricom.co.ke"), ("shortcode", "12ab")):
        before = seat.find(field, QLineEdit).text()
        seat.type(field, wrong)
        seat.click("ok")
        wait_for(seat, f"{field}_error")
        seat.type(field, before)
    seat.click("close")
    seat.wait_gone("mpesa_dialog")
    seat.click("mpesa_check")
    seat.wait(lambda: "takes key and secret" in said(seat.find("mpesa_told")))


def test_a_certificate_file_shows_its_fingerprint_or_why_it_is_none(
    sit: Sit, town: Town, tmp_path: Path
) -> None:
    sit("ruth")
    picker = CertificatePicker(None)
    pem = town.office.safaricom.certificate_pem
    binary = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    nonsense, certificate = tmp_path / "letter.cer", tmp_path / "portal.cer"
    nonsense.write_text("Dear Sir")
    certificate.write_bytes(binary)
    picker.load_file(str(nonsense))
    assert "not a certificate" in said(picker)
    picker.load_file(str(tmp_path / "gone.cer"))
    assert "cannot be read" in said(picker)
    picker.load_file(str(certificate))
    assert "CN=simulated.safaricom.invalid" in said(picker)
    assert picker.pem().strip() == pem.strip()
    picker.deleteLater()


def test_the_round_trip_and_a_second_relay(sit: Sit, town: Town) -> None:
    seat = sit("ruth")
    open_settings(seat, "Relay")
    seat.choose("relays_table", "practice relay")
    seat.click("self_test")
    seat.wait(lambda: "came back, verified" in said(seat.find("panel_body")))

    seat.click("enrol_open")
    seat.type("name", "second relay")
    seat.type("api_url", town.office.relay.api_url)
    seat.type("code", "AAAA-AAAA-AAAA-AAAA")
    seat.click("ok")
    seat.wait(lambda: bool(seat.window.findChildren(QMessageBox)))
    answer(seat, "Close")
    assert seat.sees("enrol_dialog")
    seat.wait(lambda: seat.find("ok", QPushButton).isEnabled())
    seat.type("code", str(town.office.relay.desk.add_tenant("Umoja again")["code"]))
    seat.click("ok")
    seat.wait_gone("enrol_dialog")
    seat.choose("relays_table", "second relay")


def test_letters_are_never_a_rule_and_a_change_counts_from_its_day(sit: Sit, town: Town) -> None:
    seat = sit("ruth")
    open_settings(seat, "Rules")
    seat.choose("rules_table", "Wait before a missing payment")
    seat.click("change_rule")
    seat.type("value", "soon")
    seat.click("ok")
    assert seat.text("value_error") == "Write a figure from 1 to 720 hours."
    seat.type("value", "48")
    tomorrow = business_date(system_clock()) + timedelta(days=1)
    seat.type("effective_on", f"{tomorrow - timedelta(days=2):%d/%m/%Y}")
    seat.click("ok")
    seat.wait(lambda: seat.sees("effective_on_error"))
    seat.type("effective_on", f"{tomorrow:%d/%m/%Y}")
    seat.wait(lambda: seat.find("ok", QPushButton).isEnabled())
    seat.click("ok")
    seat.wait_gone("rule_dialog")
    town.agree_to("Rule: Wait before a missing payment")
    seat.choose("rules_table", "48 hours from")
    seat.wait(lambda: "48 hours from" in said(seat.find("panel_body")))
    changed = next(
        each for each in town.read(society.list_rules) if each.rule.name == "payout.not_found_hours"
    )
    assert changed.value == "24"
    assert changed.coming is not None
    assert (changed.coming.value, changed.coming.effective_on) == ("48", tomorrow)


def test_a_rule_with_choices_is_chosen_by_its_words(sit: Sit, town: Town) -> None:
    seat = sit("ruth")
    open_settings(seat, "Rules")
    seat.choose("rules_table", "Who bears")
    seat.click("change_rule")
    box = seat.find("value", ChoiceBox)
    assert [box.itemText(place) for place in range(box.count())] == ["The society", "The member"]
    assert box.value() == "society"
    box.choose("member")
    seat.click("ok")
    seat.wait_gone("rule_dialog")
    town.agree_to("Rule: Who bears")
    seat.wait(lambda: "The member" in said(seat.find("panel_body")))
    kept = [r for r in town.read(society.list_rules) if r.rule.name == "payout.charge_bearer"]
    assert [row.value for row in kept] == ["member"]


def test_my_password_asks_for_the_old_one(sit: Sit, town: Town) -> None:
    add(town, "nora")
    seat = sit("nora")
    MyPasswordDialog(seat.desk, seat.window).open()
    seat.type("password", "a wrong old one")
    seat.type("new_password", "the next sentence")
    seat.type("again", "the next sentence")
    seat.click("ok")
    seat.wait(lambda: seat.sees("password_error"))
    assert seat.text("password_error").startswith("That password is not right. You have 2 tries")
    seat.type("password", SENTENCE)
    seat.click("ok")
    seat.wait_gone("my_password_dialog")
    assert signs_in(town, "nora", "the next sentence")
    assert not signs_in(town, "nora", SENTENCE)


def test_a_top_up_waits_for_a_second_person(sit: Sit, town: Town) -> None:
    seat = sit("grace")
    open_settings(seat, "M-Pesa")
    seat.click("top_up_open")
    seat.click("ok")
    assert seat.text("amount_error") == "Write the amount that was moved."
    seat.type("amount", "12,345")
    seat.type("reference", "SLIP-77")
    seat.click("ok")
    seat.wait_gone("top_up_dialog")
    assert seat.toasts == ["KES 12,345.00 waits for approval by a second person."]
    waiting = town.read(decisions.list_requests, by="lucy")
    assert any("SLIP-77" in each.about and each.can_decide for each in waiting)


def test_a_treasurer_copies_the_books_from_the_window(sit: Sit, tmp_path: Path) -> None:
    seat, copy = sit("grace"), tmp_path / "usb" / "copy.db"
    ask_and_back_up(seat.desk, seat.window)
    chooser = seat.window.findChild(QFileDialog, "export_dialog")
    assert chooser is not None
    chooser.fileSelected.emit(str(copy))
    chooser.close()
    seat.wait(lambda: bool(seat.toasts))
    [told] = seat.toasts
    assert told.startswith("Copied and proven: ")
    assert told.endswith(f"It lies in {copy}.")
    assert manifest_path(copy).exists()


def test_a_treasurer_takes_all_books_out_from_the_window(sit: Sit, tmp_path: Path) -> None:
    seat, packed = sit("grace"), tmp_path / "books.zip"
    ask_and_export(seat.desk, seat.window)
    warning = seat.window.findChild(QMessageBox, "question")
    assert warning is not None
    assert "not encrypted" in warning.text()
    next(one for one in warning.buttons() if one.text() == "Choose where…").click()
    chooser = seat.window.findChild(QFileDialog, "export_dialog")
    assert chooser is not None
    chooser.fileSelected.emit(str(packed))
    chooser.close()
    seat.wait(lambda: bool(seat.toasts))
    assert seat.toasts[0].startswith("Exported ")
    with zipfile.ZipFile(packed) as found:
        assert "lists/members.csv" in found.namelist()
    seat = sit("peter")
    ask_and_export(seat.desk, seat.window)
    refusal = seat.window.findChild(QMessageBox, "message")
    assert refusal is not None
    assert "take all books out" in refusal.text()
    refusal.close()


def test_check_setup_tells_line_by_line(sit: Sit, town: Town) -> None:
    seat = sit("grace")
    dialog = CheckSetupDialog(seat.desk, settings_of(town), seat.window)
    dialog.open()
    seat.wait(lambda: len(dialog.findings) == 9)
    assert "Everything that a payment needs is in order." in said(dialog)
    again = dialog.findChild(QPushButton, "check_again")
    assert again is not None
    again.click()
    assert dialog.findings == ()
    seat.wait(lambda: len(dialog.findings) == 9)
    dialog.reject()


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("tab", ["People", "M-Pesa", "Relay", "Rules"])
def test_nothing_is_cut_or_nameless(sit: Sit, theme: Theme, tab: str, percent: int) -> None:
    seat = sit("ruth")
    seat.window.resize(1366 if percent > 100 else 1024, 697 if percent > 100 else 540)
    theme.set_text_percent(percent)
    tabs = open_settings(seat, tab)
    shown = tabs.currentWidget()
    assert shown is not None
    seat.wait(lambda: "Reading" not in said(shown))
    seat.wait(lambda: bool(said(shown)) and not seat.sees("list_state"))
    assert cut_texts(shown) == []
    assert nameless(shown) == []


OPENERS = {
    "People": ("new_person", "change_roles", "reset_password"),
    "M-Pesa": ("mpesa_change",),
    "Relay": ("enrol_open",),
    "Rules": ("change_rule",),
}
FIRST_ROW = {"People": "Lucy", "Relay": "practice", "Rules": "Wrong passwords"}


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("tab", list(OPENERS))
def test_no_dialog_is_cut_or_nameless(
    sit: Sit, town: Town, theme: Theme, tab: str, percent: int
) -> None:
    seat = sit("ruth")
    theme.set_text_percent(percent)
    open_settings(seat, tab)
    if tab in FIRST_ROW:
        table = {"People": "people", "Relay": "relays", "Rules": "rules"}[tab]
        seat.choose(f"{table}_table", FIRST_ROW[tab])
    if tab == "People":
        lucy = row(town, "lucy")
        town.agreed(people_changes.ask_password, PasswordRequest(lucy.user_id, lucy.version))
        seat.wait(lambda: seat.find("people_table", FrozenTable).current_row().may_type)
    for opener in OPENERS[tab]:
        wait_for(seat, opener)
        seat.click(opener)
        dialog = seat.find("form_area").window()
        assert dialog is not seat.window
        assert cut_texts(dialog) == []
        assert nameless(dialog) == []
        seat.click("close")
        seat.wait_gone("form_area")


def test_the_products_are_told_in_words(sit: Sit) -> None:
    seat = sit("daniel")
    open_settings(seat, "Products")
    seat.choose("products_table", "Group weekly")
    panel = seat.find("panel_body")
    seat.wait(lambda: "Of 3 months or more" in said(panel))
    for wanted in (
        "13 % per year, reducing balance, equal instalments",
        "1.5 % of what is asked, lent with the loan",
        "0.02 % of what is asked, with each instalment",
        "The first 2 instalments have no principal",
        "4 times the deposits, for all loans together",
    ):
        assert wanted in said(panel)
    seat.wait(lambda: cut_texts(seat.window) == [])
    assert nameless(seat.window) == []
