"""What the database itself refuses, provoked past all services by plain SQL: each guard has its own breach here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from sacco_desktop.db.guard_laying import remove_guards
from sacco_desktop.db.guards import GUARDS
from sacco_desktop.db.refusals import code_of
from sacco_desktop.domain.approvals import ApprovalKind
from tests import make
from tests.db.by_two_breaches import BY_TWO_BREACHES, agreed_about
from tests.db.chain_breaches import CHAIN_BREACHES
from tests.db.closing_breaches import CLOSING_BREACHES, closed, reopened
from tests.db.full_office import (
    ACCEPTED,
    APPROVED,
    BANK,
    CASH,
    DRAFT,
    HANDED,
    PAID,
    UNSENT,
    full_office_file,
)
from tests.db.guarantor_breaches import GUARANTOR_BREACHES
from tests.db.hold_breaches import HOLD_BREACHES
from tests.db.import_breaches import IMPORT_BREACHES
from tests.db.job_breaches import JOB_BREACHES
from tests.db.loan_form_breaches import LOAN_FORM_BREACHES
from tests.db.member_breaches import MEMBER_BREACHES
from tests.db.message_breaches import MESSAGE_BREACHES, MESSAGE_TWICE
from tests.db.money_back_breaches import MONEY_BREACHES, MONEY_NAMES, MONEY_TWICE
from tests.db.mpesa_breaches import MPESA_BREACHES, TWICE
from tests.db.payout_breaches import PAYOUT_BREACHES, SECOND_FILE, hand_over, twin
from tests.db.penalty_breaches import PENALTY_BREACHES
from tests.db.plain_sql import (
    BALANCED,
    DANIEL,
    GRACE,
    LUCY,
    NOW,
    PETER,
    POST,
    SAYS_YES,
    asked,
    decision,
    entry,
    posting,
)
from tests.db.repayment_breaches import REPAYMENT_BREACHES
from tests.db.return_breaches import AGREED, CAME_BACK, LOAN_WAITS, RETURN_BREACHES
from tests.db.savings_breaches import SAVINGS_BREACHES
from tests.db.statement_breaches import STATEMENT_BREACHES
from tests.engines import EngineKind
from tests.make import PracticeOffice

# Request 900 of the treasurer: the committee, then a treasurer.
TWO_STEPS = asked(900, "reversal", GRACE, "committee", "committee,treasurer")
SITTING = (
    "INSERT INTO sitting (id, minute_number, held_on, place, chair_id, opened_by, opened_at)"
    f" VALUES (1, 'CM/1', '2026-03-16', 'Office', {DANIEL}, {DANIEL}, {NOW})"
)
PRESENT = f"INSERT INTO sitting_presence VALUES (1, {DANIEL})"
CLOSED = f"UPDATE sitting SET closed_at = {NOW}, closed_by = {DANIEL} WHERE id = 1"
DEPUTY = (
    "INSERT INTO deputy (id, user_id, role, for_user_id, from_on, until_on, named_by, named_at,"
    f" request_id) VALUES (1, {LUCY}, 'committee', {DANIEL}, '2026-03-16', '2026-03-20', 2, {NOW},"
    f" {agreed_about(LUCY)})"
)
AS_DEPUTY = (
    decision(LUCY, "id = 900", role="committee")
    .replace("role, sitting_id)", "role, sitting_id, deputy_of)")
    .replace(", NULL FROM", f", NULL, {DANIEL} FROM")
)
ABSTAINS = (
    "INSERT INTO sitting_abstention SELECT 1, id, {}, " + NOW + " FROM approval_request LIMIT 1"
)


def _is_member_of_the_loan(user: int) -> str:
    return (
        f"INSERT INTO user_member SELECT {user}, member_id, 2, {NOW} FROM loan"
        " WHERE status = 'appraised'"
    )


def _levels(request: str) -> str:
    return (
        "INSERT INTO approval_levels (kind, effective_on, bands, request_id, written_at)"
        f" VALUES ('loan', '2026-03-16', '[]', {request}, {NOW})"
    )


def _limit(request: str) -> str:
    return (
        "INSERT INTO amount_limit (role, act, effective_on, request_id, written_at)"
        f" VALUES ('treasurer', 'send_payout', '2026-03-16', {request}, {NOW})"
    )


WAITING, GIVEN = "status = 'waiting' AND kind = 'loan'", "status = 'approved' AND kind = 'payout'"


LOAN_COLUMNS = (
    "member_id, product_code, product_name, loan_control, asked_cents, amount_cents, net_cents, method, rate,"
    " rate_per, frequency, instalments, rounding, rounding_unit_cents, day_count, grace_days, principal_grace,"
    " interest_grace, first_due, first_due_day, broken_period, interest_on, purpose, applied_on, applied_by,"
    " appraised_by, appraised_at, appraisal, approved_at, disbursed_on, version"
)


def _attempt(payout: int, *, sent_by: int = GRACE, status: str = "sending") -> str:
    return (
        "INSERT INTO payout_attempt (payout_id, number, originator_conversation_id, b2c_version,"
        " relay_id, tag, status, reason, claim, claim_code, claim_words, not_found_answers,"
        " times_sent, questions_asked, sent_by, first_sent_at, last_sent_at, version)"
        f" VALUES ({payout}, 9, 'id', 'v3', 1, 'tag', '{status}', '', '', '', '', 0, 1, 0,"
        f" {sent_by}, {NOW}, {NOW}, 1)"
    )


def _to(payout: int, status: str) -> str:
    return f"UPDATE payout SET status = '{status}' WHERE id = {payout}"


def _send_unsent(by: int) -> str:
    return (
        f"UPDATE payout_attempt SET status = 'sending', sent_by = {by} WHERE payout_id = {UNSENT}"
    )


NOTE = (
    "INSERT INTO approval_note (request_id, written_by, written_at, words)"
    f" SELECT id, {DANIEL}, {NOW}, 'Why so much?' FROM approval_request LIMIT 1"
)

# For each guard the statements that lead to its breach; only the last of them is refused.
BREACHES: dict[str, tuple[str, ...]] = {
    "entry_born_posted": (
        "INSERT INTO journal_entry (number, value_date, kind, narration, reference, posted_by,"
        f" posted_at, previous_hash, hash) VALUES (99, '2026-03-16', '', '', '', 2, {NOW}, '', 'x')",
    ),
    "posted_entry_edited": ("UPDATE journal_entry SET narration = 'other' WHERE number = 1",),
    "posted_entry_deleted": ("DELETE FROM journal_entry WHERE number = 1",),
    "entry_unbalanced": (entry(), BALANCED[0], posting(2, "1020", 0, 99), POST),
    "entry_one_legged": (entry(), POST),
    "month_closed": (
        f"INSERT INTO closed_month VALUES ('2026-03', {GRACE}, {NOW})",
        entry(),
        *BALANCED,
        POST,
    ),
    "entry_number_gap": (entry("number + 2", f"'{'0' * 64}'"), *BALANCED, POST),
    "entry_chain_broken": (entry(before="'another'"), *BALANCED, POST),
    "reversal_of_nothing": (entry(reverses="999"), *BALANCED, POST),
    "posted_entry_added_to": (posting(9, "1010", 1, 0, entry=1),),
    "posted_posting_edited": ("UPDATE posting SET memo = 'other' WHERE entry_id = 1",),
    "posted_posting_deleted": ("DELETE FROM posting WHERE entry_id = 1",),
    "posting_on_control_account": (entry(), posting(1, "2010", 100, 0)),
    "account_in_use": ("UPDATE account SET type = 'income' WHERE code = '1010'",),
    "money_command_is_final_update": ("UPDATE money_command SET answer = '{}'",),
    "money_command_is_final_delete": ("DELETE FROM money_command",),
    "audit_row_is_final_update": ("UPDATE audit_row SET full_name = 'Nobody' WHERE id = 1",),
    "audit_row_is_final_delete": ("DELETE FROM audit_row WHERE id = 1",),
    "audit_chain_broken": (
        "INSERT INTO audit_row (at, user_id, full_name, pc_name, action, subject, detail,"
        f" previous_hash, hash) VALUES ({NOW}, 2, '', '', '', '', '', 'another', 'x')",
    ),
    "approval_decision_is_final_update": ("UPDATE approval_decision SET decided_by = 2",),
    "approval_decision_is_final_delete": ("DELETE FROM approval_decision",),
    "approval_request_is_kept": (f"DELETE FROM approval_request WHERE {WAITING}",),
    "approval_content_edited": (f"UPDATE approval_request SET amount_cents = 1 WHERE {WAITING}",),
    "approval_is_closed": (f"UPDATE approval_request SET status = 'waiting' WHERE {GIVEN}",),
    "approval_born_decided": (
        "INSERT INTO approval_request (kind, subject_id, about, amount_cents, content,"
        " fingerprint, status, asked_by, asked_at, closing_words)"
        f" VALUES ('payout', {DRAFT}, '', 1, '', '', 'approved', {GRACE}, {NOW}, '')",
    ),
    "approved_without_quorum": (
        *TWO_STEPS,
        decision(DANIEL, "id = 900"),
        SAYS_YES,
    ),
    "approved_against_a_no": (
        *asked(900, "reversal", GRACE, "committee,treasurer"),
        decision(DANIEL, "id = 900"),
        decision(LUCY, "id = 900", verdict="reject"),
        SAYS_YES,
    ),
    "approval_need_is_final_update": ("UPDATE approval_need SET quorum = 1",),
    "approval_need_is_final_delete": ("DELETE FROM approval_need",),
    "need_added_late": (
        *TWO_STEPS,
        decision(DANIEL, "id = 900"),
        "INSERT INTO approval_need (request_id, step, roles, quorum, members_vote) VALUES (900, 3, '', 1, FALSE)",
    ),
    "approval_note_is_final_update": (NOTE, "UPDATE approval_note SET words = 'other'"),
    "approval_note_is_final_delete": (NOTE, "DELETE FROM approval_note"),
    "decision_in_no_step": (*TWO_STEPS, decision(LUCY, "id = 900")),
    "decision_out_of_order": (*TWO_STEPS, decision(LUCY, "id = 900", step=2)),
    "decision_without_role": (*TWO_STEPS, decision(LUCY, "id = 900", role="committee")),
    "applicant_decides": (
        f"UPDATE loan SET applied_by = {DANIEL} WHERE status = 'appraised'",
        decision(DANIEL, WAITING),
    ),
    "borrower_decides": (_is_member_of_the_loan(DANIEL), decision(DANIEL, WAITING)),
    "deputy_of_the_maker_decides": (
        *asked(900, "reversal", DANIEL, "committee"),
        DEPUTY,
        AS_DEPUTY,
    ),
    "one_voice_heard_twice": (
        *asked(900, "reversal", GRACE, "committee"),
        DEPUTY,
        decision(DANIEL, "id = 900"),
        AS_DEPUTY,
    ),
    "decision_outside_the_sitting": (
        SITTING,
        decision(DANIEL, WAITING).replace(", NULL FROM", ", 1 FROM"),
    ),
    "auditor_is_more": (
        f"INSERT INTO user_role VALUES ({GRACE}, 'auditor', {agreed_about(GRACE)})",
    ),
    "auditor_is_deputy": (DEPUTY.replace("'committee'", "'auditor'"),),
    "deputy_is_kept": (DEPUTY, "DELETE FROM deputy"),
    "deputy_edited": (DEPUTY, "UPDATE deputy SET until_on = '2027-03-20'"),
    "approval_levels_is_final_update": ("UPDATE approval_levels SET bands = '[]'",),
    "approval_levels_is_final_delete": ("DELETE FROM approval_levels",),
    "levels_by_nobody": (_levels("NULL"),),
    "amount_limit_is_final_update": ("UPDATE amount_limit SET single_cents = NULL",),
    "amount_limit_is_final_delete": ("DELETE FROM amount_limit",),
    "limit_by_nobody": (_limit("NULL"),),
    "limit_use_is_final_update": ("UPDATE limit_use SET cents = 0",),
    "limit_use_is_final_delete": ("DELETE FROM limit_use",),
    "sitting_is_kept": (SITTING, "DELETE FROM sitting"),
    "sitting_edited": (SITTING, "UPDATE sitting SET minute_number = 'CM/2'"),
    "sitting_presence_is_final_update": (
        SITTING,
        PRESENT,
        f"UPDATE sitting_presence SET user_id = {LUCY}",
    ),
    "sitting_presence_is_final_delete": (SITTING, PRESENT, "DELETE FROM sitting_presence"),
    "presence_added_late": (SITTING, CLOSED, PRESENT),
    "sitting_abstention_is_final_update": (
        SITTING,
        PRESENT,
        ABSTAINS.format(DANIEL),
        f"UPDATE sitting_abstention SET said_at = {NOW}",
    ),
    "sitting_abstention_is_final_delete": (
        SITTING,
        PRESENT,
        ABSTAINS.format(DANIEL),
        "DELETE FROM sitting_abstention",
    ),
    "abstention_outside_the_sitting": (SITTING, PRESENT, ABSTAINS.format(LUCY)),
    "maker_is_checker": (
        *asked(900, "reversal", GRACE, "treasurer"),
        decision(GRACE, "id = 900"),
    ),
    "decision_too_late": (decision(DANIEL, GIVEN),),
    "decision_on_other_content": (decision(DANIEL, WAITING, "'another'"),),
    "loan_is_kept": ("DELETE FROM loan WHERE status = 'appraised'",),
    "loan_born_late": (
        f"INSERT INTO loan (number, status, {LOAN_COLUMNS}) SELECT 'L-99', 'active', {LOAN_COLUMNS}"
        " FROM loan WHERE id = 1",
    ),
    "loan_approved_by_nobody": ("UPDATE loan SET status = 'approved' WHERE status = 'appraised'",),
    "loan_active_unpaid": (
        f"UPDATE loan SET status = 'active' WHERE id = (SELECT loan_id FROM payout WHERE id = {DRAFT})",
    ),
    "loan_terms_fixed": ("UPDATE loan SET rate = '0.02' WHERE id = 1",),
    "deduction_added_late": (
        "INSERT INTO loan_deduction (loan_id, line, name, amount_cents, account_code)"
        " VALUES (1, 9, 'Fee', 1, '4020')",
    ),
    "deduction_edited_late": ("UPDATE loan_deduction SET amount_cents = 1 WHERE loan_id = 1",),
    "deduction_deleted_late": ("DELETE FROM loan_deduction WHERE loan_id = 1",),
    "loan_instalment_is_final_update": ("UPDATE loan_instalment SET principal_cents = 0",),
    "loan_instalment_is_final_delete": ("DELETE FROM loan_instalment",),
    "payout_is_kept": (f"DELETE FROM payout WHERE id = {DRAFT}",),
    "payout_move_unknown": (_to(DRAFT, "cancelled"), _to(DRAFT, "draft")),
    "payout_approved_by_nobody": (_to(DRAFT, "approved"),),
    "payout_content_fixed": (f"UPDATE payout SET phone = '254700000000' WHERE id = {APPROVED}",),
    "paid_payout_edited": (f"UPDATE payout SET receipt = 'OTHER' WHERE id = {PAID}",),
    "attempt_is_kept": (f"DELETE FROM payout_attempt WHERE payout_id = {ACCEPTED}",),
    "attempt_born_late": (_attempt(APPROVED, status="accepted"),),
    "attempt_of_unapproved_payout": (_attempt(DRAFT),),
    "unsent_of_unapproved_payout": (_to(UNSENT, "draft"), _send_unsent(GRACE)),
    "approver_is_sender": (_attempt(APPROVED, sent_by=LUCY),),
    "approver_sends_unsent": (_send_unsent(LUCY),),
    "failure_taken_back_by_nobody": (
        f"UPDATE payout_attempt SET status = 'failed' WHERE payout_id = {ACCEPTED}",
        f"UPDATE payout_attempt SET status = 'unknown' WHERE payout_id = {ACCEPTED}",
    ),
    "attempt_move_unknown": (
        f"UPDATE payout_attempt SET status = 'sending' WHERE payout_id = {ACCEPTED}",
    ),
    "attempt_identity_fixed": (
        f"UPDATE payout_attempt SET tag = 'other' WHERE payout_id = {ACCEPTED}",
    ),
    "payout_move_is_final_update": ("UPDATE payout_move SET why = ''",),
    "payout_move_is_final_delete": ("DELETE FROM payout_move",),
    "mpesa_exchange_is_final_update": ("UPDATE mpesa_exchange SET answer = ''",),
    "mpesa_exchange_is_final_delete": ("DELETE FROM mpesa_exchange",),
    "society_is_kept": ("DELETE FROM society",),
    "society_identity_fixed": ("UPDATE society SET environment = 'production'",),
    "paper_print_is_final_update": ("UPDATE paper_print SET copy_number = 1",),
    "paper_print_is_final_delete": ("DELETE FROM paper_print",),
    "relay_entry_is_kept": ("DELETE FROM relay_entry",),
    "relay_entry_edited": ("UPDATE relay_entry SET kind = 'other'",),
    **MPESA_BREACHES,
    **MONEY_BREACHES,
    **HOLD_BREACHES,
    **BY_TWO_BREACHES,
    **PAYOUT_BREACHES,
    **RETURN_BREACHES,
    **REPAYMENT_BREACHES,
    **GUARANTOR_BREACHES,
    **LOAN_FORM_BREACHES,
    **MEMBER_BREACHES,
    **IMPORT_BREACHES,
    **CLOSING_BREACHES,
    **SAVINGS_BREACHES,
    **CHAIN_BREACHES,
    **STATEMENT_BREACHES,
    **PENALTY_BREACHES,
    **JOB_BREACHES,
    **MESSAGE_BREACHES,
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    office = make.office_from(full_office_file(), tmp_path)
    yield office
    office.close()


@pytest.fixture(scope="module")
def kept(engine: EngineKind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeOffice]:
    """One office for all tests that leave nothing behind: each of their transactions is given up at its end."""
    office = make.office_from(full_office_file(), tmp_path_factory.mktemp("kept"))
    yield office
    office.close()


def _refusal(
    office: PracticeOffice, statements: tuple[str, ...], without: str | None = None
) -> str | None:
    """Run all statements in one transaction that is never committed; the code by which the last was refused.

    The guard `without` is taken off in the same transaction, so that it stands again afterwards.
    """
    *before, last = statements
    with office.database.writer.connect() as connection:
        if without is not None:
            remove_guards(connection, f"guard_{without}")
        for statement in before:
            assert connection.exec_driver_sql(statement).rowcount, f"touched nothing: {statement}"
        try:
            touched = connection.exec_driver_sql(last).rowcount
        except IntegrityError as error:
            return code_of(error)
        assert touched, f"touched nothing: {last}"
        return None


@pytest.mark.parametrize("code", [guard.code for guard in GUARDS])
def test_each_guard_refuses_its_breach(kept: PracticeOffice, code: str) -> None:
    assert _refusal(kept, BREACHES[code]) == code


@pytest.mark.parametrize(
    "change",
    [
        "asked_cents = asked_cents - 1",
        "rounding = 'half_even'",
        "rounding_unit_cents = 5",
        "day_count = 'actual/365'",
        "grace_days = 1",
        "principal_grace = 1",
        "interest_grace = 1",
        "first_due = 'day_of_next_month', first_due_day = 10",
        "broken_period = 'by_days'",
        "interest_on = 'balance'",
    ],
)
def test_no_term_of_an_agreed_loan_is_changed(kept: PracticeOffice, change: str) -> None:
    statement = f"UPDATE loan SET {change} WHERE id = 1"
    assert _refusal(kept, (statement,)) == "loan_terms_fixed"


def test_every_breach_has_its_guard() -> None:
    codes = [guard.code for guard in GUARDS]
    assert sorted(BREACHES) == sorted(codes)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("code", [guard.code for guard in GUARDS])
def test_without_its_guard_the_breach_would_pass(kept: PracticeOffice, code: str) -> None:
    """Otherwise a guard might be tested by a statement that something else refuses anyway."""
    assert _refusal(kept, BREACHES[code], without=code) is None


UNDER_CONTROL = (
    ("UPDATE account SET is_control = false WHERE code = '2010'"),
    ("UPDATE account SET type = 'income' WHERE code = '2010'"),
    ("UPDATE account SET code = '2011' WHERE code = '2010'"),
)


@pytest.mark.parametrize("statement", UNDER_CONTROL)
def test_a_control_account_with_used_accounts_under_it_is_in_use(
    kept: PracticeOffice, statement: str
) -> None:
    assert _refusal(kept, (statement,)) == "account_in_use"


def test_an_entry_that_was_never_posted_may_be_thrown_away(kept: PracticeOffice) -> None:
    away = (
        "DELETE FROM posting WHERE entry_id = 1000",
        "DELETE FROM journal_entry WHERE id = 1000",
    )
    assert _refusal(kept, (entry(), *BALANCED, *away)) is None


def test_a_posting_is_exactly_one_of_debit_and_credit(office: PracticeOffice) -> None:
    for debit, credit in ((0, 0), (5, 5), (-5, 0), (0, -5), (5, -5)):
        with pytest.raises(IntegrityError, match=r"(?i)check constraint"):
            _commit(office, entry(), posting(1, "1010", debit, credit))


def _commit(office: PracticeOffice, *statements: str) -> None:
    with office.database.writer.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("kind", ApprovalKind)
def test_the_maker_is_never_the_checker_whatever_is_asked(
    kept: PracticeOffice, kind: ApprovalKind
) -> None:
    ask = asked(900, kind, GRACE, "treasurer", subject="3")
    assert _refusal(kept, (*ask, decision(GRACE, "id = 900"))) == "maker_is_checker"
    assert _refusal(kept, (*ask, decision(LUCY, "id = 900"))) is None


def test_whoever_applied_for_a_loan_cannot_approve_it_even_by_plain_sql(
    kept: PracticeOffice,
) -> None:
    taken_over = f"UPDATE loan SET applied_by = {DANIEL} WHERE status = 'appraised'"
    yes = decision(DANIEL, WAITING)
    given = f"UPDATE approval_request SET status = 'approved' WHERE {WAITING}"
    approve = "UPDATE loan SET status = 'approved' WHERE status = 'appraised'"
    assert _refusal(kept, (yes, given, approve)) is None
    assert _refusal(kept, (taken_over, yes)) == "applicant_decides"
    assert _refusal(kept, (yes, taken_over, given, approve)) == "loan_approved_by_nobody"


def test_a_loan_has_one_living_payout_and_a_payout_one_living_attempt(
    office: PracticeOffice,
) -> None:
    office.take_off_guard("payout_parts_exceed_loan")
    with pytest.raises(IntegrityError, match=r"payout\.loan_id|uq_payout_loan_id_part_live"):
        _commit(office, twin(PAID))
    with pytest.raises(IntegrityError, match=r"payout_attempt\.payout_id|uq_payout_attempt_live"):
        _commit(office, _attempt(UNSENT))


@pytest.mark.parametrize("kind", ["payout_not_paid", "failure_taken_back", "paid_twice"])
def test_whoever_has_the_money_decides_nothing_about_it(kept: PracticeOffice, kind: str) -> None:
    attempt = f"(SELECT id FROM payout_attempt WHERE payout_id = {ACCEPTED})"
    statements = (
        *asked(900, kind, GRACE, "treasurer", subject=attempt),
        f"INSERT INTO user_member SELECT {LUCY}, member_id, 2, {NOW} FROM payout WHERE id = {ACCEPTED}",
        decision(LUCY, "id = 900"),
    )
    assert _refusal(kept, statements) == "borrower_decides"


def test_whoever_gets_a_payment_does_not_say_that_it_came_back(kept: PracticeOffice) -> None:
    statements = (
        *AGREED[:-2],
        f"INSERT INTO user_member SELECT {LUCY}, member_id, 2, {NOW} FROM payout WHERE id = {HANDED}",
        decision(LUCY, "id = 900"),
    )
    assert _refusal(kept, statements) == "borrower_decides"


def test_a_payment_that_came_back_opens_its_loan_again(kept: PracticeOffice) -> None:
    assert _refusal(kept, (*CAME_BACK, LOAN_WAITS)) is None


def test_whoever_asked_for_cash_again_does_not_pay_it(kept: PracticeOffice) -> None:
    statements = (
        f"UPDATE approval_request SET status = 'void' WHERE kind = 'payout' AND subject_id = {CASH}",
        *asked(900, "payout", PETER, "treasurer", subject=str(CASH)),
        decision(LUCY, "id = 900"),
        SAYS_YES,
        hand_over(CASH, "cash", by=PETER),
    )
    assert _refusal(kept, statements) == "maker_pays_cash"


def test_a_day_is_closed_and_reopened_by_two_people(office: PracticeOffice) -> None:
    with pytest.raises(IntegrityError, match="signed_by_another"):
        _commit(office, closed(signed_by=GRACE))
    with pytest.raises(IntegrityError, match="signed_by_another"):
        _commit(office, closed(), reopened(signed_by=GRACE))
    with pytest.raises(IntegrityError, match=r"day_reopening\.closing_id|uq_day_reopening"):
        _commit(office, closed(), reopened(), reopened())


def test_a_reopened_day_takes_entries_and_is_closed_again(office: PracticeOffice) -> None:
    _commit(office, closed(), reopened(), entry(), *BALANCED, POST, closed())
    assert office.count("day_closing") == 2


def test_a_payout_is_in_one_bank_file_only(office: PracticeOffice) -> None:
    # Even if it were approved once more while the first file is at the bank.
    office.take_off_guard("hand_over_of_unapproved_payout")
    with pytest.raises(IntegrityError, match=r"hand_over\.payout_id|uq_hand_over_live"):
        _commit(office, *SECOND_FILE)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("mpesa_cents", "mpesa_cents + 1"),
        ("deposits_cents", "deposits_cents + 100"),
        ("recovered_cents", "recovered_cents + 100"),
        ("handed_cents", "100"),
        ("part", "2"),
        ("way", "'pigeon'"),
        ("purpose", "'gift'"),
        ("account_code", "'5210'"),
        ("bearer", "'member'"),
    ],
)
def test_the_parts_of_a_payout_are_whole_shillings_and_add_up(
    office: PracticeOffice, column: str, wrong: str
) -> None:
    office.take_off_guard("payout_content_fixed")
    with pytest.raises(IntegrityError, match=r"(?i)check constraint"):
        office.sql(f"UPDATE payout SET {column} = {wrong} WHERE id = {APPROVED}")


@pytest.mark.parametrize(
    "column", ["way", "part", "bearer", "tariff", "narration", "payee", "bank"]
)
def test_nothing_that_was_approved_changes_afterwards(kept: PracticeOffice, column: str) -> None:
    value = "2" if column == "part" else "'other'"
    change = f"UPDATE payout SET {column} = {value} WHERE id = {BANK}"
    assert _refusal(kept, (change,)) == "payout_content_fixed"


def test_a_paid_payout_is_posted_and_a_receipt_counts_once(office: PracticeOffice) -> None:
    for code in ("payout_paid_by_nothing", "payout_paid_unposted"):
        office.take_off_guard(code)
    with pytest.raises(IntegrityError, match="paid_is_posted"):
        office.sql(_to(ACCEPTED, "paid"))
    with pytest.raises(IntegrityError, match=r"payout\.receipt|uq_payout_receipt"):
        office.sql(
            f"UPDATE payout SET receipt = (SELECT receipt FROM payout WHERE id = {PAID})"
            f" WHERE id = {ACCEPTED}"
        )


@pytest.mark.parametrize(
    "statements",
    [*TWICE, *MONEY_TWICE, *MESSAGE_TWICE],
    ids=["payout", "balance question", "rest", *MONEY_NAMES, "message", "call"],
)
def test_what_may_be_open_once_cannot_be_open_twice(
    office: PracticeOffice, statements: tuple[str, ...]
) -> None:
    *first, twice = statements
    assert _refusal(office, tuple(first)) is None
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        _commit(office, *first, twice)
