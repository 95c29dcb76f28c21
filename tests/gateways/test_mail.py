"""E-mail by a real SMTP conversation: it arrives whole, and where it breaks off decides what is sure."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from sacco_desktop.demo.text_gateways.mail_server import (
    MAIL_FAULTS,
    PASSWORD,
    USER,
    SimulatedMailServer,
)
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.messages.answers import Told
from sacco_desktop.gateways.messages import mail
from sacco_desktop.gateways.messages.calls import GatewayAnswer
from sacco_desktop.gateways.messages.mail import Mail, MailPaper, MailServer

PAPER = MailPaper("Statement M-0001.pdf", "application/pdf", bytes(range(256)) * 40)
TEXT = "Amina, akiba yako ĩ.\n.\nA line with a point alone comes before this one."


@pytest.fixture(scope="module")
def server() -> Iterator[SimulatedMailServer]:
    with SimulatedMailServer() as simulated:
        yield simulated


def known(server: SimulatedMailServer, secret: str = PASSWORD) -> MailServer:
    return MailServer(server.address, USER, "office@umoja.example", "Umoja SACCO", secret, 2)


def send(by: MailServer, to: str = "amina@members.example") -> GatewayAnswer:
    heading = "Your statement\r\nBcc: thief@x.example"
    return asyncio.run(mail.send(by, Mail(to, heading, TEXT, "books-1", (PAPER,))))


def test_a_mail_arrives_whole_with_its_papers(server: SimulatedMailServer) -> None:
    answer = send(known(server))
    assert (answer.told, answer.gateway_id) == (Told.TAKEN, "books-1")
    got = server.box.got.pop()
    assert (got.sender, got.receiver) == ("office@umoja.example", "amina@members.example")
    message = got.message
    assert message["From"] == "Umoja SACCO <office@umoja.example>"
    assert message["Message-ID"] == "<books-1@umoja.example>"
    # A line break in the heading makes no further receiver.
    assert message["Subject"] == "Your statement Bcc: thief@x.example"
    assert message["Bcc"] is None
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").strip() == TEXT
    (paper,) = message.iter_attachments()
    assert (paper.get_filename(), paper.get_content_type()) == (PAPER.name, PAPER.media)
    assert paper.get_content() == PAPER.content


def test_where_it_breaks_off_decides_what_is_sure(server: SimulatedMailServer) -> None:
    proves = {
        "drop_at_mail": Told.NOT_SENT,
        # The server had not taken the mail itself; the library cannot tell, so it stays in doubt.
        "drop_at_data": Told.DOUBTFUL,
        "drop_after_data": Told.DOUBTFUL,
        "refuse_sender": Told.GATEWAY_REFUSES_US,
        "refuse_receiver": Told.NUMBER_REFUSED,
        "full_mailbox": Told.NOT_SENT,
        "refuse_data": Told.REFUSED,
        "refuse_mail": Told.REFUSED,
    }
    assert proves.keys() == MAIL_FAULTS.keys()
    for fault, told in proves.items():
        server.box.faults.append(fault)
        answer = send(known(server))
        assert answer.told is told, (fault, answer.words)
        is_there = bool(server.box.got)
        server.box.got.clear()
        assert is_there == (fault == "drop_after_data")


def test_what_is_wrong_with_us_is_said(server: SimulatedMailServer) -> None:
    answer = send(known(server, "another password"))
    assert answer.told is Told.GATEWAY_REFUSES_US
    assert "does not accept our user and password" in answer.words
    assert send(known(server), "no address").told is Told.NUMBER_REFUSED
    assert send(known(server), "a@b.example\r\nRCPT TO:<c@d.example>").told is Told.NUMBER_REFUSED
    away = MailServer("smtp://127.0.0.1:1", USER, "office@umoja.example", "", PASSWORD, 2)
    assert send(away).told is Told.NOT_SENT
    assert PASSWORD not in repr(away)
    for address in ("mail.umoja.example", "http://mail.umoja.example", "smtp://", "smtp://a:b"):
        with pytest.raises(InvalidInput) as refused:
            MailServer(address, "", "", "", "").place()
        assert refused.value.field == "address"
