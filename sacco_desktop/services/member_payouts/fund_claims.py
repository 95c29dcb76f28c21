"""Claims of welfare and of a society's own funds: written with what happened, approved and paid like every payout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from sacco_desktop.db.tables import FundClaim, Member, Payout, SavingsProduct, User
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.paying_out import RELATIONS, Claim, Claimant, check_claim
from sacco_desktop.domain.payout_parts import MpesaRules
from sacco_desktop.domain.payout_ways import NO_DESTINATION, Destination, Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings import ProductKind, Withdrawal
from sacco_desktop.services.books import audit, commands, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import payout_terms, who_decides
from sacco_desktop.services.payouts import payments
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import PayoutRow, row_of
from sacco_desktop.services.savings import claim_rules, payout_cover, savings_products
from sacco_desktop.services.savings.payout_cover import Cover
from sacco_desktop.services.savings.savings_products import Product

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class NewFundClaim:
    """A member claims so many cents of a fund for an event. `key` is made when the dialog opens; `person` is the name
    of whom it met where that is not the member.
    """

    key: str
    member_id: int
    product: str
    event: str
    relation: str
    person: str
    happened_on: date
    cents: int
    way: Way
    destination: Destination = NO_DESTINATION


@dataclass(frozen=True, slots=True)
class Fund:
    """A fund that pays on claims, and what covers it now, in cents."""

    product: Product
    cover: Cover


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What a person sees while writing a claim: the funds, M-Pesa's rules, and who can approve."""

    member_id: int
    number: str
    full_name: str
    phone: str
    is_dead: bool
    funds: tuple[Fund, ...]
    rules: MpesaRules
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FundClaimRow:
    """A claim as lists show it, in cents; `status` is that of its payout."""

    claim_id: int
    number: str
    member_number: str
    member_name: str
    fund: str
    event: str
    relation: str
    person: str
    happened_on: date
    cents: int
    most_cents: int
    payout_number: str
    status: PayoutStatus
    recorded_by: str


def facts(work: Work, member_id: int) -> ClaimFacts:
    """What a member can claim of. Raises NotFound, and WrongState for a member who claims nothing."""
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    claim_rules.check_member(work, member, claim_rules.MEMBER_SELF)
    purpose = payout_terms.purpose_of(claim_rules.WELFARE_CLAIM)
    return ClaimFacts(
        member_id=member.id,
        number=member.number,
        full_name=member.full_name,
        phone=member.phone,
        is_dead=member.status == "deceased",
        funds=tuple(
            Fund(one, payout_cover.cover(work, purpose, one.account_code, None))
            for one in savings_products.products_on(work, work.today)
            if one.kind is ProductKind.FUND and one.terms.withdrawal is Withdrawal.BY_CLAIM
        ),
        rules=payout_terms.mpesa_rules(work),
        approvers=tuple(who_decides.names_for(work, ApprovalKind.PAYOUT, 0)),
    )


def ask(work: Work, new: NewFundClaim) -> PayoutRow:
    """Write the claim and its payout, and ask a second person. Nothing leaves. Raises InvalidInput under its field,
    WrongState.
    """
    work.allow(Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "fund claim", new, lambda: _ask(work, new))
    return row_of(work, int(answer["payout_id"]))


