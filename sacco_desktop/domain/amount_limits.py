"""The most that a person may do in a role by one act and in one business day; the figures are dated data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import LARGEST_AMOUNT_CENTS, format_kes
from sacco_desktop.domain.permissions import PERMISSIONS, Act, Role

# The acts that move an amount, in the order in which people read them.
LIMITED = (
    Act.TAKE_DEPOSIT,
    Act.APPROVE_LOAN,
    Act.APPROVE_PAYOUT,
    Act.SEND_PAYOUT,
    Act.PAY_CASH,
    Act.RECORD_FLOAT,
)


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of a role for an act, in cents; None is without a limit."""

    role: Role
    act: Act
    single_cents: int | None
    day_cents: int | None


def act_code(act: Act) -> str:
    """The name by which the books keep an act: `send_payout`. The words of an act may change, this never."""
    return act.name.lower()


def act_of_code(code: str) -> Act:
    """The act of a kept name."""
    return Act[code.upper()]


def check_limit(limit: Limit) -> Limit:
    """The limit itself when a society can set it. Raises InvalidInput under its field."""
    if limit.act not in LIMITED:
        raise InvalidInput(f"There is no amount limit to {limit.act.value}.", "act")
    if limit.act not in PERMISSIONS[limit.role]:
        raise InvalidInput(f"The role {limit.role.value} may not {limit.act.value}.", "role")
    for cents, field in ((limit.single_cents, "single"), (limit.day_cents, "day")):
        if cents is not None and not 0 <= cents <= LARGEST_AMOUNT_CENTS:
            raise InvalidInput("Write an amount of zero or more.", field)
    if (
        limit.single_cents is not None
        and limit.day_cents is not None
        and limit.day_cents < limit.single_cents
    ):
        raise InvalidInput("The limit of a day cannot be below that of one act.", "day")
    return limit


def limit_in_words(limit: Limit) -> str:
    """`KES 500,000.00 at once, KES 2,000,000.00 a day`."""
    single = "no limit at once"
    if limit.single_cents is not None:
        single = f"{format_kes(limit.single_cents)} at once"
    day = "no limit a day" if limit.day_cents is None else f"{format_kes(limit.day_cents)} a day"
    return f"{single}, {day}"


def first_limits(text: str) -> tuple[Limit, ...]:
    """The limits of the data file. Raises ValueError when one breaks a rule."""
    try:
        return tuple(
            check_limit(
                Limit(
                    Role(row["role"]),
                    act_of_code(row["act"]),
                    row.get("single_cents"),
                    row.get("day_cents"),
                )
            )
            for row in tomllib.loads(text).get("limit", [])
        )
    except InvalidInput as error:
        raise ValueError(error.message) from error
