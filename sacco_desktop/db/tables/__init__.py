"""All tables of the books, one file a subject."""

from sacco_desktop.db.tables.approvals import (
    Abstention,
    AmountLimit,
    ApprovalDecision,
    ApprovalLevels,
    ApprovalNeed,
    ApprovalNote,
    ApprovalRequest,
    LimitUse,
    Sitting,
    SittingPresence,
)
from sacco_desktop.db.tables.audit import AuditRow
from sacco_desktop.db.tables.batches import BatchLine, PayoutBatch
from sacco_desktop.db.tables.check_offs import (
    CheckOffColumns,
    CheckOffLine,
    CheckOffList,
    CheckOffOwner,
)
from sacco_desktop.db.tables.closings import DayClosing, DayReopening
from sacco_desktop.db.tables.guarantors import (
    CreditReport,
    Guarantee,
    GuaranteeWord,
    GuarantorRecovery,
    PaySlip,
)
from sacco_desktop.db.tables.holds import PayoutHold
from sacco_desktop.db.tables.imports import BookImport, ImportMapping, OldDeposit, OldRepayment
from sacco_desktop.db.tables.insiders import InsiderTie
from sacco_desktop.db.tables.jobs import JobRun
from sacco_desktop.db.tables.ledger import (
    Account,
    AccountBalance,
    ClosedMonth,
    Command,
    Entry,
    PostingRow,
)
from sacco_desktop.db.tables.loan_chain import (
    LoanFeeReceipt,
    LoanLowering,
    LoanSeparateFee,
    MembersVote,
)
from sacco_desktop.db.tables.loan_changes import LoanChange
from sacco_desktop.db.tables.loan_ends import (
    LoanTopUp,
    LoanWriteOff,
    Provisioning,
    ProvisioningLine,
)
from sacco_desktop.db.tables.loan_forms import AppraisalCheck, LoanForm, LoanPaper
from sacco_desktop.db.tables.loans import Loan, LoanDeduction, LoanInstalment, LoanInstalmentFee
from sacco_desktop.db.tables.member_search import MemberSearch
from sacco_desktop.db.tables.memberships import (
    ExitNotice,
    ExitSettlement,
    MemberDocument,
    MemberFile,
    MemberMove,
    MembershipApplication,
    Nominee,
    NomineeClaim,
    NomineeList,
    RelatedPerson,
    ShareTransfer,
)
from sacco_desktop.db.tables.money_in import (
    MpesaReceipt,
    Prompt,
    ReceiptAllocation,
    ReceiptPull,
    ReceiptWord,
)
from sacco_desktop.db.tables.mpesa import (
    BalanceQuestion,
    FloatReading,
    MpesaConnection,
    QueueStop,
)
from sacco_desktop.db.tables.papers import PaperPrint
from sacco_desktop.db.tables.payouts import (
    BankFile,
    Exchange,
    HandOver,
    Payout,
    PayoutAttempt,
    PayoutMove,
    Question,
)
from sacco_desktop.db.tables.people import Deputy, Member, User, UserMember, UserRole
from sacco_desktop.db.tables.registry import Table
from sacco_desktop.db.tables.relays import DamagedEntry, Relay, RelayEntry, RelayRest
from sacco_desktop.db.tables.repayments import LoanAccrual, Repayment, RepaymentPart
from sacco_desktop.db.tables.savings import (
    ChequeClearing,
    Contribution,
    ContributionPart,
    FundClaim,
    SavingsProduct,
    SavingsTermsRow,
    WithdrawalNotice,
)
from sacco_desktop.db.tables.society import Counter, Setting, Society
from sacco_desktop.db.tables.statements import (
    AccountStatement,
    MatchSide,
    MatchUndoing,
    Reconciliation,
    ReconciliationReopening,
    StatementLine,
    StatementMatch,
)

__all__ = [
    "Abstention",
    "Account",
    "AccountBalance",
    "AccountStatement",
    "AmountLimit",
    "AppraisalCheck",
    "ApprovalDecision",
    "ApprovalLevels",
    "ApprovalNeed",
    "ApprovalNote",
    "ApprovalRequest",
    "AuditRow",
    "BalanceQuestion",
    "BankFile",
    "BatchLine",
    "BookImport",
    "CheckOffColumns",
    "CheckOffLine",
    "CheckOffList",
    "CheckOffOwner",
    "ChequeClearing",
    "ClosedMonth",
    "Command",
    "Contribution",
    "ContributionPart",
    "Counter",
    "CreditReport",
    "DamagedEntry",
    "DayClosing",
    "DayReopening",
    "Deputy",
    "Entry",
    "Exchange",
    "ExitNotice",
    "ExitSettlement",
    "FloatReading",
    "FundClaim",
    "Guarantee",
    "GuaranteeWord",
    "GuarantorRecovery",
    "HandOver",
    "ImportMapping",
    "InsiderTie",
    "JobRun",
    "LimitUse",
    "Loan",
    "LoanAccrual",
    "LoanChange",
    "LoanDeduction",
    "LoanFeeReceipt",
    "LoanForm",
    "LoanInstalment",
    "LoanInstalmentFee",
    "LoanLowering",
    "LoanPaper",
    "LoanSeparateFee",
    "LoanTopUp",
    "LoanWriteOff",
    "MatchSide",
    "MatchUndoing",
    "Member",
    "MemberDocument",
    "MemberFile",
    "MemberMove",
    "MemberSearch",
    "MembersVote",
    "MembershipApplication",
    "MpesaConnection",
    "MpesaReceipt",
    "Nominee",
    "NomineeClaim",
    "NomineeList",
    "OldDeposit",
    "OldRepayment",
    "PaperPrint",
    "PaySlip",
    "Payout",
    "PayoutAttempt",
    "PayoutBatch",
    "PayoutHold",
    "PayoutMove",
    "PostingRow",
    "Prompt",
    "Provisioning",
    "ProvisioningLine",
    "Question",
    "QueueStop",
    "ReceiptAllocation",
    "ReceiptPull",
    "ReceiptWord",
    "Reconciliation",
    "ReconciliationReopening",
    "RelatedPerson",
    "Relay",
    "RelayEntry",
    "RelayRest",
    "Repayment",
    "RepaymentPart",
    "SavingsProduct",
    "SavingsTermsRow",
    "Setting",
    "ShareTransfer",
    "Sitting",
    "SittingPresence",
    "Society",
    "StatementLine",
    "StatementMatch",
    "Table",
    "User",
    "UserMember",
    "UserRole",
    "WithdrawalNotice",
]
