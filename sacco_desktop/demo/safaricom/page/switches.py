"""The parts of the page that make things go wrong, or be written otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from sacco_desktop.demo.safaricom.codes import CODES, PAID
from sacco_desktop.demo.safaricom.desk import AT_ONCE, LATER
from sacco_desktop.demo.safaricom.faults import APIS, FAULTS, FaultKind
from sacco_desktop.demo.safaricom.page.markup import (
    Forms,
    Markup,
    choice,
    entry,
    field,
    fold,
    groups,
    section,
    table,
    tag,
    tick,
)
from sacco_desktop.demo.safaricom.profile import CHOICES, ID_CHECKED
from sacco_desktop.demo.safaricom.rules import ENVELOPES
from sacco_desktop.demo.safaricom.world import World

STAGES = {
    "oauth": "The token",
    "gate": "Before it is taken",
    "settle": "Carrying it out",
    "answer": "The answer, after it was taken",
    "callback": "What is posted back",
}
API_NAMES = {
    "oauth": "tokens",
    "b2c": "payouts",
    "status": "status questions",
    "balance": "balance questions",
    "stk": "prompts",
    "stk_query": "questions about prompts",
    "c2b_register": "registering the paybill",
    "c2b": "confirmations of the paybill",
    "pull": "the list of payments",
    "reversal": "taking payments back",
}


def in_words(name: str) -> str:
    """`result_late` as a person reads it."""
    return name.replace("oauth", "token").replace("_", " ").capitalize()


def next_code(forms: Forms) -> Markup:
    """How the next payout ends."""
    later = [("0", f"0 {PAID}"), *((row.code, f"{row.code} {row.text}") for row in CODES.values())]
    at_once = [(code, f"{code} {envelope.text}") for code, envelope in ENVELOPES.items()]
    ways = [(LATER, "later, by callback"), (AT_ONCE, "at once, in place of an acceptance")]
    return section(
        "Code for the next payment",
        forms.form(
            "next",
            "Set the code",
            field(
                "Code",
                groups("code", [("Result codes", later), ("Error codes, at once only", at_once)]),
            ),
            field("It comes", choice("way", ways)),
            *_whom(),
        ),
        id_="next",
    )


def faults(world: World, forms: Forms) -> Markup:
    """What is armed, arming one more, and what each fault means."""
    armed = [
        (
            in_words(fault.name),
            API_NAMES[fault.api],
            fault.match_phone or fault.match_id or "any",
            _options(fault.options),
            fault.left,
        )
        for fault in world.faults.armed
    ]
    offered = [
        (name, [(f, f"{in_words(f)}: {k.meaning}") for f, k in FAULTS.items() if k.stage == stage])
        for stage, name in STAGES.items()
    ]
    apis = [("", "where it usually does"), *((api, API_NAMES[api]) for api in APIS)]
    return section(
        "Faults",
        table("Waiting to strike", ("Fault", "Strikes", "Whom", "With", "Times left"), armed),
        forms.form("disarm", "Take all away") if armed else "",
        forms.form(
            "arm",
            "Inject the fault",
            field("Fault", groups("fault", offered)),
            field("It strikes", choice("api", apis)),
            *_whom(),
            field("With (for example seconds=30, paid_later=yes)", entry("options", size=28)),
        ),
        fold(
            "What each fault understands",
            table(
                "Faults",
                ("Fault", "Meaning", "Strikes", "With, unless told"),
                [
                    (in_words(n), k.meaning, _where(k), _options(k.options))
                    for n, k in FAULTS.items()
                ],
            ),
        ),
        id_="faults",
    )


def _whom() -> tuple[Markup, ...]:
    return (
        field("Only for phone (empty: any)", entry("phone", size=14)),
        field("Only for id (empty: any)", entry("id", size=16)),
        field("Times", entry("times", "1", type="number", min=1, max=1000)),
    )


def _where(kind: FaultKind) -> str:
    if set(APIS) - {"oauth", "c2b"} <= set(kind.apis):
        return "whatever is asked"
    return ", ".join(API_NAMES[api] for api in kind.apis)


def _options(options: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={_written(value)}" for name, value in options.items()) or "nothing"


def settings(world: World, forms: Forms) -> Markup:
    """The API operator, what is switched on, who bears the fee, and the spellings."""
    operator = world.initiator
    state = "locked" if operator.is_locked else "active"
    spellings = [
        field(
            in_words(name),
            choice(
                name,
                [(_written(value), _written(value)) for value in choices],
                _written(getattr(world.oddities, name)),
            ),
        )
        for name, choices in CHOICES.items()
    ]
    lock = ("Unlock", "no") if operator.is_locked else ("Lock", "yes")
    return section(
        "Settings",
        tag(
            "p",
            f"The API operator {world.profile.initiator_name} is {state}, after "
            f"{operator.wrong_passwords} wrong passwords; {operator.wrong_before_lock} lock it.",
        ),
        forms.form("operator", f"{lock[0]} the operator", is_locked=lock[1]),
        forms.form(
            "service",
            "Save",
            tick("id_check", "Payouts with an identity check", is_on=ID_CHECKED in world.products),
            tick(
                "bears_withdrawal",
                "The society also pays the member's withdrawal fee",
                is_on=world.bears_withdrawal,
            ),
        ),
        fold("Spellings", forms.form("oddities", "Save the spellings", *spellings)),
        fold(
            "Begin again",
            tag("p", "Forgets every payout, wallet, fault and setting, and what is held back."),
            forms.form("reset", "Forget everything"),
        ),
        id_="settings",
    )


def _written(value: object) -> str:
    """A choice as it stands in a form and comes back from it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).removesuffix(".0")
