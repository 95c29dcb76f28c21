"""The simulated gateways alone: `python -m sacco_desktop.demo.text_gateways [PORT]`."""

from __future__ import annotations

import sys

from sacco_desktop.demo.text_gateways.simulator import SimulatedGateways


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C."""
    gateways = SimulatedGateways(port=int(arguments[0]) if arguments else 8790)
    own = gateways.world.profile
    print("The simulated gateways are ready. Their keys open nothing real. Ctrl-C stops them.\n")
    for name, value in (
        ("page and address", gateways.base_url),
        ("Africa's Talking", f"{own.username} {own.api_key}, sender {own.sender}"),
        ("Twilio", f"{own.account_sid} {own.auth_token}, number {own.number}"),
    ):
        print(f"  {name:<18}{value}")
    sys.stdout.flush()
    gateways.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
