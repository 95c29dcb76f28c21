"""What can be made to go wrong on demand, and the desk that hands a fault to the next request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sacco_desktop.demo.safaricom.rules import ENVELOPES

Api = Literal[
    "oauth",
    "b2c",
    "status",
    "balance",
    "stk",
    "stk_query",
    "c2b_register",
    "c2b",
    "pull",
    "reversal",
]
# A request takes at most one fault of each stage, in this order.
Stage = Literal["oauth", "gate", "settle", "answer", "callback"]

# What is asked of M-Pesa; c2b is what M-Pesa reports without being asked.
_ASKED: tuple[Api, ...] = (
    "b2c",
    "status",
    "balance",
    "stk",
    "stk_query",
    "c2b_register",
    "pull",
    "reversal",
)
APIS: tuple[Api, ...] = ("oauth", *_ASKED, "c2b")
_QUEUED: tuple[Api, ...] = ("b2c", "status", "balance")
_ENDING: tuple[Api, ...] = (*_QUEUED, "stk", "reversal")
_POSTED: tuple[Api, ...] = (*_ENDING, "c2b")
_PAYOUT_OR_PROMPT: tuple[Api, ...] = ("b2c", "stk")
_PAYOUT: tuple[Api, ...] = ("b2c",)


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One thing that can go wrong, where it can, and first where it does unless told.

    `options` are the names it understands with their defaults.
    """

    stage: Stage
    meaning: str
    options: Mapping[str, object] = field(default_factory=dict)
    apis: tuple[Api, ...] = _ASKED

    @property
    def api(self) -> Api:
        """Where it strikes when nobody says where."""
        return self.apis[0]


_ERROR = {"http_status": 500, "code": "500.003.1001", "text": "Internal Server Error"}

FAULTS: dict[str, FaultKind] = {
    "oauth_unavailable": FaultKind("oauth", "HTTP 503 in place of a token", apis=("oauth",)),
    "oauth_empty": FaultKind("oauth", "HTTP 400 with an empty body", apis=("oauth",)),
    "oauth_hang": FaultKind("oauth", "no answer to the request for a token", apis=("oauth",)),
    "oauth_garbage": FaultKind("oauth", "HTTP 200 with a page in place of JSON", apis=("oauth",)),
    # Before anything was taken.
    "hang_before_taking": FaultKind("gate", "never answers; nothing was taken"),
    "drop_before_taking": FaultKind("gate", "cuts the connection; nothing was taken"),
    "html_before_taking": FaultKind(
        "gate", "an HTML page; nothing was taken", {"http_status": 503}
    ),
    "soap_before_taking": FaultKind("gate", "a SOAP fault as JSON; nothing was taken"),
    "empty_before_taking": FaultKind(
        "gate", "an empty body; nothing was taken", {"http_status": 500}
    ),
    "error_before_taking": FaultKind("gate", "an error envelope; nothing was taken", _ERROR),
    "refused_with": FaultKind("gate", "one of the listed error codes", {"code": "400.002.02"}),
    "response_before_taking": FaultKind(
        "gate", "accepted in shape, but with a result code; nothing was taken", {"code": "26"}
    ),
    "duplicate_error": FaultKind("gate", "says duplicate id although nothing was ever taken"),
    "token_death": FaultKind("gate", "the access token dies before this request is looked at"),
    "spike_arrest": FaultKind("gate", "500.003.02 spike arrest"),
    "system_busy": FaultKind("gate", "500.003.02 system is busy"),
    "quota": FaultKind("gate", "500.003.03 quota violation"),
    "no_api_product": FaultKind("gate", "401.003.01 the app lacks this product"),
    # How it is carried out.
    "outcome": FaultKind("settle", "fails with a result code", {"code": "17"}, _ENDING),
    "prompt_waits": FaultKind(
        "settle", "the prompt stays on the phone", {"seconds": 3600.0}, ("stk",)
    ),
    "paid_after_timeout": FaultKind(
        "settle",
        "nobody answers (1037), and then the member pays after all",
        {"seconds": 3600.0},
        ("stk",),
    ),
    "query_contradicts": FaultKind(
        "settle", "the question is answered with another code", {"code": "1032"}, ("stk_query",)
    ),
    "on_old_platform": FaultKind(
        "settle", "the paybill is known to another platform", apis=("c2b_register",)
    ),
    "float_drained": FaultKind(
        "settle", "somebody moves the whole float to working just before", apis=_PAYOUT
    ),
    "settles_late": FaultKind(
        "settle", "the money moves later, Authorized until then", {"seconds": 3600.0}, _PAYOUT
    ),
    "timeout_original": FaultKind(
        "settle",
        "queue time-out: the original request is posted back",
        {"paid_later": False, "seconds": 3600.0},
        _QUEUED,
    ),
    "timeout_result": FaultKind(
        "settle",
        "queue time-out as a result envelope",
        {"paid_later": False, "seconds": 3600.0},
        _QUEUED,
    ),
    "status_not_found": FaultKind("settle", "the question is answered with 2033", apis=("status",)),
    "status_open": FaultKind(
        "settle", "the question is answered with an open state", {"state": "Initiated"}, ("status",)
    ),
    # After it was taken (and, unless a fault above says otherwise, paid).
    "hang_after_taking": FaultKind("answer", "never answers; the money has moved"),
    "drop_after_taking": FaultKind("answer", "cuts the connection; the money has moved"),
    "html_after_taking": FaultKind(
        "answer", "an HTML page; the money has moved", {"http_status": 502}
    ),
    "soap_after_taking": FaultKind("answer", "a SOAP fault as JSON; the money has moved"),
    "empty_after_taking": FaultKind(
        "answer", "an empty body; the money has moved", {"http_status": 200}
    ),
    "error_after_taking": FaultKind("answer", "an error envelope; the money has moved", _ERROR),
    "response_after_taking": FaultKind(
        "answer", "accepted in shape, but with a result code; the money has moved", {"code": "26"}
    ),
    # What is posted back.
    "result_late": FaultKind(
        "callback", "posted so many seconds late", {"seconds": 3600.0}, _POSTED
    ),
    "result_lost": FaultKind("callback", "never posted", apis=_POSTED),
    "result_doubled": FaultKind("callback", "posted twice", apis=_POSTED),
    "result_early": FaultKind(
        "callback", "posted before the synchronous answer", apis=(*_QUEUED, "stk")
    ),
    "result_not_final": FaultKind(
        "callback",
        "says that more will come (ResultType 1), and then what is true",
        {"real_too": True},
        _PAYOUT,
    ),
    "result_unknown_id": FaultKind(
        "callback", "posted with ids that nobody knows", apis=(*_QUEUED, "stk")
    ),
    "result_other_amount": FaultKind(
        "callback",
        "posted with another amount",
        {"amount_shillings": 1},
        (*_PAYOUT_OR_PROMPT, "c2b"),
    ),
    "result_other_receiver": FaultKind(
        "callback", "posted with another receiver", {"receiver": "254799999999"}, _PAYOUT
    ),
    "result_forged_failure": FaultKind(
        "callback",
        "says failed although it was paid",
        {"code": "2040", "real_too": False},
        _PAYOUT_OR_PROMPT,
    ),
    "result_forged_payment": FaultKind(
        "callback", "says paid although it was not", {"real_too": False}, _PAYOUT_OR_PROMPT
    ),
    "result_garbage": FaultKind("callback", "posts bytes that are no JSON", apis=_POSTED),
}


