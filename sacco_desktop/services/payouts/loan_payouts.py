"""The payments of one loan: how its net is divided, which parts are still to be asked for, and what is paid of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, case, func, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Loan, Payout
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payout_parts import MpesaRules, PayoutPart, by_hand, divide
from sacco_desktop.domain.payout_purposes import LOAN
from sacco_desktop.domain.payout_ways import Bearer, Destination, Way, checked_destination
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loan_recheck, loans
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import payout_terms, who_decides
from sacco_desktop.services.payouts import payout_drafts
from sacco_desktop.services.payouts.payout_drafts import Draft


@dataclass(frozen=True, slots=True)
class WayPreview:
    """The payments that one way would take, by their part numbers, or why that way is closed."""

    way: Way
    parts: tuple[tuple[int, PayoutPart], ...]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class PayoutPreview:
    """How a loan would be paid out if it was asked for now, by each way, and who could then approve it.

    `whole_parts` is how many payments the loan has altogether; `bearer` bears M-Pesa's charge. `daily_cents` is the
    most that one phone receives from us in a day, and `broken` are the rules that are not kept now.
    """

    ways: tuple[WayPreview, ...]
    whole_parts: int
    bearer: Bearer
    daily_cents: int
    phone: str
    phone_changed_at: datetime | None
    approvers: tuple[str, ...]
    broken: tuple[Check, ...] = ()

    def by(self, way: Way) -> WayPreview:
        """The preview of one way."""
        return next(each for each in self.ways if each.way is way)


@dataclass(frozen=True, slots=True)
class PaidParts:
    """How much of a loan is paid, by how many of its payments."""

    paid: int
    parts: int
    paid_cents: int

    @property
    def words(self) -> str:
        """`1 of 2 parts paid`; nothing for a loan that is paid in one."""
        return "" if self.parts < 2 else f"{self.paid} of {self.parts} parts paid"


def preview(work: Work, loan_id: int) -> PayoutPreview:
    """What `payouts.request` would write for this loan by each way. Raises NotFound."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    member = members.load(work, loan.member_id)
    rules = payout_terms.mpesa_rules(work)
    able = who_decides.names_for(work, ApprovalKind.PAYOUT, loan.net_cents)
    return PayoutPreview(
        ways=tuple(_way_preview(work, loan, way, rules) for way in Way),
        whole_parts=paid_parts(work, loan.id).parts,
        bearer=rules.bearer,
        daily_cents=payout_terms.daily_cents(work),
        phone=member.phone,
        phone_changed_at=member.phone_changed_at,
        approvers=tuple(able),
        broken=tuple(one for one in loan_recheck.checks_of(work, loan) if not one.passed),
    )


def _way_preview(work: Work, loan: Loan, way: Way, rules: MpesaRules) -> WayPreview:
    try:
        return WayPreview(way, _planned(work, loan, way, rules))
    except InvalidInput as error:
        return WayPreview(way, (), error.message)


def write_parts(work: Work, loan: Loan, way: Way, destination: Destination) -> Payout:
    """Write every payment of the loan that is not living, and return the first. Raises WrongState, InvalidInput."""
    if not may_be_asked(work, loan):
        raise WrongState(f"{loan.number} is {loan.status}, so it cannot be paid out.")
    loan_recheck.check(work, loan)
    member = members.load(work, loan.member_id)
    rules = payout_terms.mpesa_rules(work)
    planned = _planned(work, loan, way, rules)
    living = _living(work, loan.id)
    whole = living[0].parts if living else len(planned)
    to = Destination()
    if way is not Way.MPESA:
        payee = destination.payee.strip() or member.full_name
        to = checked_destination(way, replace(destination, payee=payee))
    draft = Draft(
        purpose=LOAN,
        amounts=planned[0][1],
        way=way,
        destination=to,
        phone=member.phone,
        member_id=member.id,
        loan=loan,
        parts=whole,
        rules=rules if way is Way.MPESA else None,
    )
    written = [
        payout_drafts.write(work, replace(draft, amounts=amounts, part=part))
        for part, amounts in planned
    ]
    return written[0]


def may_be_asked(work: Work, loan: Loan) -> bool:
    """Whether a payment of this loan can be asked for: none is living, or one of its parts was taken back."""
    if loan.status == "approved":
        return True
    return loan.status == "disbursement_pending" and bool(missing(work, loan))


def _planned(
    work: Work, loan: Loan, way: Way, rules: MpesaRules
) -> tuple[tuple[int, PayoutPart], ...]:
    """The payments to write, each with its part number. Parts that were asked for before keep their sums."""
    left = missing(work, loan)
    if not left:
        amounts = divide(loan.net_cents, rules) if way is Way.MPESA else ()
        return tuple(enumerate(amounts or (_by_hand(loan.net_cents, way),), 1))
    planned = []
    for part, net_cents in left:
        amounts = divide(net_cents, rules) if way is Way.MPESA else (_by_hand(net_cents, way),)
        if len(amounts) > 1:
            words = f"Part {part}, {format_kes(net_cents)}, is above the M-Pesa limit of today. Pay it by bank."
            raise InvalidInput(words, "amount")
        planned.append((part, amounts[0]))
    return tuple(planned)


def _by_hand(net_cents: int, way: Way) -> PayoutPart:
    amounts = by_hand(net_cents, way)
    if amounts.paid_cents <= 0:
        raise InvalidInput("There is nothing that the till could pay.", "amount")
    return amounts


def _living(work: Work, loan_id: int) -> list[Payout]:
    return list(
        work.session.scalars(
            select(Payout)
            .where(Payout.loan_id == loan_id, Payout.status != PayoutStatus.CANCELLED.value)
            .order_by(Payout.part)
        )
    )


def missing(work: Work, loan: Loan) -> list[tuple[int, int]]:
    """The parts beside the living ones that were taken back, with their sums in cents; none when no part lives.

    Nothing is missing of a loan whose living parts are all of it: the rest of it was not wanted.
    """
    living = _living(work, loan.id)
    if not living or sum(payout.net_cents for payout in living) >= loan.net_cents:
        return []
    there = {payout.part for payout in living}
    found: dict[int, int] = {}
    for payout in work.session.scalars(
        select(Payout)
        .where(
            Payout.loan_id == loan.id,
            Payout.parts == living[0].parts,
            Payout.status == PayoutStatus.CANCELLED.value,
        )
        .order_by(Payout.id)
    ):
        if payout.part not in there:
            found[payout.part] = payout.net_cents
    return sorted(found.items())


def free_loan(work: Work, loan_id: int) -> None:
    """After a payment was taken back: the loan is approved again, unless another part of it lives."""
    loan = loans.load(work, loan_id)
    if not _living(work, loan_id):
        loan.status = "approved"
    loan.version += 1
    work.session.flush()


_IS_PAID = Payout.status == PayoutStatus.PAID.value
# All living payments of a loan know how many they are.
_PAID_PARTS = Lookup(
    select(
        func.count(case((_IS_PAID, 1))),
        func.min(Payout.parts),
        func.coalesce(func.sum(case((_IS_PAID, Payout.net_cents), else_=0)), 0),
    ).where(Payout.loan_id == bindparam("loan_id"), Payout.status != PayoutStatus.CANCELLED.value)
)


def paid_parts(work: Work, loan_id: int) -> PaidParts:
    """How far the payments of a loan have come."""
    paid, parts, cents = _PAID_PARTS.row(work.session, loan_id=loan_id) or (0, None, 0)
    return PaidParts(paid, parts or 1, int(cents))
