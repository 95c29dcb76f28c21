"""What the page Collections works with: the inbox with its reasons, two people above the limit, prompts and lists."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput, SaccoError, SamePerson, WrongState
from sacco_desktop.domain.money_in import Road
from sacco_desktop.domain.savings import Every
from sacco_desktop.services.books import ledger
from sacco_desktop.services.collecting import (
    allocations,
    giving_many,
    many_prompts,
    owner_requests,
    payment_card,
    payment_list,
    prompt_list,
    prompts,
    purpose_choices,
)
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.giving_many import ManyGifts
from sacco_desktop.services.collecting.many_prompts import ManyKind, ManyQuestion
from sacco_desktop.services.collecting.mpesa_receipts import PayerTold
from sacco_desktop.services.collecting.owner_requests import OwnerWish
from sacco_desktop.services.collecting.payment_list import PaymentRow, PaymentsQuestion, Stand
from sacco_desktop.services.collecting.prompts import NewPrompt, SendPrompt
from sacco_desktop.services.membership import members
from sacco_desktop.services.people import member_links
from sacco_desktop.services.people.member_links import MemberLink
from tests import make, make_loans, make_payments_in, make_savings
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office


def _waiting(office: PracticeOffice) -> tuple[PaymentRow, ...]:
    return office.read(payment_list.list_waiting, False).rows


def _balance(office: PracticeOffice, account: str) -> int:
    return office.read(lambda work, _: ledger.balance(work, account), None)


def test_the_inbox_says_why_each_payment_waits_and_what_was_given_shows_both_legs(
    office: PracticeOffice,
) -> None:
    make_payments_in.connect(office)
    jane = make.member(office)
    paid_in = make_payments_in.paid_in
    payer = PayerTold("254712000111", name="OTIENO")
    first = paid_in(office, "SGA1ABCDEF", 10, "otieno loan", payer=payer)
    paid_in(office, "SGA2ABCDEF", 20)
    paid_in(office, "SGA3ABCDEF", 30, "M-9999")
    paid_in(office, "SGA4ABCDEF", 40, f"{jane.number} loan")
    paid_in(office, "SGA5ABCDEF", 50, "L-9999")
    paid_in(office, "SGA6ABCDEF", 60, jane.number, road=Road.C2B)
    paid_in(office, "SGA7ABCDEF", 70, "x")
    paid_in(office, "SGA7ABCDEF", 71, "x", road=Road.C2B)
    rows = _waiting(office)
    assert [(row.stand, row.why.split(".")[0]) for row in rows] == [
        (Stand.NO_OWNER, "‘otieno loan’ names no member or loan for sure"),
        (Stand.NO_OWNER, "No account was typed"),
        (Stand.NO_OWNER, "There is no member M-9999"),
        (Stand.NO_OWNER, f"{jane.number} has no running loan, or more than one"),
        (Stand.NO_OWNER, "There is no loan L-9999"),
        (Stand.UNPROVEN, "Only M-Pesa's notice tells of it"),
        (Stand.DISPUTED, "Two sources tell two sums"),
    ]
    assert (rows[0].payer_name, rows[0].payer_phone) == ("OTIENO", "0712 000 111")
    found = office.read(payment_list.list_waiting, True)
    assert (found.count, found.left_cents) == (7, 280_00)
    # A part of it goes to the deposits, and the rest waits; then the welfare fund has the rest.
    given = make_payments_in.give(office, first, jane, ("deposits", 4_50))
    assert (given.is_asked, given.left_cents) == (False, 5_50)
    row = _waiting(office)[0]
    assert (row.stand, row.left_cents, row.owners) == (
        Stand.PART,
        5_50,
        (f"{jane.full_name}, {jane.number}",),
    )
    make_payments_in.give(office, first, jane, ("welfare", 5_50))
    (row,) = office.read(payment_list.rows_of, (first,))
    assert (row.stand, row.left_cents, row.waits) == (Stand.GIVEN, 0, False)
    card = office.read(payment_card.card, first)
    assert [(part.what, part.cents, part.is_back) for part in card.parts] == [
        ("Deposits", 4_50, False),
        ("Welfare", 5_50, False),
    ]
    entries = [card.entry_number, *(part.entry_number for part in card.parts)]
    assert len(set(entries)) == 3
    assert (card.heard[0].road, row.needs_two) == ("pull", False)
    today = make.day(office)
    lately = office.read(payment_list.list_payments, PaymentsQuestion(today, today))
    assert [row.receipt for row in lately] == [f"SGA{n}ABCDEF" for n in range(7, 0, -1)]
    before = PaymentsQuestion(today - timedelta(days=9), today - timedelta(days=1))
    assert office.read(payment_list.list_payments, before) == ()


def test_a_large_payment_is_given_to_its_owner_by_two_people(office: PracticeOffice) -> None:
    make_payments_in.connect(office)
    jane = make.member(office)
    receipt = make_payments_in.paid_in(office, "SGL1ABCDEF", 120_000, "mama")
    deposits = (Purpose("deposits", jane.member_id, None, 120_000_00),)
    alone = Allocation(make.key(), receipt, deposits)
    with pytest.raises(WrongState, match="another person has to agree"):
        office.write(allocations.allocate, alone, office.peter)
    for wrong, field in ((OwnerWish(alone, " "), "known_by"), (_too_much(alone), "amount")):
        with pytest.raises(InvalidInput) as refused:
            office.write(owner_requests.give, wrong, office.peter)
        assert refused.value.field == field
    wish = OwnerWish(alone, "She rang.")
    asked = office.write(owner_requests.give, wish, office.peter)
    assert asked.is_asked
    assert "Daniel Omondi" in asked.words
    assert office.write(owner_requests.give, wish, office.peter) == asked, "two presses are one"
    assert (_waiting(office)[0].stand, _waiting(office)[0].needs_two) == (Stand.ASKED, True)
    request = make.waiting_request(office, ApprovalKind.RECEIPT_ALLOCATION, receipt)
    with pytest.raises(SaccoError):
        make_savings.agree(office, request, office.peter)
    # Whoever gets some of it cannot be the second person.
    make.agreed(office, member_links.link, MemberLink(office.lucy.user_id, jane.member_id))
    with pytest.raises(SamePerson):
        make_savings.agree(office, request, office.lucy)
    make_savings.agree(office, request, office.daniel)
    assert _balance(office, members.deposits_account(jane.number)) == 120_000_00
    assert (_balance(office, "2150"), _waiting(office)) == (0, ())


def _too_much(of: Allocation) -> OwnerWish:
    (share,) = of.shares
    more = Purpose(share.purpose, share.member_id, None, share.cents + 1)
    return OwnerWish(Allocation(make.key(), of.receipt_id, (more,)), "She rang.")


def test_what_is_due_is_offered_first_and_lists_leave_out_who_may_have_paid(
    office: PracticeOffice,
) -> None:
    make_payments_in.connect(office)
    loan = make_loans.active_loan(office)
    office.clock.advance(days=40)
    (borrower,) = office.read(members.find, loan.member_number)
    stand = office.read(purpose_choices.choices_for, borrower.member_id)
    due = stand.choices[0]
    assert (due.purpose, due.loan_id) == ("loan", loan.loan_id)
    assert due.preset_cents > 0
    assert due.preset_cents % 100 == 0
    assert "deposits" in [one.purpose for one in stand.choices]
    assert not purpose_choices.busy_words(stand)

    today = make.day(office)
    question = ManyQuestion(ManyKind.INSTALMENTS, today)
    (row,) = office.read(many_prompts.to_ask, question)
    assert (row.member_number, row.amount_cents, row.why_not) == (
        loan.member_number,
        due.preset_cents,
        "",
    )
    new = NewPrompt(
        make.key(), row.member_id, row.purpose, row.loan_id, row.phone, row.amount_cents
    )
    order = office.write(prompts.begin, SendPrompt(new, make.route(office, 1)), office.peter)
    (row,) = office.read(many_prompts.to_ask, question)
    assert "is still open on this phone" in row.why_not
    stand = office.read(purpose_choices.choices_for, borrower.member_id)
    assert order.number in purpose_choices.busy_words(stand)
    listed = office.read(prompt_list.list_prompts, False)
    (asked,) = listed.rows
    assert (listed.count, asked.number, asked.what, asked.is_open) == (
        1,
        order.number,
        f"Loan {loan.number}",
        True,
    )
    assert asked.words == "It is being sent to the phone."
    assert office.read(prompt_list.prompts_of, (asked.prompt_id,)) == (asked,)
    # Who is behind with two things is asked for one of them at a time, because a phone shows one prompt.
    for code in ("deposits", "welfare"):
        make_savings.other_terms(office, code, every=Every.WEEK, expected_cents=200_50)
    debtor = make.member(office)
    office.clock.advance(days=30)
    today = make.day(office)
    behind = office.read(many_prompts.to_ask, ManyQuestion(ManyKind.CONTRIBUTIONS, today))
    of_one = [row for row in behind if row.member_id == debtor.member_id]
    assert [(row.what, bool(row.why_not)) for row in of_one] == [
        ("Deposits", False),
        ("Welfare", True),
    ]
    assert of_one[0].amount_cents % 100 == 0
    late = ManyQuestion(ManyKind.INSTALMENTS, today + timedelta(days=40))
    with pytest.raises(InvalidInput, match="days ahead"):
        office.read(many_prompts.to_ask, late)


def test_several_payments_go_at_once_to_whom_each_names_for_sure(office: PracticeOffice) -> None:
    make_payments_in.connect(office)
    jane, amina = make.member(office), make.member(office)
    hashed = PayerTold(hash=hashlib.sha256(amina.phone.encode()).hexdigest())
    paid_in = make_payments_in.paid_in
    no_such_product = f"{jane.number} party"
    by_account = paid_in(office, "SGM1ABCDEF", 10, f"{jane.number} loan")
    by_phone = paid_in(office, "SGM2ABCDEF", 20, "party", payer=PayerTold(jane.phone))
    by_hash = paid_in(office, "SGM3ABCDEF", 30, "party", payer=hashed)
    of_two = paid_in(office, "SGM4ABCDEF", 40, f"{jane.number} loan", payer=hashed)
    of_nobody = paid_in(office, "SGM5ABCDEF", 50, no_such_product)
    large = paid_in(office, "SGM6ABCDEF", 150_000, f"{jane.number} loan")
    ids = (by_account, by_phone, by_hash, of_two, of_nobody, large)
    named = office.read(giving_many.named_by, ids)
    assert [one.member_id for one in named] == [
        jane.member_id,
        jane.member_id,
        amina.member_id,
        None,
        None,
        jane.member_id,
    ]
    assert named[0].words == f"{jane.full_name}, {jane.number}, by the account"
    gifts = ManyGifts(make.key(), ids, "deposits")
    done = office.write(giving_many.give, gifts, office.peter)
    assert (done.given, done.asked) == (3, 1)
    assert [receipt for receipt, _why in done.refused] == ["SGM4ABCDEF", "SGM5ABCDEF"]
    assert done.words == (
        "3 given to their owners, 1 wait for another person, 2 stay without owner."
    )
    assert office.write(giving_many.give, gifts, office.peter) == done, "two presses are one"
    assert _balance(office, members.deposits_account(jane.number)) == 30_00
    assert _balance(office, members.deposits_account(amina.number)) == 30_00
    loans = ManyGifts(make.key(), (of_nobody,), "loan")
    assert office.write(giving_many.give, loans, office.peter).given == 0
