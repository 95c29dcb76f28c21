"""The doctor against a real relay and the simulated Safaricom: all well, and each thing that can be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.demo.practice_office import PASSPHRASE, PracticeOffice, practice_office
from sacco_desktop.demo.scenes import Scenes
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.permissions import Role
from sacco_desktop.operations.check_setup import Finding, Mark, check_setup, self_test
from sacco_desktop.operations.enrol import MpesaAccess, PairingCode, connect_mpesa, enrol_at_relay
from sacco_desktop.operations.office import MpesaSecrets
from sacco_desktop.operations.open_office import OpenedOffice, open_office
from sacco_desktop.services.books.work import CLOCK
from sacco_desktop.services.office import mpesa_connections, users
from sacco_desktop.services.people import people_changes
from sacco_desktop.settings import Settings, system_clock
from tests.operations.quick_secrets import weaken_passwords

ALL = [
    "secrets", "disk", "backup", "relay", "clock", "round_trip", "certificate", "mpesa", "people",
]  # fmt: skip


@pytest.fixture
def practice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str | None
) -> Iterator[PracticeOffice]:
    weaken_passwords(monkeypatch)
    with practice_office(tmp_path / "practice", system_clock, database_url=database_url) as office:
        yield office


def settings_of(practice: PracticeOffice) -> Settings:
    return Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)


def examine(practice: PracticeOffice, settings: Settings | None = None) -> tuple[Finding, ...]:
    office = practice.office
    used = settings or settings_of(practice)
    return office.lanes.submit_async(lambda: check_setup(office, used)).result(40)


def marks(findings: tuple[Finding, ...]) -> str:
    return "".join(finding.mark.value for finding in findings)


def wrong(findings: tuple[Finding, ...]) -> Finding:
    (one,) = [finding for finding in findings if finding.mark is Mark.WRONG]
    assert one.next_step
    return one


def later(moment: Callable[[], datetime], by: timedelta) -> Callable[[], datetime]:
    return lambda: moment() + by


def test_all_is_well_and_every_point_is_told_as_it_comes(practice: PracticeOffice) -> None:
    office = practice.office
    told: list[Finding] = []
    settings = settings_of(practice)
    done = office.lanes.submit_async(lambda: check_setup(office, settings, told.append)).result(40)
    assert [finding.key for finding in done] == ALL
    assert marks(done) == "✓" * 9, wrong(done)
    assert tuple(told) == done
    shown = {finding.key: finding.words for finding in done}
    # A SHA-256 has 32 bytes, in lines.
    assert len(re.findall(r"\b[0-9A-F]{2}\b", shown["certificate"])) == 32
    assert shown["round_trip"].startswith("A test callback came back: practice relay ")
    assert not list((practice.data_dir / "office" / "backups").glob("*.tmp"))


def test_a_relay_that_is_away_stops_the_list_there(
    practice: PracticeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.relay.stop()
    monkeypatch.setattr(practice.relay, "stop", lambda: None)
    done = examine(practice)
    assert marks(done) == "✓✓✓✕–––––"
    assert wrong(done).key == "relay"
    assert "cannot be reached" in wrong(done).words


def test_a_clock_that_is_off_is_named_with_its_length_and_side(
    practice: PracticeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice.office, "now", later(system_clock, timedelta(minutes=10)))
    found = wrong(examine(practice))
    assert (found.key, found.words) == (
        "clock",
        "The clock of this computer is 10 min ahead of the relay's.",
    )


def test_a_key_that_mpesa_refuses_is_a_matter_for_a_person(practice: PracticeOffice) -> None:
    office, ruth = practice.office, practice.person("ruth")
    facts = office.books.read(mpesa_connections.current, None, actor=CLOCK)
    access = MpesaAccess(facts, MpesaSecrets("", "not the secret", ""))
    with pytest.raises(Exception, match="does not accept the consumer key"):
        office.lanes.submit_async(lambda: connect_mpesa(office, access, ruth)).result(20)
    found = wrong(examine(practice))
    assert found.key == "mpesa"
    assert found.next_step == "Enter key and secret anew: Settings, M-Pesa, Change."


def connect(practice: PracticeOffice, access: MpesaAccess) -> BaseException | None:
    office, ruth = practice.office, practice.person("ruth")
    return office.lanes.submit_async(lambda: connect_mpesa(office, access, ruth)).exception(20)


def test_secrets_that_are_changed_count_at_once_and_empty_ones_stay(
    practice: PracticeOffice,
) -> None:
    facts = practice.office.books.read(mpesa_connections.current, None, actor=CLOCK)
    profile = practice.safaricom.profile
    for secret, is_taken in (("not the secret", False), (profile.consumer_secret, True)):
        access = MpesaAccess(facts, MpesaSecrets("", secret, ""))
        assert (connect(practice, access) is None) is is_taken


def test_a_folder_that_cannot_be_written_is_named(practice: PracticeOffice, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    elsewhere = replace(settings_of(practice), data_dir=blocked)
    # The disk is asked first, and a file has one too.
    found = wrong(examine(practice, elsewhere))
    assert found.key == "backup"
    assert str(blocked / "backups") in found.words


def test_one_person_alone_keeps_payments_off(practice: PracticeOffice) -> None:
    """Administrators agree to changes of people, but approve no payouts."""

    def agreed(service: Any, change: object) -> None:
        put = practice.office.books.write(service, change, actor=practice.person("ruth"))
        Scenes(practice).agree(put.request_id)

    def row(username: str) -> users.UserRow:
        rows = practice.office.books.read(users.list_users, None, actor=CLOCK)
        return next(each for each in rows if each.username == username)

    def access(username: str, *, is_active: bool) -> users.AccessChange:
        return users.AccessChange(row(username).user_id, row(username).version, is_active)

    for name in ("daniel", "esther"):
        only = users.RoleChange(
            row(name).user_id, row(name).version, frozenset({Role.ADMINISTRATOR})
        )
        agreed(people_changes.change_roles, only)
    agreed(people_changes.change_access, access("lucy", is_active=False))
    found = wrong(examine(practice))
    assert found.key == "people"
    agreed(people_changes.change_access, access("lucy", is_active=True))
    assert marks(examine(practice)) == "✓" * 9


def test_the_round_trip_alone_is_timed(practice: PracticeOffice) -> None:
    office = practice.office
    (row,) = office.lanes.submit_async(office.relays).result(10)
    assert 0 < office.lanes.submit_async(lambda: self_test(office, row)).result(40) < 30


def test_an_empty_office_is_told_to_enrol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str | None
) -> None:
    weaken_passwords(monkeypatch)
    settings = Settings(tmp_path / "office", "PC", "file", PASSPHRASE, database_url)
    with open_office(settings, system_clock) as opened:
        office = opened.office
        done = office.lanes.submit_async(lambda: check_setup(office, settings)).result(20)
    assert wrong(done).key == "relay"
    assert "enrolled at no relay" in wrong(done).words


def enrol(opened: OpenedOffice, code: PairingCode, practice: PracticeOffice) -> object:
    office, ruth = opened.office, practice.person("ruth")
    return office.lanes.submit_async(lambda: enrol_at_relay(office, code, ruth)).exception(20)


def test_a_second_enrolment_under_one_name_leaves_the_keys_of_the_first(
    practice: PracticeOffice,
) -> None:
    code = str(practice.relay.desk.add_tenant("another")["code"])
    pairing = PairingCode("practice relay", practice.relay.api_url, code, "PC")
    refusal = enrol(practice.opened, pairing, practice)
    assert "enrolled at practice relay already" in str(refusal)
    practice.office._relays.clear()
    assert marks(examine(practice)) == "✓" * 9


def test_an_address_that_is_none_is_a_sentence_and_no_crash(practice: PracticeOffice) -> None:
    for address in ("", "relay", "http://", "ftp://relay.invalid", "http://[::1"):
        refusal = enrol(practice.opened, PairingCode("new", address, "AAAA-BBBB", "PC"), practice)
        assert isinstance(refusal, SaccoError), f"{address}: {refusal!r}"
