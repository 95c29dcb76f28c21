"""The tour's steps of money: the request, the second approver, the payment, its result, the books, the voucher."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from sacco_desktop.demo.practice_office import PASSWORD
from sacco_desktop.demo.tour.proofs import pdf_text, require
from sacco_desktop.demo.tour.visit import Visit

_UTILITY, _CHARGES = "1031", "1032"


def connected(visit: Visit) -> str:
    """The relay's own words about this office, and a token from M-Pesa."""
    feed = visit.sources.feed()
    kinds = sorted({str((entry.system or {}).get("type")) for entry in feed})
    require("a device and a token in the feed", {"device-added", "token-added"} <= set(kinds))
    require("a token was issued", visit.practice.safaricom.tokens_issued > 0)
    return f"the relay's feed says {', '.join(kinds)}; Safaricom issued a token"


def ask_for_payout(visit: Visit) -> str:
    """The treasurer sees gross, deductions and net, and asks a second person."""
    visit.sign_in("grace")
    visit.open_page("loans")
    visit.choose_row("loans_table", visit.facts["loan"])
    visit.hands.click("ask_payout")
    visit.hands.find("payout_request_dialog")
    visit.picture("ask-for-payout")
    visit.hands.click("ok")
    visit.hands.gone("payout_request_dialog")
    number, status, net, mpesa, deposits = visit.sources.one(
        "SELECT number, status, net_cents, mpesa_cents, deposits_cents FROM payout"
    )
    require("a draft", status == "draft")
    visit.facts["payout"] = number
    return (
        f"{number} is a draft of {net / 100:,.2f}: {mpesa / 100:,.2f} by M-Pesa,"
        f" {deposits / 100:,.2f} to deposits; nothing sent"
    )


def approve_payout(visit: Visit) -> str:
    """The second person approves exactly this content."""
    visit.sign_in("lucy")
    visit.open_page("approvals")
    visit.choose_row("approvals_table", visit.facts["loan"])
    visit.approve("approve-payout")
    bound, asked, who, status = visit.sources.one(
        "SELECT p.fingerprint, a.full_name, d.full_name, p.status FROM payout p"
        " JOIN approval_request r ON r.kind = 'payout' AND r.subject_id = p.id"
        " AND r.fingerprint = p.fingerprint"
        " JOIN approval_decision v ON v.request_id = r.id"
        " JOIN user_account a ON a.id = r.asked_by JOIN user_account d ON d.id = v.decided_by"
    )
    require("two people", who != asked)
    require("approved", status == "approved")
    return f"asked by {asked}, approved by {who}, bound to {bound[:12]}…"


def send(visit: Visit) -> str:
    """Safaricom's ledger holds the id that the file had committed before the call."""
    visit.sign_in("grace")
    visit.open_page("payouts")
    visit.tick_row("to_send_table", visit.facts["payout"])
    visit.hands.click("pay_open")
    visit.hands.find("pay_dialog")
    visit.hands.type_into("password", PASSWORD)
    visit.picture("pay")
    visit.hands.click("ok")
    safaricom = visit.practice.safaricom
    visit.hands.wait_for("a payment at Safaricom", lambda: len(safaricom.transactions) == 1)
    own_id, tag = visit.sources.one("SELECT originator_conversation_id, tag FROM payout_attempt")
    taken = visit.sources.safaricom()["transactions"]
    require("one payment under our id", [t["originator_id"] for t in taken] == [own_id])
    notes = [entry for entry in visit.sources.feed() if entry.kind == "note"]
    require("the intent at the relay", any(own_id.encode() in note.body for note in notes))
    visit.facts["id"], visit.facts["tag"] = own_id, tag
    return f"OriginatorConversationID {own_id} in the file, in the relay's note and at Safaricom"


