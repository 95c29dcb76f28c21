"""Books with any number of payouts, paid or approved: one of each is made by the services, and its rows are copied with
other names and numbers straight into the tables, with both chains whole and the guards laid again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from sacco_desktop.db.guard_laying import lay_guards, remove_guards
from sacco_desktop.db.tables import Table
from sacco_desktop.domain.approvals import fingerprint
from sacco_desktop.domain.ledger import JournalEntry, Posting, entry_hash
from sacco_desktop.services.books import audit
from tests import make, make_members
from tests.make import PracticeOffice

Row = dict[str, Any]
_SLICE = 2_000
_CACHE = -400_000  # in KiB: the indexes of large books stay in memory while they are made
_TOLD = 10_000_000_000_00  # what M-Pesa says its account holds, in cents: enough for any number of payouts


@dataclass(slots=True)
class Pattern:
    """The rows that one payout has left, and the words in them that belong to it alone."""

    rows: dict[str, list[Row]]
    words: list[str]
    entries: list[JournalEntry] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What is other in each copy of one row: the columns with words of its own, and those that hold a row's number,
    each with the number in the first copy and the step from one copy to the next.
    """

    name: str
    row: Row
    entry: JournalEntry | None
    worded: list[str]
    numbered: list[tuple[str, int, int]]


