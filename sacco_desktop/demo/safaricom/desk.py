"""What a person or a test may look at and do behind M-Pesa's counter; both the control addresses and
the page come here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date

from sacco_desktop.demo.safaricom import ledger, tariff
from sacco_desktop.demo.safaricom.codes import CODES, OUTCOME_BY_PHONE
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.faults import APIS, FAULTS, Api
from sacco_desktop.demo.safaricom.paybill import Paybill
from sacco_desktop.demo.safaricom.profile import ROLES
from sacco_desktop.demo.safaricom.rules import ENVELOPES
from sacco_desktop.demo.safaricom.stk_codes import STK_BY_PHONE, stk_text
from sacco_desktop.demo.safaricom.world import NATIONAL_ID, World

Asked = Mapping[str, object]

_PHONE = re.compile(r"254[17][0-9]{8}", re.ASCII)
LONGEST_CODE = 20
# How the code for a next request is told: by a callback, or at once in place of an acceptance.
LATER, AT_ONCE = "result", "answer"


class Desk:
    """Each act takes what was asked as names and values, and gives back what there is to show.

    A name that is missing raises `KeyError`, a value that cannot be used `ValueError`. The caller
    holds the world's lock, and releasing callbacks is only for the server's loop.
    """

    def __init__(self, world: World, errands: Errands, paybill: Paybill) -> None:
        self._world = world
        self._errands = errands
        self._paybill = paybill

    def keys(self) -> object:
        profile = self._world.profile
        return {
            "shortcode": profile.shortcode,
            "consumer_key": profile.consumer_key,
            "consumer_secret": profile.consumer_secret,
            "initiator_name": profile.initiator_name,
            "initiator_password": self._world.initiator.password,
            "passkey": profile.passkey,
            "certificate": "/control/certificate",
        }

    def accounts(self) -> object:
        book = self._world.ledger
        return {
            "accounts_cents": dict(sorted(book.balances.items())),
            "transactions": [t.as_row() for t in self._world.transactions],
            "is_conserved": book.is_conserved(),
            **self._paybill.as_rows(),
        }

    def pay(self, asked: Asked) -> None:
        """A member pays to the paybill; with `forged` somebody only says so."""
        phone, cents = _phone(asked["phone"]), int(str(asked["cents"]))
        if cents < 100:
            raise ValueError("A payment is one shilling or more.")
        act = self._paybill.forge if asked.get("forged") else self._paybill.pay
        act(phone, cents, str(asked.get("reference", "")))

    def messages(self, asked: Asked) -> object:
        after = int(str(asked.get("after", 0)))
        return {"messages": [m.as_row() for m in self._world.messages if m.number > after]}

    def codes(self) -> object:
        prompts = [
            {"code": code, "text": stk_text(code), "phone": phone}
            for phone, code in STK_BY_PHONE.items()
        ]
        return {"codes": [asdict(row) for row in CODES.values()], "prompts": prompts}

    def list_faults(self) -> object:
        return {
            "faults": {
                name: {
                    "stage": kind.stage,
                    "api": kind.api,
                    "apis": kind.apis,
                    "meaning": kind.meaning,
                    "options": kind.options,
                }
                for name, kind in FAULTS.items()
            },
            "outcome_by_phone": OUTCOME_BY_PHONE,
            "armed": [asdict(fault) for fault in self._world.faults.armed],
        }

    def arm(self, asked: Asked) -> object:
        named = ("fault", "times", "phone", "id", "api")
        fault = self._world.faults.arm(
            str(asked["fault"]),
            times=int(str(asked.get("times", 1))),
            match_phone=str(asked.get("phone", "")),
            match_id=str(asked.get("id", "")),
            api=_api(asked.get("api")),
            options={name: value for name, value in asked.items() if name not in named},
        )
        return asdict(fault)

    def disarm(self) -> None:
        self._world.faults.clear()

    def set_next_code(self, asked: Asked) -> object:
        """The code in which the next payout ends, or the next question about one."""
        code = str(asked["code"]).strip()
        if not 0 < len(code) <= LONGEST_CODE:
            raise ValueError(f"A code has 1 to {LONGEST_CODE} characters.")
        way = str(asked.get("way", AT_ONCE if code in ENVELOPES else LATER))
        if way not in (LATER, AT_ONCE):
            raise ValueError(f"way is {LATER} or {AT_ONCE}.")
        if way == LATER and code in ENVELOPES:
            raise ValueError(f"{code} only comes at once, as way {AT_ONCE}.")
        fault = "outcome"
        if way == AT_ONCE:
            fault = "refused_with" if code in ENVELOPES else "response_before_taking"
        kept = {name: asked[name] for name in ("times", "phone", "id", "api") if name in asked}
        return self.arm({**kept, "fault": fault, "code": code})

    def set_oddities(self, asked: Asked) -> object:
        self._world.switch_oddities(asked)
        return asdict(self._world.oddities)

    def set_outcome(self, asked: Asked) -> object:
        phone, code = _phone(asked["phone"]), str(asked["code"]).strip()
        self._world.outcomes.pop(phone, None)
        if code:
            self._world.outcomes[phone] = code
        return None

    def set_wallet(self, asked: Asked) -> object:
        world, phone = self._world, _phone(asked["phone"])
        cents = int(str(asked.get("balance_cents", world.ledger.wallet_cents(phone))))
        if cents < 0:
            raise ValueError("A wallet holds nothing or more.")
        if "name" in asked:
            world.name_line(phone, str(asked["name"]))
        if "id_number" in asked:
            world.register_line(
                phone, str(asked["id_number"]), str(asked.get("id_type", NATIONAL_ID))
            )
        if "balance_cents" in asked:
            world.set_wallet(phone, cents)
        if asked.get("is_registered", True):
            world.unregistered.discard(phone)
        else:
            world.unregistered.add(phone)
        return {"phone": phone, "balance_cents": self._world.ledger.wallet_cents(phone)}

    def fund(self, asked: Asked) -> object:
        account = str(asked.get("account", ledger.UTILITY))
        if account not in ledger.FUNDABLE:
            raise ValueError(f"account is one of {', '.join(ledger.FUNDABLE)}.")
        cents = int(str(asked["cents"]))
        self._world.ledger.move(ledger.Movement(ledger.OUTSIDE, account, cents, "funded"))
        return {"account": account, "cents": self._world.ledger.balances[account]}

    def move(self, asked: Asked) -> object:
        book, cents = self._world.ledger, int(str(asked["cents"]))
        book.transfer(str(asked["source"]), str(asked["target"]), cents)
        return {account: book.balances[account] for account in ledger.FUNDABLE}

    def set_product(self, asked: Asked) -> object:
        self._world.switch_product(
            str(asked["product"]), is_enabled=bool(asked.get("is_enabled", True))
        )
        return {"products": sorted(self._world.products)}

    def set_limits(self, asked: Asked) -> object:
        cents = {name: int(str(value)) for name, value in asked.items()}
        if unknown := set(cents) - set(asdict(self._world.limits)):
            raise ValueError(f"There is no limit {', '.join(sorted(unknown))}.")
        if min(cents.values(), default=1) < 1:
            raise ValueError("A limit is at least one cent.")
        self._world.limits = replace(self._world.limits, **cents)
        return asdict(self._world.limits)

    def set_tariff(self, asked: Asked) -> object:
        """Who bears the member's withdrawal fee, and other bands from a day on."""
        world = self._world
        if "bands" in asked:
            bands = _bands(asked["bands"])
            on = date.fromisoformat(str(asked["effective_on"]))
            others = [t for t in world.tariffs if t.effective_on != on]
            with_withdrawal = _bands(asked.get("with_withdrawal", asked["bands"]))
            world.tariffs = [*others, tariff.Tariff(on, bands, with_withdrawal)]
        if "bears_withdrawal" in asked:
            world.bears_withdrawal = bool(asked["bears_withdrawal"])
        by_date = sorted(world.tariffs, key=lambda t: t.effective_on)
        return {
            "bears_withdrawal": world.bears_withdrawal,
            "tariffs": [
                {**asdict(each), "effective_on": each.effective_on.isoformat()} for each in by_date
            ],
        }

    def set_initiator(self, asked: Asked) -> object:
        initiator = self._world.initiator
        roles, wrong = asked.get("roles"), asked.get("wrong_passwords_before_lock")
        if roles is not None:
            if not isinstance(roles, list) or not set(roles) <= ROLES:
                raise ValueError(f"roles is a list of {', '.join(sorted(ROLES))}.")
            initiator.roles = {str(role) for role in roles}
        if wrong is not None:
            if not isinstance(wrong, int) or wrong < 1:
                raise ValueError("wrong_passwords_before_lock is at least 1.")
            initiator.wrong_before_lock = wrong
        if "password" in asked:
            initiator.password = str(asked["password"])
        initiator.is_locked = bool(asked.get("is_locked", False))
        initiator.wrong_passwords = 0
        return None

    def release(self, number: int = 0) -> None:
        """Everything that is held back, or the one with this number."""
        self._errands.release(number)

    async def begin_again(self) -> None:
        """Forget everything; this one takes the lock itself."""
        # First what is under way, lest an errand of the old world reports into the new one.
        await self._errands.forget()
        self._world.reset()


def _api(name: object) -> Api | None:
    known: dict[str, Api] = {each: each for each in APIS}
    if name is None or name == "":
        return None
    if name not in known:
        raise ValueError(f"api is one of {', '.join(APIS)}.")
    return known[str(name)]


def _phone(name: object) -> str:
    if not _PHONE.fullmatch(str(name)):
        raise ValueError("A phone number is twelve digits, like 254712345678.")
    return str(name)


def _bands(value: object) -> tuple[tuple[int, int], ...]:
    rows = value if isinstance(value, list) else [value]
    pairs = [row for row in rows if isinstance(row, list) and len(row) == 2]
    if len(pairs) < len(rows):
        raise ValueError("Bands are pairs: [[up to so many cents, fee in cents], …].")
    return tuple((int(str(top)), int(str(fee))) for top, fee in pairs)
