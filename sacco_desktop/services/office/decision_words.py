"""What a person reads who has decided on a request: what it led to, and what comes next."""

from __future__ import annotations

from sacco_desktop.domain.approvals import ApprovalKind


def words_after(kind: ApprovalKind, yes: bool) -> str:
    """What came of the last decision that was needed."""
    if not yes:
        return "Rejected. The person who asked will read your reason."
    return {
        ApprovalKind.LOAN: "Approved. No money leaves now; a treasurer asks for the payout.",
        ApprovalKind.INSIDER_LOAN: "Approved. No money leaves now; a treasurer asks for the payout.",
        ApprovalKind.PAYOUT: "Approved. It is ready to send; someone else sends it.",
        ApprovalKind.PAYOUT_NOT_PAID: "Approved. The payment is booked as not paid.",
        ApprovalKind.FAILURE_TAKEN_BACK: "Approved. It is a doubt again, and M-Pesa is asked about it.",
        ApprovalKind.PAID_TWICE: "Approved. What the member owes is in the books.",
        ApprovalKind.PAYMENT_RETURNED: "Approved. It is booked as come back, and the money is owed again.",
        ApprovalKind.REST_NOT_WANTED: "Approved. The loan is what was paid, and its schedule begins today.",
        ApprovalKind.GUARANTORS_CALLED: "Approved. The shares are taken and the loan is paid by so much.",
        ApprovalKind.LOAN_RESCHEDULE: "Approved. The new schedule holds from today on.",
        ApprovalKind.LOAN_WRITE_OFF: "Approved. The loan is written off; the member still owes it.",
        ApprovalKind.PROVISIONING: "Approved. The allowance is what the classes ask for.",
        ApprovalKind.FLOAT_TOP_UP: "Approved. The transfer is in the books.",
        ApprovalKind.REVERSAL: "Approved. The entry is reversed.",
        ApprovalKind.APPROVAL_RULES: "Approved. The rule counts from its day on; requests made before keep theirs.",
        ApprovalKind.SETTING: "Approved. The rule counts from its day on.",
        ApprovalKind.PEOPLE: "Approved. It counts from the person's next sign-in on.",
        ApprovalKind.RELAY_SKIP: "Approved. The relay is read on behind this entry; compare with M-Pesa's statement.",
        ApprovalKind.SAVINGS_TERMS: "Approved. The terms count from their day on.",
        ApprovalKind.PENALTY_TERMS: "Approved. The rule counts from its day on.",
        ApprovalKind.PENALTY_WAIVER: "Approved. It is waived, and stays to be seen with its reason.",
        ApprovalKind.BOOK_IMPORT: "Approved. The old books are taken in; nobody needs to do more.",
        ApprovalKind.MEMBERSHIP: "Approved. The applicant is a member from today and has a number.",
        ApprovalKind.MEMBER_STATUS: "Approved. The status of the member is changed.",
        ApprovalKind.MEMBER_EXIT: "Approved. The balances are settled; a treasurer asks for the refund.",
        ApprovalKind.SHARE_TRANSFER: "Approved. The shares are the buyer's.",
        ApprovalKind.CHECK_OFF: "Approved. The list is posted, and each member has a receipt.",
        ApprovalKind.CHECK_OFF_UNDONE: "Approved. Everything of the list is taken back.",
        ApprovalKind.CHECK_OFF_OWNER: "Approved. The money is the member's, with a receipt.",
        ApprovalKind.CHECK_OFF_OWNER_UNDONE: "Approved. The money waits for its owner again.",
        ApprovalKind.RECEIPT_ALLOCATION: "Approved. The payment is given to its owner, with a receipt.",
        ApprovalKind.RESCHEDULE_UNDONE: "Approved. The schedule of before holds again.",
        ApprovalKind.LOAN_FROM_DEPOSITS: "Approved. The deposits have paid it.",
        ApprovalKind.RECEIPT_REVERSAL: "Approved. Somebody who did not approve it sends it to M-Pesa.",
    }[kind]
