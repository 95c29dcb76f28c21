"""Books with any number of members, each with deposits and a running loan of which a part was repaid: one of each is
made by the services, and its rows are copied with other names and numbers straight into the tables.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from sacco_desktop.db import migrate
from sacco_desktop.db.guard_laying import lay_guards, remove_guards
from sacco_desktop.services.membership.member_search import ToFind, kept_columns
from tests import make, make_loans
from tests.engines import BooksPlace
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice

KEPT = Path("out") / "bench"
FIRST = (
    "Jane",
    "Otieno",
    "Amina",
    "Kipchoge",
    "Mercy",
    "Brian",
    "Faith",
    "Samuel",
    "Halima",
    "John",
)
LAST = (
    "Kamau",
    "Okoth",
    "Hassan",
    "Ruto",
    "Atieno",
    "Mutua",
    "Njeri",
    "Kiprotich",
    "Abdi",
    "Mwangi",
)
INSTALMENTS, REPAID, MONTHS_AGO = 24, 3, 4
# Every tenth loan has an instalment that fell due and was not paid.
ONE_LATE_IN = 10


def office_of(members: int, folder: Path) -> PracticeOffice:
    """An office with a copy of such books, which are made once and kept while their makers stay what they are."""
    place = BooksPlace(folder / "books.db")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "books.db").write_bytes(_kept(members).read_bytes())
    return make.office_at(place, OfficeClock())


def _kept(members: int) -> Path:
    steps = sorted((Path(migrate.__file__).parent / "migrations" / "versions").glob("*.py"))
    made_by = [*steps, Path(__file__)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()
    kept = KEPT / f"books-of-members-{members}-{digest[:12]}.db"
    if not kept.exists():
        for older in KEPT.glob(f"books-of-members-{members}-*.db"):
            older.unlink()
        print(f"Making books with {members:,} members, which are then kept.", flush=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as name:
            office = make.office(Path(name))
            _furnish(office, members)
            office.database.close()
            office.path.replace(kept)
    return kept


def _furnish(office: PracticeOffice, count: int) -> None:
    loan = make_loans.active_loan(office)
    with office.database.writer.begin() as connection:
        connection.exec_driver_sql("PRAGMA cache_size=-400000")
        remove_guards(connection)
        _Copier(connection, loan.loan_id).put(count - 1)
        lay_guards(connection)


class _Copier:
    """Writes members, accounts, balances, loans, instalments and repayments beside those that are there."""

    def __init__(self, connection: Connection, loan_id: int) -> None:
        self._connection = connection
        self._loan = self._row("loan", loan_id)
        self._member = self._row("member", self._loan["member_id"])
        self._account = self._next("account")
        self._control = {
            code: self._number(f"SELECT id FROM account WHERE code = '{code}'")
            for code in ("2010", self._loan["loan_control"])
        }
        self._day = str(self._loan["disbursed_on"])

    def put(self, count: int) -> None:
        """Add `count` members with all that is theirs."""
        serials = range(100, 100 + count)
        base = {name: self._next(name) for name in ("member", "loan", "repayment", "journal_entry")}
        self._insert(
            "member", (self._a_member(n, base["member"] + at) for at, n in enumerate(serials))
        )
        self._insert(
            "member_search",
            (
                self._searched(self._a_member(n, base["member"] + at))
                for at, n in enumerate(serials)
            ),
        )
        self._connection.exec_driver_sql(
            "INSERT INTO member_piece (member_piece) VALUES ('rebuild')"
        )
        self._insert("account", self._accounts(serials))
        self._insert("account_balance", self._balances(count))
        self._insert(
            "loan",
            (
                {
                    **self._loan,
                    "id": base["loan"] + at,
                    "number": f"L-{n:06}",
                    "member_id": base["member"] + at,
                    "instalments": INSTALMENTS,
                    "unpaid_since": _due(REPAID if at % ONE_LATE_IN == 0 else REPAID + 1),
                }
                for at, n in enumerate(serials)
            ),
        )
        self._insert("loan_instalment", self._instalments(count, base["loan"]))
        self._insert("journal_entry", self._entries(count, base["journal_entry"]))
        self._insert("repayment", self._repayments(count, base))
        self._insert("repayment_part", self._parts(count, base["repayment"]))

    def _a_member(self, serial: int, row_id: int) -> dict[str, Any]:
        return {
            **self._member,
            "id": row_id,
            "number": f"M-{serial:06}",
            "first_name": FIRST[serial % 10],
            "other_names": "",
            "last_name": f"{LAST[serial // 10 % 10]}{_letters(serial)}",
            "national_id": str(20_000_000 + serial),
            "phone": f"2547{serial * 7919 % 100_000_000:08}",
        }

    def _searched(self, member: dict[str, Any]) -> dict[str, Any]:
        names = (member["first_name"], member["other_names"], member["last_name"])
        one = ToFind(member["number"], names, member["phone"], member["national_id"])
        return {"member_id": member["id"], **kept_columns(self._connection.dialect, one)}

    def _accounts(self, serials: range) -> Iterator[dict[str, Any]]:
        at = self._account
        for control, words in self._controls():
            kind = "liability" if control == "2010" else "asset"
            for serial in serials:
                owner = f"M-{serial:06}" if control == "2010" else f"L-{serial:06}"
                yield {
                    "id": at, "code": f"{control}.{owner}", "name": f"{words} {serial}", "type": kind,
                    "is_control": 0, "control_id": self._control[control],
                }  # fmt: skip
                at += 1

    def _controls(self) -> tuple[tuple[str, str], ...]:
        return (("2010", "Deposits of"), (str(self._loan["loan_control"]), "Loan"))

    def _balances(self, count: int) -> Iterator[dict[str, int]]:
        for at in range(count):
            yield {
                "account_id": self._account + at,
                "debit_cents": 0,
                "credit_cents": 50_000_00 + at,
            }
        left = self._part_cents() * (INSTALMENTS - REPAID)
        for at in range(count):
            yield {"account_id": self._account + count + at, "debit_cents": left, "credit_cents": 0}

    def _part_cents(self) -> int:
        return int(self._loan["amount_cents"]) // INSTALMENTS

    def _instalments(self, count: int, first_loan: int) -> Iterator[dict[str, Any]]:
        for at in range(count):
            # The late ones fell due once more than they were paid.
            shift = 0 if at % ONE_LATE_IN == 0 else 1
            for number in range(1, INSTALMENTS + 1):
                yield {
                    "loan_id": first_loan + at, "number": number, "due_on": _due(number - 1 + shift),
                    "principal_cents": self._part_cents(), "interest_cents": 500_00, "fee_cents": 0,
                    "balance_cents": self._part_cents() * (INSTALMENTS - number), "schedule": 1,
                }  # fmt: skip

    def _entries(self, count: int, first: int) -> Iterator[dict[str, Any]]:
        pattern = self._row("journal_entry", first - 1)
        number = int(pattern["number"])
        for at in range(count):
            yield {
                **pattern, "id": first + at, "number": number + 1 + at, "kind": "repayment",
                "reference": f"RC-{at:08}", "hash": f"{at:064x}",
            }  # fmt: skip

    def _repayments(self, count: int, base: dict[str, int]) -> Iterator[dict[str, Any]]:
        number = self._number("SELECT max(number) FROM journal_entry") - count
        for at in range(count):
            yield {
                "id": base["repayment"] + at, "receipt": f"RC-{at:08}", "loan_id": base["loan"] + at,
                "use": "payment", "source": "cash", "reference": "", "value_date": self._day,
                "amount_cents": REPAID * (self._part_cents() + 500_00), "prepaid_cents": 0,
                "deposits_cents": 0, "entry_number": number + 1 + at, "taken_by": 3,
                "taken_at": "2026-03-16T06:00:00.000000+00:00",
            }  # fmt: skip

    def _parts(self, count: int, first: int) -> Iterator[dict[str, Any]]:
        for at in range(count):
            for instalment in range(1, REPAID + 1):
                for component, cents in (("interest", 500_00), ("principal", self._part_cents())):
                    yield {
                        "repayment_id": first + at, "instalment": instalment,
                        "component": component, "cents": cents,
                    }  # fmt: skip

    def _insert(self, table: str, rows: Iterator[dict[str, Any]]) -> None:
        slice_: list[dict[str, Any]] = []
        for row in rows:
            slice_.append(row)
            if len(slice_) == 20_000:
                self._write(table, slice_)
                slice_ = []
        if slice_:
            self._write(table, slice_)

    def _write(self, table: str, rows: list[dict[str, Any]]) -> None:
        names = ", ".join(f'"{name}"' for name in rows[0])
        marks = ", ".join("?" * len(rows[0]))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        self._connection.exec_driver_sql(statement, [tuple(row.values()) for row in rows])

    def _row(self, table: str, row_id: int) -> dict[str, Any]:
        found = self._connection.exec_driver_sql(f"SELECT * FROM {table} WHERE id = {row_id}")
        return dict(found.mappings().one())

    def _next(self, table: str) -> int:
        return self._number(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")

    def _number(self, query: str) -> int:
        return int(self._connection.exec_driver_sql(query).scalar_one())


def _due(number: int) -> str:
    """The due date of the instalment so many months after the first, which fell due in December 2025."""
    month = 11 + number
    return f"{2025 + month // 12}-{month % 12 + 1:02}-10"


def _letters(serial: int) -> str:
    """Three letters that tell members of one name apart."""
    return "".join(chr(ord("a") + serial // 26**place % 26) for place in range(3))
