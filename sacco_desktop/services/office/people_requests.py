"""How a change of who works in the office comes about: by one person while nobody else could agree, then by two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sacco_desktop.db.tables import Society
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.permissions import Act, roles_for
from sacco_desktop.services.books import audit, held_roles
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals, who_decides

# Carries a change out by its content; the number is that of the request, None while one person sets the office up.
Carry = Callable[[Work, int | None, Content], None]


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What shall become of a person of the office: `about` is one line for the list, `told` the words when it is done.

    `before` and `after` are what people compare, `details` what carrying it out needs besides.
    """

    user_id: int
    what: str
    about: str
    before: str
    after: str
    told: str
    details: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PutForward:
    """What became of a change: done at once without a `request_id`, else it waits for the yes of another person."""

    user_id: int
    request_id: int | None
    words: str


def is_set_up_by_one(work: Work, _nothing: None = None) -> bool:
    """Whether one administrator still sets the office up alone. It ends for ever when a second person could agree."""
    society = work.session.get(Society, 1)
    return society is None or society.two_people_since is None


def put_forward(work: Work, change: PersonChange, carry: Carry) -> PutForward:
    """Do it at once in an office that one person still sets up, else ask another person.

    Raises WrongState when nobody else could agree, and whatever `carry` raises.
    """
    content: dict[str, str | int | list[list[str | int]]] = {
        "change": change.what,
        "user_id": change.user_id,
        "before": change.before,
        "after": change.after,
        **change.details,
    }
    if is_set_up_by_one(work):
        carry(work, None, content)
        end_set_up_by_one(work)
        return PutForward(change.user_id, None, change.told)
    if change.before == change.after:
        raise WrongState("That is so already. Nothing was asked for.")
    new = approvals.NewRequest(ApprovalKind.PEOPLE, change.user_id, change.about, 0, content)
    request_id = approvals.ask(work, new)
    who = " or ".join(who_decides.names_who_can(work, approvals.load(work, request_id)))
    if not who:
        raise WrongState(
            "Nobody else in this office could agree to this. First add somebody who can: another administrator, or a"
            " member of the committee, the chairperson or the secretary."
        )
    return PutForward(
        change.user_id, request_id, f"Sent for approval. {who} can agree. Nothing has changed yet."
    )


def end_set_up_by_one(work: Work) -> None:
    """From now on two people are needed, if two are there who could agree with each other."""
    society = work.session.get(Society, 1)
    if society is None or society.two_people_since is not None or len(deciders(work)) < 2:
        return
    society.two_people_since = work.now
    audit.record(work, "ended the set-up by one person", society.name)
    work.changed(Topic.USERS, Topic.SETTINGS)


def deciders(work: Work, but: int | None = None) -> set[int]:
    """Whose own roles let them agree to changes of people, without one person."""
    found = held_roles.holders(work.session, work.today, roles=roles_for(Act.APPROVE_PEOPLE))
    return {one.user_id for one in found if one.deputy_of is None} - {but}


def keep_two_deciders(work: Work, user_id: int, full_name: str, still_decides: bool) -> None:
    """Raise WrongState when after a change of this person no two people were left who could agree with each other."""
    if is_set_up_by_one(work) or still_decides or len(deciders(work, user_id)) >= 2:
        return
    raise WrongState(
        f"Without {full_name} nobody in this office could agree to changes of people any more. First give another"
        " person a role that can: administrator, committee, chairperson or secretary."
    )
