"""Everything the simulated Safaricom remembers: accounts, payments, tokens, its log."""

from __future__ import annotations

import random
import string
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone

from sacco_desktop.demo.safaricom import ledger, tariff
from sacco_desktop.demo.safaricom.faults import FaultDesk
from sacco_desktop.demo.safaricom.incoming import Incoming, PhonePrompt, Urls
from sacco_desktop.demo.safaricom.keys import CredentialKey, credential_key
from sacco_desktop.demo.safaricom.ledger import Ledger
from sacco_desktop.demo.safaricom.profile import (
    ALL_PRODUCTS,
    CHOICES,
    Limits,
    Oddities,
    Profile,
)
from sacco_desktop.demo.safaricom.tariff import Tariff

NAIROBI = timezone(timedelta(hours=3), "EAT")
LETTERS = string.ascii_uppercase + string.digits
# Military, alien, diplomatic and passport are the others.
NATIONAL_ID = "01"
_SECRET_FIELDS = ("SecurityCredential", "Password")
# Who a line belongs to when nobody has said it.
_NAMES = ("JANE DOE", "JOHN OTIENO", "MARY WANJIKU", "PETER KIPROP", "AISHA HASSAN")
LONGEST_NAME = 80
ID_TYPES = (NATIONAL_ID, "02", "03", "04", "05")


@dataclass(slots=True)
class Transaction:
    """One payout as M-Pesa's core sees it. Sums in cents, moments in UTC."""

    originator_id: str
    gateway_originator_id: str
    conversation_id: str
    version: str
    phone: str
    amount_cents: int
    command: str
    initiated_at: datetime
    result_url: str = field(repr=False)
    timeout_url: str = field(repr=False)
    request: Mapping[str, object] = field(repr=False)
    state: str = "Queued"  # Queued, Authorized, Completed, Declined
    result_code: str = ""
    result_text: str = ""
    receipt: str = ""
    fee_cents: int = 0
    finalised_at: datetime | None = None

    @property
    def checks_identity(self) -> bool:
        """Whether the line has to be registered to the identity paper in the request."""
        return self.version == "v2"

    def as_row(self) -> dict[str, object]:
        """For the control address: plain values, without addresses and without the request."""
        row = asdict(self)
        for hidden in ("request", "result_url", "timeout_url"):
            del row[hidden]
        row["initiated_at"] = self.initiated_at.isoformat()
        row["finalised_at"] = self.finalised_at.isoformat() if self.finalised_at else None
        return row


@dataclass(frozen=True, slots=True)
class Message:
    """One request that came or one callback that went, its SecurityCredential blanked."""

    number: int
    at: datetime
    kind: str  # request, callback
    name: str
    address: str
    body: object
    outcome: str

    def as_row(self) -> dict[str, object]:
        return {**asdict(self), "at": self.at.isoformat()}


class TokenDesk:
    """Usually one living token per consumer key: issuing one kills the one before."""

    def __init__(self, life_seconds: int, now: Callable[[], datetime]) -> None:
        self._life = timedelta(seconds=life_seconds)
        self._now = now
        self._ends_at: dict[str, datetime] = {}
        self.latest = ""
        self.issued = 0

    def issue(self, chance: random.Random, *, old_lives: bool = False) -> str:
        token = "".join(chance.choices(string.ascii_letters + string.digits, k=28))
        if not old_lives:
            self._ends_at.clear()
        self._ends_at[token] = self._now() + self._life
        self.latest = token
        self.issued += 1
        return token

    def accepts(self, token: str) -> bool:
        return token in self._ends_at and self._now() < self._ends_at[token]

    def kill(self) -> None:
        self._ends_at.clear()


class InitiatorDesk:
    """The API operator: after several wrong passwords the user is locked, and stays locked."""

    def __init__(self, profile: Profile, key: CredentialKey) -> None:
        self._profile = profile
        self._key = key
        self.password = profile.initiator_password
        self.roles = set(profile.roles)
        self.wrong_passwords = 0
        self.wrong_before_lock = profile.wrong_passwords_before_lock
        self.is_locked = False

    def problem(self, name: str, credential: str, role: str) -> str:
        """The result code that refuses this initiator, or empty text."""
        if name != self._profile.initiator_name:
            return "20"
        if self.is_locked:
            return "8006"
        if self._key.open(credential) != self.password:
            self.wrong_passwords += 1
            self.is_locked = self.wrong_passwords >= self.wrong_before_lock
            return "2001"
        self.wrong_passwords = 0
        return "" if role in self.roles else "21"


