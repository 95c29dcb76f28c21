"""How the guards between an application and its payout are broken by plain SQL; loan 1 of the full office runs."""

from tests.db.full_office import DRAFT
from tests.db.payout_breaches import twin
from tests.db.plain_sql import BALANCED, DANIEL, GRACE, LUCY, NOW, PETER, POST, decision, entry

_WAITS = "(SELECT min(id) FROM loan WHERE status = 'appraised')"
_BORROWER = f"(SELECT member_id FROM loan WHERE id = {_WAITS})"
_OTHER = f"(SELECT min(id) FROM member WHERE id <> {_BORROWER})"
_REQUEST = "(SELECT max(id) FROM approval_request WHERE status = 'waiting' AND kind = 'loan')"
WAITING = f"id = {_REQUEST}"


def _tie(member: str = _BORROWER, kind: str = "board", of: str = "NULL") -> str:
    return (
        "INSERT INTO insider_tie (id, member_id, kind, kin, of_member_id, from_on, note, written_by, written_at,"
        f" ended_why) VALUES (900, {member}, '{kind}', '', {of}, '2026-03-01', '', {GRACE}, {NOW}, '')"
    )


def _end(by: int) -> str:
    return f"UPDATE insider_tie SET until_on = '2026-03-16', ended_by = {by}, ended_at = {NOW} WHERE id = 900"


def _is_member(user: int, member: str) -> str:
    return f"INSERT INTO user_member SELECT {user}, {member}, 2, {NOW} FROM loan WHERE id = 1"


def _guarantee() -> str:
    return (
        "INSERT INTO guarantee (id, loan_id, member_id, pledge_cents, status, asked_by, asked_at)"
        f" VALUES (900, {_WAITS}, {_OTHER}, 1000, 'requested', {GRACE}, {NOW})"
    )


def _lowering(loan: str = _WAITS, by: int = DANIEL) -> str:
    return (
        "INSERT INTO loan_lowering (loan_id, request_id, from_cents, to_cents, from_instalments, to_instalments,"
        f" reason, lowered_by, lowered_at) VALUES ({loan}, {_REQUEST}, 2, 1, 12, 12, 'why', {by}, {NOW})"
    )


def _vote(*, passed: str = "TRUE", by: int = LUCY) -> str:
    votes = "9, 1" if passed == "TRUE" else "1, 9"
    return (
        "INSERT INTO members_vote (request_id, meeting, held_on, minute_number, votes_for, votes_against, abstained,"
        f" passed, evidence, recorded_by, recorded_at) VALUES (900, 'Annual', '2026-03-14', 'GM/1', {votes}, 0,"
        f" {passed}, '', {by}, {NOW})"
    )


# A request that waits for the members' vote.
_ASKS_MEMBERS = (
    "INSERT INTO approval_request (id, kind, subject_id, about, amount_cents, content, fingerprint, status, asked_by,"
    f" asked_at, closing_words) VALUES (900, 'loan', {_WAITS}, '', 1, '', 'f', 'waiting', {GRACE}, {NOW}, '')",
    "INSERT INTO approval_need (request_id, step, roles, quorum, members_vote)"
    " VALUES (900, 1, 'committee', 1, TRUE)",
)


def _fee(loan: str, line: int = 1) -> str:
    return (
        "INSERT INTO loan_separate_fee (loan_id, line, name, amount_cents, account_code)"
        f" VALUES ({loan}, {line}, 'Appraisal', 500, '4020')"
    )


def _receipt(loan: str = _WAITS, number: int = 1, entry_number: str = "1") -> str:
    return (
        "INSERT INTO loan_fee_receipt (loan_id, cents, receipt, entry_number, slip, value_date, taken_by, taken_at)"
        f" VALUES ({loan}, 500, 'RC-9{number}', {entry_number}, '', '2026-03-16', {GRACE}, {NOW})"
    )


_SECOND_ENTRY = "2"
_LATE = (_fee(_WAITS), f"UPDATE loan SET status = 'rejected' WHERE id = {_WAITS}")

CHAIN_BREACHES: dict[str, tuple[str, ...]] = {
    "insider_tie_is_kept": (_tie(), "DELETE FROM insider_tie"),
    "insider_tie_edited": (_tie(), "UPDATE insider_tie SET kind = 'officer'"),
    "insider_tie_ended_by_one": (_tie(), _end(GRACE)),
    "relation_decides": (
        _tie(kind="relation", of=_OTHER),
        _is_member(DANIEL, _OTHER),
        decision(DANIEL, WAITING),
    ),
    "guarantor_decides": (_guarantee(), _is_member(DANIEL, _OTHER), decision(DANIEL, WAITING)),
    "loan_lowering_is_final_update": (_lowering(), "UPDATE loan_lowering SET reason = 'other'"),
    "loan_lowering_is_final_delete": (_lowering(), "DELETE FROM loan_lowering"),
    "lowered_late": (_lowering("1"),),
    "lowered_by_maker": (_lowering(by=PETER),),
    "members_vote_is_final_update": (
        *_ASKS_MEMBERS,
        _vote(),
        "UPDATE members_vote SET abstained = 1",
    ),
    "members_vote_is_final_delete": (*_ASKS_MEMBERS, _vote(), "DELETE FROM members_vote"),
    "vote_not_asked_for": (_vote().replace("(900, ", f"({_REQUEST}, "),),
    "vote_not_attested_by_another": (
        *_ASKS_MEMBERS,
        _vote(by=DANIEL),
        decision(DANIEL, "id = 900"),
    ),
    "separate_fee_added_late": (_fee("1"),),
    "separate_fee_edited_late": (*_LATE, "UPDATE loan_separate_fee SET amount_cents = 1"),
    "separate_fee_deleted_late": (*_LATE, "DELETE FROM loan_separate_fee"),
    "loan_fee_receipt_is_final_update": (_receipt(), "UPDATE loan_fee_receipt SET cents = 1"),
    "loan_fee_receipt_is_final_delete": (_receipt(), "DELETE FROM loan_fee_receipt"),
    "loan_fee_taken_twice": (_receipt(), _receipt(number=2, entry_number=_SECOND_ENTRY)),
    "loan_fee_given_back_late": (_receipt("1"), entry(reverses="1"), *BALANCED, POST),
    "payout_before_its_fees": (_fee(_WAITS), twin(DRAFT, loan_id=_WAITS, member_id=_BORROWER)),
}
