"""Personal columns on a server: nobody reads, changes or moves them there unseen, and they are found by the whole."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sacco_desktop.db.personal import PersonalCipher
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput
from sacco_desktop.services import members
from sacco_desktop.services.work import Work
from tests import make
from tests.db.full_office import full_office_file
from tests.engines import KEY, EngineKind, server
from tests.make import PracticeOffice
from tests.postgresql_server import programs

PHONE, NATIONAL_ID = "254712345001", "23450001"
on_a_server = pytest.mark.only_on("postgresql", "the file is encrypted as a whole")


@on_a_server
def test_phones_ids_and_what_m_pesa_said_cannot_be_read_on_the_server(tmp_path: Path) -> None:
    everything = make.office_from(full_office_file(), tmp_path)
    dump = subprocess.run(
        [programs() / "pg_dump", "--dbname", server().url(everything.place.database)],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert everything.count("mpesa_exchange") > 0
    everything.close()
    assert "Otieno" in dump
    for secret in (PHONE, PHONE.removeprefix("254"), NATIONAL_ID):
        assert secret not in dump


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
