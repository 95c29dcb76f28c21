"""`simulate-safaricom`: the simulated Safaricom alone, for trying any M-Pesa program."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sacco_desktop.demo.safaricom.control import ADDRESSES
from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom


def serve(
    host: str,
    port: int,
    now: Callable[[], datetime],
    *,
    profile: Profile | None = None,
    as_json: bool = False,
) -> None:
    """Say where it is and with which keys, then serve until Ctrl-C. Raises `OSError`."""
    safaricom = SimulatedSafaricom(now, profile=profile, host=host, port=port)
    print(_introduction(safaricom, as_json=as_json), flush=True)
    safaricom.run()


def main(argv: Sequence[str], now: Callable[[], datetime]) -> int:
    """The command; the clock is handed in because only the program's start may read it."""
    asked = _parser().parse_args(argv)
    profile = replace(
        Profile(),
        shortcode=asked.shortcode,
        utility_cents=asked.float_shillings * 100,
        wrong_passwords_before_lock=asked.wrong_passwords,
        result_delay_seconds=asked.result_delay,
    )
    try:
        serve(asked.host, asked.port, now, profile=profile, as_json=asked.json)
    except OSError as error:
        print(f"Port {asked.port} of {asked.host} cannot be used: {error.strerror}.")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="simulate-safaricom",
        description="A practice M-Pesa over real HTTP. It moves no money.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="keep it on loopback")
    parser.add_argument("--port", type=int, default=8787, help="0 takes a free one")
    parser.add_argument("--shortcode", default=Profile().shortcode)
    parser.add_argument(
        "--float", dest="float_shillings", type=int, default=1_000_000, metavar="KES"
    )
    parser.add_argument(
        "--wrong-passwords", type=int, default=3, metavar="N", help="how many lock the initiator"
    )
    parser.add_argument(
        "--result-delay",
        type=float,
        default=1.0,
        metavar="SECONDS",
        help="before a result is posted",
    )
    parser.add_argument("--json", action="store_true", help="print the addresses and keys as JSON")
    return parser


def _introduction(safaricom: SimulatedSafaricom, *, as_json: bool) -> str:
    profile = safaricom.profile
    facts = {
        "base_url": safaricom.base_url,
        "shortcode": profile.shortcode,
        "consumer_key": profile.consumer_key,
        "consumer_secret": profile.consumer_secret,
        "initiator_name": profile.initiator_name,
        "initiator_password": profile.initiator_password,
        "certificate_url": f"{safaricom.base_url}/control/certificate",
        "page_url": f"{safaricom.base_url}/",
        "control_url": f"{safaricom.base_url}/control",
    }
    if as_json:
        return json.dumps({**facts, "control": ADDRESSES})
    lines = ["The simulated Safaricom is ready. Its keys open nothing real. Ctrl-C stops it.", ""]
    lines += [f"  {name.replace('_', ' '):<20}{value}" for name, value in facts.items()]
    lines += ["", "Control addresses:"]
    lines += [f"  {address:<34}{meaning}" for address, meaning in ADDRESSES.items()]
    return "\n".join(lines)