@dataclass(slots=True)
class ArmedFault:
    """A fault waiting for the next `left` requests to `api`, perhaps only of one phone or id."""

    name: str
    api: Api
    left: int
    match_phone: str = ""
    match_id: str = ""
    options: dict[str, object] = field(default_factory=dict)

    @property
    def kind(self) -> FaultKind:
        return FAULTS[self.name]

    def number(self, option: str) -> float:
        """An option as a number; JSON may have brought a whole one."""
        return float(str(self.options[option]))

    def text(self, option: str) -> str:
        return str(self.options[option])


class FaultDesk:
    """Keeps what is armed, in the order in which it was armed."""

    def __init__(self) -> None:
        self.armed: list[ArmedFault] = []

    def arm(
        self,
        name: str,
        *,
        times: int = 1,
        match_phone: str = "",
        match_id: str = "",
        api: Api | None = None,
        options: Mapping[str, object] | None = None,
    ) -> ArmedFault:
        """Raises `ValueError` for an unknown fault, interface or option."""
        kind = FAULTS.get(name)
        if kind is None:
            raise ValueError(f"There is no fault {name!r}; GET /control/faults lists them.")
        given = dict(options or {})
        if unknown := set(given) - set(kind.options):
            raise ValueError(f"{name} has no option {', '.join(sorted(unknown))}.")
        _check(name, kind, given)
        if api is not None and api not in kind.apis:
            raise ValueError(f"api of {name} is one of {', '.join(kind.apis)}.")
        if times < 1:
            raise ValueError("times is at least 1.")
        fault = ArmedFault(
            name, api or kind.api, times, match_phone, match_id, {**kind.options, **given}
        )
        self.armed.append(fault)
        return fault

    def take(self, stage: Stage, api: Api, phone: str = "", own_id: str = "") -> ArmedFault | None:
        """The first fault that fits, used up once; None when nothing is to go wrong."""
        for fault in self.armed:
            fits = (
                fault.kind.stage == stage
                and fault.api == api
                and fault.match_phone in ("", phone)
                and fault.match_id in ("", own_id)
            )
            if fits:
                fault.left -= 1
                if not fault.left:
                    self.armed.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Disarm everything."""
        self.armed.clear()


def _check(name: str, kind: FaultKind, given: Mapping[str, object]) -> None:
    """Raises `ValueError` for a value that the fault could not use when its turn has come."""
    for option, value in given.items():
        usual = kind.options[option]
        if isinstance(usual, bool):
            fits = isinstance(value, bool)
        elif isinstance(usual, int | float):
            # Short enough for anything that is meant, too short for what only breaks things.
            whole, _, rest = str(value).partition(".")
            fits = len(str(value)) <= 12 and all(
                part.isascii() and part.isdigit() for part in (whole, rest or "0")
            )
            fits = fits and not (isinstance(usual, int) and rest.strip("0"))
        else:
            fits = bool(str(value))
        if not fits:
            raise ValueError(f"{option} of {name} cannot be {value!r}; usual is {usual!r}.")
    if name == "refused_with" and given.get("code", "400.002.02") not in ENVELOPES:
        raise ValueError(f"code of refused_with is one of {', '.join(ENVELOPES)}.")
    status = int(str(given.get("http_status", 500)).partition(".")[0])
    if not 200 <= status <= 599:
        raise ValueError(f"http_status of {name} is from 200 to 599.")