def result_arrives(visit: Visit) -> str:
    """The window hears of it by itself; receipt and id are the same in three places."""
    visit.hands.wait_for("the result in the books", lambda: _status(visit) == "paid")
    visit.close_dialog("pay_dialog")
    visit.open_tab("in_flight")
    card = f"payout_card_{visit.facts['payout']}"
    visit.hands.wait_for(
        "the card to say so", lambda: "Paid" in visit.hands.find(card).accessibleName()
    )
    visit.picture("paid")
    receipt, entry, evidence = visit.sources.one(
        "SELECT receipt, entry_number, evidence FROM payout WHERE number = ?", visit.facts["payout"]
    )
    results = [e for e in visit.sources.feed() if e.tag == visit.facts["tag"]]
    require("one result at our own address", len(results) == 1)
    require("the receipt in the callback", str(receipt).encode() in results[0].body)
    taken = visit.sources.safaricom()["transactions"][0]
    require("the receipt at Safaricom", taken["receipt"] == receipt)
    visit.facts["receipt"], visit.facts["entry"] = receipt, str(entry)
    return f"receipt {receipt} in the file, the callback and Safaricom's ledger; entry {entry}, {evidence}"


def _status(visit: Visit) -> str:
    number = visit.facts["payout"]
    return str(visit.sources.one("SELECT status FROM payout WHERE number = ?", number)[0])


def books_balance(visit: Visit) -> str:
    """Every account added up from the postings, and the utility account compared with Safaricom's."""
    debit, credit = visit.sources.one(
        "SELECT sum(p.debit_cents), sum(p.credit_cents) FROM posting p"
        " JOIN journal_entry e ON e.id = p.entry_id WHERE e.posted_at IS NOT NULL"
    )
    require("debits equal credits", debit == credit)
    accounts = visit.sources.safaricom()["accounts_cents"]
    books = _balance(visit, _UTILITY)
    require(f"utility {books} = {accounts['utility']}", books == accounts["utility"])
    status = visit.sources.one("SELECT status FROM loan WHERE number = ?", visit.facts["loan"])[0]
    rows = visit.sources.one("SELECT count(*) FROM loan_instalment")[0]
    require("an active loan with its schedule", (status, rows) == ("active", 12))
    return (
        f"debits = credits = {debit / 100:,.2f}; utility {books / 100:,.2f} in the books and at"
        f" Safaricom; {visit.facts['loan']} is active with {rows} instalments"
    )


def _balance(visit: Visit, code: str) -> int:
    found = visit.sources.one(
        "SELECT sum(p.debit_cents) - sum(p.credit_cents) FROM posting p"
        " JOIN account a ON a.id = p.account_id WHERE a.code = ?",
        code,
    )
    return int(found[0] or 0)


def voucher(visit: Visit) -> str:
    """The paper is read back from its file."""
    visit.open_tab("done")
    visit.choose_row("done_table", visit.facts["payout"])
    visit.hands.click("voucher_open")
    visit.hands.find("paper_view")
    page = visit.hands.find("page_1", QLabel)
    visit.hands.wait_for("the drawn page", lambda: not page.pixmap().isNull())
    visit.picture("voucher")
    path = visit.save_paper("voucher.pdf")
    visit.close_paper()
    text = pdf_text(path)
    for wanted in (visit.facts["receipt"], visit.facts["payout"], "Lucy Chebet", "Daniel Omondi"):
        require(f"{wanted} on the voucher", wanted in text)
    return f"{path.name} names receipt {visit.facts['receipt']}, Grace, Daniel and Lucy"


def books_are_sound(visit: Visit) -> str:
    """The program's own proof, and both ledgers once more."""
    from sacco_desktop.services.books.work import CLOCK
    from sacco_desktop.services.proof.verify import verify

    proof = visit.practice.office.books.read(verify, None, actor=CLOCK)
    require(f"sound books: {proof.faults}", proof.is_sound)
    books, theirs = _balance(visit, _UTILITY), visit.sources.safaricom()["accounts_cents"]
    require("both ledgers agree", books == theirs["utility"])
    require("money conserved at Safaricom", visit.practice.safaricom.is_conserved)
    return (
        f"{proof.entries} entries, {proof.postings} postings, {proof.audit_rows} audit rows, head"
        f" {proof.head_hash[:12]}…; utility {books / 100:,.2f} on both sides"
    )
