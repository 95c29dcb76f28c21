"""Prompts on members' phones: written down before M-Pesa is asked, one open per phone, and what M-Pesa said at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from callback_relay.protocol.tag import request_tag
from sacco_desktop.db.tables import Command, MpesaReceipt, Prompt
from sacco_desktop.domain import prompts
from sacco_desktop.domain.account_references import write_reference
from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import normalise_phone
from sacco_desktop.domain.prompts import OPEN_PROMPTS, PromptStatus
from sacco_desktop.domain.receipt_purposes import FINES, LOAN, LOAN_FEES, REGISTRATION
from sacco_desktop.services.books import audit, commands, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import purpose_posting, purposes
from sacco_desktop.services.collecting.purposes import Purpose, PurposeChoice
from sacco_desktop.services.lending import loan_fees, loans, repayment_checks
from sacco_desktop.services.membership import joining_fees, members
from sacco_desktop.services.messages import notices
from sacco_desktop.services.office import mpesa_connections, society
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.savings import savings_products
from sacco_desktop.services.sending.payout_sending import Route, WireTrace

# What M-Pesa itself asks for in one prompt.
LEAST_CENTS, MOST_CENTS = 1_00, 250_000_00
# Phones show only a few letters of what a payment is for.
_ON_PHONE = {LOAN: "Loan", LOAN_FEES: "Loan fees", FINES: "Fines", REGISTRATION: "Joining"}
_OPEN = tuple(status.value for status in OPEN_PROMPTS)


@dataclass(frozen=True, slots=True)
class NewPrompt:
    """Ask somebody to pay by phone, in cents. The purpose is one of `purposes.purposes_for`: a loan or its fees with
    the loan, a registration fee with the application, which may be of nobody who is a member yet. `key` is made when
    the dialog opens.
    """

    key: str
    member_id: int | None
    purpose: str
    loan_id: int | None
    phone: str = field(repr=False)
    amount_cents: int
    application_id: int | None = None

    @property
    def share(self) -> Purpose:
        """What the money will be for."""
        ids = (self.purpose, self.member_id, self.loan_id, self.amount_cents)
        return Purpose(*ids, self.application_id)


@dataclass(frozen=True, slots=True)
class SendPrompt:
    """Send this prompt now; its answer shall come by this route."""

    new: NewPrompt
    route: Route


@dataclass(frozen=True, slots=True)
class PromptOrder:
    """A prompt as committed; `tag` is the secret end of the address for its answer. One that is not new was asked for
    before by the same dialog, and M-Pesa is not called again.
    """

    prompt_id: int
    number: str
    phone: str = field(repr=False)
    amount_shillings: int
    reference: str
    description: str
    tag: str = field(repr=False)
    is_new: bool


class PromptTold(StrEnum):
    """What M-Pesa's immediate answer proves."""

    ACCEPTED = "accepted"
    NOT_ASKED = "not_asked"  # Surely nothing came to the phone.
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class PromptAnswered:
    """M-Pesa's immediate answer to a prompt."""

    prompt_id: int
    told: PromptTold
    words: str
    trace: WireTrace
    merchant_request_id: str = ""
    checkout_request_id: str = ""


def preset(work: Work, asked: tuple[int, str, int | None]) -> PurposeChoice:
    """The choice for a member, a purpose and a loan, with the sum that a prompt asks for. Raises InvalidInput when the
    member's money cannot be for that now.
    """
    member_id, purpose, loan_id = asked
    for choice in purposes.purposes_for(work, member_id):
        if (choice.purpose, choice.loan_id) == (purpose, loan_id):
            return choice
    raise InvalidInput("Choose what the money is for.", "purpose")


def begin(work: Work, given: SendPrompt) -> PromptOrder:
    """Write a prompt down before it goes out, once. Raises InvalidInput, NotFound, and WrongState while the phone is
    not free.
    """
    work.allow_one_of(Act.TAKE_DEPOSIT, Act.TAKE_REPAYMENT)
    new, route = given.new, given.route
    work.allow(Act.TAKE_REPAYMENT if new.purpose == LOAN else Act.TAKE_DEPOSIT)
    is_new = work.session.get(Command, new.key) is None
    answer = commands.once(work, new.key, "prompt", new, lambda: _begin(work, new, route))
    row = work.session.get_one(Prompt, answer["prompt_id"])
    return PromptOrder(
        row.id,
        row.number,
        row.phone,
        row.amount_cents // 100,
        row.reference,
        _ON_PHONE.get(row.purpose) or purposes.name_of(work, row.purpose),
        row.tag,
        is_new,
    )