class World:
    """The state behind one simulated Safaricom. Whoever reads or writes holds `changed`.

    `changed` is a condition over a re-entrant lock, told of every message and every payment, so a
    test can wait for what it expects.
    """

    def __init__(
        self, profile: Profile, now: Callable[[], datetime], seed: int | None = None
    ) -> None:
        self.now = now
        self.seed = seed
        self.key = credential_key()
        self.changed = threading.Condition(threading.RLock())
        self.reset(profile)

    def reset(self, profile: Profile | None = None) -> None:
        """Begin again: opening balances, nothing paid, nothing armed, no token, an empty log."""
        with self.changed:
            if profile is not None:
                self.profile = profile
            # Chance only names things here; a seed makes a run repeatable.
            self.chance = random.Random(self.seed)
            self.ledger = Ledger(self.profile.utility_cents, self.profile.working_cents, self.now)
            self.tokens = TokenDesk(self.profile.token_seconds, self.now)
            self.initiator = InitiatorDesk(self.profile, self.key)
            self.faults = FaultDesk()
            self.oddities = Oddities()
            self.transactions: list[Transaction] = []
            self.incoming: list[Incoming] = []
            self.prompts: list[PhonePrompt] = []
            self.urls: Urls | None = None
            self.pulls = False
            # Wallets to which somebody gave a balance; the others are topped up when they pay.
            self.counted_wallets: set[str] = set()
            self.messages: list[Message] = []
            self.own_ids: set[str] = set()
            self.outcomes: dict[str, str] = {}
            self.unregistered: set[str] = set()
            # The kind and the number of the identity paper that a line is registered to.
            self.papers: dict[str, tuple[str, str]] = {}
            self._names: dict[str, str] = {}
            self.products = set(self.profile.products)
            self.limits = Limits.of(self.profile)
            self.tariffs: list[Tariff] = list(tariff.USUAL)
            self.bears_withdrawal = False
            self._receipts: set[str] = set()
            self.changed.notify_all()

    def switch_oddities(self, changes: Mapping[str, object]) -> None:
        """Write some things differently from now on. Raises `ValueError`."""
        if unknown := set(changes) - set(CHOICES):
            raise ValueError(f"There is no oddity {', '.join(sorted(unknown))}.")
        with self.changed:
            self.oddities = Oddities(**{**asdict(self.oddities), **changes})

    def switch_product(self, product: str, *, is_enabled: bool) -> None:
        """Let the app use an interface, or no longer. Raises `ValueError`."""
        if product not in ALL_PRODUCTS:
            raise ValueError(f"product is one of {', '.join(sorted(ALL_PRODUCTS))}.")
        with self.changed:
            (self.products.add if is_enabled else self.products.discard)(product)

    def register_line(self, phone: str, id_number: str, id_type: str = NATIONAL_ID) -> None:
        """Register a line to an identity paper; an empty number makes it nobody's again.

        Raises `ValueError` for a kind of paper that M-Pesa does not know.
        """
        if id_type not in ID_TYPES:
            raise ValueError(f"id_type is one of {', '.join(ID_TYPES)}.")
        with self.changed:
            self.papers.pop(phone, None)
            if id_number:
                self.papers[phone] = (id_type, id_number)

    def set_wallet(self, phone: str, cents: int) -> None:
        """Give a wallet this balance; from now on it pays what it holds and no more."""
        with self.changed:
            self.ledger.set_wallet(phone, cents)
            self.counted_wallets.add(phone)

    def name_line(self, phone: str, name: str) -> None:
        """Whose line it is; an empty name gives back the invented one. Raises `ValueError`."""
        if len(name) > LONGEST_NAME:
            raise ValueError(f"A name has at most {LONGEST_NAME} letters.")
        with self.changed:
            self._names[phone] = name.strip()

    def name_of(self, phone: str) -> str:
        """The owner's name; an invented one is always the same for the same phone."""
        return self._names.get(phone) or _NAMES[int(phone[-4:]) % len(_NAMES)]

    def log(self, kind: str, name: str, address: str, body: object, outcome: str) -> None:
        """Write one line of the log and wake who waits."""
        with self.changed:
            number = len(self.messages) + 1
            self.messages.append(
                Message(number, self.now(), kind, name, address, without_credential(body), outcome)
            )
            self.changed.notify_all()

    def find(self, own_id: str = "", receipt: str = "") -> Transaction | None:
        """A payout by its receipt, or by the originator id under which M-Pesa keeps it."""
        for transaction in self.transactions:
            if receipt and transaction.receipt == receipt:
                return transaction
            if own_id and transaction.originator_id == own_id:
                return transaction
        return None

    def find_incoming(self, own_id: str = "", receipt: str = "") -> Incoming | None:
        """A payment to the paybill by its receipt, or by the id of the request that took it back."""
        for paid in self.incoming:
            if (receipt and paid.receipt == receipt) or (own_id and paid.reversal_id == own_id):
                return paid
        return None

    def utility_reserved_cents(self) -> int:
        """What payouts will take that are authorised and not yet carried out."""
        return sum(t.amount_cents for t in self.transactions if t.state == "Authorized")

    def utility_available_cents(self) -> int:
        """What the utility account can still pay."""
        return self.ledger.balances[ledger.UTILITY] - self.utility_reserved_cents()

    def local_now(self) -> datetime:
        return self.now().astimezone(NAIROBI)

    def new_conversation_id(self) -> str:
        return f"AG_{self.local_now():%Y%m%d}_2010{self.chance.randrange(16**16):016x}"

    def new_gateway_id(self) -> str:
        return f"{self.chance.randrange(10**4, 10**5)}-{self.chance.randrange(10**6, 10**8)}-1"

    def new_request_id(self) -> str:
        return f"{self.chance.randrange(16**4):04x}-4ba8-815c-{self.chance.randrange(16**12):012x}"

    def new_receipt(self) -> str:
        """Ten characters of which the first three tell year, month and day, as the real ones do."""
        day = self.local_now()
        head = (
            chr(ord("A") + (day.year - 2006) % 26)
            + chr(ord("A") + day.month - 1)
            + "123456789ABCDEFGHIJKLMNOPQRSTUV"[day.day - 1]
        )
        while True:
            receipt = head + "".join(self.chance.choices(LETTERS, k=7))
            if receipt not in self._receipts and not receipt.endswith("0000000"):
                self._receipts.add(receipt)
                return receipt


def without_credential(body: object) -> object:
    """The same JSON value with each SecurityCredential and each password of a prompt blanked, also inside."""
    if isinstance(body, dict):
        return {
            key: "[redacted]" if key in _SECRET_FIELDS else without_credential(value)
            for key, value in body.items()
        }
    if isinstance(body, list):
        return [without_credential(value) for value in body]
    return body
