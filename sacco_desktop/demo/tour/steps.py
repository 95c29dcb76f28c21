"""The steps of the tour in order: from a stranger at the door to a loan that is paid, booked and on paper."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.demo.tour import collecting, doubts, lending, paying
from sacco_desktop.demo.tour.visit import Visit

Step = Callable[[Visit], str]

STEPS: tuple[tuple[str, Step], ...] = (
    ("The office is enrolled at the relay and connected to M-Pesa", paying.connected),
    ("Peter, an officer, registers a member", lending.register_member),
    ("A malformed number is refused under its field", lending.refuse_malformed),
    ("Peter takes a cash deposit and gives a receipt", lending.take_deposit),
    ("Peter writes a loan application; the schedule is shown first", lending.apply_for_loan),
    ("Peter appraises the loan and asks the committee", lending.appraise),
    ("Peter cannot approve what he asked for", lending.own_request_is_locked),
    ("Daniel of the committee approves the loan", lending.approve_loan),
    ("Grace, a treasurer, asks for the payout", paying.ask_for_payout),
    ("Lucy, the other treasurer, approves the payout", paying.approve_payout),
    ("Grace sends it with her password", paying.send),
    ("Safaricom's result comes back through the relay", paying.result_arrives),
    ("The books balance and equal Safaricom's ledger", paying.books_balance),
    ("The voucher is previewed and saved", paying.voucher),
    ("A payment breaks off after the money moved: nobody knows", doubts.uncertain),
    ("The clock asks M-Pesa, and the payment settles itself", doubts.settles_itself),
    ("A notice says that another failed: it is checked and not believed", doubts.notice_of_failure),
    ("Grace reads both proofs and decides", doubts.person_decides),
    ("Peter asks a member to pay on the phone", collecting.ask_on_the_phone),
    ("Peter gives a payment without owner to its owner, by keys", collecting.give_to_its_owner),
    ("The books prove themselves", paying.books_are_sound),
)