def _begin(work: Work, new: NewPrompt, route: Route) -> dict[str, Any]:
    prompts.check_amount(new.amount_cents, LEAST_CENTS, MOST_CENTS)
    phone = normalise_phone(new.phone)
    account = _account(work, new)
    _check_free(work, phone, new.amount_cents)
    number = f"Q-{numbering.next_in(work, 'prompt'):04d}"
    # Restored books count anew, so the moment keeps two prompts of one number apart.
    intent = f"prompt/{society.books_id(work)}/{number}/{work.now.isoformat()}"
    row = Prompt(
        number=number,
        member_id=new.member_id,
        loan_id=new.loan_id,
        application_id=new.application_id,
        purpose=new.purpose,
        phone=phone,
        amount_cents=new.amount_cents,
        reference=account,
        shortcode=mpesa_connections.current(work).shortcode,
        relay_id=route.relay_id,
        tag=request_tag(route.tag_key, route.relay_host, "stk", intent),
        status=PromptStatus.SENDING.value,
        words="",
        asked_by=work.actor.user_id,
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    detail: audit.Detail = {"purpose": new.purpose, "cents": new.amount_cents, "account": account}
    audit.record(work, "asked a member to pay by phone", number, detail)
    work.changed(Topic.SAVINGS)
    # The phone stays where it is sealed, so what is kept of the command only names the row.
    return {"prompt_id": row.id}


def _account(work: Work, new: NewPrompt) -> str:
    """What the phone shows as the account."""
    purpose_posting.check(new.share)
    if new.purpose == REGISTRATION:
        return write_reference(
            joining_fees.owing(work, new.application_id or 0).number, new.purpose
        )
    member = members.load(work, new.member_id or 0)
    if new.loan_id is not None:
        loan = loans.load(work, new.loan_id)
        if loan.member_id != member.id:
            raise InvalidInput(f"{loan.number} is another member's loan.", "purpose")
        if new.purpose == LOAN_FEES:
            return write_reference(loan_fees.owing(work, loan.id).number, LOAN_FEES)
        if loan.status != "written_off":
            repayment_checks.running(work, loan.id)
        return write_reference(loan.number, LOAN)
    if not belongs(member.status):
        raise WrongState(f"{member.number} has left the society and pays in no more.")
    if new.purpose != FINES:
        product = savings_products.product_named(work, new.purpose)
        if not product.terms.is_open:
            raise InvalidInput(f"{product.terms.name} takes no more money.", "purpose")
    elif not penalty_rows.fines_of(work, member.id):
        raise WrongState(f"{member.number} owes no fines.")
    return write_reference(member.number, new.purpose)


def _check_free(work: Work, phone: str, amount_cents: int) -> None:
    """One prompt at a time on a phone, and a pause after it: M-Pesa refuses the second, or takes it for a repeat."""
    last = work.session.scalar(
        select(Prompt).where(Prompt.phone == phone).order_by(Prompt.id.desc()).limit(1)
    )
    # One from the future was asked before the clock was put back.
    if last is None or last.asked_at > work.now:
        return
    if last.status in _OPEN:
        raise WrongState(f"{last.number} is still open on this phone. Wait until it has ended.")
    free_at = prompts.free_at(last.asked_at, last.amount_cents, amount_cents)
    if work.now < free_at:
        raise WrongState(f"This phone was asked just now. Ask again at {format_time(free_at)}.")


def record_answer(work: Work, answered: PromptAnswered) -> None:
    """Keep M-Pesa's immediate answer, unless the notice was quicker."""
    work.allow_one_of(Act.TAKE_DEPOSIT, Act.TAKE_REPAYMENT, Act.FOLLOW_UP)
    row = work.session.get_one(Prompt, answered.prompt_id)
    row.http_status, row.answer = answered.trace.http_status, answered.trace.answer
    learn_ids(row, answered.merchant_request_id, answered.checkout_request_id)
    if row.status in (PromptStatus.SENDING.value, PromptStatus.UNKNOWN.value):
        if answered.told is PromptTold.ACCEPTED:
            move(work, row, PromptStatus.WAITING, "The member is asked on the phone.")
            row.next_question_at = prompts.next_question_at(row.asked_at, 0, work.now)
        elif answered.told is PromptTold.NOT_ASKED:
            move(work, row, PromptStatus.FAILED, answered.words)
        elif row.status != PromptStatus.UNKNOWN.value:
            words = f"{answered.words} It may be on the phone all the same."
            move(work, row, PromptStatus.UNKNOWN, words)
    work.session.flush()


def learn_ids(row: Prompt, merchant: str, checkout: str) -> None:
    """Keep M-Pesa's ids of a prompt where none are known yet."""
    if row.checkout_request_id is None and checkout:
        row.checkout_request_id, row.merchant_request_id = checkout, merchant


def move(work: Work, row: Prompt, new: PromptStatus, words: str) -> None:
    """Move a prompt by the table of moves. Raises WrongState for a move that is not in it."""
    old = PromptStatus(row.status)
    if old is not new:
        prompts.check_prompt_move(old, new)
        row.status = new.value
        row.ended_at = None if new in OPEN_PROMPTS else work.now
        if new not in OPEN_PROMPTS and new is not PromptStatus.PAID:
            row.next_question_at = None
    row.words = words
    row.version += 1
    work.session.flush()
    # Out of SENDING it failed because M-Pesa did not take it, and no phone was asked.
    if new is PromptStatus.FAILED and old is not new and old is not PromptStatus.SENDING:
        name = "" if row.purpose == LOAN else purposes.name_of(work, row.purpose)
        notices.prompt_failed(work, row, name)
    work.changed(Topic.SAVINGS)


@dataclass(frozen=True, slots=True)
class PromptRow:
    """A prompt as a page shows it, in cents. `receipt` is empty while it is not known."""

    prompt_id: int
    number: str
    member_id: int | None
    purpose: str
    amount_cents: int
    status: PromptStatus
    words: str
    receipt: str
    asked_at: datetime
    free_at: datetime


def row_of(work: Work, prompt_id: int) -> PromptRow:
    """One prompt as it stands now."""
    work.allow(Act.LOOK)
    row = work.session.get_one(Prompt, prompt_id)
    receipt = ""
    if row.receipt_id is not None:
        receipt = work.session.get_one(MpesaReceipt, row.receipt_id).receipt
    return PromptRow(
        row.id,
        row.number,
        row.member_id,
        row.purpose,
        row.amount_cents,
        PromptStatus(row.status),
        row.words,
        receipt,
        row.asked_at,
        prompts.free_at(row.asked_at, row.amount_cents, row.amount_cents),
    )
