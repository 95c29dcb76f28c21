"""What a dead member's nominees are paid: each the own part, once, through the approvals of every payout."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import ExitSettlement, NomineeClaim, Payout
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.exits import divide_by_shares
from sacco_desktop.domain.money import whole_shillings
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import normalise_phone
from sacco_desktop.services.books import audit, commands
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.member_payouts import exits
from sacco_desktop.services.membership import member_files, members
from sacco_desktop.services.membership.member_files import Holder, NomineeRow
from sacco_desktop.services.payouts import payments
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import PayoutRow, row_of

_PURPOSE = "exit_refund"
# The figures of a number behind its country.
_OWN_FIGURES = 9


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A nominee with the own part in cents, and the payout by which it was asked for; empty until then."""

    nominee: NomineeRow
    cents: int
    payout_number: str
    payout_status: str


@dataclass(frozen=True, slots=True)
class NewClaim:
    """Pay a nominee's part. `key` is made when the dialog opens. M-Pesa pays to `phone`, the nominee's own, and
    `checked` says how that was made sure.
    """

    key: str
    settlement_id: int
    nominee_id: int
    way: Way
    destination: Destination
    phone: str = ""
    checked: str = ""


def claims_of(work: Work, member_id: int) -> tuple[ClaimRow, ...]:
    """Every nominee of a dead member whose leaving is settled. Raises WrongState before that."""
    work.allow(Act.LOOK)
    settlement = _settled(work, member_id)
    sheet = member_files.sheet_of(work, Holder(member_id))
    if not sheet.nominees:
        return ()
    parts = divide_by_shares(settlement.refund_cents, [each.share for each in sheet.nominees])
    asked = {row.nominee_id: row for row in _rows(work, settlement.id)}
    return tuple(
        _claim_row(work, nominee, cents, asked.get(nominee.nominee_id))
        for nominee, cents in zip(sheet.nominees, parts, strict=True)
    )


def _claim_row(work: Work, nominee: NomineeRow, cents: int, asked: NomineeClaim | None) -> ClaimRow:
    payout = work.session.get(Payout, asked.payout_id) if asked and asked.payout_id else None
    number, status = (payout.number, payout.status) if payout else ("", "")
    return ClaimRow(nominee, cents, number, status)


def ask(work: Work, new: NewClaim) -> PayoutRow:
    """Ask for the payout of one nominee's part; another person approves it. Raises WrongState, InvalidInput.

    M-Pesa pays whole shillings; the cents stay among what is owed to who left.
    """
    work.allow(Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "nominee claim", new, lambda: _ask(work, new))
    return row_of(work, int(answer["payout_id"]))


def _ask(work: Work, new: NewClaim) -> dict[str, Any]:
    settlement = work.session.get(ExitSettlement, new.settlement_id)
    if settlement is None:
        raise NotFound("There is no such settlement.")
    member = members.load(work, settlement.member_id)
    rows = claims_of(work, settlement.member_id)
    wanted = next((row for row in rows if row.nominee.nominee_id == new.nominee_id), None)
    if wanted is None:
        raise NotFound("This nominee is not on the form that is in force.")
    if wanted.payout_number and wanted.payout_status != PayoutStatus.CANCELLED.value:
        raise WrongState(f"This part was asked for already, by {wanted.payout_number}.")
    name = wanted.nominee.full_name
    by_mpesa = new.way is Way.MPESA
    payment = NewPayment(
        key=f"{new.key}/payout",
        purpose=_PURPOSE,
        amount_cents=whole_shillings(wanted.cents)[0] if by_mpesa else wanted.cents,
        way=new.way,
        member_id=member.id,
        destination=replace(new.destination, payee=name),
        narration=f"Part of {name}, nominee{_checked(new, wanted.nominee) if by_mpesa else ''}",
        phone=new.phone,
    )

    def bind(payout: Payout) -> None:
        _claim(work, settlement.id, wanted).payout_id = payout.id
        work.session.flush()

    payout = payments.write_down(work, payment, bind=bind, to_nominee=True)
    audit.record(work, "asked to pay a nominee of", member.number, {"payout": payout.number})
    work.changed(Topic.MEMBERS)
    return {"payout_id": payout.id}


def _checked(new: NewClaim, nominee: NomineeRow) -> str:
    """What the approval is bound to beside the number. Who is a minor is paid through the guardian, by hand."""
    if nominee.guardian:
        raise InvalidInput(
            f"{nominee.full_name} is a minor. Pay the guardian by bank, cheque or cash.", "way"
        )
    phone, written = (
        normalise_phone(new.phone, "phone"),
        "".join(filter(str.isdigit, nominee.phone)),
    )
    if written and written[-_OWN_FIGURES:] != phone[-_OWN_FIGURES:]:
        raise InvalidInput(
            f"The form says {nominee.phone}. Pay to that number, or by bank, cheque or cash.",
            "phone",
        )
    checked = " ".join(new.checked.split())
    if not checked:
        raise InvalidInput(
            "Write how you made sure that this is the nominee's own number.", "checked"
        )
    return f", number checked: {checked}"


def _claim(work: Work, settlement_id: int, wanted: ClaimRow) -> NomineeClaim:
    of = wanted.nominee.nominee_id
    row = next((each for each in _rows(work, settlement_id) if each.nominee_id == of), None)
    if row is None:
        row = NomineeClaim(settlement_id=settlement_id, nominee_id=of, cents=wanted.cents)
        work.session.add(row)
    return row


def _settled(work: Work, member_id: int) -> ExitSettlement:
    settlement = exits.settlement_of(work, member_id)
    if settlement is None or settlement.status != "settled" or settlement.cause != "died":
        raise WrongState("Nominees are paid when the death was settled by two people.")
    return settlement


def _rows(work: Work, settlement_id: int) -> list[NomineeClaim]:
    found = work.session.scalars(
        select(NomineeClaim).where(NomineeClaim.settlement_id == settlement_id)
    )
    return list(found)
