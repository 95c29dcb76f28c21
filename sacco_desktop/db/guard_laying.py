"""Lays the guards down as triggers, takes them off for a migration, and finds those that somebody else touched."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from sacco_desktop.db.guard import POSTING_NOW
from sacco_desktop.db.guards import BOOKS_LOCK, GUARDS, MOVE_BALANCES

_OUT_OF_INDEX = (
    "INSERT INTO member_piece (member_piece, rowid, pieces)"
    " VALUES ('delete', OLD.member_id, OLD.pieces);"
)
_INTO_INDEX = "INSERT INTO member_piece (rowid, pieces) VALUES (NEW.member_id, NEW.pieces);"
# PostgreSQL moves its own index; SQLite's is told of each row by us.
_SEARCH_FOLLOWS = (
    f"CREATE TRIGGER guard_search_begins AFTER INSERT ON member_search BEGIN {_INTO_INDEX} END",
    "CREATE TRIGGER guard_search_moves AFTER UPDATE ON member_search BEGIN"
    f" {_OUT_OF_INDEX} {_INTO_INDEX} END",
    f"CREATE TRIGGER guard_search_ends AFTER DELETE ON member_search BEGIN {_OUT_OF_INDEX} END",
)


def sqlite_guards() -> list[str]:
    """The statements that lay down all guards on SQLite; the message of a refusal is "refused:" and its code."""
    statements = [
        f"CREATE TRIGGER guard_{guard.code} BEFORE {guard.event.upper()} ON {guard.table}"
        f" WHEN {guard.condition} BEGIN SELECT RAISE(ABORT, 'refused:{guard.code}'); END"
        for guard in GUARDS
    ]
    statements.append(
        "CREATE TRIGGER guard_moves_balances AFTER UPDATE OF posted_at ON journal_entry"
        f" WHEN {POSTING_NOW} BEGIN {MOVE_BALANCES} END"
    )
    return [*statements, *_SEARCH_FOLLOWS]


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A trigger of PostgreSQL and the body of the function that it calls, which bears the same name."""

    name: str
    table: str
    when: str
    each: str
    body: str

    def definition(self) -> str:
        """The text by which PostgreSQL itself describes this trigger."""
        return (
            f"CREATE TRIGGER {self.name} {self.when} ON public.{self.table}"
            f" FOR EACH {self.each} EXECUTE FUNCTION {self.name}()"
        )


def _refuse(code: str, condition: str, row: str) -> str:
    return (
        f" BEGIN IF {condition} THEN RAISE EXCEPTION 'refused:{code}'"
        f" USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END "
    )


# A repair script waits for its turn like every PC, so that neither a number nor a chain can fork. At another isolation
# level the guards would look at a state of the books from before their turn.
_TAKE_TURN = (
    f" BEGIN PERFORM pg_advisory_xact_lock({BOOKS_LOCK});"
    " IF current_setting('transaction_isolation') <> 'read committed' THEN"
    " RAISE EXCEPTION 'refused:takes_turns' USING ERRCODE = 'integrity_constraint_violation';"
    " END IF; RETURN NULL; END "
)


def _postgresql_triggers() -> list[_Trigger]:
    """The same guards for PostgreSQL, and two more that SQLite does not need: writers take turns, nothing is emptied
    by TRUNCATE, which asks no guard of a row.
    """
    tables = sorted({guard.table for guard in GUARDS} | {"account_balance", "closed_month"})
    return [
        *(
            _Trigger(
                f"guard_{guard.code}",
                guard.table,
                f"BEFORE {guard.event.upper()}",
                "ROW",
                _refuse(guard.code, guard.condition, "OLD" if guard.event == "delete" else "NEW"),
            )
            for guard in GUARDS
        ),
        _Trigger(
            "guard_moves_balances",
            "journal_entry",
            "AFTER UPDATE OF posted_at",
            "ROW",
            f" BEGIN IF {POSTING_NOW} THEN {MOVE_BALANCES} END IF; RETURN NULL; END ",
        ),
        *(
            _Trigger(
                "guard_takes_turns",
                table,
                "BEFORE INSERT OR DELETE OR UPDATE",
                "STATEMENT",
                _TAKE_TURN,
            )
            for table in tables
        ),
        *(
            _Trigger(
                "guard_never_emptied",
                table,
                "BEFORE TRUNCATE",
                "STATEMENT",
                _refuse("never_emptied", "TRUE", "NULL"),
            )
            for table in tables
        ),
    ]


def postgresql_guards() -> list[str]:
    """The statements that lay down all guards on PostgreSQL, whatever of them is there already."""
    triggers = _postgresql_triggers()
    bodies = {trigger.name: trigger.body for trigger in triggers}
    functions = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        for name, body in bodies.items()
    ]
    return functions + [
        trigger.definition().replace("CREATE", "CREATE OR REPLACE", 1) for trigger in triggers
    ]


def lay_guards(connection: Connection) -> None:
    """Lay down every guard of this program."""
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in sqlite_guards() if is_sqlite else postgresql_guards():
        connection.exec_driver_sql(statement)


def remove_guards(connection: Connection, only: str | None = None) -> None:
    """Take every guard off, or `only` the one of this name. A migration rebuilds tables, and SQLite drops their
    triggers silently.
    """
    for name, table in laid_guards(connection):
        if name == only or (only is None and name.startswith("guard_")):
            on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")


def touched_guards(connection: Connection) -> tuple[list[str], list[str]]:
    """The names of guards that are missing or changed, and of triggers that this program did not lay."""
    laid = laid_guards(connection)
    if connection.dialect.name == "sqlite":
        # The table of a trigger on SQLite is part of its statement.
        wanted = {(sql.split()[2], _table_in(sql)): sql for sql in sqlite_guards()}
    else:
        wanted = {
            (trigger.name, trigger.table): f"O {trigger.definition()} {trigger.body}"
            for trigger in _postgresql_triggers()
        }
    missing = [name for (name, table), sql in wanted.items() if laid.get((name, table)) != sql]
    foreign = [name for (name, table) in laid if (name, table) not in wanted]
    return missing, foreign


def _table_in(statement: str) -> str:
    words = statement.split()
    return words[words.index("ON") + 1]


_LAID_ON_SQLITE = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
# The first letter is O as long as nobody has disabled the trigger.
_LAID_ON_POSTGRESQL = """
SELECT t.tgname, c.relname, concat(t.tgenabled, ' ', pg_get_triggerdef(t.oid), ' ', p.prosrc)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = 'public'::regnamespace AND (NOT t.tgisinternal OR t.tgenabled <> 'O')
ORDER BY t.tgname, c.relname
"""


def laid_guards(connection: Connection) -> dict[tuple[str, str], str]:
    """Every trigger that lies in the database, by its name and table, with the text that it was made of."""
    is_sqlite = connection.dialect.name == "sqlite"
    rows = connection.exec_driver_sql(_LAID_ON_SQLITE if is_sqlite else _LAID_ON_POSTGRESQL)
    return {(name, table): definition for name, table, definition in rows}
