"""What a payment to the paybill is for: by its prompt, by the account that was typed, or by a person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import MpesaReceipt, ReceiptAllocation
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput, NotFound, SaccoError, WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import aliases, mpesa_receipts, purpose_posting, routing
from sacco_desktop.services.collecting.purpose_posting import Payment
from sacco_desktop.services.collecting.purposes import Purpose as Purpose
from sacco_desktop.services.office import payout_terms, society
from sacco_desktop.services.savings import payout_cover

# The purpose of payouts that pay unallocated receipts back.
_REFUND = "receipt_refund"


@dataclass(frozen=True, slots=True)
class Allocation:
    """A person says what a payment is for, whole or in parts. `key` is made when the dialog opens. With `learns` the
    program remembers whom these words of this payer mean, where the whole payment has one purpose.
    """

    key: str
    receipt_id: int
    shares: tuple[Purpose, ...]
    learns: bool = True


@dataclass(frozen=True, slots=True)
class Allocated:
    """What it became: the numbers of our receipts, and what is left without a purpose, in cents."""

    slips: str
    left_cents: int


def allocate(work: Work, given: Allocation) -> Allocated:
    """Give a payment its purposes by hand, once. Raises InvalidInput, NotFound, WrongState.

    What only a notice claims may be given a purpose only where the society says so.
    """
    work.allow(Act.TAKE_DEPOSIT)
    if not given.shares:
        raise InvalidInput("Say what the payment is for.", "purpose")
    answer = commands.once(
        work, given.key, "receipt allocation", given, lambda: _by_hand(work, given)
    )
    return Allocated(**answer)


def _by_hand(work: Work, given: Allocation) -> dict[str, object]:
    row = load(work, given.receipt_id)
    if needs_two(work, row):
        raise WrongState(
            f"{row.receipt} is above {format_kes(_alone_up_to(work))}, so another person has to agree whose it is. Ask"
            " for that on the page Collections."
        )
    return _share(work, row, given.shares, learns=given.learns)


def allocate_agreed(work: Work, receipt_id: int, shares: tuple[Purpose, ...]) -> None:
    """Give a payment the purposes to which two people agreed. Raises InvalidInput, WrongState."""
    work.allow_one_of(Act.APPROVE_PAYOUT, Act.TAKE_DEPOSIT)
    _share(work, load(work, receipt_id), shares)


def _share(
    work: Work, row: MpesaReceipt, shares: tuple[Purpose, ...], *, learns: bool = True
) -> dict[str, object]:
    check_can_be_given(work, row)
    slips = [_post(work, row, share, "person") for share in shares]
    if learns and [share.cents for share in shares] == [row.amount_cents]:
        aliases.learn(work, row, shares[0])
    _end(work, row)
    return {"slips": ", ".join(slips), "left_cents": mpesa_receipts.left_cents(work, row.id)}


def load(work: Work, receipt_id: int) -> MpesaReceipt:
    """The payment's row. Raises NotFound."""
    row = work.session.get(MpesaReceipt, receipt_id)
    if row is None:
        raise NotFound("There is no such payment.")
    return row


def needs_two(work: Work, row: MpesaReceipt) -> bool:
    """Whether two people have to agree whose this payment is. The whole payment counts, so that parts are no way round
    it.
    """
    return row.amount_cents > _alone_up_to(work)


def _alone_up_to(work: Work) -> int:
    return society.number_setting(work, "money_in.alone_up_to")


def check_can_be_given(work: Work, row: MpesaReceipt) -> None:
    """Raise WrongState for a payment that waits for no purpose, or that nothing proves yet."""
    if row.state != ReceiptState.WAITING.value:
        raise WrongState(f"{row.receipt} is {row.state} and waits for no purpose.")
    if not _may_count(work, row):
        raise WrongState(
            f"Only a notice tells of {row.receipt}. Wait until M-Pesa's list or statement proves it."
        )


def settle(work: Work, row: MpesaReceipt) -> str:
    """Give a payment the purpose that is known for sure, and say in words what became of it.

    What the rules of a loan or a product refuse waits for a person, with the money in the unallocated receipts.
    """
    if row.state != ReceiptState.WAITING.value:
        return f"{row.receipt} is {row.state}."
    if not _may_count(work, row):
        return waits_for_proof(row.receipt)
    if mpesa_receipts.left_cents(work, row.id) != row.amount_cents:
        return f"{row.receipt} is partly given a purpose by a person."
    known = routing.known(work, row)
    if not known.shares:
        return f"{row.receipt} is in the unallocated receipts: nobody is named for sure."
    try:
        with work.session.begin_nested():
            slips = [_post(work, row, share, known.how) for share in known.shares]
            _end(work, row)
    except SaccoError as refusal:
        work.session.refresh(row)
        return f"{row.receipt} is in the unallocated receipts: {refusal.message}"
    return f"{row.receipt} is booked, receipt {', '.join(slips)}."


