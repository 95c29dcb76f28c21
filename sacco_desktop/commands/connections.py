"""`connect-mpesa` and `connect-gateway`: enter who we are there; secrets are asked for and never shown."""

from __future__ import annotations

import argparse
import getpass

from sacco_desktop.operations import send_messages
from sacco_desktop.operations.enrol import MpesaAccess, connect_mpesa, load_certificate
from sacco_desktop.operations.office import MpesaSecrets, Office
from sacco_desktop.services.books.work import CLOCK, Actor
from sacco_desktop.services.messages.message_gateways import GATEWAY_WORDS, GatewayFacts
from sacco_desktop.services.office import society
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts


def mpesa(office: Office, actor: Actor, asked: argparse.Namespace) -> int:
    """Enter the M-Pesa connection. Raises what `connect_mpesa` refuses."""
    found = office.books.read(lambda work, _: society.society_of(work), None, actor=CLOCK)
    facts = ConnectionFacts(
        found.environment,
        asked.address,
        asked.shortcode,
        asked.initiator,
        load_certificate(asked.certificate.read_bytes()).pem,
        asked.b2c_version,
    )
    secrets = MpesaSecrets(
        getpass.getpass("Consumer key: "),
        getpass.getpass("Consumer secret: "),
        getpass.getpass("Password of the API operator: "),
    )
    access = MpesaAccess(facts, secrets)
    done = office.lanes.submit_async(lambda: connect_mpesa(office, access, actor))
    print(f"Key and secret accepted. Certificate {done.result()}.")
    return 0


def gateway(office: Office, actor: Actor, asked: argparse.Namespace) -> int:
    """Enter a gateway of messages. Raises InvalidInput under the field that cannot be used."""
    facts = GatewayFacts(asked.gateway, asked.address, asked.account, asked.sender)
    secret = getpass.getpass("Key, token or password there: ")
    office.lanes.submit_async(lambda: send_messages.connect(office, facts, secret, actor)).result()
    print(
        f"{GATEWAY_WORDS[asked.gateway]} is set up. The rules under Settings say when it is used."
    )
    return 0
