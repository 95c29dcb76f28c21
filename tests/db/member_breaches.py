"""How the guards of members are broken by plain SQL; member 1 of the full office has a loan that runs."""

from sacco_desktop.domain.kyc import FIELD_NAMES
from tests.db.plain_sql import DANIEL, GRACE, NOW, PETER, SAYS_YES, asked, decision

DAY = "'2026-03-16'"
_YES = (decision(DANIEL, "id = 900"), SAYS_YES)
# Nobody knows this member and nothing was ever posted on the account.
_ALONE = 700


def _agreed(kind: str, subject: int) -> tuple[str, ...]:
    return (*asked(900, kind, GRACE, "committee", subject=str(subject)), *_YES)


_NOTHING = ", ".join("''" for _name in FIELD_NAMES)


def _file(number: int = 900) -> str:
    names = ", ".join(FIELD_NAMES)
    return (
        f"INSERT INTO member_file (id, {names}, monthly_cents, changed_by, changed_at, version)"
        f" VALUES ({number}, {_NOTHING}, 0, {PETER}, {NOW}, 1)"
    )


def _application(status: str = "applied") -> str:
    return (
        "INSERT INTO membership_application (id, number, file_id, kind, first_name, other_names,"
        " last_name, national_id, phone, applied_on, fee_cents, status, recorded_by, recorded_at,"
        f" version) VALUES (900, 'AP-9', 900, 'person', 'Amina', '', 'Hassan', '1', '254700000009', {DAY},"
        f" 100, '{status}', {PETER}, {NOW}, 1)"
    )


def _member(*, application: str = "NULL", status: str = "active", file: str = "NULL") -> str:
    return (
        "INSERT INTO member (id, number, first_name, other_names, last_name, national_id, phone,"
        " status, joined_on, registered_by, version, kind, file_id, application_id)"
        f" VALUES ({_ALONE}, 'M-9700', 'Amina', '', 'Hassan', '99', '254700000099', '{status}', {DAY},"
        f" {PETER}, 1, 'person', {file}, {application})"
    )


def _move(old: str, new: str, member: int = _ALONE, request: str = "NULL") -> str:
    return (
        "INSERT INTO member_move (member_id, old, new, reason, moved_by, moved_at, request_id)"
        f" VALUES ({member}, '{old}', '{new}', 'Why', {PETER}, {NOW}, {request})"
    )


def _to(status: str, member: int = _ALONE) -> str:
    return f"UPDATE member SET status = '{status}' WHERE id = {member}"


def _moved(old: str, new: str, member: int = _ALONE, request: str = "NULL") -> tuple[str, str]:
    return _move(old, new, member, request), _to(new, member)


_LIST = (
    "INSERT INTO nominee_list (id, file_id, signed_on, recorded_by, recorded_at)"
    f" VALUES (900, 900, {DAY}, {PETER}, {NOW})"
)
_IN_FORCE = f"UPDATE nominee_list SET in_force_at = {NOW} WHERE id = 900"


def _nominee(share: int = 10_000, number: int = 900) -> str:
    return (
        "INSERT INTO nominee (id, list_id, full_name, relationship, national_id, phone, born_on,"
        f" guardian, share) VALUES ({number}, 900, 'A', '', '', '', '', '', {share})"
    )


_KIN = (
    "INSERT INTO related_person (id, file_id, role, full_name, relationship, national_id, phone,"
    f" recorded_by, recorded_at) VALUES (900, 900, 'next_of_kin', 'A', '', '', '', {PETER}, {NOW})"
)
_PAPER = (
    "INSERT INTO member_document (id, file_id, kind, name, media, size, sha256, content, added_by,"
    f" added_at) SELECT 900, 900, 'photo', '', 'image/png', 1, '', body, {PETER}, {NOW}"
    " FROM relay_entry LIMIT 1"
)
_NOTICE = (
    "INSERT INTO exit_notice (id, member_id, given_on, days, due_on, reason, recorded_by,"
    f" recorded_at) VALUES (900, {_ALONE}, {DAY}, 0, {DAY}, '', {PETER}, {NOW})"
)


