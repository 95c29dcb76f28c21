"""The command line: without an argument it opens the window; with one it works on the books without it."""

from __future__ import annotations

import argparse
import getpass
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sacco_desktop.commands import outside, quote
from sacco_desktop.commands.as_json import plain, print_json
from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.settings import Settings, read_settings, system_clock

_TICK_SECONDS = 60.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or a fault found, 2 wrong words."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["simulate-safaricom"]:
        from sacco_desktop.demo.safaricom import command_line

        return command_line.main(arguments[1:], system_clock)
    if arguments == ["read-workbook"]:  # Not for people: the window has files read by it.
        from sacco_desktop.gateways.old_books import reader_process

        return reader_process.main()
    asked = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = asked.run
    try:
        return command(asked)
    except SaccoError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


_LISTS = (
    ("members", "list the members", "membership.members.list_members"),
    ("loans", "list the loans", "lending.loans.list_loans"),
    ("payouts", "list the payouts", "payouts.payouts.list_payouts"),
    ("in-flight", "say what is known about uncertain payouts", "sending.payout_cards.in_flight"),
    ("settings", "list the society's settings of today", "office.society.all_settings"),
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sacco-desktop", description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="the folder of the books")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add(commands, "window", "open the window (the same as no command)", _window)
    demo = _add(commands, "demo", "run the guided tour in a practice office", _demo)
    demo.add_argument("--headless", action="store_true", help="drive the window without a display")
    demo.add_argument("--folder", type=Path, default=Path("out") / "demo")
    commands.add_parser(
        "simulate-safaricom", help="run the simulated Safaricom alone", add_help=False
    )
    for name, words, run in (
        ("verify", "prove the books: add up, walk the chain, name the first fault", _verify),
        ("trial-balance", "print the trial balance", _trial_balance),
        ("parked", "list what came through a relay and waits for somebody", _parked),
        *((name, words, _listed(service)) for name, words, service in _LISTS),
    ):
        _add(commands, name, words, run).add_argument("--json", action="store_true")
    quote_words = "reckon a loan: its schedule, prepayments and payoff; no books are needed"
    quote.add_arguments(_add(commands, "quote", quote_words, quote.run))
    _add_set_up(commands)
    outside.add_commands(partial(_add, commands), outside.Desk(_settings, _who))
    jobs = _add(commands, "run-jobs", "run the clock's jobs without the window", _run_jobs)
    jobs.add_argument("--once", action="store_true", help="run what is due and end")
    jobs.add_argument("--json", action="store_true")
    words = "charge the penalties that came due up to a day, each as of its own day"
    fines = _add(commands, "charge-penalties", words, _charge_penalties)
    fines.add_argument("--as-of", type=date.fromisoformat, help="YYYY-MM-DD; today without it")
    key = _add(commands, "recovery-key", "print the key of the books, or enter one", _recovery_key)
    key.add_argument("--enter", action="store_true", help="type the key from the printed sheet")
    words = "copy the books into a file, and prove the copy"
    _add(commands, "backup", words, _backup).add_argument("file", type=Path)
    words = "bring a copy of the books back; those that are here are set aside"
    _add(commands, "restore", words, _restore).add_argument("file", type=Path)
    out = _add(commands, "export", "write all books into one packed file, in open forms", _export)
    out.add_argument("file", type=Path)
    out.add_argument("--username", required=True)
    words = "take an export into empty books and say whether they stand as the first ones"
    _add(commands, "prove-export", words, _prove_export).add_argument("file", type=Path)
    words = "keep the password of the PostgreSQL that several PCs share"
    _add(commands, "database-password", words, _database_password)
    return parser


def _add(
    commands: Any, name: str, words: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=run)
    return parser


def _add_set_up(commands: Any) -> None:
    parser = _add(commands, "set-up", "begin the books of a society", _set_up)
    for field in ("name", "registration-number", "postal-address", "phone"):
        parser.add_argument(f"--{field}", required=True)
    parser.add_argument(
        "--environment", choices=("practice", "sandbox", "production"), required=True
    )
    parser.add_argument("--administrator", required=True, help="user name of the first person")
    parser.add_argument("--full-name", required=True)
    person = _add(commands, "add-user", "add a person; an administrator does it", _add_user)
    for field in ("new-user", "full-name", "username"):
        person.add_argument(f"--{field}", required=True)
    words = "give a person a new password by the recovery sheet"
    _add(commands, "let-in", words, _let_in).add_argument("--username", required=True)
    # The names and not the roles themselves, because --help need not load the program.
    roles = ("officer", "committee", "treasurer", "administrator")
    person.add_argument("--role", action="append", choices=roles, required=True)


def _settings(asked: argparse.Namespace) -> Settings:
    from sacco_desktop.operations.open_office import needs_passphrase

    settings = read_settings(data_dir=asked.data_dir)
    if not needs_passphrase(settings):
        return settings
    typed = getpass.getpass("Passphrase of the secrets of these books: ")
    return replace(settings, passphrase=typed)


def _window(asked: argparse.Namespace) -> int:
    from sacco_desktop.application import run_window

    return run_window(read_settings(data_dir=asked.data_dir), system_clock)


def _demo(asked: argparse.Namespace) -> int:
    from sacco_desktop.demo.tour import run_demo

    return run_demo(asked.folder, system_clock, headless=asked.headless)


def _read(asked: argparse.Namespace, service: Callable[[Any, None], Any]) -> Any:
    """Run a reading service on the books of this PC as the program itself."""
    from sacco_desktop.operations.open_office import open_books
    from sacco_desktop.services.books.work import CLOCK

    with open_books(_settings(asked), system_clock) as books:
        return books.read(service, None, actor=CLOCK)


def _listed(service_name: str) -> Callable[[argparse.Namespace], int]:
    def run(asked: argparse.Namespace) -> int:
        from importlib import import_module

        module, _, verb = service_name.rpartition(".")
        service = getattr(import_module(f"sacco_desktop.services.{module}"), verb)
        rows = _read(asked, service)
        if asked.json:
            print_json(rows)
        for row in () if asked.json else rows:
            print("  ".join(f"{key}={value}" for key, value in plain(row).items()))
        return 0

    return run


def _parked(asked: argparse.Namespace) -> int:
    from sacco_desktop.services.feed.relay_feed import list_parked

    rows = _read(asked, list_parked)
    if asked.json:
        print_json(rows)
    for row in () if asked.json else rows:
        print(f"{row.received_at:%Y-%m-%d %H:%M} {row.kind}: {row.reason}")
    return 0


def _verify(asked: argparse.Namespace) -> int:
    from sacco_desktop.services.proof.verify import verify

    proof = _read(asked, verify)
    if asked.json:
        print_json({**plain(proof), "is_sound": proof.is_sound})
    else:
        for fault in proof.faults:
            print(f"{fault.where} {fault.what}")
        print(
            f"{proof.entries} entries, {proof.postings} postings, {proof.audit_rows} audit rows."
            f" {'The books are sound.' if proof.is_sound else 'The books are damaged.'}"
            f" Head {proof.head_hash}."
        )
    return 0 if proof.is_sound else 1


def _trial_balance(asked: argparse.Namespace) -> int:
    from sacco_desktop.commands import trial_balance
    from sacco_desktop.services.books import ledger

    found = _read(asked, ledger.trial_balance)
    if asked.json:
        rows = [{**plain(row), "balance_cents": row.balance_cents} for row in found.rows]
        print_json({"at": found.at, "is_square": found.is_square, "rows": rows})
        return 0
    return trial_balance.show(found)


def _export(asked: argparse.Namespace) -> int:
    from sacco_desktop.commands import export
    from sacco_desktop.operations.open_office import open_books

    with open_books(_settings(asked), system_clock, doing="export") as books:
        return export.run(books, asked.file, _who(books, asked.username))


def _prove_export(asked: argparse.Namespace) -> int:
    from sacco_desktop.commands import prove_export

    return prove_export.run(asked.file, system_clock)


def _set_up(asked: argparse.Namespace) -> int:
    from sacco_desktop.domain.permissions import Role
    from sacco_desktop.operations.open_office import open_books
    from sacco_desktop.services.books.work import CLOCK
    from sacco_desktop.services.office.society import NewSociety
    from sacco_desktop.services.office.users import NewUser
    from sacco_desktop.services.people import first_run

    society = NewSociety(
        asked.name, asked.registration_number, asked.postal_address, asked.phone, asked.environment
    )
    password = _new_password(asked.administrator)
    first = NewUser(asked.administrator, asked.full_name, frozenset({Role.ADMINISTRATOR}), password)
    new = first_run.NewBooks(society, first)
    with open_books(_settings(asked), system_clock, doing="set-up") as books:
        books.write(first_run.begin, new, actor=CLOCK)
    print("The books are ready. Print the recovery key now: sacco-desktop recovery-key")
    return 0


def _add_user(asked: argparse.Namespace) -> int:
    from sacco_desktop.domain.permissions import Role
    from sacco_desktop.operations.open_office import open_books
    from sacco_desktop.services.office import users
    from sacco_desktop.services.people import people_changes

    with open_books(_settings(asked), system_clock, doing="add-user") as books:
        actor = _who(books, asked.username)
        roles = frozenset(Role(name) for name in asked.role)
        password = _new_password(asked.new_user)
        new = users.NewUser(asked.new_user, asked.full_name, roles, password)
        print(books.write(people_changes.add_user, new, actor=actor).words)
    return 0


def _let_in(asked: argparse.Namespace) -> int:
    from sacco_desktop.operations.books_door import let_in_by_sheet

    words, settings = getpass.getpass("Recovery key from the sheet: "), _settings(asked)
    new = _new_password(asked.username)
    print(let_in_by_sheet(settings, words, (asked.username, new), system_clock))
    return 0


def _new_password(username: str) -> str:
    first = getpass.getpass(f"New password of {username}: ")
    if first != getpass.getpass("Again: "):
        raise InvalidInput("The two passwords differ. Nothing was saved.", "password")
    return first


def _who(books: Any, username: str) -> Any:
    """The person who gives this command, proven by the password."""
    from sacco_desktop.services.books.work import CLOCK
    from sacco_desktop.services.office import users

    given = users.Credentials(username, getpass.getpass(f"Password of {username}: "))
    return users.require(books.write(users.sign_in, given, actor=CLOCK))


def _run_jobs(asked: argparse.Namespace) -> int:
    from sacco_desktop.operations.open_office import open_office
    from sacco_desktop.operations.run_jobs import run_due

    pause = threading.Event()
    with open_office(_settings(asked), system_clock, doing="run-jobs") as opened:
        office = opened.office
        while True:
            for end in office.lanes.submit_async(lambda: run_due(office)).result():
                print_json(end) if asked.json else print(f"{end.outcome}: {end.words}")
            if asked.once or pause.wait(_TICK_SECONDS):
                return 0


def _charge_penalties(asked: argparse.Namespace) -> int:
    from sacco_desktop.operations.open_office import open_office
    from sacco_desktop.operations.run_jobs import charge_penalties

    with open_office(_settings(asked), system_clock, doing="run-jobs") as opened:
        office = opened.office
        print(office.lanes.submit_async(lambda: charge_penalties(office, asked.as_of)).result())
    return 0


def _database_password(asked: argparse.Namespace) -> int:
    from sacco_desktop.operations import open_office

    store = open_office.open_secrets(_settings(asked))
    store.write(open_office.PASSWORD_NAME, getpass.getpass("Password of the database: "))
    print("The password is kept with the secrets of this computer.")
    return 0


def _backup(asked: argparse.Namespace) -> int:
    from sacco_desktop.operations.copies import back_up_here, made_words

    made = back_up_here(_settings(asked), asked.file.resolve(), system_clock)
    print(f"Copied and proven: {made_words(made)}. Head {made.head_hash}.")
    return 0


def _restore(asked: argparse.Namespace) -> int:
    from sacco_desktop.operations.restore import restore_books, restored_words

    print(restored_words(restore_books(_settings(asked), asked.file.resolve(), system_clock)))
    return 0


def _recovery_key(asked: argparse.Namespace) -> int:
    from sacco_desktop.commands.recovery import recovery_key

    return recovery_key(_settings(asked), enters=asked.enter)


if __name__ == "__main__":
    sys.exit(main())
