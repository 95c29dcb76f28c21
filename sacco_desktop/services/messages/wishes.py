"""Which messages a member wants and in which language: what the member said, kept with who wrote it down."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import MessageWish
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.messages.rules import Wish
from sacco_desktop.domain.messages.words import Language
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members


@dataclass(frozen=True, slots=True)
class NewWish:
    """What a member wants from now on. Without a `language` the society's holds; `said` is how the member said it."""

    member_id: int
    wish: Wish
    language: Language | None
    said: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a member wants. Who never said anything wants all, in the society's language."""

    wish: Wish = Wish.ALL
    language: Language | None = None


_NEWEST = Lookup(
    select(MessageWish.wish, MessageWish.language)
    .where(MessageWish.member_id == bindparam("member_id"))
    .order_by(MessageWish.id.desc())
    .limit(1)
)


def record(work: Work, new: NewWish) -> None:
    """Write down what a member wants. Raises InvalidInput under `said`, NotFound."""
    work.allow(Act.REGISTER_MEMBER)
    member = members.load(work, new.member_id)
    said = " ".join(new.said.split())
    if not said:
        raise InvalidInput(
            "Write how the member said so: at the counter, by letter, by an answer to a message.",
            "said",
        )
    work.session.add(
        MessageWish(
            member_id=member.id,
            wish=new.wish.value,
            language=new.language.value if new.language is not None else "",
            said=said,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    work.session.flush()
    detail: audit.Detail = {
        "wish": new.wish.value,
        "language": new.language.value if new.language is not None else "",
    }
    audit.record(work, "wrote down which messages a member wants", member.number, detail)
    work.changed(Topic.MESSAGES, Topic.MEMBERS)


def of_member(work: Work, member_id: int) -> Wanted:
    """What a member wants now."""
    row = _NEWEST.row(work.session, member_id=member_id)
    if row is None:
        return Wanted()
    wish, language = row
    return Wanted(Wish(wish), Language(language) if language else None)


def look(work: Work, member_id: int) -> Wanted:
    """The same for a person who looks."""
    work.allow(Act.LOOK)
    return of_member(work, member_id)
