"""What the database refuses about members: joining without a second person, a status that moves alone, leaving while
something is open, nominees whose shares are not the whole.
"""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, approved_request, changed, final, moves
from sacco_desktop.db.import_guards import IMPORTED, UNDONE_WITH_ITS_IMPORT, of_undone_import
from sacco_desktop.domain.chart import CONTROLS_BY_MEMBER, REFUNDS_PAYABLE, SHARE_CAPITAL
from sacco_desktop.domain.member_status import BY_TWO, MOVES

_MOVED = "OLD.status <> NEW.status"
_APPLICATION_MOVES = (
    ("applied", "approved"),
    ("applied", "rejected"),
    ("applied", "withdrawn"),
)
_SETTLED_AT_EXIT = sorted(CONTROLS_BY_MEMBER - {REFUNDS_PAYABLE, SHARE_CAPITAL})
_TWO = " OR ".join(f"(NEW.old = '{old}' AND NEW.new = '{new}')" for old, new in sorted(BY_TWO))
_SHARES = "(SELECT coalesce(sum(n.share), 0) FROM nominee n WHERE n.list_id = NEW.id)"


def _is_posted(column: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM journal_entry e WHERE e.posted_at IS NOT NULL"
        f" AND e.number = NEW.{column})"
    )


def _list_is_written(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM nominee_list l WHERE l.id = {row}.list_id"
        " AND l.in_force_at IS NOT NULL)"
    )


_OPEN_LOAN = (
    "EXISTS (SELECT 1 FROM loan l WHERE l.member_id = NEW.id"
    " AND l.status NOT IN ('closed', 'rejected'))"
)
_LIVE_GUARANTEE = (
    "EXISTS (SELECT 1 FROM guarantee g JOIN loan l ON l.id = g.loan_id WHERE g.member_id = NEW.id"
    " AND g.status IN ('accepted', 'called_upon') AND l.status NOT IN ('closed', 'rejected'))"
)
_MONEY_LEFT = (
    "EXISTS (SELECT 1 FROM account a JOIN account_balance b ON b.account_id = a.id WHERE a.code IN ("
    + ", ".join(f"'{code}.' || NEW.number" for code in _SETTLED_AT_EXIT)
    + ") AND b.debit_cents <> b.credit_cents)"
)
_LAST_MOVE = (
    "EXISTS (SELECT 1 FROM member_move m WHERE m.member_id = NEW.id AND m.old = OLD.status"
    " AND m.new = NEW.status AND m.id = (SELECT max(x.id) FROM member_move x"
    " WHERE x.member_id = NEW.id))"
)

_JOINING_GUARDS = [
    Guard("application_is_kept", "membership_application", "delete", "1 = 1"),
    Guard("application_born_late", "membership_application", "insert", "NEW.status <> 'applied'"),
    Guard("application_moves", "membership_application", "update", moves(_APPLICATION_MOVES)),
    Guard(
        "application_edited",
        "membership_application",
        "update",
        "(OLD.status <> 'applied' AND "
        + changed("kind", "first_name", "other_names", "last_name", "national_id", "phone")
        + ") OR "
        + changed("number", "file_id", "applied_on", "fee_cents", "recorded_by", "recorded_at"),
    ),
    Guard(
        "joined_by_one",
        "membership_application",
        "update",
        f"{_MOVED} AND NEW.status = 'approved' AND NOT {approved_request('membership')})",
    ),
    Guard(
        "joining_fee_unposted",
        "membership_application",
        "update",
        "NEW.fee_entry IS NOT NULL AND OLD.fee_entry IS DISTINCT FROM NEW.fee_entry"
        f" AND NOT {_is_posted('fee_entry')}",
    ),
    # Only a fee whose entry was taken back can be taken again.
    Guard(
        "joining_fee_twice",
        "membership_application",
        "update",
        "OLD.fee_entry IS NOT NULL AND OLD.fee_entry IS DISTINCT FROM NEW.fee_entry AND NOT EXISTS"
        " (SELECT 1 FROM journal_entry e WHERE e.posted_at IS NOT NULL"
        " AND e.reverses_number = OLD.fee_entry)",
    ),
    Guard(
        "member_of_no_application",
        "member",
        "insert",
        "NEW.application_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM membership_application a"
        " WHERE a.id = NEW.application_id AND a.status = 'approved' AND a.file_id = NEW.file_id)",
    ),
    Guard(
        "member_origin_edited",
        "member",
        "update",
        changed("application_id", "kind", "number")
        + " OR (OLD.file_id IS NOT NULL AND "
        + changed("file_id")
        + ")",
    ),
]

