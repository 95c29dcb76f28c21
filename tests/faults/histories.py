"""Seeded histories: payouts are sent while messages are lost, doubled, late and false, the program dies, the relay is
away and days pass. One seed is one history and replays exactly; after each step the books must be true.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.relays import relays
from tests.faults import probe
from tests.faults.desk import Desk
from tests.faults.people import settle, take_next_step
from tests.faults.town import LOANS_KES, Day, Town
from tests.faults.truth import Broken, check, check_end

PAYOUTS = tuple(range(1, len(LOANS_KES) + 1))

# What may go wrong with one payment: at most one fault of each stage, as Safaricom's simulator takes them.
GATE = (
    "hang_before_taking",
    "drop_before_taking",
    "html_before_taking",
    "duplicate_error",
    "token_death",
    "spike_arrest",
    "system_busy",
    "quota",
)
SETTLE = ("float_drained", "settles_late", "timeout_original", "timeout_result", "outcome")
ANSWER = (
    "hang_after_taking",
    "drop_after_taking",
    "html_after_taking",
    "empty_after_taking",
    "error_after_taking",
)
CALLBACK = (
    "result_late",
    "result_lost",
    "result_doubled",
    "result_early",
    "result_unknown_id",
    "result_other_amount",
    "result_other_receiver",
    "result_forged_failure",
    "result_garbage",
)
STATUS = ("status_not_found", "status_open", "result_lost", "result_doubled", "result_late")
CODES = ("1", "2040", "17", "26", "15", "8", "SFC_IC0003", "99999")
MINUTES = (1, 3, 10, 45, 130, 1500)


class Died(BaseException):
    """The program is dead from here on; not even its error handling runs against the world."""


class Heart:
    """Beats at each point at which a program could die, and stops for good when it was told to."""

    def __init__(self) -> None:
        self.beats_left: int | None = None
        # A word in the name of a point, from which on the beats are counted.
        self.from_point = ""
        self.is_dead = False

    def __call__(self, point: str) -> None:
        if self.from_point and self.from_point not in point:
            return
        self.from_point = ""
        if self.beats_left is not None:
            self.beats_left -= 1
            self.is_dead = self.is_dead or self.beats_left <= 0
        if self.is_dead:
            raise Died


class History:
    """One seed's history on one day of the town."""

    def __init__(self, day: Day, seed: int) -> None:
        self.day = day
        self.chance = random.Random(seed)
        self._stack = ExitStack()
        self._acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (14, self._send),
            (6, self._minute),
            (5, self._later),
            (4, self._people),
            (3, self._release),
            (2, self._restart),
            (2, self._relay_goes_or_comes),
            (2, self._forge),
        )
        self._open()

    def run(self) -> None:
        """All steps, then the end: everything works again, and people bring each payout to its end."""
        self._step(self._send)
        weights = [weight for weight, _act in self._acts]
        for _ in range(self.chance.randint(8, 18)):
            [(_, act)] = self.chance.choices(self._acts, weights)
            self._step(act)
        self._end()

    def close(self) -> None:
        """Close the program."""
        self._stack.close()

    def _open(self) -> None:
        self.desk: Desk = self._stack.enter_context(self.day.desk())
        self._heart = Heart()
        probe.install(self.desk.office, self._heart)

    def _step(self, act: Callable[[], None]) -> None:
        if self.chance.random() < 0.3:
            self._heart.beats_left = self.chance.randint(1, 90)
        try:
            act()
        except Died:
            self._tell("the program dies")
        except SaccoError as refusal:
            self._tell(f"refused: {type(refusal).__name__}")
        self._heart.beats_left = None
        if self._heart.is_dead:
            self._start_again()
        self.day.quiet()
        check(self.desk)
        self._tell(act.__name__)

    def _tell(self, what: str) -> None:
        rows = self.desk.rows() if not self._heart.is_dead else ()
        stand = " ".join(f"{row.status.value}/{row.attempt_status or '-'}" for row in rows)
        self.day.story.append(f"{self.day.clock.now():%d %H:%M} {what.strip('_')}: {stand}")

    def _start_again(self) -> None:
        self._stack.close()
        self._open()

    # What can happen.

    def _send(self) -> None:
        ready = [row for row in self.desk.rows() if row.status is PayoutStatus.APPROVED]
        if not ready:
            return
        row = self.chance.choice(ready)
        self._arm(row.phone)
        self.desk.send(row.payout_id)

    def _arm(self, phone: str) -> None:
        safaricom, chance = self.day.safaricom, self.chance
        if chance.random() < 0.2:
            safaricom.arm(chance.choice(GATE), match_phone=phone)
        if chance.random() < 0.3:
            self._arm_settlement(phone)
        if chance.random() < 0.35:
            safaricom.arm(chance.choice(ANSWER), match_phone=phone)
        if chance.random() < 0.5:
            safaricom.arm(chance.choice(CALLBACK), match_phone=phone)
        if chance.random() < 0.4:
            safaricom.arm(chance.choice(STATUS), api="status", times=chance.randint(1, 3))

    def _arm_settlement(self, phone: str) -> None:
        name = self.chance.choice(SETTLE)
        if name.startswith("timeout_"):
            paid_later = self.chance.random() < 0.5
            self.day.safaricom.arm(name, match_phone=phone, paid_later=paid_later)
        elif name == "outcome":
            self.day.safaricom.arm(name, match_phone=phone, code=self.chance.choice(CODES))
        else:
            self.day.safaricom.arm(name, match_phone=phone)

    def _minute(self) -> None:
        self.day.later(minutes=1)
        self.desk.jobs()

    def _later(self) -> None:
        minutes = self.chance.choice(MINUTES)
        if minutes > 120:
            # What M-Pesa still held back at the end of a day was paid or dropped by then; see docs/faults.md.
            self._let_go()
        self.day.later(minutes=minutes)
        self.desk.jobs()

    def _release(self) -> None:
        self._let_go()

    def _let_go(self) -> None:
        safaricom = self.day.safaricom
        safaricom.release_callbacks()
        assert safaricom.wait_for(lambda: safaricom.held_back == 0)
        self.day.quiet()

    def _people(self) -> None:
        if self.desk.stop() is not None:
            self.desk.let_queue_go_on()
        for row in self.desk.stand().payouts:
            if row.status is PayoutStatus.DRAFT or row.attempt_status is AttemptStatus.UNKNOWN:
                with suppress(SaccoError):
                    take_next_step(self.desk, row, pay_anew=True)

    def _restart(self) -> None:
        self._start_again()

    def _relay_goes_or_comes(self) -> None:
        if self.day.relay is None:
            self.day.start_relay()
        else:
            self.day.stop_relay()

    def _forge(self) -> None:
        """Somebody knows the token of our relay, and perhaps an id, but no tag."""
        attempts = self.desk.attempts()
        if self.day.relay is None or not attempts:
            return
        facts = self.chance.choice(attempts)
        code = self.chance.choice((0, 1, 2040))
        row = self.desk.read(relays.list_relays, None)[0]
        body = {
            "Result": {
                "ResultType": 0,
                "ResultCode": code,
                "OriginatorConversationID": facts.originator_id,
                "TransactionID": "FORGED0001",
            }
        }
        with httpx.Client(trust_env=False) as http:
            tag = secrets.token_hex(16)
            http.post(f"{row.callback_url}/c/{row.token}/b2c-result/{tag}", json=body)

    def _end(self) -> None:
        self.day.safaricom.disarm()
        self.day.safaricom.fund(10_000_000_00)
        if self.day.relay is None:
            self.day.start_relay()
        self._let_go()
        settle(self.desk)
        check_end(self.desk)


def live(town: Town, folder: Path, seed: int) -> list[str]:
    """Live through one seed's history and return its story. Raises Broken with the seed and the story."""
    with town.day(folder) as day:
        history = History(day, seed)
        try:
            history.run()
        except AssertionError as wrong:
            told = "\n".join(day.story)
            raise Broken(f"seed {seed}: {wrong}\n{told}") from wrong
        finally:
            history.close()
        return day.story