def _settlement(
    member: int = _ALONE, *, cause: str = "left", refund: int = 0, status: str = "asked"
) -> str:
    return (
        "INSERT INTO exit_settlement (id, member_id, cause, status, deposits_cents, shares_cents,"
        " fee_cents, refund_cents, snapshot, asked_by, asked_at)"
        f" VALUES (900, {member}, '{cause}', '{status}', {refund}, 0, 0, {refund}, '', {GRACE}, {NOW})"
    )


_SETTLE = f"UPDATE exit_settlement SET status = 'settled', settled_at = {NOW}, entry_number = 1"
_TRANSFER = (
    "INSERT INTO share_transfer (id, from_member_id, to_member_id, cents, fee_cents, status,"
    f" asked_by, asked_at) VALUES (900, 1, {_ALONE}, 100, 0, '{{}}', {GRACE}, {NOW})"
)
_ASKED_TRANSFER = (_member(), _TRANSFER.format("asked"))
_TRANSFERRED = "UPDATE share_transfer SET status = 'done', entry_number = 1"


def _claim(cents: int = 100, number: int = 900) -> str:
    return (
        "INSERT INTO nominee_claim (id, settlement_id, nominee_id, cents)"
        f" VALUES ({number}, 900, {number}, {cents})"
    )


_APPLIED = (_file(), _application())
_REJECTED = (*_APPLIED, "UPDATE membership_application SET status = 'rejected'")
_NAMED = (_file(), _LIST, _nominee())
_FEE = "UPDATE membership_application SET fee_receipt = 'RC-9', fee_entry = "
_LEAVING = (_member(), *_moved("active", "notice_given"))
_SETTLED = (_settlement(), *_agreed("member_exit", 900), _SETTLE)
# Member 1 has a loan and deposits, so nothing but the rule of leaving stands in the way.
_WITH_LOAN = (
    *_moved("active", "notice_given", 1),
    _settlement(1),
    *_agreed("member_exit", 900),
    _SETTLE,
    *_moved("notice_given", "exited", 1),
)
_DEAD = (
    _member(),
    *_agreed("member_status", _ALONE),
    *_moved("active", "deceased", request="900"),
)
_CLAIMABLE = (
    _member(),
    *_NAMED,
    _settlement(cause="died", refund=100),
    *_agreed("member_exit", 900),
    _SETTLE,
)

# Two requests in one breach need two numbers.
_SECOND = tuple(
    text.replace("(900,", "(901,")
    for text in asked(900, "member_exit", GRACE, "committee", subject="900")
)
_THIRD = (
    *(
        text.replace("(900,", "(902,")
        for text in asked(900, "member_status", GRACE, "committee", subject=str(_ALONE))
    ),
    decision(DANIEL, "id = 902"),
    SAYS_YES.replace("900", "902"),
)
_COMES_BACK = (
    *_DEAD,
    _settlement(cause="died"),
    *_SECOND,
    decision(DANIEL, "id = 901"),
    SAYS_YES.replace("900", "901"),
    _SETTLE,
    *_THIRD,
    *_moved("deceased", "active", request="902"),
)

