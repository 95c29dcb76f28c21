"""The tour's steps up to an approved loan: a member, a deposit, an application, an appraisal, an approval."""

from __future__ import annotations

from sacco_desktop.demo.tour.proofs import require
from sacco_desktop.demo.tour.visit import Visit

_PHONE_TYPED, _PHONE = "0722 555 019", "254722555019"
LOAN_SHILLINGS, INSTALMENTS = "50,000", "12"


def register_member(visit: Visit) -> str:
    """Fill in the form and read the member's row from the file."""
    visit.sign_in("peter")
    visit.open_page("members")
    visit.picture("members")
    _open_new_member(visit)
    visit.picture("new-member")
    visit.hands.click("ok")
    visit.hands.gone("new_member_dialog")
    number, first, last, phone = visit.sources.one(
        "SELECT number, first_name, last_name, phone FROM member WHERE national_id = ?", "31445566"
    )
    require("the name as typed", (first, last) == ("Wambui", "Mwangi"))
    require(f"the phone as 12 digits, not {phone}", phone == _PHONE)
    visit.facts["member"] = number
    return f"the file holds {number} {first} {last}, phone {phone}"


def _open_new_member(visit: Visit) -> None:
    visit.hands.click("members_new")
    visit.hands.find("new_member_dialog")
    for field, text in (
        ("first_name", "Wambui"),
        ("last_name", "Mwangi"),
        ("national_id", "31445566"),
        ("phone", _PHONE_TYPED),
    ):
        visit.hands.type_into(field, text)


def refuse_malformed(visit: Visit) -> str:
    """A phone with letters in it is told under the field, and nothing is stored."""
    before = visit.sources.one("SELECT count(*) FROM member")
    visit.hands.click("members_new")
    visit.hands.find("new_member_dialog")
    for field, text in (
        ("first_name", "Nobody"),
        ("last_name", "Known"),
        ("national_id", "99887766"),
        ("phone", "07I2 34S 678"),
    ):
        visit.hands.type_into(field, text)
    visit.hands.click("ok")
    visit.hands.wait_for("a sentence under the phone", lambda: bool(visit.error_under("phone")))
    words = visit.error_under("phone")
    visit.picture("malformed-phone")
    # By the button: Esc would first say that what was typed is lost.
    visit.hands.click("close")
    visit.hands.gone("new_member_dialog")
    require("no row was written", visit.sources.one("SELECT count(*) FROM member") == before)
    return f"the window says “{words}” and the file has no new row"


def take_deposit(visit: Visit) -> str:
    """Choose the member's row, take the money, and read the entry from the file."""
    visit.choose_row("members_table", visit.facts["member"])
    visit.hands.click("take_deposit")
    visit.hands.find("take_deposit_dialog")
    visit.hands.type_into("amount", "20,000")
    visit.picture("take-deposit")
    visit.hands.click("ok")
    visit.hands.gone("take_deposit_dialog")
    visit.close_paper()
    number, reference = visit.sources.one(
        "SELECT number, reference FROM journal_entry WHERE kind = 'cash_deposit'"
        " AND posted_at IS NOT NULL ORDER BY number DESC LIMIT 1"
    )
    lines = visit.sources.rows(
        "SELECT a.code, p.debit_cents, p.credit_cents FROM posting p"
        " JOIN account a ON a.id = p.account_id JOIN journal_entry e ON e.id = p.entry_id"
        " WHERE e.number = ? ORDER BY p.line",
        number,
    )
    owner = f"2010.{visit.facts['member']}"
    require(
        f"cash and deposits, not {lines}",
        [tuple(line) for line in lines]
        == [
            ("1010", 2_000_000, 0),
            (owner, 0, 2_000_000),
        ],
    )
    return f"entry {number}, receipt {reference}: DR 1010 20,000.00 CR {owner} 20,000.00"


def apply_for_loan(visit: Visit) -> str:
    """The schedule stands in the form before anybody agrees; the terms are copied to the loan."""
    visit.open_page("loans")
    visit.hands.click("loans_new")
    visit.hands.find("new_loan_dialog")
    visit.pick_member("member", visit.facts["member"])
    visit.hands.type_into("amount", LOAN_SHILLINGS)
    visit.hands.type_into("instalments", INSTALMENTS)
    visit.hands.type_into("purpose", "Stock for the shop")
    visit.hands.find("schedule")
    visit.picture("new-loan-with-schedule")
    visit.hands.click("ok")
    visit.hands.gone("new_loan_dialog")
    number, status, cents, net = visit.sources.one(
        "SELECT number, status, amount_cents, net_cents FROM loan"
    )
    require("a submitted loan of 50,000.00", (status, cents) == ("submitted", 5_000_000))
    visit.facts["loan"] = number
    return f"{number} is submitted, gross 50,000.00, net {net / 100:,.2f}"


def appraise(visit: Visit) -> str:
    """The officer's note goes with the request to the committee."""
    visit.choose_row("loans_table", visit.facts["loan"])
    visit.hands.click("appraise")
    visit.hands.find("appraise_dialog")
    visit.hands.type_into("note", "Shop seen on Monday; repays from sales. I recommend it.")
    visit.picture("appraise")
    visit.hands.click("ok")
    visit.hands.gone("appraise_dialog")
    fingerprint, status = visit.sources.one(
        "SELECT fingerprint, status FROM approval_request WHERE kind = 'loan'"
    )
    require("a waiting request", status == "waiting")
    return f"a request waits, bound to the content with fingerprint {fingerprint[:12]}…"


def own_request_is_locked(visit: Visit) -> str:
    """The maker sees the request without a way to approve it."""
    visit.open_page("approvals")
    visit.hands.click("saved_all")
    visit.choose_row("approvals_table", visit.facts["loan"])
    visit.picture("own-request")
    require("no way to approve one's own request", not visit.can_click("approve_open"))
    decided = visit.sources.one("SELECT count(*) FROM approval_decision WHERE decided_by <> 0")
    return (
        f"no Approve for Peter; the file's decisions are still those of the opening: {decided[0]}"
    )


def approve_loan(visit: Visit) -> str:
    """Another person decides, with the password, and the file says who."""
    visit.sign_in("daniel")
    visit.open_page("approvals")
    visit.choose_row("approvals_table", visit.facts["loan"])
    visit.approve("approve-loan")
    who, asked = visit.sources.one(
        "SELECT d.full_name, a.full_name FROM approval_decision v"
        " JOIN approval_request r ON r.id = v.request_id AND r.kind = 'loan'"
        " JOIN user_account d ON d.id = v.decided_by JOIN user_account a ON a.id = r.asked_by"
    )
    require("maker and checker differ", who != asked)
    status = visit.sources.one("SELECT status FROM loan WHERE number = ?", visit.facts["loan"])[0]
    require("the loan is approved", status == "approved")
    return f"asked by {asked}, approved by {who}; {visit.facts['loan']} is {status}"
