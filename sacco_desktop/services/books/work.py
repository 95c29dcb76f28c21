"""The unit of work: every change of the books is one service called inside one transaction with one Work."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from sacco_desktop.db.copies import write_copy
from sacco_desktop.db.engine import Database
from sacco_desktop.db.refusals import refusal_of
from sacco_desktop.db.server_errors import is_collision
from sacco_desktop.domain import permissions
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.permissions import Act, Role
from sacco_desktop.services.books import held_roles
from sacco_desktop.services.books.elsewhere import Elsewhere, notice_of, read_notice
from sacco_desktop.services.books.held_roles import CLOCK_USER_ID as CLOCK_USER_ID

Input = TypeVar("Input")
Answer = TypeVar("Answer")


class Topic(StrEnum):
    """What kind of thing changed, so that an open page knows whether to read again."""

    MEMBERS = "members"
    LOANS = "loans"
    SAVINGS = "savings"
    PENALTIES = "penalties"
    LEDGER = "ledger"
    APPROVALS = "approvals"
    PAYOUTS = "payouts"
    RELAYS = "relays"
    JOBS = "jobs"
    USERS = "users"
    SETTINGS = "settings"
    IMPORTS = "imports"
    RECONCILING = "reconciling"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person who signed in, or the clock."""

    user_id: int
    full_name: str
    roles: frozenset[Role]


CLOCK = Actor(CLOCK_USER_ID, "Sacco Desktop", frozenset({Role.CLOCK}))


@dataclass(slots=True)
class Work:
    """One transaction in progress: its session, its one moment, who acts and on which PC, what it changed, and what its
    audit rows say was done to what.
    """

    session: Session
    now: datetime
    actor: Actor
    pc_name: str
    topics: set[Topic] = field(default_factory=set)
    acts: list[tuple[str, str]] = field(default_factory=list)
    _held: dict[Role, int | None] | None = None

    @property
    def today(self) -> date:
        """The business date of the office at this moment."""
        return business_date(self.now)

    def allow(self, act: Act) -> None:
        """Raise NotAllowed unless the actor may do this."""
        permissions.check(self._roles_now(), act)

    def may(self, act: Act) -> bool:
        """Whether the actor may do this, for what is shown to some and left out for others."""
        return permissions.may(self._roles_now(), act)

    def allow_one_of(self, *acts: Act) -> None:
        """Raise NotAllowed, with the words of the first act, unless the actor may do one of these."""
        roles = self._roles_now()
        if not any(permissions.may(roles, act) for act in acts):
            permissions.check(roles, acts[0])

    def _roles_now(self) -> frozenset[Role]:
        """The roles of the actor that still stand in the books: what was taken away counts at once and not at the
        next sign-in.
        """
        if self.actor.user_id == CLOCK_USER_ID:
            return self.actor.roles
        return frozenset(self.standing())

    def standing(self) -> dict[Role, int | None]:
        """The roles of the person who acts, each with whom it is held for: None for an own role, else the id of the
        person for whom the actor is deputy.

        Asked once in a transaction, which nobody else changes roles beside, and again after it changed some itself.
        """
        if self._held is None:
            self._held = held_roles.held_by(self.session, self.actor.user_id, self.today)
        return {role: whom for role, whom in self._held.items() if role in self.actor.roles}

    def changed(self, *topics: Topic) -> None:
        """Say what this transaction changes; pages hear of it after the commit."""
        self.topics.update(topics)
        if Topic.USERS in topics:
            self._held = None


Service = Callable[[Work, Input], Answer]


class Books:
    """Runs services in transactions. The only object that begins or commits one."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        pc_name: str,
        on_changed: Callable[[frozenset[Topic]], None] = lambda _topics: None,
    ) -> None:
        self._database = database
        self._now = now
        self._pc_name = pc_name
        self.on_changed = on_changed
        self.on_elsewhere: Callable[[Elsewhere], None] = lambda _news: None
        self._mark = secrets.token_hex(8)

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock of these books."""
        return self._now

    def hear_others(self) -> None:
        """Pass on what other PCs change in the same books; `on_changed` and `on_elsewhere` are then also called on a
        thread of the listener. Books that nobody shares have nothing to hear.
        """
        if self._database.others is not None:
            self._database.others.listen(self._hear)

    def has_clock(self) -> bool:
        """Whether the clock's jobs are run here: always, unless another PC with the same books runs them."""
        return self._database.others is None or self._database.others.has_clock()

    def copy_to(self, target: Path) -> None:
        """Copy the whole books of one moment into a file; see db.copies.write_copy."""
        write_copy(self._database, target)

    def write(self, service: Service[Input, Answer], argument: Input, *, actor: Actor) -> Answer:
        """Run a service in a transaction of its own, commit it, then tell what changed.

        Whatever the service raises rolls everything back. A refusal of the database comes out as the office's sentence.
        """
        answer, topics = self._write(service, argument, actor)
        if topics:
            self.on_changed(frozenset(topics))
        return answer

    def _write(
        self, service: Service[Input, Answer], argument: Input, actor: Actor, tries: int = 3
    ) -> tuple[Answer, set[Topic]]:
        try:
            with self._database.write() as session:
                work = Work(session, self._now(), actor, self._pc_name)
                answer = service(work, argument)
                self._tell_others(work)
                return answer, work.topics
        except DBAPIError as error:
            if is_collision(error) and tries > 1:
                # A service has touched nothing but this transaction, which is gone, so it may run again from its start.
                return self._write(service, argument, actor, tries - 1)
            refusal = refusal_of(error)
            if refusal is None:
                raise
            raise refusal from error

    def _tell_others(self, work: Work) -> None:
        others = self._database.others
        if others is not None and work.topics:
            others.tell(work.session, notice_of(work, self._mark))

    def _hear(self, notice: str | None) -> None:
        """Without a notice, or with one of another version, everything may have changed."""
        news = read_notice(notice) if notice is not None else None
        if news is None:
            self.on_changed(frozenset(Topic))
        elif news.sender != self._mark:
            self.on_changed(frozenset(topic for topic in Topic if topic.value in news.topics))
            self.on_elsewhere(news)

    def read(self, service: Service[Input, Answer], argument: Input, *, actor: Actor) -> Answer:
        """Run a service that only reads, on one consistent state of the books."""
        try:
            with self._database.read() as session:
                return service(Work(session, self._now(), actor, self._pc_name), argument)
        except DBAPIError as error:
            refusal = refusal_of(error, of_a_reader=True)
            if refusal is None:
                raise
            raise refusal from error
