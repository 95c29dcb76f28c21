"""What the approval of a payout is bound to, and whether that still holds."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import Payout
from sacco_desktop.domain.approvals import ApprovalKind, Content, fingerprint
from sacco_desktop.domain.payout_ways import Destination
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, given_approvals, payout_terms
from sacco_desktop.services.payouts import nominee_phones
from sacco_desktop.services.payouts.payout_moves import load_payout, move_payout
from sacco_desktop.services.savings import payout_facts

Value = str | int | list[list[str | int]]


def approval_content(work: Work, payout_id: int) -> Content:
    """What the approval of a payout is bound to, read anew each time: receiver, way, amounts, charge, purpose."""
    payout = load_payout(work, payout_id)
    content: dict[str, Value] = {
        "payout": payout.number,
        "net_cents": payout.net_cents,
        "mpesa_cents": payout.mpesa_cents,
        "deposits_cents": payout.deposits_cents,
        "phone": payout.phone,
        "to": payout.phone,
    }
    if payout.member_id is not None:
        member = members.named(work, payout.member_id)
        content |= {"member": member.number, "name": member.full_name}
        if payout.way == "mpesa":
            content["phone"] = nominee_phones.phone_now(work, payout)
    if payout.loan_id is not None:
        loan = loans.load(work, payout.loan_id)
        content |= {
            "loan": loan.number,
            "gross_cents": loan.amount_cents,
            "deductions": [
                [line.name, line.amount_cents, line.account_code]
                for line in loans.deductions_of(work, loan.id)
            ],
        }
    # A yes from before payouts had parts and ways was given to the fields above and still holds for them.
    return content if payout.content_form == 1 else content | _ways_content(work, payout)


def _ways_content(work: Work, payout: Payout) -> dict[str, Value]:
    content: dict[str, Value] = {
        "purpose": payout_terms.purpose_of(payout.purpose).title,
        "way": payout.way,
        "handed_cents": payout.handed_cents,
        "charge_cents": payout.charge_cents,
        "bearer": payout.bearer,
        "recovered_cents": payout.recovered_cents,
        "tariff": payout.tariff,
        "part": payout.part,
        "parts": payout.parts,
        "account": payout.account_code,
        "narration": payout.narration,
        "payee": payout.payee,
        "bank": payout.bank,
        "bank_code": payout.bank_code,
        "branch_code": payout.branch_code,
        "account_number": payout.account_number,
    }
    if payout.fee_cents:
        content["fee_cents"] = payout.fee_cents
    if payout.loan_id is not None:
        # Behind a loan there is neither a notice nor a claim.
        return content | {"whole_cents": loans.load(work, payout.loan_id).net_cents}
    about = payout_facts.facts_of(work, payout)
    return content | ({"about": about} if about else {})


def destination_of(payout: Payout) -> Destination:
    """Where a payment by hand leads."""
    return Destination(
        payout.payee,
        payout.bank,
        payout.bank_code,
        payout.branch_code,
        payout.account_number,
    )


def content_changed(work: Work, payout_id: int) -> bool:
    """Whether the payout is not any more exactly what was approved."""
    content = approval_content(work, payout_id)
    approved = load_payout(work, payout_id).fingerprint
    return approved != fingerprint(content) or content["phone"] != content["to"]


def void_if_changed(work: Work, payout_id: int) -> str:
    """Take an approval away whose content no longer holds; returns the words for it, or nothing when all is as
    approved.
    """
    payout = load_payout(work, payout_id)
    if payout.status != PayoutStatus.APPROVED.value or not content_changed(work, payout_id):
        return ""
    who = given_approvals.names_of(
        given_approvals.approvers_of(work, ApprovalKind.PAYOUT, payout_id)
    )
    who = who or "the second person"
    words = f"The approval by {who} no longer counts: what was approved has changed. Ask again."
    approvals.void_open(work, ApprovalKind.PAYOUT, payout_id, words)
    move_payout(work, payout, PayoutStatus.DRAFT, words, fingerprint="")
    return words


def void_changed_of(work: Work, member_id: int) -> None:
    """Look at every approved payout of a member whose record has just changed."""
    for payout_id in work.session.scalars(
        select(Payout.id).where(
            Payout.member_id == member_id, Payout.status == PayoutStatus.APPROVED.value
        )
    ).all():
        void_if_changed(work, payout_id)