MEMBER_BREACHES: dict[str, tuple[str, ...]] = {
    "application_is_kept": (*_APPLIED, "DELETE FROM membership_application"),
    "application_born_late": (_file(), _application("approved")),
    "application_moves": (*_REJECTED, "UPDATE membership_application SET status = 'applied'"),
    "application_edited": (*_REJECTED, "UPDATE membership_application SET first_name = 'Other'"),
    "joined_by_one": (*_APPLIED, "UPDATE membership_application SET status = 'approved'"),
    "joining_fee_unposted": (*_APPLIED, f"{_FEE} 99999"),
    "joining_fee_twice": (*_APPLIED, f"{_FEE} 1", f"{_FEE} 2"),
    "member_of_no_application": (*_APPLIED, _member(application="900", file="900")),
    "member_origin_edited": (_member(), f"UPDATE member SET number = 'M-1' WHERE id = {_ALONE}"),
    "member_file_is_kept": (_file(), "DELETE FROM member_file"),
    "related_person_is_kept": (_file(), _KIN, "DELETE FROM related_person"),
    "related_person_edited": (_file(), _KIN, "UPDATE related_person SET phone = '1'"),
    "nominee_list_is_kept": (*_NAMED[:2], "DELETE FROM nominee_list"),
    "nominee_list_born_written": (
        _file(),
        _LIST.replace("recorded_at)", "recorded_at, in_force_at)").replace(
            f"{NOW})", f"{NOW}, {NOW})"
        ),
    ),
    "nominees_not_whole": (*_NAMED[:2], _nominee(6_000), _nominee(3_999, 901), _IN_FORCE),
    "nominee_list_edited": (*_NAMED, _IN_FORCE, "UPDATE nominee_list SET in_force_at = NULL"),
    "nominee_added_late": (*_NAMED, _IN_FORCE, _nominee(1, 901)),
    "nominee_edited": (*_NAMED, "UPDATE nominee SET share = 1"),
    "nominee_is_kept": (*_NAMED, "DELETE FROM nominee"),
    "document_is_kept": (_file(), _PAPER, "DELETE FROM member_document"),
    "document_edited": (_file(), _PAPER, "UPDATE member_document SET kind = 'other'"),
    "member_born_otherwise": (_member(status="dormant"),),
    "member_status_moves": (*_LEAVING, *_moved("notice_given", "dormant")),
    "member_moved_unwritten": (_member(), _to("dormant")),
    "member_move_is_final_update": (
        _member(),
        *_moved("active", "dormant"),
        "UPDATE member_move SET new = 'active'",
    ),
    "member_move_is_final_delete": (
        _member(),
        *_moved("active", "dormant"),
        "DELETE FROM member_move",
    ),
    "move_from_elsewhere": (_member(), _move("dormant", "active")),
    "member_moved_by_one": (_member(), _move("active", "expelled")),
    "member_leaves_unsettled": _WITH_LOAN,
    "settled_member_comes_back": _COMES_BACK,
    "exit_notice_is_kept": (_member(), _NOTICE, "DELETE FROM exit_notice"),
    "exit_notice_edited": (_member(), _NOTICE, "UPDATE exit_notice SET days = 1"),
    "exit_settlement_is_kept": (_member(), _settlement(), "DELETE FROM exit_settlement"),
    "exit_settlement_born_late": (_member(), _settlement(status="void")),
    "exit_settlement_moves": (
        _member(),
        _settlement(),
        "UPDATE exit_settlement SET status = 'void'",
        "UPDATE exit_settlement SET status = 'asked'",
    ),
    "exit_settlement_edited": (
        _member(),
        _settlement(),
        "UPDATE exit_settlement SET cause = 'expelled'",
    ),
    "exit_settled_by_one": (_member(), _settlement(), _SETTLE),
    "exit_settled_unposted": (
        _member(),
        _settlement(refund=100),
        *_agreed("member_exit", 900),
        _SETTLE.replace("entry_number = 1", "entry_number = 99999"),
    ),
    "nominee_claim_is_kept": (*_CLAIMABLE, _claim(), "DELETE FROM nominee_claim"),
    "nominee_claim_edited": (*_CLAIMABLE, _claim(), "UPDATE nominee_claim SET cents = 1"),
    "nominees_claim_too_much": (*_CLAIMABLE, _claim(101)),
    "share_transfer_is_kept": (*_ASKED_TRANSFER, "DELETE FROM share_transfer"),
    "share_transfer_born_late": (_member(), _TRANSFER.format("void")),
    "share_transfer_moves": (
        *_ASKED_TRANSFER,
        "UPDATE share_transfer SET status = 'void'",
        "UPDATE share_transfer SET status = 'asked'",
    ),
    "share_transfer_edited": (*_ASKED_TRANSFER, "UPDATE share_transfer SET cents = 1"),
    "shares_moved_by_one": (*_ASKED_TRANSFER, _TRANSFERRED),
    "shares_moved_unposted": (
        *_ASKED_TRANSFER,
        *_agreed("share_transfer", 900),
        _TRANSFERRED.replace("= 1", "= 99999"),
    ),
}