_FILE_GUARDS = [
    Guard("member_file_is_kept", "member_file", "delete", f"NOT {UNDONE_WITH_ITS_IMPORT}"),
    Guard(
        "member_file_of_no_import",
        "member_file",
        "insert",
        f"NEW.import_id IS NOT NULL AND NOT {IMPORTED}",
    ),
    Guard("member_file_import_edited", "member_file", "update", changed("import_id")),
    Guard("related_person_is_kept", "related_person", "delete", "1 = 1"),
    Guard(
        "related_person_edited",
        "related_person",
        "update",
        "OLD.ended_at IS NOT NULL OR "
        + changed(
            "file_id", "role", "full_name", "relationship", "national_id", "phone", "recorded_by"
        ),
    ),
    Guard("nominee_list_is_kept", "nominee_list", "delete", "1 = 1"),
    Guard("nominee_list_born_written", "nominee_list", "insert", "NEW.in_force_at IS NOT NULL"),
    Guard(
        "nominees_not_whole",
        "nominee_list",
        "update",
        f"OLD.in_force_at IS NULL AND NEW.in_force_at IS NOT NULL AND {_SHARES} <> 10000",
    ),
    Guard(
        "nominee_list_edited",
        "nominee_list",
        "update",
        changed("file_id", "signed_on", "recorded_by", "recorded_at")
        + " OR (OLD.in_force_at IS NOT NULL AND "
        + changed("in_force_at")
        + ") OR OLD.ended_at IS NOT NULL",
    ),
    Guard("nominee_added_late", "nominee", "insert", _list_is_written("NEW")),
    Guard("nominee_edited", "nominee", "update", "1 = 1"),
    Guard("nominee_is_kept", "nominee", "delete", "1 = 1"),
    Guard("document_is_kept", "member_document", "delete", "1 = 1"),
    Guard(
        "document_edited",
        "member_document",
        "update",
        "OLD.removed_at IS NOT NULL OR "
        + changed(
            "file_id", "kind", "name", "media", "size", "sha256", "content", "added_by", "added_at"
        ),
    ),
]

_STATUS_GUARDS = [
    Guard(
        "member_born_otherwise", "member", "insert", f"NEW.status <> 'active' AND NOT {IMPORTED}"
    ),
    Guard("member_status_moves", "member", "update", moves(MOVES)),
    Guard("member_moved_unwritten", "member", "update", f"{_MOVED} AND NOT {_LAST_MOVE}"),
    *final("member_move"),
    Guard(
        "move_from_elsewhere",
        "member_move",
        "insert",
        "NOT EXISTS (SELECT 1 FROM member m WHERE m.id = NEW.member_id AND m.status = NEW.old)",
    ),
    Guard(
        "member_moved_by_one",
        "member_move",
        "insert",
        f"({_TWO}) AND NOT EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id"
        " AND r.kind = 'member_status' AND r.subject_id = NEW.member_id AND r.status = 'approved')",
    ),
    Guard(
        "member_leaves_unsettled",
        "member",
        "update",
        f"{_MOVED} AND NEW.status = 'exited' AND (NOT EXISTS (SELECT 1 FROM exit_settlement s"
        " WHERE s.member_id = NEW.id AND s.status = 'settled')"
        f" OR {_OPEN_LOAN} OR {_LIVE_GUARANTEE} OR {_MONEY_LEFT})",
    ),
    Guard(
        "settled_member_comes_back",
        "member",
        "update",
        f"{_MOVED} AND OLD.status = 'deceased' AND EXISTS (SELECT 1 FROM exit_settlement s"
        " WHERE s.member_id = NEW.id AND s.status = 'settled')",
    ),
]

