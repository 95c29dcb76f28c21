"""The tour's steps of doubt: a payment that settles itself, and one on which a person decides."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from sacco_desktop.demo.practice_office import PASSWORD
from sacco_desktop.demo.scenes import LoanScene, Scenes
from sacco_desktop.demo.tour.proofs import require
from sacco_desktop.demo.tour.visit import Visit

# After a doubt the clock asks for the first time when a minute has passed.
_UNTIL_ASKED_MINUTES = 2


def uncertain(visit: Visit) -> str:
    """The connection is cut after Safaricom paid, and its result is lost on the way."""
    safaricom = visit.practice.safaricom
    safaricom.arm("drop_after_taking")
    safaricom.arm("result_lost")
    row = Scenes(visit.practice).sent(LoanScene("M-0002", 30_000_00, 6, "Sewing machine"))
    visit.facts["doubt"] = row.number
    visit.open_tab("in_flight")
    visit.hands.find(f"payout_card_{row.number}")
    visit.picture("not-sure")
    status = _attempt_status(visit, row.number)
    require("the doubt is a doubt", status == "unknown")
    paid = [t for t in safaricom.transactions if t.phone == row.phone]
    require("Safaricom has paid once", len(paid) == 1 and paid[0].receipt)
    entries = visit.sources.one(
        "SELECT count(*) FROM journal_entry WHERE kind = 'loan_disbursement'"
    )
    require("no entry without proof", entries[0] == 1)
    return f"{row.number} is {status} in the file, though Safaricom paid it once; nothing is booked yet"


def settles_itself(visit: Visit) -> str:
    """Nobody touches anything: the clock asks M-Pesa, and the answer proves the payment."""
    number = visit.facts["doubt"]
    card = visit.hands.find(f"payout_card_{number}")
    told = " ".join(label.text() for label in card.findChildren(QLabel))
    require("the card says that we ask by ourselves", "by ourselves" in told)
    visit.clock.pass_minutes(_UNTIL_ASKED_MINUTES)
    visit.front.clock.tick()
    visit.hands.wait_for("the answer in the books", lambda: _payout_status(visit, number) == "paid")
    visit.hands.wait_for(
        "the card to say so",
        lambda: "Paid" in visit.hands.find(f"payout_card_{number}").accessibleName(),
    )
    visit.picture("settled-by-itself")
    receipt, entry = visit.sources.one(
        "SELECT receipt, entry_number FROM payout WHERE number = ?", number
    )
    asked = visit.sources.one(
        "SELECT count(*) FROM status_question q JOIN payout_attempt a ON a.id = q.attempt_id"
        " JOIN payout p ON p.id = a.payout_id WHERE p.number = ?",
        number,
    )
    require("the clock has asked", asked[0] >= 1)
    taken = visit.sources.safaricom()["transactions"]
    require("two payments in all", len(taken) == 2)
    require("the same receipt", receipt in {t["receipt"] for t in taken})
    return f"receipt {receipt}, entry {entry}; Safaricom's ledger still holds one payment for it"


def notice_of_failure(visit: Visit) -> str:
    """A notice alone proves nothing: it is shown as a claim, and M-Pesa is asked back."""
    scene = LoanScene("M-0003", 25_000_00, 6, "Roof of the shop")
    safaricom = visit.practice.safaricom
    safaricom.set_outcome("254722908114", "2040")
    row = Scenes(visit.practice).sent(scene)
    visit.facts["failed"] = row.number
    visit.hands.find(f"payout_card_{row.number}")
    visit.picture("failed-checking")
    status, claim = visit.sources.one(
        "SELECT a.status, a.claim FROM payout_attempt a JOIN payout p ON p.id = a.payout_id"
        " WHERE p.number = ?",
        row.number,
    )
    require("a claim and no certainty", (status, claim) == ("unknown", "failed"))
    visit.click_in(f"payout_card_{row.number}", "safe_action")

    def is_agreed() -> bool:
        found = visit.sources.one(
            "SELECT count(*) FROM payout_attempt a JOIN payout p ON p.id = a.payout_id"
            " WHERE p.number = ? AND a.agreed_at IS NOT NULL",
            row.number,
        )
        return bool(found[0])

    visit.hands.wait_for("M-Pesa's answer to the question", is_agreed)
    require("still not booked as failed", _attempt_status(visit, row.number) == "unknown")
    return f"{row.number} is {status}, claimed {claim}; M-Pesa was asked back and agrees; a person decides"


def person_decides(visit: Visit) -> str:
    """Notice and answer came by one relay, so a treasurer reads both; then two people approve anew."""
    number = visit.facts["failed"]
    visit.hands.wait_for(
        "the action to be offered",
        lambda: "Confirm" in visit.words_of(f"payout_card_{number}", "safe_action"),
    )
    visit.click_in(f"payout_card_{number}", "safe_action")
    visit.hands.find("confirm_failed_dialog")
    visit.hands.type_into("reason", "The notice and M-Pesa's answer say the same.")
    visit.hands.type_into("password", PASSWORD)
    visit.picture("confirm-failed")
    visit.hands.click("ok")
    visit.hands.wait_for(
        "the failure in the books", lambda: _attempt_status(visit, number) == "failed"
    )
    visit.hands.gone("confirm_failed_dialog")
    status = _payout_status(visit, number)
    require("two people must approve anew", status == "draft")
    taken = visit.sources.safaricom()["transactions"]
    require("no third payment", len([t for t in taken if t["receipt"]]) == 2)
    who = visit.sources.one(
        "SELECT full_name FROM audit_row WHERE subject = ? AND action = 'booked a failed payout'",
        number,
    )
    return f"booked as failed by {who[0]}; {number} is a {status} again and nothing was paid"


def _payout_status(visit: Visit, number: str) -> str:
    return str(visit.sources.one("SELECT status FROM payout WHERE number = ?", number)[0])


def _attempt_status(visit: Visit, number: str) -> str:
    found = visit.sources.one(
        "SELECT a.status FROM payout_attempt a JOIN payout p ON p.id = a.payout_id"
        " WHERE p.number = ?",
        number,
    )
    return str(found[0])
