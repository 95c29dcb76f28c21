"""The relay's command line: serve, and what an operator does. Every command answers in JSON with
--json."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from callback_relay import backups
from callback_relay.admin import CannotDo
from callback_relay.admin_link import perform
from callback_relay.database import STORAGE_VERSION
from callback_relay.folder_lock import FolderInUse, FolderLock
from callback_relay.protocol.encoding import to_moment
from callback_relay.relay import Relay
from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings, utc_now

_SIMPLE = {
    ("tenant", "add"): ("tenant-add", {"label": "NAME"}, "take in a society"),
    ("tenant", "list"): ("tenant-list", {}, "list the societies"),
    ("pair", "new"): ("pair-new", {"tenant": "TENANT"}, "make a pairing code"),
    ("device", "revoke"): ("device-revoke", {"device": "DEVICE"}, "stop accepting a computer"),
    ("token", "list"): ("token-list", {"tenant": "TENANT"}, "list a society's tokens"),
}


class _JsonLines(logging.Formatter):
    """One JSON object a line. Only what a message says is written; requests have nothing to add."""

    def format(self, record: logging.LogRecord) -> str:
        message = {
            "at": to_moment(utc_now()),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            # The text of an exception could repeat what a caller sent; its type and place cannot.
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            message["error"] = record.exc_info[0].__name__
            if trace is not None:
                where = trace.tb_frame.f_code
                message["where"] = f"{where.co_filename}:{trace.tb_lineno}"
        return json.dumps(message)


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line; 0 when it worked, 1 when it did not, 2 when it was not
    understood."""
    options = _parser().parse_args(arguments)
    try:
        answer = options.action(options)
    except (CannotDo, FolderInUse, backups.NotUsable, OSError) as error:
        _show({"error": str(error)}, options.json, sys.stderr)
        return 1
    if answer is not None:
        _show(answer, options.json, sys.stdout)
        return 1 if answer.get("well") is False else 0
    return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data-dir", type=Path, default=Path("relay-data"))
    shared.add_argument("--json", action="store_true", help="answer in JSON")
    parser = argparse.ArgumentParser(prog="callback-relay")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands, shared)
    groups: dict[str, Any] = {}
    for (noun, verb), (name, positionals, text) in _SIMPLE.items():
        if noun not in groups:
            group = commands.add_parser(noun, help=f"{noun} commands")
            groups[noun] = group.add_subparsers(required=True, metavar="VERB")
        command = groups[noun].add_parser(verb, parents=[shared], help=text)
        for field, shown in positionals.items():
            command.add_argument(field, metavar=shown)
        command.set_defaults(action=_asking(name, tuple(positionals)))
    stats = commands.add_parser("stats", parents=[shared], help="how the relay does")
    stats.add_argument("--tenant")
    stats.set_defaults(action=_asking("stats", ("tenant",)))
    doctor = commands.add_parser("doctor", parents=[shared], help="look at what often goes wrong")
    doctor.set_defaults(action=_asking("doctor", ()))
    backup = commands.add_parser("backup", parents=[shared], help="write and check a copy")
    backup.add_argument("path", type=lambda text: str(Path(text).resolve()))
    backup.set_defaults(action=_asking("backup", ("path",)))
    restore = commands.add_parser("restore", parents=[shared], help="put a copy back, new epoch")
    restore.add_argument("path", type=Path)
    restore.set_defaults(action=_restore)
    verify = commands.add_parser("verify", parents=[shared], help="check the file or a copy")
    verify.add_argument("path", type=Path, nargs="?")
    verify.set_defaults(action=_verify)
    return parser


def _add_serve(commands: Any, shared: argparse.ArgumentParser) -> None:
    serve = commands.add_parser("serve", parents=[shared], help="run the relay")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8080)
    serve.add_argument("--fd", type=int, help="a listening socket handed over by the system")
    serve.add_argument("--name", default="relay.local", help="stands in checkpoints, never changes")
    serve.add_argument(
        "--public-url", help="where Safaricom posts to, like https://cb.example.co.ke"
    )
    serve.add_argument("--trusted-proxy", action="append", default=[], metavar="ADDRESS")
    serve.add_argument("--practice", action="store_true", help="loopback counts as Safaricom")
    serve.set_defaults(action=_serve)


def _asking(name: str, fields: tuple[str, ...]) -> Any:
    def action(options: argparse.Namespace) -> dict[str, Any]:
        arguments = {field: getattr(options, field) for field in fields}
        return perform(RelaySettings(options.data_dir), name, arguments)

    return action


def _serve(options: argparse.Namespace) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    server = RelayServer(_serve_settings(options))
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    with server:
        logging.getLogger("callback_relay").info("serving, storage %s", STORAGE_VERSION)
        _show({"api_url": server.api_url, "admin_url": server.admin_url}, True, sys.stdout)
        # A short wait in a loop, because Windows hands a signal over only between waits.
        while not stopping.wait(0.5) and not server.wait(0):
            pass
        failed = server.relay.failed.is_set()
    if failed:
        raise CannotDo("the storage failed")


def _serve_settings(options: argparse.Namespace) -> RelaySettings:
    if options.practice:
        if options.trusted_proxy:
            raise CannotDo("a practice relay trusts loopback, so it must not stand behind a proxy")
        return RelaySettings.for_practice(options.data_dir, options.port)
    return RelaySettings(
        options.data_dir,
        host=options.host,
        port=options.port,
        name=options.name,
        public_url=options.public_url.rstrip("/") if options.public_url else None,
        listening_fd=options.fd,
        trusted_proxies=tuple(options.trusted_proxy),
    )


def _restore(options: argparse.Namespace) -> dict[str, Any]:
    settings = RelaySettings(options.data_dir)
    lock = FolderLock(settings.lock_file)
    try:
        suffix = utc_now().strftime("before-%Y%m%dT%H%M%S")
        findings = backups.put_back(settings, options.path, suffix)
        relay = Relay(settings, opening_reason="restore")
        epoch = relay.writer.epoch
        relay.close()
    finally:
        lock.release()
    return {**asdict(findings), "epoch": epoch, "old_file": f"{settings.database_file}.{suffix}"}


def _verify(options: argparse.Namespace) -> dict[str, Any]:
    if options.path is None:
        return perform(RelaySettings(options.data_dir), "verify", {})
    return asdict(backups.check_file(options.path))


def _show(answer: dict[str, Any], as_json: bool, stream: Any) -> None:
    if as_json:
        print(json.dumps(answer), file=stream, flush=True)
        return
    for name, value in answer.items():
        if isinstance(value, list):
            for item in value:
                print("  ".join(f"{k}={v}" for k, v in item.items()), file=stream)
        else:
            print(f"{name}: {value}", file=stream)