def _ask(work: Work, new: NewFundClaim) -> dict[str, Any]:
    member = members.load(work, new.member_id)
    product = claim_rules.fund_named(work, new.product)
    event, person = " ".join(new.event.split()), " ".join(new.person.split())
    _check_words(work, new, event, person)
    claim_rules.check_member(work, member, new.relation)
    claim = Claim(event, new.relation, new.happened_on, new.cents)
    by = Claimant(member.joined_on, _claims_in_year(work, member.id, product, new.happened_on))
    most_cents = check_claim(product.terms.name, product.terms.out, claim, by)
    _refuse_twice(work, member, product, claim, person)
    year = work.today.year
    number = f"CL-{year}-{numbering.next_in(work, f'claim/{year}'):04d}"

    def bind(payout: Payout) -> None:
        row = FundClaim(
            number=number,
            member_id=member.id,
            product_id=product.product_id,
            event=event,
            relation=new.relation,
            person=person,
            happened_on=new.happened_on,
            cents=new.cents,
            most_cents=most_cents,
            payout_id=payout.id,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
        work.session.add(row)
        work.session.flush()

    payment = NewPayment(
        key=new.key,
        purpose=claim_rules.WELFARE_CLAIM,
        amount_cents=new.cents,
        way=new.way,
        member_id=member.id,
        destination=new.destination,
        account_code=product.account_code,
        narration=f"{product.terms.name}, {number}",
    )
    payout = payments.write_down(work, payment, bind=bind)
    detail: audit.Detail = {"member": member.number, "payout": payout.number}
    audit.record(work, "wrote down a claim", number, detail)
    work.changed(Topic.SAVINGS)
    return {"payout_id": payout.id}


def _check_words(work: Work, new: NewFundClaim, event: str, person: str) -> None:
    if not event:
        raise InvalidInput("Write what happened.", "event")
    if new.relation not in RELATIONS:
        raise InvalidInput("Choose whom it met.", "relation")
    if new.relation != claim_rules.MEMBER_SELF and not person:
        raise InvalidInput("Write the name of the person whom it met.", "person")
    for words, field in ((event, "event"), (person, "person")):
        if len(words) > _LONGEST:
            raise InvalidInput(f"Write at most {_LONGEST} letters.", field)
    if new.happened_on > work.today:
        raise InvalidInput("It cannot have happened in the future.", "happened_on")


def _claims_in_year(work: Work, member_id: int, product: Product, day: date) -> int:
    """The claims of the member that stand or were paid, for what happened in the year of that day."""
    found = (
        select(func.count())
        .select_from(FundClaim)
        .join(Payout, Payout.id == FundClaim.payout_id)
        .where(
            FundClaim.member_id == member_id,
            FundClaim.product_id == product.product_id,
            FundClaim.happened_on.between(date(day.year, 1, 1), date(day.year, 12, 31)),
            Payout.status != PayoutStatus.CANCELLED.value,
        )
    )
    return work.session.scalar(found) or 0


def _refuse_twice(work: Work, member: Member, product: Product, claim: Claim, person: str) -> None:
    """One event is paid once; names are sealed on a server, so they are compared here."""
    before = work.session.execute(
        select(FundClaim, Payout.number)
        .join(Payout, Payout.id == FundClaim.payout_id)
        .where(
            FundClaim.member_id == member.id,
            FundClaim.product_id == product.product_id,
            FundClaim.relation == claim.relation,
            FundClaim.happened_on == claim.happened_on,
            Payout.status != PayoutStatus.CANCELLED.value,
        )
    )
    for row, payout_number in before:
        same = (row.event.casefold(), row.person.casefold())
        if same == (claim.event.casefold(), person.casefold()):
            raise WrongState(
                f"This was claimed already by {row.number}, payout {payout_number}. Nothing was asked for."
            )


def list_claims(work: Work, _nothing: None = None) -> tuple[FundClaimRow, ...]:
    """Every claim, the newest first."""
    work.allow(Act.LOOK)
    return _rows(work, true())


def of_member(work: Work, member_id: int) -> tuple[FundClaimRow, ...]:
    """The claims of a member, the newest first."""
    work.allow(Act.LOOK)
    return _rows(work, FundClaim.member_id == member_id)


def _rows(work: Work, condition: ColumnElement[bool]) -> tuple[FundClaimRow, ...]:
    found = work.session.execute(
        select(FundClaim, Member, SavingsProduct.code, Payout, User.full_name)
        .join(Member, Member.id == FundClaim.member_id)
        .join(SavingsProduct, SavingsProduct.id == FundClaim.product_id)
        .join(Payout, Payout.id == FundClaim.payout_id)
        .join(User, User.id == FundClaim.recorded_by)
        .where(condition)
        .order_by(FundClaim.id.desc())
    ).all()
    names = {one.code: one.terms.name for one in savings_products.products_on(work, work.today)}
    return tuple(
        FundClaimRow(
            claim_id=row.id,
            number=row.number,
            member_number=member.number,
            member_name=member.full_name,
            fund=names.get(code, code),
            event=row.event,
            relation=row.relation,
            person=row.person,
            happened_on=row.happened_on,
            cents=row.cents,
            most_cents=row.most_cents,
            payout_number=payout.number,
            status=PayoutStatus(payout.status),
            recorded_by=recorded_by,
        )
        for row, member, code, payout, recorded_by in found
    )
