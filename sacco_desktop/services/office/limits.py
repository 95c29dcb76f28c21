"""The most that one person may do by an act, at once and in a business day; dated, by role. The highest role counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import AmountLimit, LimitUse, Loan, Payout
from sacco_desktop.domain.amount_limits import Limit, act_code, first_limits
from sacco_desktop.domain.errors import OverLimit
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import PERMISSIONS, Act, Role, roles_for
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.books import held_roles
from sacco_desktop.services.books.work import CLOCK_USER_ID, Work
from sacco_desktop.settings import resources_dir


@dataclass(frozen=True, slots=True)
class Left:
    """What a person may still do today by an act, in cents; None is without a limit.

    `role` is the one that gives the most; `left_cents` is what of `day_cents` was not used yet.
    """

    act: Act
    role: Role
    single_cents: int | None
    day_cents: int | None
    used_cents: int

    @property
    def left_cents(self) -> int | None:
        """What is left of the day."""
        return None if self.day_cents is None else max(0, self.day_cents - self.used_cents)

    def carries(self, cents: int, whole_cents: int = 0) -> bool:
        """Whether this much more may be done now, as a part of `whole_cents` when it is one: a large sum in parts is
        one intention, while the day counts what is done of it.
        """
        single = self.single_cents is None or max(cents, whole_cents) <= self.single_cents
        return single and (self.left_cents is None or cents <= self.left_cents)


_LIMITS = Lookup(
    select(AmountLimit.role, AmountLimit.single_cents, AmountLimit.day_cents)
    .where(AmountLimit.act == bindparam("act"), AmountLimit.effective_on <= bindparam("on"))
    .order_by(AmountLimit.effective_on, AmountLimit.id)
)
_OF_THE_DAY = (
    LimitUse.user_id == bindparam("user_id"),
    LimitUse.act == bindparam("act"),
    LimitUse.used_on == bindparam("on"),
)
_USED = Lookup(select(func.sum(LimitUse.cents)).where(*_OF_THE_DAY))
_USED_BY = Lookup(select(LimitUse.id).where(*_OF_THE_DAY, LimitUse.subject == bindparam("subject")))
_COUNT = Change.new_row(LimitUse)


def write_first_limits(work: Work) -> None:
    """Write the shipped limits into new books."""
    text = (resources_dir() / "approval_levels.toml").read_text(encoding="utf-8")
    for limit in first_limits(text):
        work.session.add(
            AmountLimit(
                role=limit.role.value,
                act=act_code(limit.act),
                single_cents=limit.single_cents,
                day_cents=limit.day_cents,
                effective_on=SINCE_EVER,
                written_at=work.now,
            )
        )
    work.session.flush()


def limits_on(work: Work, act: Act) -> Mapping[Role, Limit]:
    """The limits of an act that count today; a role without one has none."""
    rows = _LIMITS.rows(work.session, act=act_code(act), on=work.today)
    # The newest row of a role comes last and so stays.
    return {Role(role): Limit(Role(role), act, single, day) for role, single, day in rows}


def used_today(work: Work, act: Act, user_id: int) -> int:
    """What a person did by this act on this business day, in cents. A payment that failed later counts too."""
    used = _USED.value(work.session, user_id=user_id, act=act_code(act), on=work.today)
    return int(used or 0)


def left_for(work: Work, act: Act, roles: Iterable[Role] | None = None) -> Left | None:
    """What the actor may still do today by this act in the roles held (or in some of them); None without the act."""
    held = [role for role in work.standing() if roles is None or role in set(roles)]
    return _best(work, act, held, work.actor.user_id, Sum(0))


@dataclass(frozen=True, slots=True)
class Sum:
    """What is to be done now, in cents, and the whole of which it is a part; 0 where it stands alone."""

    cents: int
    whole_cents: int = 0

    @property
    def at_once_cents(self) -> int:
        """What the limit at once looks at."""
        return max(self.cents, self.whole_cents)


def sum_of(payout: Payout, loan: Loan | None, cents: int) -> Sum:
    """A payment with all parts of its loan together."""
    return Sum(cents, loan.net_cents if loan is not None and payout.parts > 1 else 0)


def sum_of_payout(work: Work, payout: Payout) -> Sum:
    """What a payout pays, with the whole of its loan when it is a part of one."""
    loan = None if payout.loan_id is None else work.session.get_one(Loan, payout.loan_id)
    return sum_of(payout, loan, payout.mpesa_cents + payout.handed_cents)


def _best(work: Work, act: Act, held: Iterable[Role], user_id: int, given: Sum) -> Left | None:
    """The role that carries the amount, or else the one that comes nearest."""
    able = [role for role in sorted(held) if act in PERMISSIONS[role]]
    if not able:
        return None
    known, used = limits_on(work, act), used_today(work, act, user_id)
    lefts = [
        Left(act, role, limit.single_cents, limit.day_cents, used)
        for role in able
        for limit in [known.get(role, Limit(role, act, None, None))]
    ]
    carrying = [left for left in lefts if left.carries(given.cents, given.whole_cents)]
    return max(carrying or lefts, key=_room)


def _room(left: Left) -> tuple[float, float]:
    endless = float("inf")
    single = endless if left.single_cents is None else left.single_cents
    return (single if left.left_cents is None else min(single, left.left_cents), single)


def check(
    work: Work,
    act: Act,
    given: Sum,
    roles: Iterable[Role] | None = None,
    others: Iterable[Role] | None = None,
) -> Left | None:
    """What carries this amount, in one of the roles. Raises OverLimit, naming the limit and who of the roles in
    `others` has a higher one.

    None for the program itself, which has no limit, and for who may not do this at all.
    """
    if work.actor.user_id == CLOCK_USER_ID:
        return None
    held = [role for role in work.standing() if roles is None or role in set(roles)]
    left = _best(work, act, held, work.actor.user_id, given)
    if left is None or left.carries(given.cents, given.whole_cents):
        return left
    raise OverLimit(f"{over_words(left, given)} {who_can_words(work, act, given, others)}")


def over_words(left: Left, given: Sum) -> str:
    """Which limit stands in the way, and what is left today."""
    cents, at_once = given.cents, given.at_once_cents
    if left.single_cents is not None and at_once > left.single_cents:
        parts = ", all parts together," if at_once > cents else ""
        return (
            f"{format_kes(at_once)}{parts} is above your limit of {format_kes(left.single_cents)} at once,"
            f" as {left.role.value}, to {left.act.value}."
        )
    return (
        f"{format_kes(cents)} is more than the {format_kes(left.left_cents or 0)} that is left today of your limit of"
        f" {format_kes(left.day_cents or 0)} a day, as {left.role.value}, to {left.act.value}."
    )


def who_can_words(work: Work, act: Act, given: Sum, roles: Iterable[Role] | None = None) -> str:
    """Who has a limit that carries this today."""
    wanted = roles_for(act) if roles is None else roles
    names = held_roles.names(
        people_who_can(work, act, given, wanted), not_these=[work.actor.user_id]
    )
    if not names:
        return "Nobody in this office has a higher limit today."
    return f"{' or '.join(names)} {'have' if len(names) > 1 else 'has'} a higher limit."


def people_who_can(
    work: Work, act: Act, given: Sum, roles: Iterable[Role]
) -> list[held_roles.Holder]:
    """Everybody who holds one of the roles and whose limit carries this amount today."""
    found = held_roles.holders(work.session, work.today, roles=roles)
    if not limits_on(work, act):
        return found
    held: dict[int, list[Role]] = {}
    for one in found:
        held.setdefault(one.user_id, []).append(one.role)
    able = set()
    for user_id, theirs in held.items():
        left = _best(work, act, theirs, user_id, given)
        if left is not None and left.carries(given.cents, given.whole_cents):
            able.add(user_id)
    return [one for one in found if one.user_id in able]


def use(work: Work, act: Act, given: Sum, subject: str) -> None:
    """Count what was done against the day of the actor; the same subject counts once. Raises OverLimit."""
    if work.actor.user_id == CLOCK_USER_ID:
        return
    day = {"user_id": work.actor.user_id, "act": act_code(act), "on": work.today}
    if _USED_BY.value(work.session, subject=subject, **day) is not None:
        return
    check(work, act, given)
    count(work, act, given.cents, subject)


def count(work: Work, act: Act, cents: int, subject: str) -> None:
    """Write down what was done by an act whose limit was checked before."""
    _COUNT.make(
        work.session,
        user_id=work.actor.user_id,
        act=act_code(act),
        used_on=work.today,
        subject=subject,
        cents=cents,
        used_at=work.now,
    )
