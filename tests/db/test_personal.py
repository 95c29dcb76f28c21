"""Personal columns on a server: nobody reads, changes or moves them there unseen, and they are found by the whole."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, Text

from sacco_desktop.db import migrate
from sacco_desktop.db.personal import PersonalCipher
from sacco_desktop.db.tables import Table
from sacco_desktop.db.types import SearchPieces
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import fresh_numbers, members
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from tests import make
from tests.db.first_books import first_books, first_rows
from tests.db.full_office import full_office_file
from tests.engines import KEY, EngineKind, copy_of, server
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice
from tests.postgresql_server import programs

PHONE, NATIONAL_ID = "254712345001", "23450001"

# What a server may read, beside numbers, dates and moments: names, because people search by parts of them; the ledger,
# because the server adds it up; states, ids and hashes; and the words of the office about its own work. Everything else
# is PersonalText or PersonalBytes: numbers of phones, IDs and accounts, what approvers are shown, what audit rows
# are about, and all that was said to and by M-Pesa.
READABLE = {
    "sitting": "minute_number place",
    "limit_use": "act subject",
    "damaged_entry": "chain_hash why",
    "deputy": "role",
    "job_pause": "job why",
    "approval_need": "roles",
    "approval_levels": "bands kind",
    "amount_limit": "act role",
    "account": "code name type",
    "approval_decision": "roles decision reason fingerprint role",
    "approval_request": "kind fingerprint status closing_words",
    "audit_row": "full_name pc_name action previous_hash hash",
    "book_import": "status kind file_name made_of fingerprint sheet shape plan old_totals",
    "import_mapping": "shape plan",
    "closed_month": "month",
    "day_closing": "head_hash",
    "account_statement": "source shortcode file_name made_of fingerprint",
    "statement_line": "identity receipt kind reason linked",
    "statement_match": "line_class how",
    "counter": "series",
    "balance_question": "conversation_id reason shortcode status tag",
    "batch_line": "fingerprint status",
    "float_reading": "account source",
    "job_run": "job outcome words",
    "journal_entry": "kind narration reference previous_hash hash",
    "loan": "number status product_code product_name loan_control method rate rate_per frequency"
    " rounding day_count first_due broken_period interest_on purpose appraisal",
    "loan_deduction": "name account_code",
    "appraisal_check": "rule title words",
    "loan_paper": "code name",
    "insider_tie": "kind kin",
    "loan_lowering": "reason",
    "members_vote": "meeting minute_number",
    "loan_separate_fee": "name account_code",
    "loan_fee_receipt": "receipt slip",
    "loan_change": "kind reason",
    "loan_write_off": "resolution",
    "provisioning_line": "name percent",
    "old_deposit": "month",
    "old_repayment": "receipt",
    "loan_instalment_fee": "name account_code",
    "member": "number first_name other_names last_name status kind",
    "member_search": "words pieces",
    "membership_application": "number kind first_name other_names last_name fee_receipt status",
    "related_person": "role",
    "member_document": "kind media sha256",
    "member_move": "old new",
    "exit_settlement": "cause status",
    "share_transfer": "status",
    "money_command": "key name input_hash answer",
    "mpesa_connection": "environment address shortcode initiator certificate b2c_version"
    " c2b_version",
    "mpesa_exchange": "path reading",
    "mpesa_receipt": "receipt shortcode evidence state",
    "receipt_word": "road",
    "receipt_allocation": "purpose slip how",
    "allocation_wish": "purpose",
    "receipt_alias": "purpose",
    "collecting_shortcode": "shortcode kind name account_code c2b_version",
    "shortcode_registration": "shortcode version",
    "mpesa_prompt": "number purpose reference shortcode tag status merchant_request_id checkout_request_id claim code",
    "receipt_pull": "shortcode outcome",
    "receipt_claim": "code purpose status",
    "receipt_question": "state conversation_id tag finding",
    "receipt_reversal": "number status tag originator_id conversation_id code claim evidence",
    "paper_print": "number subject fingerprint",
    "credit_report": "reference",
    "guarantee": "status",
    "guarantee_word": "status way",
    "guarantor_recovery": "kind receipt",
    "repayment": "receipt use source reference",
    "repayment_part": "component",
    "savings_product": "code kind account_code",
    "fund_claim": "number relation",
    "savings_terms": "name every withdrawal benefits",
    "message": "event subject period channel language status cost",
    "message_paper": "media",
    "message_attempt": "gateway status gateway_id code pc_name",
    "message_wish": "wish language",
    "message_gateway": "gateway address account sender balance",
    "message_stop": "gateway code clearing_words",
    "penalty_rule": "code about",
    "penalty_terms": "name basis base product growth",
    "penalty_charge": "subject spans",
    "meeting": "title",
    "contribution": "receipt source reference till",
    "check_off_list": "number employer month file_name fingerprint reference status",
    "check_off_line": "problem",
    "check_off_owner": "number status",
    "check_off_columns": "employer columns",
    "payout": "number purpose status evidence fingerprint receipt way bearer tariff account_code",
    "bank_file": "number sha256",
    "hand_over": "way reference outcome",
    "payout_attempt": "originator_conversation_id b2c_version tag status conversation_id claim claim_code",
    "payout_move": "old new",
    "posting": "memo",
    "payout_batch": "number pc_name status",
    "queue_stop": "code clearing_words",
    "relay": "name api_url callback_url host tenant token chain_hash checkpoint trouble",
    "relay_entry": "kind tag source hash state",
    "setting": "name value",
    "society": "books_id name registration_number postal_address phone environment",
    "status_question": "tag state conversation_id finding",
    "user_account": "username full_name password_hash",
    "user_role": "role",
}
on_a_server = pytest.mark.only_on("postgresql", "the file is encrypted as a whole")


def _dump(office: PracticeOffice) -> str:
    """Everything that whoever looks after the server can read."""
    return subprocess.run(
        [programs() / "pg_dump", "--dbname", server().url(office.place.database)],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def _told(dump: str, secrets: set[str]) -> set[str]:
    """The secrets that stand in a dump, in groups of digits as people write them, or as a dump writes bytes."""
    dump += dump.replace(" ", "")
    return {one for one in secrets if one in dump or one.encode().hex() in dump}


@on_a_server
def test_no_phone_no_id_and_nothing_m_pesa_said_can_be_read_on_the_server(tmp_path: Path) -> None:
    office = make.office_from(full_office_file(), tmp_path)
    row = office.read(members.row_of, 1)
    changed = PhoneChange(row.member_id, row.version, "0799 888 777")
    office.write(phone_changes.change_phone, changed, office.peter)
    accepted = make.accepted(
        office, make.approved_payout(office, float_kes=0), make.route(office, 1)
    )
    wrong = make.paid_news(accepted, receiver_phone="254711222333")
    assert make.arrive(office, 1, (accepted.tag, wrong)).parked == 1
    rows = office.read(members.list_members, None)
    dump = _dump(office)
    assert office.count("mpesa_exchange") > 0
    office.close()
    secrets = {row.national_id for row in rows} | {row.phone[3:] for row in rows}
    assert len(secrets) == 2 * len(rows)
    assert _told(dump, {*secrets, PHONE[3:], "799888777", "711222333"}) == set()
    assert _told(dump, {"Otieno"}) == {"Otieno"}


@on_a_server
def test_what_the_first_books_had_in_clear_is_sealed_by_the_upgrade(
    tmp_path: Path, office_clock: OfficeClock
) -> None:
    place = first_books().put(tmp_path)
    office_clock.advance(hours=3)
    with closing(place.open()) as database:
        migrate.migrate(database, tmp_path, office_clock.now())
    office = make.office_from(copy_of(place), tmp_path, office_clock)
    dump = _dump(office)
    fresh = office.read(fresh_numbers.fresh_number, 8)
    assert fresh is not None
    assert fresh.new == "254799888777"
    office.close()
    place.throw_away()
    kept = first_rows()
    secrets = {row["national_id"] for row in kept["member"]}
    secrets |= {row["phone"][3:] for row in kept["member"] + kept["payout"]} | {fresh.old[3:]}
    assert "799888777" in secrets
    assert _told(dump, secrets) == set()


def test_every_column_of_text_is_sealed_or_stands_here_as_readable() -> None:
    """A new column asks its maker: may whoever looks after the server read it?"""
    found: dict[str, set[str]] = {}
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Text | LargeBinary | SearchPieces):
                found.setdefault(table.name, set()).add(column.name)
    assert found == {table: set(names.split()) for table, names in READABLE.items()}


@pytest.mark.parametrize("typed", ["0712345001", "254712345001", "+254712345001", NATIONAL_ID])
def test_a_member_is_found_by_the_whole_phone_or_id(office: PracticeOffice, typed: str) -> None:
    member = make.member(office)
    make.member(office)
    assert office.read(members.find, typed, office.peter) == (member,)


@on_a_server
@pytest.mark.parametrize("typed", ["345001", "A", "sealed", "=="])
def test_a_part_of_a_number_finds_nothing_by_chance(office: PracticeOffice, typed: str) -> None:
    make.member(office, first_name="Zoe", other_names="", last_name="Osoro")
    assert office.read(members.find, typed, office.peter) == ()


@pytest.mark.parametrize("field", ["national_id", "phone"])
def test_two_members_with_one_number_are_refused_by_the_database_too(
    office: PracticeOffice, field: str
) -> None:
    make.member(office)
    other = make.member(office)

    def take_the_number(work: Work, _nothing: None) -> None:
        setattr(members.load(work, other.member_id), field, getattr(members.load(work, 1), field))

    with pytest.raises(InvalidInput) as refusal:
        office.write(take_the_number, None)
    assert refusal.value.field == field


@on_a_server
@pytest.mark.parametrize(
    "change",
    [
        "phone = '254799999999'",
        "phone = national_id",
        "phone = replace(phone, substr(phone, 12, 1), 'é')",
        "phone = substr(phone, 1, 20)",
        "phone = 'sealed:'",
    ],
)
def test_what_was_changed_in_the_database_is_noticed(office: PracticeOffice, change: str) -> None:
    make.member(office)
    office.sql(f"UPDATE member SET {change}")
    with pytest.raises(BooksDamaged, match=r"member\.phone"):
        office.read(members.list_members, None, office.peter)


def test_a_seal_fits_its_value_its_place_and_its_key() -> None:
    cipher, other = PersonalCipher(KEY), PersonalCipher(bytes(32))
    sealed = cipher.seal_text("member.phone", PHONE)
    assert cipher.seal_text("member.phone", PHONE) == sealed
    assert cipher.unseal_text("member.phone", sealed) == PHONE
    assert cipher.seal_text("payout.phone", PHONE) != sealed
    assert cipher.unseal_text("x.empty", cipher.seal_text("x.empty", "")) == ""
    assert cipher.mark != other.mark
    for place, by in (("payout.phone", cipher), ("member.phone", other)):
        with pytest.raises(BooksDamaged):
            by.unseal_text(place, sealed)


def test_on_a_file_they_stand_as_they_are(office: PracticeOffice, engine: EngineKind) -> None:
    make.member(office)
    ((kept,),) = office.sql("SELECT phone FROM member")
    assert (kept == PHONE) == (engine is EngineKind.SQLITE)
