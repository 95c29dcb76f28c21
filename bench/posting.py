"""One cash deposit through the whole service (permission, key, number, entry, chain, balances, audit) beside
the raw driver.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bench._measuring import compare, keep, show
from bench.reference.raw_posting import RawLedger
from sacco_desktop.db.engine import open_database
from sacco_desktop.db.migrate import migrate
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import NewMember
from sacco_desktop.services.office import society, users
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.proof import verify
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit


def _now() -> datetime:
    return datetime.now(UTC)


def _books(folder: Path) -> tuple[Books, Actor]:
    database = open_database(folder / "books.db", b"k" * 32)
    migrate(database, folder / "backups", _now())
    books = Books(database, now=_now, pc_name="BENCH")
    new = society.NewSociety("Bench Sacco", "CS/1", "Box 1", "020", "practice")
    books.write(society.set_up, new, actor=CLOCK)
    roles = frozenset({Role.ADMINISTRATOR, Role.OFFICER})
    user = users.NewUser("bench", "Bench Person", roles, "a long enough password")
    put = books.write(people_changes.add_user, user, actor=CLOCK)
    return books, Actor(put.user_id, "Bench Person", roles)


def main() -> None:
    """Measure, print, write down."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        books, actor = _books(folder)
        member = books.write(
            members.write_down,
            NewMember("Jane", "", "Bench", "12345678", "0712345678"),
            actor=actor,
        )
        raw = RawLedger(folder / "raw.db")
        keys = count()

        def deposit() -> None:
            new = NewDeposit(f"bench/{next(keys)}", member.member_id, 100_00, member.joined_on)
            books.write(deposits.take_cash, new, actor=actor)

        rows = compare("one durable cash deposit", deposit, raw.post, times=200, goal=2.86)
        assert books.read(verify.verify, None, actor=CLOCK).is_sound
    show(rows)
    keep("posting", rows)


if __name__ == "__main__":
    main()
