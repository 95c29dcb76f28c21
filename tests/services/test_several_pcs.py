"""Several PCs on one PostgreSQL do the same things at once: the history that they report fits one order of events."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import asdict, replace
from typing import Any

import pytest

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership import members
from tests import make
from tests.architecture.house import ROOT
from tests.books_watch import assert_sound
from tests.engines import server
from tests.make import PracticeOffice
from tests.services.pc_at_work import Act, Morning

pytestmark = pytest.mark.only_on("postgresql", "a file is for one program at a time")

# What the loser of each race is told.
TOLD = {
    "decide": {"AlreadyDecided"},
    "send": {"WrongState"},
    "change": {"ChangedMeanwhile"},
    "register": {"InvalidInput"},
}


def _morning(office: PracticeOffice) -> Morning:
    """Deposits by key, waiting requests, approved payouts, members with a phone to change, and newcomers."""
    make.float_of(office, 900_000)
    relay = make.relay(office)
    approved = [make.approved_payout(office, float_kes=0).payout_id for _ in range(3)]
    asked = [make.requested_payout(office).payout_id for _ in range(3)]
    waiting = {make.waiting_request(office, ApprovalKind.PAYOUT, payout) for payout in asked}
    requests = [
        (row.request_id, row.fingerprint)
        for row in office.read(decisions.list_requests, None, office.lucy)
        if row.request_id in waiting
    ]
    people = [make.member(office) for _ in range(4)]
    return Morning(
        url=server().url(office.place.database),
        pc_name="",
        approver="",
        seed=0,
        deposits=[(f"key-{n}", people[n % 4].member_id, 100 + n) for n in range(24)],
        requests=requests,
        payouts=approved,
        members=[(person.member_id, person.version) for person in people],
        newcomers=6,
        relay_id=relay,
    )


def _work(mornings: list[Morning]) -> list[list[Act]]:
    """Let every PC begin in the same moment; what each reports."""
    pcs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.services.pc_at_work"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in mornings
    ]  # fmt: skip
    histories = []
    for pc, morning in zip(pcs, mornings, strict=True):
        assert pc.stdin is not None
        pc.stdin.write(json.dumps(asdict(morning)) + "\n")
        pc.stdin.flush()
    for pc in pcs:
        assert pc.stdout is not None
        assert pc.stdout.readline() == "ready\n"
    for pc in pcs:
        assert pc.stdin is not None
        pc.stdin.write("go\n")
        pc.stdin.flush()
    for pc in pcs:
        said, _none = pc.communicate(timeout=60)
        assert pc.returncode == 0
        histories.append([Act(**act) for act in json.loads(said)])
    return histories


def _by_subject(histories: list[list[Act]], kind: str) -> dict[str, list[Act]]:
    found: dict[str, list[Act]] = defaultdict(list)
    for act in (act for history in histories for act in history if act.kind == kind):
        found[act.subject].append(act)
    return found


def _check_one_winner(histories: list[list[Act]], kind: str) -> None:
    for subject, acts in _by_subject(histories, kind).items():
        assert len(acts) == len(histories)
        winners = [act for act in acts if not act.refusal]
        assert len(winners) == 1, f"{kind} {subject} was won by {len(winners)}"
        assert {act.refusal for act in acts if act.refusal} <= TOLD[kind]


def _numbers(office: PracticeOffice, statement: str) -> list[Any]:
    return [row[0] for row in office.sql(statement)]


def test_each_race_has_one_winner_and_the_books_are_as_if_all_stood_in_a_line(
    office: PracticeOffice,
) -> None:
    morning = _morning(office)
    first_entry = office.count("journal_entry") + 1
    mornings = [
        replace(morning, pc_name="FRONT-PC", approver="lucy", seed=11),
        replace(morning, pc_name="BACK-PC", approver="daniel", seed=22),
        replace(morning, pc_name="HALL-PC", approver="lucy", seed=33),
    ]
    histories = _work(mornings)

    for kind in TOLD:
        _check_one_winner(histories, kind)
    for key, acts in _by_subject(histories, "deposit").items():
        answers = Counter(act.answer for act in acts)
        assert list(answers.values()) == [len(mornings)], f"{key} got several answers"

    entries = _numbers(office, "SELECT number FROM journal_entry ORDER BY number")
    assert entries == list(range(1, len(entries) + 1))
    assert len(entries) == first_entry - 1 + len(morning.deposits)
    receipts = _numbers(
        office,
        f"SELECT reference FROM journal_entry WHERE number >= {first_entry} ORDER BY number",
    )
    numbers = [int(receipt.rsplit("-", 1)[1]) for receipt in receipts]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    for member_id, _version in morning.members:
        row = office.read(members.row_of, member_id)
        assert row.deposits_cents == sum(c for _k, m, c in morning.deposits if m == member_id)
        assert row.version == 2
    rows = office.read(members.list_members, None, office.peter)
    assert [row.number for row in rows] == [f"M-{n:04d}" for n in range(1, len(rows) + 1)]
    assert office.count("payout_attempt") == len(morning.payouts)
    assert office.count("payout", "status = 'in_flight'") == len(morning.payouts)
    assert_sound(office)
