"""`sacco-desktop prove-export FILE`: takes an export into empty books and says whether those stand alike."""

from __future__ import annotations

import csv
import io
import secrets
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import OldFile
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.permissions import Role
from sacco_desktop.operations.export_books import export_books
from sacco_desktop.operations.open_office import open_books
from sacco_desktop.operations.read_old_books import read_old_books
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.export import export_balances
from sacco_desktop.services.office import approvals, society
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.society import NewSociety
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.old_books import asking, drafts, dry_run
from sacco_desktop.services.old_books.asking import AskImport
from sacco_desktop.services.old_books.drafts import NewDraft, TotalsChange
from sacco_desktop.services.people import people_changes
from sacco_desktop.settings import Settings

_SOCIETY = NewSociety("Proof of an export", "0", "Nowhere", "020 000 0000", "practice")
_MAKER, _CHECKER = Role.TREASURER, Role.COMMITTEE
_MOST_SHOWN = 20
_UNDER_WAY = frozenset({"submitted", "appraised", "approved"})
_ONLY_AS_TABLES = {
    "membership_application": "applications of members",
    "nominee_list": "nominee forms",
    "related_person": "next of kin",
    "member_document": "papers and photos",
    "penalty_charge": "penalties and fines",
}


def run(path: Path, now: Callable[[], datetime]) -> int:
    """Prove an export in books that are thrown away afterwards; 0 when every list comes out as it went in.

    Raises InvalidInput when the file is no export.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = lists_of(path, folder)
        settings = Settings(folder / "books", "proof", "file", secrets.token_hex(16))
        with open_books(settings, now, doing="prove-export") as books:
            maker, checker = _people(books)
            refused = take_lists_in(books, folder, maker, checker)
            again = folder / "again.zip"
            export_books(books, again, maker)
        for words in (*refused, *stays_behind(path)):
            print(words)
        return compare(before, lists_of(again, folder / "after"))


def take_lists_in(
    books: Books,
    folder: Path,
    maker: Actor,
    checker: Actor,
    *,
    read: Callable[[Path], OldFile] = read_old_books,
) -> list[str]:
    """Import the lists of an export from a folder, each asked for by one person and agreed to by another.

    Returns in sentences which rows were left out. `read` is another one only where time is saved by it.
    """
    refused: list[str] = []
    for name in export_balances.LISTS:
        file = read(folder / f"{name}.csv")
        new = NewDraft(file, file.sheets[0].name)
        view = books.read(dry_run.look, books.write(drafts.start, new, actor=maker), actor=maker)
        refused += [
            f"{name}, row {one.row}, {one.column}: {one.message}" for one in view.checked.problems
        ]
        if not view.checked.lines:
            continue
        totals = {Meaning(one.name): one.ready_cents for one in view.checked.totals}
        change = TotalsChange(view.import_id, view.version, totals)
        version = books.write(drafts.set_totals, change, actor=maker)
        asked = AskImport(view.import_id, version, leaves_out=True)
        _say_yes(books, books.write(asking.ask, asked, actor=maker), checker)
    return refused


def _say_yes(books: Books, request: int, checker: Actor) -> None:
    shown = books.read(
        lambda work, number: approvals.load(work, number).fingerprint, request, actor=checker
    )
    books.write(decisions.decide, Verdict(request, shown, Decision.APPROVE), actor=checker)


def _people(books: Books) -> tuple[Actor, Actor]:
    """A treasurer and a committee member of the books of the proof; nobody ever signs in there."""
    books.write(society.set_up, _SOCIETY, actor=CLOCK)
    added: list[Actor] = []
    for role in (Role.ADMINISTRATOR, _CHECKER, _MAKER):
        name = role.value.capitalize()
        new = NewUser(role.value, name, frozenset({role}), secrets.token_hex(16))
        by = added[0] if added else CLOCK
        put = books.write(people_changes.add_user, new, actor=by)
        if put.request_id is not None:
            _say_yes(books, put.request_id, added[1])
        added.append(Actor(put.user_id, name, new.roles))
    return added[2], added[1]


Lists = dict[str, list[list[str]]]


def lists_of(path: Path, folder: Path) -> Lists:
    """The rows of every list that an import takes in; each is laid into the folder as a file, too."""
    folder.mkdir(exist_ok=True)
    found: Lists = {}
    try:
        with zipfile.ZipFile(path) as packed:
            for name in export_balances.LISTS:
                data = packed.read(f"lists/{name}.csv")
                (folder / f"{name}.csv").write_bytes(data)
                found[name] = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} is not a whole export of this program.", "file") from error
    return found


def stays_behind(path: Path) -> tuple[str, ...]:
    """What of an export no import takes in, with how many rows of each, in a sentence; none without any."""
    with zipfile.ZipFile(path) as packed:
        loans = packed.read("lists/all_loans.csv").decode("utf-8-sig")
        under_way = sum(row["Status"] in _UNDER_WAY for row in csv.DictReader(io.StringIO(loans)))
        counts = {"applications for loans": under_way}
        for table, words in _ONLY_AS_TABLES.items():
            counts[words] = packed.read(f"tables/{table}.jsonl").count(b"\n")
    told = ", ".join(f"{words} ({count:,})" for words, count in counts.items() if count)
    return (f"Only as tables, and not taken in: {told}.",) if told else ()


def compare(before: Lists, after: Lists) -> int:
    """Say of each list whether it came out as it went in; 1 when one did not."""
    differs = 0
    for name, rows in before.items():
        there, here = {tuple(row) for row in after[name]}, {tuple(row) for row in rows}
        lost = [row for row in rows if tuple(row) not in there]
        new = [row for row in after[name] if tuple(row) not in here]
        words = "the same" if not lost and not new else "DIFFERENT"
        print(f"{name:<16}{len(rows) - 1:>8,} rows  {words}")
        for sign, ones in (("-", lost), ("+", new)):
            for row in ones[:_MOST_SHOWN]:
                print(f"  {sign} {', '.join(row)}")
        differs += bool(lost or new)
    print(
        "The books come out as they went in."
        if not differs
        else "The lines above went in (-) or came out (+) otherwise."
    )
    return 1 if differs else 0
