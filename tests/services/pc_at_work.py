"""One PC of several, as a process of its own: does its share of a morning's work on the shared books and reports it.

Run as `python -m tests.services.pc_at_work`. The morning comes as a line of JSON; what came of each act goes back so.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from sacco_desktop.db.postgresql import open_postgresql
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import NewMember
from sacco_desktop.services.office import users
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import Route, Sending
from tests.engines import KEY


@dataclass(frozen=True, slots=True)
class Morning:
    """What all PCs want to do, each in another order: the same deposits by key, the same requests, payouts, members."""

    url: str
    pc_name: str
    approver: str
    seed: int
    deposits: list[tuple[str, int, int]]
    requests: list[tuple[int, str]]
    payouts: list[int]
    members: list[tuple[int, int]]
    newcomers: int
    relay_id: int


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a PC: what it was about, and either the answer or the kind of refusal."""

    kind: str
    subject: str
    answer: Any = None
    refusal: str = ""


class _Pc:
    def __init__(self, morning: Morning) -> None:
        self.morning = morning
        self._database = open_postgresql(morning.url, KEY)
        moment = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)
        self._books = Books(self._database, now=lambda: moment, pc_name=morning.pc_name)
        self._people = {
            row.username: Actor(row.user_id, row.full_name, row.roles)
            for row in self._books.read(users.list_users, None, actor=CLOCK)
        }

    def plan(self) -> list[tuple[str, str, str, Any, Any]]:
        """Everything to be done: kind, subject, person, service and input."""
        job, day = self.morning, date(2026, 3, 16)
        route = Route(job.relay_id, "relay", b"tag key")
        plan: list[tuple[str, str, str, Any, Any]] = [
            ("deposit", key, "peter", deposits.take_cash, NewDeposit(key, member, cents, day))
            for key, member, cents in job.deposits
        ]
        plan += [
            ("decide", str(request), job.approver, decisions.decide,
             Verdict(request, fingerprint, Decision.APPROVE, "I looked at it."))
            for request, fingerprint in job.requests
        ]  # fmt: skip
        plan += [
            ("send", str(payout), "grace", payout_sending.begin, Sending(payout, route))
            for payout in job.payouts
        ]
        plan += [
            ("change", str(member), "peter", phone_changes.change_phone,
             PhoneChange(member, version, f"07{job.seed:02d}{member:06d}"))
            for member, version in job.members
        ]  # fmt: skip
        plan += [
            ("register", str(number), "peter", members.write_down,
             NewMember("New", "", "Comer", f"99{number:06d}", f"0799{number:06d}"))
            for number in range(job.newcomers)
        ]  # fmt: skip
        Random(job.seed).shuffle(plan)
        return plan

    def work(self) -> list[Act]:
        """Do all of it; a refusal is an answer too, anything else is a bug and ends the process."""
        acts = []
        for kind, subject, person, service, given in self.plan():
            try:
                answer = self._books.write(service, given, actor=self._people[person])
            except SaccoError as refusal:
                acts.append(Act(kind, subject, None, type(refusal).__name__))
            else:
                acts.append(Act(kind, subject, repr(answer)))
        self._database.close()
        return acts


def main() -> None:
    """Say `ready`, wait until all PCs are, work, and report."""
    pc = _Pc(Morning(**json.loads(sys.stdin.readline())))
    _say("ready")
    sys.stdin.readline()
    _say(json.dumps([asdict(act) for act in pc.work()]))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
