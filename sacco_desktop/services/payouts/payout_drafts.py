"""Writes a payout down as a draft and asks a second person for it; the services that ask say what for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sacco_desktop.db.tables import Loan, Payout
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.payout_parts import MpesaRules, PayoutPart
from sacco_desktop.domain.payout_ways import WAY_WORDS, Bearer, Destination, Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.people import payout_number
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.books import audit, numbering
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, payout_terms
from sacco_desktop.services.payouts import forgotten_payments
from sacco_desktop.services.payouts.payout_contents import approval_content


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written: for what, to whom, by which way, how much; `rules` are those of M-Pesa, for its way only.

    `fee_cents` is kept by the society beside `amounts`; `bind` ties it to what it rests on, before anybody is asked.
    """

    purpose: str
    amounts: PayoutPart
    way: Way
    destination: Destination
    phone: str = ""
    member_id: int | None = None
    loan: Loan | None = None
    part: int = 1
    parts: int = 1
    account_code: str = ""
    narration: str = ""
    rules: MpesaRules | None = None
    fee_cents: int = 0
    bind: Callable[[Payout], None] | None = None


def write(work: Work, draft: Draft) -> Payout:
    """Write the row and ask for approval of it. The caller has checked everything, but for restored books that may have
    given this number out already: raises WrongState while they have not read what they forgot.
    """
    forgotten_payments.check_heard(work)
    year = work.today.year
    amounts, to = draft.amounts, draft.destination
    by_mpesa = draft.way is Way.MPESA
    payout = Payout(
        number=payout_number(year, numbering.next_in(work, f"payout/{year}")),
        purpose=draft.purpose,
        loan_id=draft.loan.id if draft.loan else None,
        member_id=draft.member_id,
        phone=draft.phone if by_mpesa else "",
        net_cents=amounts.net_cents + draft.fee_cents,
        mpesa_cents=amounts.paid_cents if by_mpesa else 0,
        handed_cents=0 if by_mpesa else amounts.paid_cents,
        deposits_cents=amounts.deposits_cents,
        charge_cents=amounts.charge_cents,
        recovered_cents=amounts.recovered_cents,
        bearer=(draft.rules.bearer if draft.rules else Bearer.SOCIETY).value,
        tariff=draft.rules.tariff_name if draft.rules else "",
        part=draft.part,
        parts=draft.parts,
        way=draft.way.value,
        account_code=draft.account_code,
        narration=draft.narration,
        payee=to.payee,
        bank=to.bank,
        bank_code=to.bank_code,
        branch_code=to.branch_code,
        account_number=to.account_number,
        fee_cents=draft.fee_cents,
        status=PayoutStatus.DRAFT.value,
        requested_by=work.actor.user_id,
        requested_at=work.now,
    )
    work.session.add(payout)
    work.session.flush()
    if draft.bind is not None:
        draft.bind(payout)
    audit.record(work, "asked for a payout", payout.number, {"cents": payout.net_cents})
    ask(work, payout)
    return payout


def ask(work: Work, payout: Payout) -> None:
    """Ask a second person for the payout as it stands."""
    words = [receiver_name(work, payout), subject_words(work, payout)]
    to = display_phone(payout.phone) if payout.way == "mpesa" else WAY_WORDS[Way(payout.way)]
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.PAYOUT,
            payout.id,
            " · ".join([*words, to]),
            payout.net_cents,
            approval_content(work, payout.id),
            # A large loan needs as many people in parts as it would need in one.
            loans.load(work, payout.loan_id).net_cents if payout.loan_id is not None else 0,
        ),
    )


def receiver_name(work: Work, payout: Payout) -> str:
    """The member, or the payee who is none."""
    if payout.member_id is None:
        return payout.payee
    return members.load(work, payout.member_id).full_name


def subject_words(work: Work, payout: Payout) -> str:
    """What it is for: `L-0001`, `L-0001, part 1 of 2`, `Refund of deposits`."""
    if payout.loan_id is None:
        return payout_terms.purpose_of(payout.purpose).title
    part = f", part {payout.part} of {payout.parts}" if payout.parts > 1 else ""
    return f"{loans.load(work, payout.loan_id).number}{part}"