_LEAVING_GUARDS = [
    Guard("exit_notice_is_kept", "exit_notice", "delete", f"NOT {of_undone_import('member')}"),
    Guard(
        "exit_notice_edited",
        "exit_notice",
        "update",
        "OLD.ended_at IS NOT NULL OR "
        + changed("member_id", "given_on", "days", "due_on", "reason", "recorded_by"),
    ),
    Guard("exit_settlement_is_kept", "exit_settlement", "delete", "1 = 1"),
    Guard("exit_settlement_born_late", "exit_settlement", "insert", "NEW.status <> 'asked'"),
    Guard(
        "exit_settlement_moves",
        "exit_settlement",
        "update",
        moves((("asked", "settled"), ("asked", "void"))),
    ),
    Guard(
        "exit_settlement_edited",
        "exit_settlement",
        "update",
        "(OLD.status <> 'asked' AND "
        + changed("entry_number", "settled_at")
        + ") OR "
        + changed(
            "member_id",
            "cause",
            "deposits_cents",
            "shares_cents",
            "fee_cents",
            "refund_cents",
            "snapshot",
            "asked_by",
            "asked_at",
        ),
    ),
    Guard(
        "exit_settled_by_one",
        "exit_settlement",
        "update",
        f"{_MOVED} AND NEW.status = 'settled' AND NOT {approved_request('member_exit')})",
    ),
    Guard(
        "exit_settled_unposted",
        "exit_settlement",
        "update",
        f"{_MOVED} AND NEW.status = 'settled' AND NEW.deposits_cents + NEW.shares_cents > 0"
        f" AND NOT {_is_posted('entry_number')}",
    ),
    Guard("nominee_claim_is_kept", "nominee_claim", "delete", "1 = 1"),
    Guard(
        "nominee_claim_edited",
        "nominee_claim",
        "update",
        changed("settlement_id", "nominee_id", "cents"),
    ),
    Guard(
        "nominees_claim_too_much",
        "nominee_claim",
        "insert",
        "NEW.cents + (SELECT coalesce(sum(c.cents), 0) FROM nominee_claim c"
        " WHERE c.settlement_id = NEW.settlement_id) > (SELECT coalesce(max(s.refund_cents), 0)"
        " FROM exit_settlement s WHERE s.id = NEW.settlement_id AND s.cause = 'died'"
        " AND s.status = 'settled')",
    ),
    Guard("share_transfer_is_kept", "share_transfer", "delete", "1 = 1"),
    Guard("share_transfer_born_late", "share_transfer", "insert", "NEW.status <> 'asked'"),
    Guard(
        "share_transfer_moves",
        "share_transfer",
        "update",
        moves((("asked", "done"), ("asked", "void"))),
    ),
    Guard(
        "share_transfer_edited",
        "share_transfer",
        "update",
        "(OLD.status <> 'asked' AND "
        + changed("entry_number")
        + ") OR "
        + changed("from_member_id", "to_member_id", "cents", "fee_cents", "asked_by", "asked_at"),
    ),
    Guard(
        "shares_moved_by_one",
        "share_transfer",
        "update",
        f"{_MOVED} AND NEW.status = 'done' AND NOT {approved_request('share_transfer')})",
    ),
    Guard(
        "shares_moved_unposted",
        "share_transfer",
        "update",
        f"{_MOVED} AND NEW.status = 'done' AND NOT {_is_posted('entry_number')}",
    ),
]

MEMBER_GUARDS = [*_JOINING_GUARDS, *_FILE_GUARDS, *_STATUS_GUARDS, *_LEAVING_GUARDS]
