"""Seeded histories of the quick town. One seed is one history: the same seed tells the same story, byte for byte."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.operations.run_jobs import run_due
from sacco_desktop.operations.send_payouts import send_payouts
from tests.faults.histories import Died, Heart
from tests.faults.people import settle, take_next_step
from tests.faults.planted import use_version
from tests.faults.quick.batch_acts import BatchActs
from tests.faults.quick.counter import Counter
from tests.faults.quick.faults import arm_payment
from tests.faults.quick.fence import Fence
from tests.faults.quick.furnish import BY_HAND, BY_MPESA
from tests.faults.quick.relay_trouble import RelayTrouble
from tests.faults.quick.stranger import Stranger
from tests.faults.quick.town import QuickDay, QuickDesk, QuickTown
from tests.faults.quick.witness import wrong_about
from tests.faults.rows import not_in_order, not_shown, not_the_same_money
from tests.faults.standing import PayoutStand
from tests.faults.truth import Broken, check, check_end

MINUTES = (1, 2, 5, 10, 45, 130, 1_500, 10_000)
SKEWS = (
    timedelta(0),
    timedelta(minutes=-4),
    timedelta(hours=5),
    timedelta(hours=-7),
    timedelta(days=2),
    timedelta(days=-3),
    # Into the month before, which may be closed.
    timedelta(days=-20),
)
PCS = ("OFFICE-PC", "SECOND-PC")
TWO_RELAYS = 0.25


class QuickHistory:
    """One seed's history on one day of the quick town."""

    def __init__(self, day: QuickDay, seed: int) -> None:
        self.day = day
        self.chance = random.Random(seed)
        self.desks: list[QuickDesk] = []
        # Which payouts this history is about; the others wait for another day.
        self._by_mpesa = sorted(self.chance.sample(BY_MPESA, self.chance.randint(1, 3)))
        by_hand = self.chance.sample(BY_HAND, 1) if self.chance.random() < 0.3 else []
        self._copies: list[str] = [day.start.books]
        self._fence = Fence(day)
        self._relay = RelayTrouble(day, self.chance, self._fence, lambda: self.desk)
        self._counter = Counter(day, self.chance, lambda: self.desk, self._by_mpesa, by_hand)
        self._batches = BatchActs(self.chance, lambda: self.desk)
        two_pcs = self.chance.random() < 0.3
        self._pcs = PCS if two_pcs else PCS[:1]
        self._fence.on_v1 = self.chance.random() < 0.25
        self._acts: tuple[tuple[float, Callable[[], None]], ...] = (
            (14, self.send),
            (5, self.minute),
            (5, self.later),
            (4, self.people),
            (2, self.release),
            (1, self.restart),
            (2, self._relay.relay_goes_or_comes),
            (1, self._relay.relay_loses_answers),
            (2.5 if len(day.places) > 1 else 0, self._relay.relay_rests_or_wakes),
            (5, Stranger(day, self.chance, lambda: self.desk).forge),
            (1.5, self.copy_books),
            (1.5, self.restore_books),
            (0.7, self._relay.relay_is_copied_or_restored),
            (1, self.clock_jumps),
            (6 if two_pcs else 0, self.both_at_once),
            (1.5, self._batches.go_on),
            (4 if by_hand else 0, self._counter.hand_over),
            (0.7, self.take_back),
            (0.7, self._counter.ask_anew),
            (0.7, self._counter.top_up),
            (0.7, self._counter.ask_balance),
            (0.3, self._counter.close_a_month),
        )
        day.town.wire.witness = self._look_at
        self._open()
        if self._fence.on_v1:
            self.desk.write(use_version, "v1")

    def _look_at(self, request: httpx.Request) -> None:
        self.day.refusals += self.desk.read(wrong_about, json.loads(request.content))

    @property
    def desk(self) -> QuickDesk:
        """The PC at which somebody works now."""
        return self.desks[0]

    def run(self) -> None:
        """All steps, then the end: everything works again, and people bring each payout to its end."""
        both = len(self.desks) > 1 and self.chance.random() < 0.6
        self._step(self.both_at_once if both else self.send)
        weights = [weight for weight, _act in self._acts]
        for _ in range(self.chance.randint(3, 9)):
            if len(self.desks) > 1 and self.chance.random() < 0.5:
                self.desks.reverse()
            [(_, act)] = self.chance.choices(self._acts, weights)
            self._step(act)
        self._end()

    def close(self) -> None:
        """Close the programs."""
        while self.desks:
            self.desks.pop().close()

    def _open(self) -> None:
        pause = self._pause if len(self._pcs) > 1 else None
        self.desks = [self.day.open_desk(pc, pause) for pc in self._pcs]

    def _pause(self) -> float:
        return self.chance.random() * 0.02

    def _step(self, act: Callable[[], None]) -> None:
        if self.chance.random() < 0.3:
            self._is_to_die(self.desk.heart)
        before = len(self.day.story)
        try:
            act()
        except Died:
            self._say("the program dies")
        except SaccoError as refusal:
            self._say(f"refused: {type(refusal).__name__}")
        self._revive()
        self.day.quiet()
        self._check()
        self._say(" ".join((act.__name__, *self.day.story[before:])), instead_of=before)

    def _is_to_die(self, heart: Heart) -> None:
        """Anywhere, or where it hurts most: around the call that moves money."""
        if self.chance.random() < 0.6:
            heart.from_point, heart.beats_left = "paymentrequest", self.chance.randint(1, 5)
        else:
            heart.beats_left = self.chance.randint(1, 60)

    def _revive(self) -> None:
        """Start the programs that died; the others go on."""
        for number, desk in enumerate(self.desks):
            desk.heart.beats_left, desk.heart.from_point = None, ""
            if desk.heart.is_dead:
                desk.close()
                pause = self._pause if len(self._pcs) > 1 else None
                self.desks[number] = self.day.open_desk(desk.pc, pause)

    def _check(self) -> None:
        check(self.desk, self._fence.forgotten)
        if self.day.refusals:
            raise Broken(f"a guard was needed, or this was told: {self.day.refusals[0]}")
        self._fence.check(self.desk)

    def _say(self, what: str, instead_of: int | None = None) -> None:
        if instead_of is None:
            self.day.story.append(what)
            return
        rows = self._rows()
        stand = " ".join(f"{row.status.value}/{row.attempt_status or '-'}" for row in rows)
        self.day.story[instead_of:] = [f"{self.day.clock.now():%d %H:%M:%S} {what}: {stand}"]

    def _rows(self) -> tuple[PayoutStand, ...]:
        rows = self.desk.stand().payouts
        return tuple(row for row in rows if row.payout_id in self._by_mpesa)

    def send(self) -> None:
        """Grace sends one payout, or all that are ready, one by one or as a batch."""
        wanted = self._armed()
        if wanted and self.chance.random() < 0.4:
            self._batches.send(wanted)
        else:
            self.desk.send(*wanted)

    def _armed(self) -> list[int]:
        ready = [row for row in self._rows() if row.status is PayoutStatus.APPROVED]
        if not ready:
            return []
        if self.chance.random() < 0.7:
            ready = [self.chance.choice(ready)]
        for row in ready:
            arm_payment(self.day.safaricom, self.chance, row.phone)
        return [row.payout_id for row in ready]

    def both_at_once(self) -> None:
        """Two PCs do something at the same moment; their steps mix as the seed wants it."""
        first, second = self.desks
        wanted = self._armed()
        work: list[Awaitable[Any]] = [
            send_payouts(first.office, wanted, first.people["grace"], pause_seconds=0),
            run_due(second.office)
            if self.chance.random() < 0.3
            else send_payouts(second.office, wanted, second.people["grace"]),
        ]
        for ended in self.day.town.loop.run_until_complete(_all(work)):
            if isinstance(ended, Died):
                self._say("a program dies")
            elif isinstance(ended, SaccoError):
                self._say(f"refused: {type(ended).__name__}")
            elif isinstance(ended, BaseException):
                raise ended

    def minute(self) -> None:
        """The clock's minute."""
        self.day.later(minutes=1)
        self.desk.jobs()

    def later(self) -> None:
        """Minutes or days in which nobody was there."""
        minutes = self.chance.choice(MINUTES)
        if minutes > 120:
            # What M-Pesa still held back at the end of a day was paid or dropped by then; see docs/faults.md.
            self.day.safaricom.release_callbacks()
        self.day.later(minutes=minutes)
        self.desk.jobs()

    def release(self) -> None:
        """What Safaricom put off comes now."""
        self.day.safaricom.release_callbacks()

    def people(self) -> None:
        """People take the step that the program offers."""
        if self.desk.stop() is not None:
            with suppress(SaccoError):
                self.desk.let_queue_go_on()
        for row in self._rows():
            if row.status is PayoutStatus.DRAFT or row.attempt_status is AttemptStatus.UNKNOWN:
                with suppress(SaccoError):
                    take_next_step(self.desk, row, pay_anew=True)

    def restart(self) -> None:
        """Close and start all."""
        self.close()
        self._open()

    def take_back(self) -> None:
        """Not where no relay is left that could know what the books forgot."""
        if not self._fence.nobody_knows:
            self._counter.take_back()

    def copy_books(self) -> None:
        """The office's backup of the moment."""
        self.close()
        self._copies.append(self.day.shelf.keep())
        self._open()

    def restore_books(self) -> None:
        """The PC breaks, and the books come back from an earlier backup; or they did on the first day."""
        if not self._fence.may_restore_books:
            return
        self.close()
        self.day.bring_back(self.chance.choice(self._copies))
        self._open()
        if self._fence.on_v1:
            self.desk.write(use_version, "v1")
        self._fence.books_came_back(self.desk)

    def clock_jumps(self) -> None:
        """Somebody sets the clock of the PC wrong, or right again."""
        self.day.skew = self.chance.choice(SKEWS)

    def _end(self) -> None:
        self.day.safaricom.disarm()
        if self.chance.random() < 0.5:
            # Even when all is well, Safaricom may say a thing twice.
            self.day.safaricom.arm("result_doubled", times=2)
        self._relay.ends()
        self.day.safaricom.release_callbacks()
        self.day.later(minutes=1)
        self.desk.sync()
        self._relay.wake_all()
        self._counter.refill()
        self._check()
        _must_be_empty(not_shown(self.desk))
        self._batches.end_all()
        sent = {payment.request.get("Occassion") for payment in self.day.safaricom.transactions}
        wanted = [
            row.payout_id
            for row in self._rows()
            if row.number in sent or row.attempt_status is not None
        ]
        if wanted:
            settle(self.desk, *wanted, forgotten=self._fence.forgotten)
        check_end(self.desk)
        self._check()
        _must_be_empty(not_in_order(self.desk))
        lent_cents = self._counter.funded_cents - self.desk.topped_up_cents()
        _must_be_empty(not_the_same_money(self.desk, self.desk.stand(), lent_cents))


def _must_be_empty(wrong: Iterable[str]) -> None:
    if told := "; ".join(wrong):
        raise Broken(told)


async def _all(work: list[Awaitable[Any]]) -> list[Any]:
    return await asyncio.gather(*work, return_exceptions=True)


def live(town: QuickTown, seed: int) -> list[str]:
    """Live through one seed's history; returns its story. Raises Broken with seed and story."""
    relays = 2 if random.Random(f"relays/{seed}").random() < TWO_RELAYS else 1
    with town.day(seed, relays) as day:
        history = QuickHistory(day, seed)
        try:
            history.run()
            return [*day.story, *day.ledger()]
        except AssertionError as wrong:
            told = "\n".join(day.story)
            raise Broken(f"seed {seed}: {wrong}\n{told}") from wrong
        finally:
            history.close()