class Copier:
    """Puts copies of a pattern into the books. Numbers go on where the books stand."""

    def __init__(self, connection: Connection, pattern: Pattern) -> None:
        self.connection, self.pattern = connection, pattern
        self.tables = {table.name: table for table in Table.metadata.sorted_tables}
        self._first = {
            name: self._number(f"SELECT coalesce(max(id), 0) + 1 FROM {name}")
            for name in self.pattern.rows
            if "id" in self.tables[name].c
        }
        last: tuple[int, str] | None = self._one(
            "SELECT number, hash FROM journal_entry ORDER BY number DESC LIMIT 1"
        )
        self._entry_number: int
        self._entry_hash: str
        self._entry_number, self._entry_hash = last or (0, "0" * 64)
        self._audit_hash = self._one("SELECT hash FROM audit_row ORDER BY id DESC LIMIT 1")[0]
        self._sequence = self._number("SELECT coalesce(max(sequence), 0) FROM relay_entry")
        self._serial = self._number("SELECT count(*) FROM member")
        # The longest first, so that no word is taken for a piece of another.
        self._words = re.compile("|".join(map(re.escape, pattern.words)))
        self._plans = [self._plan(name, row) for name in pattern.rows for row in pattern.rows[name]]

    def put(self, count: int) -> None:
        """Add `count` copies."""
        done = 0
        while done < count:
            step = min(_SLICE, count - done)
            batch: dict[str, list[Row]] = {name: [] for name in self.pattern.rows}
            for place in range(done, done + step):
                for name, row in self._copy(place):
                    batch[name].append(row)
            for table in Table.metadata.sorted_tables:
                self._insert(table.name, batch.get(table.name, []))
            done += step
        self._tidy()

    def _insert(self, name: str, rows: list[Row]) -> None:
        if rows:
            columns = list(rows[0])
            quoted = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join("?" * len(columns))
            values = [tuple(row.values()) for row in rows]
            statement = f"INSERT INTO {name} ({quoted}) VALUES ({marks})"
            self.connection.exec_driver_sql(statement, values)

    def _plan(self, name: str, row: Row) -> Plan:
        rows = self.pattern.rows[name]
        entry = self.pattern.entries[rows.index(row)] if name == "journal_entry" else None
        worded = [
            column
            for column, value in row.items()
            if isinstance(value, str) and self._words.search(value)
        ]
        return Plan(name, row, entry, worded, list(self._numbered(name, row)))

    def _numbered(self, name: str, row: Row) -> Iterator[tuple[str, int, int]]:
        for column, target in self._links(name, row):
            if row[column] is not None and target in self._first:
                ids = [each["id"] for each in self.pattern.rows[target]]
                if row[column] in ids:
                    yield column, self._first[target] + ids.index(row[column]), len(ids)

    def _copy(self, place: int) -> Iterator[tuple[str, Row]]:
        self._serial += 1
        others = {word: _another(word, self._serial) for word in self.pattern.words}

        def other(text: str) -> str:
            return self._words.sub(lambda found: others[found.group()], text)

        prints: dict[str, str] = {}
        numbers: dict[int, int] = {}
        for plan in self._plans:
            name, row, new = plan.name, plan.row, dict(plan.row)
            for column in plan.worded:
                new[column] = other(row[column])
            for column, first, step in plan.numbered:
                new[column] = first + place * step
            if name == "approval_request":
                prints[row["fingerprint"]] = fingerprint(json.loads(new["content"]))
            elif plan.entry is not None:
                self._chain_entry(new, plan.entry, other)
                numbers[row["number"]] = new["number"]
            else:
                self._chain(name, new)
            if "fingerprint" in new:
                new["fingerprint"] = prints.get(new["fingerprint"], new["fingerprint"])
            if new.get("entry_number") is not None:
                new["entry_number"] = numbers[new["entry_number"]]
            yield name, new

    def _links(self, name: str, row: Row) -> Iterator[tuple[str, str]]:
        """Each column that holds the number of a row, and the table in which that row is."""
        if "id" in row:
            yield "id", name
        for column in self.tables[name].columns:
            for key in column.foreign_keys:
                yield column.name, key.column.table.name
        if name == "approval_request" and row["kind"] in ("loan", "payout"):
            yield "subject_id", row["kind"]

    def _chain_entry(self, new: Row, entry: JournalEntry, other: Callable[[str], str]) -> None:
        lines = tuple(
            Posting(other(line.account_code), line.debit_cents, line.credit_cents, other(line.memo))
            for line in entry.postings
        )
        self._entry_number += 1
        copied = JournalEntry(
            entry.value_date,
            entry.kind,
            other(entry.narration),
            other(entry.reference),
            lines,
            None,
        )
        new["number"], new["previous_hash"] = self._entry_number, self._entry_hash
        moment = new["posted_at"]
        self._entry_hash = entry_hash(
            self._entry_hash, self._entry_number, moment, new["posted_by"], copied
        )
        new["hash"] = self._entry_hash

    def _chain(self, name: str, new: Row) -> None:
        if name == "relay_entry":
            self._sequence += 1
            new["sequence"] = self._sequence
            new["hash"] = hashlib.sha256(str(self._sequence).encode()).digest()
        elif name == "audit_row":
            self._chain_audit(new)

    def _chain_audit(self, new: Row) -> None:
        act = audit.Act(*(new[name] for name in audit.Act.__dataclass_fields__))
        new["previous_hash"] = self._audit_hash
        self._audit_hash = new["hash"] = audit.row_hash(self._audit_hash, act)

    def _tidy(self) -> None:
        """What the books keep beside their rows: running balances, last numbers, and our place in the feed."""
        for statement in (
            "DELETE FROM account_balance",
            "INSERT INTO account_balance SELECT account_id, sum(debit_cents), sum(credit_cents)"
            " FROM posting GROUP BY account_id",
            "INSERT INTO account_balance SELECT a.control_id, sum(b.debit_cents), sum(b.credit_cents)"
            " FROM account_balance b JOIN account a ON a.id = b.account_id"
            " WHERE a.control_id IS NOT NULL GROUP BY a.control_id",
            f"UPDATE counter SET last = {self._serial}",
            f"UPDATE relay SET sequence = {self._sequence}",
        ):
            self.connection.exec_driver_sql(statement)

    def _one(self, query: str) -> Any:
        return self.connection.exec_driver_sql(query).first()

    def _number(self, query: str) -> int:
        return int(self.connection.exec_driver_sql(query).scalar_one())


def _another(word: str, serial: int) -> str:
    """A word like this one that no other payout has, of the same length where it can be."""
    if word.startswith("test-"):
        return f"{word}/{serial}"
    if word.isdigit():
        return f"{word[: len(word) - 6]}{serial:06}"
    if "-" in word and word.rsplit("-", 1)[1].isdigit():
        return f"{word.rsplit('-', 1)[0]}-{serial:0{len(word.rsplit('-', 1)[1])}}"
    return f"{hashlib.sha256(f'{word}{serial}'.encode()).hexdigest()[: len(word)]}"


