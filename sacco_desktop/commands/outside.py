"""The words of the commands that connect an office with the outside: a relay, M-Pesa, gateways of messages."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sacco_desktop.settings import Settings, system_clock

Adds = Callable[[str, str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


@dataclass(frozen=True, slots=True)
class Desk:
    """How a command comes to its settings, and to the person who gives it."""

    settings: Callable[[argparse.Namespace], Settings]
    who: Callable[[Any, str], Any]


def add_commands(add: Adds, desk: Desk) -> None:
    """Let the command line know them."""
    words = "pair this office with a relay"
    relay = add("enrol-relay", words, lambda asked: _enrol_relay(asked, desk))
    for field in ("name", "url", "username"):
        relay.add_argument(f"--{field}", required=True)
    words = "enter the M-Pesa connection"
    mpesa = add("connect-mpesa", words, _in_office(desk, "connect-mpesa", "mpesa"))
    for field in ("shortcode", "initiator", "username"):
        mpesa.add_argument(f"--{field}", required=True)
    mpesa.add_argument("--certificate", type=Path, required=True, help="the portal's certificate")
    mpesa.add_argument("--address", default="", help="of the simulated Safaricom, practice only")
    kept = "; without it what is there stays"
    mpesa.add_argument("--b2c-version", choices=("v1", "v3"), help=f"of payouts{kept}")
    mpesa.add_argument("--c2b-version", choices=("v1", "v2"), help=f"of the paybill{kept}")
    words = "tell M-Pesa where payments to a shortcode are reported, and say what it answered"
    paybill = add("register-paybill", words, _in_office(desk, "register-paybill", "register"))
    paybill.add_argument("--username", required=True)
    paybill.add_argument("--shortcode", default="", help="another one than that of the connection")
    words = "the phone that stands in its papers: asks for M-Pesa's list of payments too"
    paybill.add_argument("--list-phone", default="", help=words)
    words = "enter who carries messages to members"
    gateway = add("connect-gateway", words, _in_office(desk, "connect-gateway", "gateway"))
    names = ("africas_talking", "twilio", "smtp")
    gateway.add_argument("--gateway", choices=names, required=True)
    gateway.add_argument("--username", required=True)
    for field in ("account", "sender", "address"):
        gateway.add_argument(f"--{field}", default="")


def _in_office(desk: Desk, doing: str, verb: str) -> Callable[[argparse.Namespace], int]:
    def run(asked: argparse.Namespace) -> int:
        from sacco_desktop.commands import connections
        from sacco_desktop.operations.open_office import open_office

        with open_office(desk.settings(asked), system_clock, doing=doing) as opened:
            actor = desk.who(opened.office.books, asked.username)
            command: Callable[..., int] = getattr(connections, verb)
            return command(opened.office, actor, asked)

    return run


def _enrol_relay(asked: argparse.Namespace, desk: Desk) -> int:
    from sacco_desktop.operations.enrol import PairingCode, enrol_at_relay
    from sacco_desktop.operations.open_office import open_office

    settings = desk.settings(asked)
    code = getpass.getpass("Pairing code from the relay's operator: ")
    with open_office(settings, system_clock, doing="enrol-relay") as opened:
        office = opened.office
        actor = desk.who(office.books, asked.username)
        pairing = PairingCode(asked.name, asked.url, code, settings.pc_name)
        office.lanes.submit_async(lambda: enrol_at_relay(office, pairing, actor)).result()
    print(f"Enrolled at {asked.name}.")
    return 0
