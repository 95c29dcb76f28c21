"""Connects an office with the outside: M-Pesa and where its payments are reported, and gateways of messages. Secrets
are asked for and never shown.
"""

from __future__ import annotations

import argparse
import getpass
from dataclasses import replace

from sacco_desktop.domain.errors import NotFound
from sacco_desktop.operations import send_messages
from sacco_desktop.operations.enrol import MpesaAccess, connect_mpesa, load_certificate
from sacco_desktop.operations.office import MpesaSecrets, Office
from sacco_desktop.operations.register_shortcodes import ToRegister, register_shortcode
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.messages.message_gateways import GATEWAY_WORDS, GatewayFacts
from sacco_desktop.services.office import mpesa_connections, society
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts


def mpesa(office: Office, actor: Actor, asked: argparse.Namespace) -> int:
    """Enter the M-Pesa connection; a secret that is left empty stays as it is. Raises what `connect_mpesa` refuses."""
    facts = facts_of(asked, office.books)
    secrets = MpesaSecrets(
        getpass.getpass("Consumer key (empty keeps what is there): "),
        getpass.getpass("Consumer secret: "),
        getpass.getpass("Password of the API operator: "),
        getpass.getpass("Passkey, only needed to ask members by phone: "),
    )
    access = MpesaAccess(facts, secrets)
    done = office.lanes.submit_async(lambda: connect_mpesa(office, access, actor))
    print(f"Key and secret accepted. Certificate {done.result()}.")
    return 0


def facts_of(asked: argparse.Namespace, books: Books) -> ConnectionFacts:
    """What the words say, and what they do not say as it is in the books already."""
    environment = books.read(
        lambda work, _: society.society_of(work).environment, None, actor=CLOCK
    )
    certificate = load_certificate(asked.certificate.read_bytes()).pem
    new = ConnectionFacts(environment, asked.address, asked.shortcode, asked.initiator, certificate)
    try:
        before = books.read(mpesa_connections.current, None, actor=CLOCK)
    except NotFound:
        before = new
    return replace(
        new,
        b2c_version=asked.b2c_version or before.b2c_version,
        c2b_version=asked.c2b_version or before.c2b_version,
        has_id_check=before.has_id_check,
    )


def register(office: Office, actor: Actor, asked: argparse.Namespace) -> int:
    """Tell M-Pesa where payments to a shortcode are reported, and say what it answered."""
    wish = ToRegister(asked.shortcode, asked.list_phone)
    print(office.lanes.submit_async(lambda: register_shortcode(office, wish, actor)).result())
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