class Marks:
    """Where each table of the books ends, so that what came after can be told."""

    def __init__(self, office: PracticeOffice) -> None:
        self._office = office
        self._ends = {
            table.name: office.sql(f"SELECT coalesce(max(id), 0) FROM {table.name}")[0][0]
            for table in Table.metadata.sorted_tables
            # What a person has used up of a limit today is nothing that a thousand payouts should share.
            if "id" in table.c and table.name != "limit_use"
        }
        self._keys = {key for (key,) in office.sql("SELECT key FROM money_command")}

    def rows_since(self) -> dict[str, list[Row]]:
        """All rows that came since, as the file keeps them, in an order in which fingerprints and numbers are known
        before they are used.
        """
        found: dict[str, list[Row]] = {}
        first = ("approval_request", "journal_entry")
        names = [*first, *(name for name in self._ends if name not in first)]
        for name in names:
            rows = self._read(f"SELECT * FROM {name} WHERE id > {self._ends[name]} ORDER BY id")
            if rows:
                found[name] = rows
        commands = self._read("SELECT * FROM money_command")
        found["money_command"] = [row for row in commands if row["key"] not in self._keys]
        return found

    def _read(self, query: str) -> list[Row]:
        with self._office.database.reader.connect() as connection:
            return [dict(row._mapping) for row in connection.exec_driver_sql(query)]


def _pattern(office: PracticeOffice, marks: Marks) -> Pattern:
    rows = marks.rows_since()
    [member], [loan], [payout] = rows["member"], rows["loan"], rows["payout"]
    words = [member["number"], loan["number"], payout["number"]]
    words += [
        member["phone"],
        member["national_id"],
        *(row["key"] for row in rows["money_command"]),
    ]
    words += [row["reference"] for row in rows["journal_entry"] if row["kind"] == "cash_deposit"]
    words += [payout["receipt"]] if payout["receipt"] else []
    for attempt in rows.get("payout_attempt", ()):
        words += [attempt["originator_conversation_id"], attempt["tag"], attempt["conversation_id"]]
    shown = f"0{member['phone'][3:6]} {member['phone'][6:9]} {member['phone'][9:]}"
    pattern = Pattern(rows, sorted({*words, shown}, key=len, reverse=True))
    codes = dict(office.sql("SELECT id, code FROM account"))
    for entry in rows["journal_entry"]:
        lines = [line for line in rows["posting"] if line["entry_id"] == entry["id"]]
        pattern.entries.append(
            JournalEntry(
                date.fromisoformat(entry["value_date"]), entry["kind"], entry["narration"],
                entry["reference"],
                tuple(
                    Posting(codes[line["account_id"]], line["debit_cents"], line["credit_cents"], line["memo"])
                    for line in lines
                ),
                None,
            )
        )  # fmt: skip
    return pattern


def furnish(office: PracticeOffice, *, paid: int, approved: int) -> None:
    """Give an office `paid` payouts that were paid and `approved` that Grace may send by relay 1."""
    via = make.route(office, make.relay(office))
    make.float_of(office, 20_000_000_000)
    # What is approved comes first: beside many payouts, the services need longer to make the pattern of one more.
    _many(office, 2, approved, lambda _row: None)
    _many(office, 1, paid, lambda row: _pay(office, row, via))
    # The copies were written past the program, so the search does not know them yet.
    make_members.found_anew(office)


def _pay(office: PracticeOffice, row: Any, via: Any) -> None:
    order = make.accepted(office, row, via)
    news = make.paid_news(order, utility_available_cents=_TOLD)
    make.arrive(office, via.relay_id, (order.tag, news))


def _many(office: PracticeOffice, series: int, count: int, then: Any) -> None:
    if count == 0:
        return
    marks = Marks(office)
    serial = office.count("member") + 1
    phone, card = f"072{series}{serial:06}", f"3{series}{serial:06}"
    member = make.member(office, deposits_kes=100_000, phone=phone, national_id=card)
    then(make.approved_payout(office, member, float_kes=0))
    pattern = _pattern(office, marks)
    with office.database.writer.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA cache_size={_CACHE}")
        remove_guards(connection)
        Copier(connection, pattern).put(count - 1)
        lay_guards(connection)


def approved_ids(office: PracticeOffice) -> list[int]:
    """The payouts that can be sent, in their order."""
    return [
        number
        for (number,) in office.sql("SELECT id FROM payout WHERE status = 'approved' ORDER BY id")
    ]
