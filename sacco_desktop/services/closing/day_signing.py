"""Two people who stand at one window and sign one act about a day, each with the own password."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sacco_desktop.db.tables import User
from sacco_desktop.domain.errors import InvalidInput, SamePerson
from sacco_desktop.domain.permissions import Act, roles_for
from sacco_desktop.services.books import held_roles
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import Credentials


@dataclass(frozen=True, slots=True)
class Signatures:
    """The passwords of whoever acts and of the other person, who signs."""

    signer_id: int
    password: str = field(repr=False)
    signer_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who can sign what another one does with a day."""

    user_id: int
    full_name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. `refused` says why a password did not count, and `field` whose; then nothing was done, and
    the try is written down.
    """

    words: str
    refused: str = ""
    field: str = ""


def who_can_sign(work: Work) -> tuple[Signer, ...]:
    """Everybody who can sign what the actor does, by name."""
    found = held_roles.holders(work.session, work.today, roles=roles_for(Act.SIGN_DAY))
    people = {one.user_id: one.full_name for one in found if one.user_id != work.actor.user_id}
    return tuple(Signer(key, people[key]) for key in sorted(people, key=lambda key: people[key]))


def signed(work: Work, given: Signatures, act: Act) -> Work | Outcome:
    """The same transaction, carried on by the person who signs `act` of the actor; or why a password does not count.

    Raises NotAllowed, SamePerson, and InvalidInput under `signer`.
    """
    own = users.prove_again(work, given.password)
    if own.actor is None:
        return Outcome("", own.words, "password")
    if given.signer_id == work.actor.user_id:
        raise SamePerson("You do this yourself, so someone else must sign it.")
    user = work.session.get(User, given.signer_id)
    if user is None:
        raise InvalidInput("Choose who signs.", "signer")
    proof = users.sign_in(work, Credentials(user.username, given.signer_password))
    if proof.actor is None:
        return Outcome("", proof.words, "signer_password")
    theirs = replace(work, actor=proof.actor, _held=None)
    theirs.allow(Act.SIGN_DAY)
    _check_two_voices(work, theirs, act)
    return theirs


def _check_two_voices(work: Work, theirs: Work, act: Act) -> None:
    """An officer and the deputy are one voice: neither signs what the other one does for the same office."""
    does, signs = _speaks_for(work, act), _speaks_for(theirs, Act.SIGN_DAY)
    if not any(one != other for one in does for other in signs):
        raise SamePerson(
            f"{theirs.actor.full_name} and you speak for the same officer. Let somebody else sign."
        )


def _speaks_for(work: Work, act: Act) -> set[int]:
    """For whom the person can do this: in an own role for himself or herself, else for the officer stood in for."""
    own, able = work.actor.user_id, roles_for(act)
    return {own if whom is None else whom for role, whom in work.standing().items() if role in able}
