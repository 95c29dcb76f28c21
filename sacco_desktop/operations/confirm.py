"""Acts that need the password again: it is checked in a transaction of its own, so that a wrong try is counted."""

from __future__ import annotations

from sacco_desktop.operations.office import Answer, Input, Office
from sacco_desktop.services.books.work import Actor, Service
from sacco_desktop.services.office import users


async def prove(office: Office, password: str, actor: Actor) -> Actor:
    """The person again, with the roles held now. Raises InvalidInput under `password`, or Locked."""
    return users.require(await office.write(users.prove_again, password, actor))


async def write_with_password(
    office: Office,
    password: str,
    service: Service[Input, Answer],
    argument: Input,
    actor: Actor,
) -> Answer:
    """Run a service as a person who has just proved who he is."""
    return await office.write(service, argument, await prove(office, password, actor))
