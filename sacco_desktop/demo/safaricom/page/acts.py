"""What the buttons of the page do: words from a form become a call at the desk and a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sacco_desktop.demo.safaricom.desk import Desk
from sacco_desktop.demo.safaricom.faults import FAULTS
from sacco_desktop.demo.safaricom.page.switches import in_words
from sacco_desktop.demo.safaricom.profile import CHOICES, ID_CHECKED
from sacco_desktop.domain.money import format_kes, parse_amount

Typed = Mapping[str, str]


class Acts:
    """One method for each button. Raises `ValueError`, `KeyError` or `InvalidInput`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.by_name: dict[str, Callable[[Typed], str]] = {
            "fund": self._fund,
            "move": self._move,
            "wallet": self._wallet,
            "pay": self._pay,
            "outcome": self._outcome,
            "next": self._next,
            "arm": self._arm,
            "disarm": self._disarm,
            "release": self._release,
            "operator": self._operator,
            "service": self._service,
            "oddities": self._oddities,
        }

    def _fund(self, typed: Typed) -> str:
        cents = parse_amount(typed["amount"])
        self._desk.fund({"account": typed["account"], "cents": cents})
        return f"{format_kes(cents)} came from the bank."

    def _move(self, typed: Typed) -> str:
        cents = parse_amount(typed["amount"])
        self._desk.move({"source": typed["source"], "target": typed["target"], "cents": cents})
        return f"{format_kes(cents)} was moved."

    def _wallet(self, typed: Typed) -> str:
        asked: dict[str, object] = {
            "phone": typed["phone"].strip(),
            "is_registered": "is_registered" in typed,
        }
        if typed["amount"].strip():
            asked["balance_cents"] = parse_amount(typed["amount"], allow_zero=True)
        if typed["name"].strip():
            asked["name"] = typed["name"]
        if typed["id_number"].strip():
            asked |= {"id_number": typed["id_number"].strip(), "id_type": typed["id_type"]}
        self._desk.set_wallet(asked)
        return f"The wallet of {asked['phone']} is saved."

    def _pay(self, typed: Typed) -> str:
        phone, cents = typed["phone"].strip(), parse_amount(typed["amount"])
        asked = {"phone": phone, "cents": cents, "reference": typed["reference"].strip()}
        is_forged = typed["kind"] == "forged"
        self._desk.pay({**asked, "forged": is_forged})
        if is_forged:
            return f"Somebody says that {phone} paid {format_kes(cents)}."
        return f"{phone} pays {format_kes(cents)} to the paybill."

    def _outcome(self, typed: Typed) -> str:
        phone, code = typed["phone"].strip(), typed["code"].strip()
        self._desk.set_outcome({"phone": phone, "code": code})
        if not code:
            return f"Payouts to {phone} end as usual again."
        return f"Payouts to {phone} end in {code} from now on."

    def _next(self, typed: Typed) -> str:
        asked = _aimed(typed) | {"code": typed["code"]}
        # An error code comes at once whatever else was chosen: there is no other way.
        if "." not in typed["code"]:
            asked["way"] = typed["way"]
        self._desk.set_next_code(asked)
        return f"Code {typed['code']} waits for the next payment that fits."

    def _arm(self, typed: Typed) -> str:
        asked = _aimed(typed) | _options(typed["fault"], typed.get("options", ""))
        self._desk.arm({**asked, "fault": typed["fault"], "api": typed["api"]})
        return f"{in_words(typed['fault'])} waits to strike."

    def _disarm(self, _: Typed) -> str:
        self._desk.disarm()
        return "Nothing goes wrong on purpose any more."

    def _release(self, typed: Typed) -> str:
        self._desk.release(int(typed["number"] or 0))
        return "Released."

    def _operator(self, typed: Typed) -> str:
        is_locked = typed["is_locked"] == "yes"
        self._desk.set_initiator({"is_locked": is_locked})
        return f"The API operator is {'locked' if is_locked else 'active'}."

    def _service(self, typed: Typed) -> str:
        self._desk.set_product({"product": ID_CHECKED, "is_enabled": "id_check" in typed})
        self._desk.set_tariff({"bears_withdrawal": "bears_withdrawal" in typed})
        return "Saved."

    def _oddities(self, typed: Typed) -> str:
        chosen: dict[str, object] = {}
        for name, choices in CHOICES.items():
            if name in typed:
                # A choice between yes and no comes back from a form as a word.
                is_word = typed[name] not in ("yes", "no") or not isinstance(choices[0], bool)
                chosen[name] = typed[name] if is_word else typed[name] == "yes"
        self._desk.set_oddities(chosen)
        return "The spellings are saved."


def _aimed(typed: Typed) -> dict[str, object]:
    """For whom and how often."""
    return {
        "times": typed.get("times", "").strip() or "1",
        "phone": typed.get("phone", "").strip(),
        "id": typed.get("id", "").strip(),
    }


def _options(fault: str, written: str) -> dict[str, object]:
    """`seconds=30, paid_later=yes` as names and values."""
    usual = FAULTS[fault].options if fault in FAULTS else {}
    options: dict[str, object] = {}
    for part in filter(None, (each.strip() for each in written.split(","))):
        name, sign, value = (each.strip() for each in part.partition("="))
        if not sign:
            raise ValueError(f"Write {part} as name=value, for example seconds=30.")
        if isinstance(usual.get(name), bool) and value.lower() in _WORDS:
            options[name] = _WORDS[value.lower()]
        else:
            options[name] = value
    return options


_WORDS = {"yes": True, "true": True, "no": False, "false": False}
