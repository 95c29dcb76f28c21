"""What a society moves in with and lends by, beside the raw driver; each part can be run alone."""

from __future__ import annotations

import argparse
import gc
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from bench._books_of_members import KEPT
from bench._lending_reads import arrears, page_of_members, search
from bench._measuring import ROUNDS, Row, compare, keep, milliseconds, on_both_clocks, show
from bench.reference.integer_schedule import cents_of
from bench.reference.raw_members import RawMembers
from bench.reference.replay import RawBooks, Recorder, Statement
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.loan_terms import LoanTerms, Method, RatePer
from sacco_desktop.domain.old_books.cells import OldFile, Sheet
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.schedule import make_schedule
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.old_books import asking, drafts
from sacco_desktop.services.old_books.asking import AskImport
from sacco_desktop.services.old_books.drafts import NewDraft, TotalsChange
from sacco_desktop.services.proof import verify
from tests import make
from tests.engines import KEY
from tests.make import PracticeOffice

MEMBERS, SCHEDULES = 10_000, 100_000
_HEAD = ("Member no", "First name", "Last name", "ID no", "Phone", "Date joined", "Deposits")
_PEOPLE = [
    (
        f"M-{at:04d}",
        "Jane",
        "Kamau",
        str(20_000_000 + at),
        f"2547{at:08d}",
        "2019-03-25",
        184_500_00 + at,
    )
    for at in range(1, MEMBERS + 1)
]


def _asked(office: PracticeOffice) -> Verdict:
    """The register as it was checked and asked for, and the yes to it."""
    rows = [(*one[:5], date.fromisoformat(one[5]), one[6] / 100) for one in _PEOPLE]
    file = OldFile("register.xlsx", "f" * 64, "bench", (Sheet("MEMBERS", (_HEAD, *rows)),))
    import_id = office.write(drafts.start, NewDraft(file, "MEMBERS"), office.grace)
    totals = {Meaning.DEPOSITS: sum(one[6] for one in _PEOPLE)}
    change = TotalsChange(import_id, 1, totals)
    version = office.write(drafts.set_totals, change, office.grace)
    request = office.write(asking.ask, AskImport(import_id, version), office.grace)
    [row] = office.read(decisions.list_waiting, None, office.lucy)
    return Verdict(request, row.fingerprint, Decision.APPROVE, "")


def import_of_members(folder: Path) -> list[Row]:
    """The transaction that a second person's yes begins, all rows checked once more in it, beside two raw inserts: the
    same rows by the bare driver into the same tables, and bare tables of the same members, accounts and postings.
    """
    statements = _statements_of_import(folder)
    own: list[tuple[float, float]] = []
    same: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    for turn in range(ROUNDS):
        office, books = make.office(_new(folder / f"own-{turn}")), folder / f"raw-{turn}.db"
        verdict = _asked(office)
        _copy(office.path, books)
        # In the program the window clears away what the asking left, and never while something is written.
        gc.collect()
        own.append(milliseconds(partial(office.write, decisions.decide, verdict, office.lucy)))
        assert office.read(verify.verify, None).is_sound
        office.close()
        beside = RawBooks(books, KEY)
        same.append(milliseconds(partial(beside.write, statements)))
        beside.close()
        least = RawMembers(folder / f"bare-{turn}.db")
        bare.append(milliseconds(partial(least.write, _PEOPLE)))
        least.close()
    case = f"import of {MEMBERS:,} members"
    return [
        *on_both_clocks(f"{case} against the same rows, raw (goal 3)", own, same, 3.0),
        *on_both_clocks(f"{case} against bare tables (goal 3)", own, bare, 3.0),
    ]


def _statements_of_import(folder: Path) -> list[list[Statement]]:
    """What an import writes, from one that is not measured."""
    office = make.office(_new(folder / "recorded"))
    verdict = _asked(office)
    recorder = Recorder(office.database.writer)
    office.write(decisions.decide, verdict, office.lucy)
    office.close()
    return recorder.transactions


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _copy(books: Path, to: Path) -> None:
    """A copy of books that nobody writes to now, with what lies in their log."""
    for end in ("", "-wal"):
        shutil.copyfile(f"{books}{end}", f"{to}{end}")


def schedules_of_loans(_folder: Path) -> list[Row]:
    """Schedules of 24 equal instalments, checked, with their due dates, beside the bare loop for the same cents."""
    paid_out = date(2026, 1, 31)
    loans = [_terms(5_000_000 + at) for at in range(SCHEDULES)]

    def ours() -> None:
        for terms in loans:
            make_schedule(terms, paid_out)

    def bare_loop() -> None:
        for terms in loans:
            cents_of(terms.principal_cents, 1, 24)

    for terms in loans[:: SCHEDULES // 500]:
        rows = make_schedule(terms, paid_out)
        found = [(row.principal_cents, row.interest_cents, row.balance_cents) for row in rows]
        assert found == cents_of(terms.principal_cents, 1, 24)
    case = f"{SCHEDULES:,} schedules of 24 instalments against the bare loop (goal 3)"
    return compare(case, ours, bare_loop, times=1, goal=3.0)


def _terms(principal_cents: int) -> LoanTerms:
    return LoanTerms(
        principal_cents,
        Method.REDUCING_EQUAL_INSTALMENT,
        Decimal("0.01"),
        RatePer.MONTH,
        Frequency.MONTHLY,
        24,
    )


PARTS: dict[str, Callable[[Path], list[Row]]] = {
    "schedules": schedules_of_loans,
    "import": import_of_members,
    "arrears": arrears,
    "page": page_of_members,
    "search": search,
}


def main() -> None:
    """Measure, print and write down each part as it is finished."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this; may be repeated")
    chosen = parser.parse_args().part or PARTS
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            rows = PARTS[name](Path(folder))
        show(rows)
        keep("lending", rows)


if __name__ == "__main__":
    main()
