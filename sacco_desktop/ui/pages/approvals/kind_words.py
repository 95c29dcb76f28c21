"""What each kind of request is called, and what a yes to it does, as the page Approvals says it."""

from __future__ import annotations

from sacco_desktop.domain.approvals import ApprovalKind

KIND_WORDS = {
    ApprovalKind.LOAN: "Loan",
    ApprovalKind.PAYOUT: "Payout",
    ApprovalKind.PAYOUT_NOT_PAID: "Payout did not leave",
    ApprovalKind.FAILURE_TAKEN_BACK: "Paid after all",
    ApprovalKind.PAID_TWICE: "Paid twice",
    ApprovalKind.PAYMENT_RETURNED: "Payment came back",
    ApprovalKind.REST_NOT_WANTED: "Rest of a loan",
    ApprovalKind.GUARANTORS_CALLED: "Guarantors called",
    ApprovalKind.LOAN_RESCHEDULE: "Loan agreed anew",
    ApprovalKind.LOAN_WRITE_OFF: "Write-off",
    ApprovalKind.PROVISIONING: "Allowance for losses",
    ApprovalKind.FLOAT_TOP_UP: "Top-up of Utility",
    ApprovalKind.REVERSAL: "Reversal",
    ApprovalKind.APPROVAL_RULES: "Approval rule",
    ApprovalKind.SETTING: "Rule",
    ApprovalKind.PEOPLE: "People",
    ApprovalKind.RELAY_SKIP: "Relay entry",
    ApprovalKind.BOOK_IMPORT: "Import of old books",
    ApprovalKind.MEMBERSHIP: "New member",
    ApprovalKind.SAVINGS_TERMS: "Savings product",
    ApprovalKind.PENALTY_TERMS: "Penalty rule",
    ApprovalKind.PENALTY_WAIVER: "Waiver",
    ApprovalKind.MEMBER_STATUS: "Status of a member",
    ApprovalKind.MEMBER_EXIT: "Member leaves",
    ApprovalKind.SHARE_TRANSFER: "Transfer of shares",
    ApprovalKind.CHECK_OFF: "Check-off list",
    ApprovalKind.CHECK_OFF_UNDONE: "Check-off taken back",
    ApprovalKind.CHECK_OFF_OWNER: "Owner of check-off money",
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: "Owner taken back",
    ApprovalKind.RECEIPT_ALLOCATION: "Owner of a payment",
    ApprovalKind.RESCHEDULE_UNDONE: "New agreement taken back",
    ApprovalKind.LOAN_FROM_DEPOSITS: "Loan paid from deposits",
    ApprovalKind.RECEIPT_REVERSAL: "Payment taken back",
}
EFFECTS = {
    ApprovalKind.LOAN: "The loan becomes Approved. No money leaves now; a treasurer asks for the payout.",
    ApprovalKind.PAYOUT: "The payout becomes Ready. No money leaves now; a treasurer other than you sends it.",
    ApprovalKind.PAYOUT_NOT_PAID: (
        "The payment is booked as not paid. Its payout may then be approved anew and sent under a new id, so agree only"
        " when you have seen the statement yourself."
    ),
    ApprovalKind.FAILURE_TAKEN_BACK: (
        "The payment becomes a doubt again, so nothing can be sent in its place, and M-Pesa is asked about it. It is"
        " booked as paid when M-Pesa or the statement proves it."
    ),
    ApprovalKind.PAID_TWICE: (
        "A second payment of the same payout is booked as owed by the member, and leaves the M-Pesa Utility account in"
        " the books as it has at M-Pesa. Agree only when you have seen both payments on the statement."
    ),
    ApprovalKind.PAYMENT_RETURNED: (
        "A new entry undoes the payment, which is owed again; a loan waits for its money, without a schedule. Two"
        " people must approve before it is paid anew."
    ),
    ApprovalKind.REST_NOT_WANTED: (
        "The loan becomes what was paid, and its schedule begins on the day of the last yes. What was not paid is"
        " taken back for good."
    ),
    ApprovalKind.GUARANTORS_CALLED: (
        "The borrower's own deposits and then those of the guarantors pay the loan, as shown. Agree only when the"
        " guarantors were told."
    ),
    ApprovalKind.LOAN_RESCHEDULE: (
        "What is outstanding is repaid by the new schedule from the day of the last yes on. The old schedule stays"
        " readable, and the class of the loan remembers how late it was."
    ),
    ApprovalKind.LOAN_WRITE_OFF: (
        "The loan leaves the books at the cost of the allowance. The member still owes all of it and guarantors stay"
        " bound; what comes in later is income."
    ),
    ApprovalKind.PROVISIONING: "One entry brings the allowance to what the classes of that day ask for.",
    ApprovalKind.FLOAT_TOP_UP: "The move of money for payouts is posted in the books.",
    ApprovalKind.REVERSAL: "A new entry of today takes the old one back. Both stay in the books.",
    ApprovalKind.BOOK_IMPORT: (
        "The rows that are ready become part of the books, with one opening entry. Agree only when the sums are those"
        " of the old book. The import can be undone until the first entry uses it."
    ),
    ApprovalKind.MEMBER_STATUS: "The status changes at once. Who is no member any more is settled afterwards.",
    ApprovalKind.MEMBER_EXIT: (
        "The balances become what is owed to who leaves, less the fee, and the membership ends. No money leaves now; a"
        " treasurer asks for the refund."
    ),
    ApprovalKind.SHARE_TRANSFER: "The shares become the buyer's, at par, by one entry of today.",
    ApprovalKind.CHECK_OFF: (
        "What the employer paid is booked and shared among the members as shown; what has no owner waits as"
        " unallocated receipts. Agree only when you have seen the payment at the bank."
    ),
    ApprovalKind.CHECK_OFF_UNDONE: "Every entry of the list is taken back by one of today; nobody keeps money of it.",
    ApprovalKind.CHECK_OFF_OWNER: (
        "The money goes to this member as a check-off does: what is due first, then the deposits. Agree only when you"
        " know that it is this member's."
    ),
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: "Every entry of it is taken back; the money waits for its owner again.",
    ApprovalKind.RECEIPT_ALLOCATION: (
        "The payment leaves the unallocated receipts and goes to what is shown. Agree only when you know whose it is."
    ),
    ApprovalKind.RESCHEDULE_UNDONE: "The schedule of before holds again from today, with what was late of it.",
    ApprovalKind.LOAN_FROM_DEPOSITS: "The deposits of the member pay the loan by one entry of today, as shown.",
    ApprovalKind.RECEIPT_REVERSAL: (
        "Nothing leaves now. A treasurer other than you sends it; then what the payment was booked for is taken back,"
        " and M-Pesa returns the whole payment to the phone that paid it."
    ),
    ApprovalKind.MEMBERSHIP: "The applicant becomes a member today and gets the next number.",
    ApprovalKind.APPROVAL_RULES: (
        "The rule counts for every request made from its day on. Requests that wait already keep what they need."
    ),
    ApprovalKind.SETTING: "The rule counts from its day on; days before keep the old value.",
    ApprovalKind.SAVINGS_TERMS: (
        "The terms count from their day on; a new category opens its own account. Days before keep the old terms."
    ),
    ApprovalKind.PENALTY_TERMS: (
        "The rule counts for what falls due from its day on. What fell due before keeps the old terms, and nothing that"
        " was charged changes."
    ),
    ApprovalKind.PENALTY_WAIVER: (
        "What is waived is owed no more. It stays on the list with its reason and both names; nothing is paid out."
    ),
    ApprovalKind.PEOPLE: (
        "It counts from this person's next sign-in on. Agree only if you know the person and why it is asked."
    ),
    ApprovalKind.RELAY_SKIP: (
        "The relay is read on behind this entry, whose news is lost for ever. M-Pesa is asked about every open payment,"
        " and sending stays stopped until a treasurer has compared with M-Pesa's statement."
    ),
}
