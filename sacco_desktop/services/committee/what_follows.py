"""What a request is bound to and what its yes or no leads to, for each kind: the one place that knows every service."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.db.tables import ApprovalRequest
from sacco_desktop.domain.approvals import (
    ApprovalKind,
    Content,
)
from sacco_desktop.domain.money_in import MPESA_RECEIVED
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import (
    forged_payments,
    owner_requests,
    receipt_reversals,
)
from sacco_desktop.services.counter import check_off_keeping, check_offs, found_owners
from sacco_desktop.services.feed import damaged_entries
from sacco_desktop.services.lending import (
    from_deposits,
    guarantor_calls,
    loan_waivers,
    loans,
    provisioning,
    repayment_undoing,
    reschedule_undoing,
    reschedules,
    write_offs,
)
from sacco_desktop.services.member_payouts import exits
from sacco_desktop.services.membership import member_statuses, membership_applications
from sacco_desktop.services.office import (
    approval_rules,
    approvals,
    setting_changes,
)
from sacco_desktop.services.old_books import asking as import_asking
from sacco_desktop.services.old_books import taking_in
from sacco_desktop.services.payouts import (
    late_payments,
    loan_rest,
    payout_contents,
    payouts,
    returned_payments,
)
from sacco_desktop.services.penalties import penalty_rules, waivers
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.savings import (
    deposit_floor,
    savings_products,
    share_transfers,
)
from sacco_desktop.services.sending import payout_decisions, payout_intents, utility_float


def content_now(work: Work, request: ApprovalRequest) -> Content:
    """What a request is bound to, read anew. Kinds not named here are bound to nothing that could change outside of
    the request.
    """
    asked = approvals.content_of(request)
    read_anew = _CONTENT_NOW.get(ApprovalKind(request.kind))
    return asked if read_anew is None else read_anew(work, request.subject_id, asked)


_CONTENT_NOW: dict[ApprovalKind, Callable[[Work, int, Content], Content]] = {
    ApprovalKind.LOAN: lambda work, subject, _asked: loans.approval_content(work, subject),
    ApprovalKind.PAYOUT: lambda work, subject, _asked: payout_contents.approval_content(
        work, subject
    ),
    ApprovalKind.REST_NOT_WANTED: lambda work, subject, asked: loan_rest.content_now(
        work, subject, str(asked["reason"])
    ),
    ApprovalKind.GUARANTORS_CALLED: lambda work, subject, asked: guarantor_calls.content_now(
        work, subject, str(asked["notice"])
    ),
    ApprovalKind.LOAN_RESCHEDULE: reschedules.content_now,
    ApprovalKind.LOAN_WRITE_OFF: write_offs.content_now,
    ApprovalKind.RESCHEDULE_UNDONE: reschedule_undoing.content_now,
    ApprovalKind.LOAN_FROM_DEPOSITS: from_deposits.content_now,
    ApprovalKind.PROVISIONING: lambda work, _subject, asked: provisioning.content_now(work, asked),
    ApprovalKind.BOOK_IMPORT: import_asking.content_now,
    ApprovalKind.APPROVAL_RULES: lambda work, _subject, asked: approval_rules.content_now(
        work, asked
    ),
    ApprovalKind.SETTING: lambda work, _subject, asked: setting_changes.content_now(work, asked),
    ApprovalKind.SAVINGS_TERMS: lambda work, _subject, asked: savings_products.content_now(
        work, asked
    ),
    ApprovalKind.PENALTY_TERMS: lambda work, _subject, asked: penalty_rules.content_now(
        work, asked
    ),
    ApprovalKind.PENALTY_WAIVER: lambda work, _subject, asked: waivers.content_now(work, asked),
    ApprovalKind.PEOPLE: people_changes.content_now,
    ApprovalKind.RELAY_SKIP: damaged_entries.content_now,
    ApprovalKind.MEMBERSHIP: lambda work, subject, _asked: membership_applications.content_now(
        work, subject
    ),
    ApprovalKind.MEMBER_STATUS: member_statuses.content_now,
    ApprovalKind.MEMBER_EXIT: lambda work, subject, _asked: exits.content_now(work, subject),
    ApprovalKind.SHARE_TRANSFER: lambda work, subject, _asked: share_transfers.content_now(
        work, subject
    ),
    ApprovalKind.CHECK_OFF: lambda work, subject, _asked: check_offs.content_now(work, subject),
    ApprovalKind.CHECK_OFF_UNDONE: lambda work, subject, asked: check_offs.back_content(
        work, subject, str(asked["reason"])
    ),
    ApprovalKind.CHECK_OFF_OWNER: lambda work, subject, _asked: found_owners.content_now(
        work, subject
    ),
    ApprovalKind.RECEIPT_ALLOCATION: owner_requests.content_now,
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: lambda work, subject, asked: found_owners.back_content(
        work, subject, str(asked["reason"])
    ),
    ApprovalKind.RECEIPT_REVERSAL: lambda work, subject, _asked: receipt_reversals.content_now(
        work, subject
    ),
}


def carry_out(work: Work, request: ApprovalRequest, yes: bool) -> None:
    """Do what was asked for, or what a no leads to."""
    kind, subject = ApprovalKind(request.kind), request.subject_id
    content = approvals.content_of(request)
    if kind is ApprovalKind.LOAN:
        loans.carry_out_decision(work, subject, yes)
    elif kind is ApprovalKind.PAYOUT:
        payouts.carry_out_decision(work, subject, yes, request.fingerprint)
        if yes:
            payout_intents.take_up_forgotten(work, subject)
    elif kind in _BY_REQUEST and yes:
        _BY_REQUEST[kind](work, request.id, content)
    elif kind in _EITHER_WAY:
        _EITHER_WAY[kind](work, subject, yes)
    elif kind is ApprovalKind.BOOK_IMPORT:
        taking_in.carry_out(work, subject, content, yes)
    elif yes:
        _CARRY_OUT[kind](work, subject, content)


# What is carried out after a no too.
_EITHER_WAY: dict[ApprovalKind, Callable[[Work, int, bool], object]] = {
    ApprovalKind.MEMBERSHIP: membership_applications.carry_out,
    ApprovalKind.MEMBER_EXIT: exits.carry_out,
    ApprovalKind.SHARE_TRANSFER: share_transfers.carry_out,
    ApprovalKind.CHECK_OFF: check_offs.carry_out,
    ApprovalKind.CHECK_OFF_OWNER: found_owners.carry_out,
    ApprovalKind.RECEIPT_REVERSAL: receipt_reversals.carry_out,
}
# What a yes leads to, by the subject of the request and its content; a no changes nothing of these.
_CARRY_OUT: dict[ApprovalKind, Callable[[Work, int, Content], object]] = {
    ApprovalKind.PAYOUT_NOT_PAID: lambda work, subject, content: (
        payout_decisions.carry_out_not_paid(work, subject, str(content["reason"]))
    ),
    ApprovalKind.FAILURE_TAKEN_BACK: lambda work, subject, content: (
        late_payments.carry_out_take_back(work, subject, str(content["reason"]))
    ),
    ApprovalKind.PAID_TWICE: late_payments.carry_out_paid_twice,
    ApprovalKind.PAYMENT_RETURNED: returned_payments.carry_out,
    ApprovalKind.REST_NOT_WANTED: loan_rest.carry_out,
    ApprovalKind.GUARANTORS_CALLED: guarantor_calls.carry_out,
    ApprovalKind.CHECK_OFF_UNDONE: check_offs.carry_out_back,
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: found_owners.carry_out_back,
    ApprovalKind.RESCHEDULE_UNDONE: reschedule_undoing.carry_out,
    ApprovalKind.LOAN_FROM_DEPOSITS: from_deposits.carry_out,
    ApprovalKind.FLOAT_TOP_UP: lambda work, _subject, content: utility_float.carry_out_top_up(
        work, content
    ),
    ApprovalKind.REVERSAL: lambda work, subject, content: _reverse(
        work, subject, str(content["reason"])
    ),
}
# The same where what is written keeps the number of the request that allowed it.
_BY_REQUEST: dict[ApprovalKind, Callable[[Work, int, Content], object]] = {
    ApprovalKind.LOAN_RESCHEDULE: reschedules.carry_out,
    ApprovalKind.LOAN_WRITE_OFF: write_offs.carry_out,
    ApprovalKind.RECEIPT_ALLOCATION: owner_requests.carry_out,
    ApprovalKind.PROVISIONING: provisioning.carry_out,
    ApprovalKind.APPROVAL_RULES: approval_rules.carry_out,
    ApprovalKind.SETTING: setting_changes.carry_out,
    ApprovalKind.SAVINGS_TERMS: savings_products.carry_out,
    ApprovalKind.PENALTY_TERMS: penalty_rules.carry_out,
    ApprovalKind.PENALTY_WAIVER: loan_waivers.carry_out,
    ApprovalKind.PEOPLE: people_changes.carry_out,
    ApprovalKind.MEMBER_STATUS: member_statuses.carry_out,
    ApprovalKind.RELAY_SKIP: lambda work, request_id, _content: damaged_entries.carry_out(
        work, request_id
    ),
}


def _reverse(work: Work, number: int, reason: str) -> None:
    deposit_floor.check_can_be_reversed(work, number)
    if ledger.read_entry(work, number).kind == MPESA_RECEIVED:
        forged_payments.refute(work, number, reason)
    repayment_undoing.reverse_entry(work, number, reason)
    check_off_keeping.keep(work, number)
