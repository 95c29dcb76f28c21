"""What the database refuses between the application of a loan and its payout: insiders and their relations decide on
nothing of theirs, a smaller sum is lent by who did not ask for it, the members' vote is attested by a second person,
and fees that are paid beside the loan are there before its money leaves.
"""

from __future__ import annotations

from sacco_desktop.db.approval_guards import is_about
from sacco_desktop.db.guard import POSTING_NOW, Guard, changed, final

_IS_THE_PERSON = (
    "EXISTS (SELECT 1 FROM user_member m WHERE m.user_id = NEW.ended_by"
    " AND m.member_id IN (OLD.member_id, OLD.of_member_id))"
)
# A relation bars in both directions, until its last day is over.
_BARRED_AS_RELATION = (
    "EXISTS (SELECT 1 FROM approval_request r JOIN user_member m ON m.user_id = NEW.decided_by"
    " JOIN insider_tie tie ON m.member_id IN (tie.member_id, tie.of_member_id)"
    " WHERE r.id = NEW.request_id AND tie.kind = 'relation'"
    " AND (tie.until_on IS NULL OR tie.until_on >= substr(NEW.decided_at, 1, 10))"
    f" AND ({is_about('tie.member_id')} OR {is_about('tie.of_member_id')}))"
)
_BARRED_AS_GUARANTOR = (
    "EXISTS (SELECT 1 FROM approval_request r JOIN guarantee g ON g.loan_id = r.subject_id"
    " JOIN user_member m ON m.member_id = g.member_id WHERE r.id = NEW.request_id AND r.kind = 'loan'"
    " AND m.user_id = NEW.decided_by AND g.status IN ('requested', 'accepted', 'called_upon'))"
)
_VOTED_YES = (
    "EXISTS (SELECT 1 FROM members_vote v WHERE v.request_id = NEW.request_id AND v.passed"
    " AND v.recorded_by <> NEW.decided_by AND v.id ="
    " (SELECT max(w.id) FROM members_vote w WHERE w.request_id = NEW.request_id))"
)
_LOAN = "(SELECT 1 FROM loan l WHERE l.id = NEW.loan_id AND "


def _is_agreed(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM loan l WHERE l.id = {row}.loan_id"
        " AND l.status NOT IN ('submitted', 'appraised'))"
    )


def _fees_are_paid(loan: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM loan_fee_receipt f WHERE f.loan_id = {loan} AND NOT EXISTS"
        " (SELECT 1 FROM journal_entry b WHERE b.reverses_number = f.entry_number"
        " AND b.posted_at IS NOT NULL))"
    )


CHAIN_GUARDS = [
    Guard("insider_tie_is_kept", "insider_tie", "delete", "1 = 1"),
    Guard(
        "insider_tie_edited",
        "insider_tie",
        "update",
        "OLD.ended_by IS NOT NULL OR NEW.ended_by IS NULL OR "
        + changed(
            "member_id",
            "kind",
            "kin",
            "of_member_id",
            "from_on",
            "note",
            "written_by",
            "written_at",
        ),
    ),
    # It ends a stricter chain, so who wrote it down does not end it alone, nor does whom it is about.
    Guard(
        "insider_tie_ended_by_one",
        "insider_tie",
        "update",
        f"NEW.ended_by IS NOT NULL AND (NEW.ended_by = NEW.written_by OR {_IS_THE_PERSON})",
    ),
    Guard("relation_decides", "approval_decision", "insert", _BARRED_AS_RELATION),
    Guard("guarantor_decides", "approval_decision", "insert", _BARRED_AS_GUARANTOR),
    *final("loan_lowering"),
    Guard("lowered_late", "loan_lowering", "insert", f"NOT EXISTS {_LOAN}l.status = 'appraised')"),
    Guard(
        "lowered_by_maker",
        "loan_lowering",
        "insert",
        f"EXISTS {_LOAN}(NEW.lowered_by IN (l.applied_by, l.appraised_by) OR EXISTS (SELECT 1"
        " FROM user_member m WHERE m.user_id = NEW.lowered_by AND m.member_id = l.member_id)))",
    ),
    *final("members_vote"),
    Guard(
        "vote_not_asked_for",
        "members_vote",
        "insert",
        "NOT EXISTS (SELECT 1 FROM approval_request r JOIN approval_need n ON n.request_id = r.id"
        " WHERE r.id = NEW.request_id AND r.status = 'waiting' AND n.members_vote AND NOT EXISTS"
        " (SELECT 1 FROM approval_decision d WHERE d.request_id = r.id AND d.step = n.step))",
    ),
    Guard(
        "vote_not_attested_by_another",
        "approval_decision",
        "insert",
        "NEW.decision = 'approve' AND EXISTS (SELECT 1 FROM approval_need n"
        " WHERE n.request_id = NEW.request_id AND n.step = NEW.step AND n.members_vote)"
        f" AND NOT {_VOTED_YES}",
    ),
    Guard("separate_fee_added_late", "loan_separate_fee", "insert", _is_agreed("NEW")),
    Guard("separate_fee_edited_late", "loan_separate_fee", "update", _is_agreed("OLD")),
    Guard("separate_fee_deleted_late", "loan_separate_fee", "delete", _is_agreed("OLD")),
    *final("loan_fee_receipt"),
    Guard("loan_fee_taken_twice", "loan_fee_receipt", "insert", _fees_are_paid("NEW.loan_id")),
    Guard(
        "loan_fee_given_back_late",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND NEW.reverses_number IS NOT NULL AND EXISTS (SELECT 1"
        " FROM loan_fee_receipt f JOIN loan l ON l.id = f.loan_id"
        " WHERE f.entry_number = NEW.reverses_number"
        " AND l.status IN ('disbursement_pending', 'active', 'closed', 'written_off'))",
    ),
    Guard(
        "payout_before_its_fees",
        "payout",
        "insert",
        "NEW.loan_id IS NOT NULL AND EXISTS (SELECT 1 FROM loan_separate_fee s"
        f" WHERE s.loan_id = NEW.loan_id) AND NOT {_fees_are_paid('NEW.loan_id')}",
    ),
]