def settle_waiting(work: Work, _nothing: None = None) -> int:
    """Try all payments that wait again, in this one transaction; returns how many are settled now."""
    work.allow(Act.FOLLOW_UP)
    done, total = settle_some(work, 0), 0
    while done.up_to:
        total += done.settled
        done = settle_some(work, done.up_to)
    return total


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Payments that were tried again: how many are settled now, and the last of them; 0 when none was left to try."""

    settled: int
    up_to: int


def settle_some(work: Work, after_id: int | None = None) -> LookedAt:
    """Try some of the payments again that wait, after something was proven or put right: those after the one with this
    id, few enough for one short transaction. From 0 on all of them come in turn.
    """
    work.allow(Act.FOLLOW_UP)
    if not after_id:
        mpesa_receipts.take_up_undone(work)
    waiting = select(MpesaReceipt).where(
        MpesaReceipt.state == ReceiptState.WAITING.value, MpesaReceipt.id > (after_id or 0)
    )
    if not claims_count(work):
        waiting = waiting.where(MpesaReceipt.evidence == Evidence.VERIFIED.value)
    rows = work.session.scalars(waiting.order_by(MpesaReceipt.id).limit(_A_SLICE)).all()
    for row in routing.may_be_named(work, rows):
        settle(work, row)
    settled = sum(row.state == ReceiptState.ALLOCATED.value for row in rows)
    return LookedAt(settled, rows[-1].id if rows else 0)


_A_SLICE = 100


def claims_count(work: Work) -> bool:
    """Whether the society lets a payment count of which only a notice tells."""
    return society.yes_setting(work, "money_in.on_claim")


def waits_for_proof(receipt: str) -> str:
    """What became of a payment of which only a notice tells, in words."""
    return f"{receipt} is in the books, and waits for proof before it counts for anybody."


def _may_count(work: Work, row: MpesaReceipt) -> bool:
    return row.evidence == Evidence.VERIFIED.value or claims_count(work)


def _post(work: Work, row: MpesaReceipt, share: Purpose, how: str) -> str:
    """Post one purpose out of the unallocated receipts; the number of our receipt for it."""
    left = mpesa_receipts.left_cents(work, row.id)
    if not 0 < share.cents <= left:
        raise InvalidInput(f"{format_kes(left)} of {row.receipt} is left.", "amount")
    _check_there(work, row, share.cents)
    on = open_days.open_day(work, business_date(row.paid_at))
    slip, entry = purpose_posting.post(work, share, Payment(row.receipt, on))
    work.session.add(
        ReceiptAllocation(
            receipt_id=row.id,
            cents=share.cents,
            purpose=share.purpose,
            member_id=share.member_id,
            loan_id=share.loan_id,
            application_id=share.application_id,
            entry_number=entry,
            slip=slip,
            how=how,
            allocated_by=work.actor.user_id,
            allocated_at=work.now,
        )
    )
    work.session.flush()
    detail: audit.Detail = {"purpose": share.purpose, "cents": share.cents, "by": how}
    audit.record(work, "gave a payment its purpose", row.receipt, detail)
    return slip


def _check_there(work: Work, row: MpesaReceipt, cents: int) -> None:
    """What was paid back of the unallocated receipts, or is on its way, cannot be given a purpose too."""
    found = payout_cover.cover(work, payout_terms.purpose_of(_REFUND), UNALLOCATED_RECEIPTS, None)
    own = 0
    if row.evidence != Evidence.VERIFIED.value:
        own = mpesa_receipts.left_cents(work, row.id)
    there = found.balance_cents - found.pledged_cents - found.kept_cents + own
    if cents > there:
        raise WrongState(
            f"{format_kes(max(there, 0))} of the unallocated receipts is left beside what is paid back of them, which"
            f" does not carry {format_kes(cents)}. Look under Payouts for what was refunded."
        )


def _end(work: Work, row: MpesaReceipt) -> None:
    if not mpesa_receipts.left_cents(work, row.id):
        row.state = ReceiptState.ALLOCATED.value
        row.version += 1
        work.session.flush()
    work.changed(Topic.MEMBERS, Topic.SAVINGS, Topic.LOANS)
