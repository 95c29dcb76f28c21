"""Who holds which role on a day: the own roles of a person, and those held as a deputy of somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Select, bindparam, desc, literal_column, null, select, type_coerce, union_all
from sqlalchemy.orm import Session, aliased

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Deputy, User, UserRole
from sacco_desktop.domain.permissions import Role

# The program itself has the row with this id in user_account; it can never sign in.
CLOCK_USER_ID = 1


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role; `deputy_of` is the id of the person stood in for, None for an own role."""

    user_id: int
    full_name: str
    role: Role
    deputy_of: int | None = None


def held_by(session: Session, user_id: int, today: date) -> dict[Role, int | None]:
    """Each role that a person holds now, with whom it is held for; an own role goes before one of a deputy.

    Nobody who cannot sign in holds a role.
    """
    found = _HELD.rows(session, user_id=user_id, today=today)
    # The own roles come last and so stay.
    return {Role(role): whom for role, whom, _place in found}


def holders(
    session: Session,
    today: date,
    *,
    roles: Iterable[Role] | None = None,
    user_id: int | None = None,
) -> list[Holder]:
    """Everybody who holds one of the roles, own roles first, then by name; without `roles` all of them.

    A deputy holds the role as long as the person stood in for holds it and may sign in. An auditor is nobody's deputy.
    """
    wanted = None if roles is None else tuple(sorted(role.value for role in roles))
    own = _own_roles(wanted, of_one=user_id is not None)
    given = {"today": today} | ({} if user_id is None else {"user_id": user_id})
    found = [Holder(uid, name, Role(role)) for uid, name, role in session.execute(own, given)]
    deputies = session.execute(_deputies(wanted, of_one=user_id is not None), given)
    return found + [Holder(uid, name, Role(role), whom) for uid, name, role, whom in deputies]


@cache
def _own_roles(wanted: tuple[str, ...] | None, *, of_one: bool) -> Select[int, str, str]:
    own = (
        select(User.id, User.full_name, UserRole.role)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.is_active, User.id != CLOCK_USER_ID)
        .order_by(User.full_name, UserRole.role)
    )
    if wanted is not None:
        own = own.where(UserRole.role.in_(wanted))
    return own.where(User.id == bindparam("user_id")) if of_one else own


@cache
def _deputies(wanted: tuple[str, ...] | None, *, of_one: bool) -> Select[int, str, str, int]:
    principal = aliased(User)
    held = aliased(UserRole)
    auditors = select(UserRole.user_id).where(UserRole.role == Role.AUDITOR.value)
    query = (
        select(User.id, User.full_name, Deputy.role, Deputy.for_user_id)
        .join(Deputy, Deputy.user_id == User.id)
        .join(principal, principal.id == Deputy.for_user_id)
        .join(held, (held.user_id == principal.id) & (held.role == Deputy.role))
        .where(
            User.is_active,
            principal.is_active,
            User.id.not_in(auditors),
            Deputy.ended_at.is_(None),
            Deputy.from_on <= bindparam("today"),
            Deputy.until_on >= bindparam("today"),
        )
        .order_by(User.full_name, Deputy.id)
    )
    if wanted is not None:
        query = query.where(Deputy.role.in_(wanted))
    return query.where(User.id == bindparam("user_id")) if of_one else query


# Who acts is asked in every transaction, so this question stands ready: own roles and those of a deputy in one.
_HELD = Lookup[str, int | None, int](
    union_all(
        _own_roles(None, of_one=True)
        .with_only_columns(
            UserRole.role,
            type_coerce(null(), Deputy.for_user_id.type).label("for_user_id"),
            literal_column("0", Deputy.id.type).label("place"),
            maintain_column_froms=True,
        )
        .order_by(None),
        _deputies(None, of_one=True)
        .with_only_columns(Deputy.role, Deputy.for_user_id, Deputy.id, maintain_column_froms=True)
        .order_by(None),
    ).order_by(desc("place"))
)


def is_deputy(session: Session, user_id: int, today: date) -> bool:
    """Whether a person stands in for somebody, today or later."""
    found = session.scalar(
        select(Deputy.id).where(
            Deputy.user_id == user_id, Deputy.ended_at.is_(None), Deputy.until_on >= today
        )
    )
    return found is not None


def names(found: Iterable[Holder], *, not_these: Iterable[int] = ()) -> list[str]:
    """The full names of these people in the order of the alphabet, each once, without some."""
    barred = {CLOCK_USER_ID, *not_these}
    return sorted({one.full_name for one in found if one.user_id not in barred})
