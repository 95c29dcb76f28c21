"""E-mail by SMTP: one mail with its papers at a call, by the standard library on a thread of its own."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.messages.answers import Told
from sacco_desktop.gateways.daraja.outside_json import plain_text
from sacco_desktop.gateways.messages.calls import GatewayAnswer

WHO = "The mail server"
_SCHEMES = {"smtp": 587, "smtps": 465}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class MailServer:
    """`smtp://host:587` (encrypted by STARTTLS) or `smtps://host:465`, with the address that members see.

    Only a server on this computer may do without encryption. Raises InvalidInput under `address`.
    """

    address: str
    account: str
    sender: str
    sender_name: str
    secret: str = field(repr=False)
    seconds: float = 30.0

    def place(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        parts = urlsplit(self.address)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in _SCHEMES or not parts.hostname or port == -1:
            raise InvalidInput(
                "Write the mail server like smtp://mail.umoja.example:587.", "address"
            )
        return parts.scheme, parts.hostname, port or _SCHEMES[parts.scheme]


@dataclass(frozen=True, slots=True)
class MailPaper:
    """A paper that goes along."""

    name: str
    media: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `own_id` stays the same for the same mail, so that a mailbox shows it once."""

    to: str = field(repr=False)
    heading: str = field(repr=False)
    text: str = field(repr=False)
    own_id: str
    papers: tuple[MailPaper, ...] = field(default=(), repr=False)


async def send(server: MailServer, mail: Mail) -> GatewayAnswer:
    """Send a mail once. Cancelling leaves it in doubt; the thread ends with the server's time-out."""
    return await _in_own_thread(lambda: send_now(server, mail))


def send_now(server: MailServer, mail: Mail) -> GatewayAnswer:
    """The same in this thread."""
    if "@" not in parseaddr(mail.to)[1] or parseaddr(mail.to)[1] != mail.to:
        return GatewayAnswer(Told.NUMBER_REFUSED, "It is not an e-mail address.")
    message = _message(server, mail)
    try:
        connection = _connect(server)
    except smtplib.SMTPAuthenticationError as refused:
        return _about_us("does not accept our user and password. Check them in Settings.", refused)
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as refused:
        return GatewayAnswer(
            Told.GATEWAY_REFUSES_US, f"{WHO} gives no safe connection: {_short(str(refused))}"
        )
    except (OSError, smtplib.SMTPException):
        return GatewayAnswer(Told.NOT_SENT, f"{WHO} cannot be reached.")
    try:
        return _hand_over(connection, server, mail, message)
    finally:
        connection.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    scheme, host, port = server.place()
    safe = ssl.create_default_context()
    connection: smtplib.SMTP
    if scheme == "smtps":
        connection = smtplib.SMTP_SSL(host, port, timeout=server.seconds, context=safe)
    else:
        connection = smtplib.SMTP(host, port, timeout=server.seconds)
    try:
        connection.ehlo_or_helo_if_needed()
        if scheme == "smtp" and host not in _LOOPBACK:
            connection.starttls(context=safe)
            connection.ehlo()
        if server.account:
            connection.login(server.account, server.secret)
    except BaseException:
        connection.close()
        raise
    return connection


def _hand_over(
    connection: smtplib.SMTP, server: MailServer, mail: Mail, message: EmailMessage
) -> GatewayAnswer:
    """Sender, receiver and mail, one after the other: what is refused before the mail itself surely did not leave."""
    try:
        code, said = connection.mail(server.sender)
        if code != 250:
            return _refused(code, said, Told.GATEWAY_REFUSES_US, "does not let us send")
        code, said = connection.rcpt(mail.to)
        if code not in (250, 251):
            return _refused(code, said, Told.NUMBER_REFUSED, "does not take mail for this address")
    except (OSError, smtplib.SMTPException):
        return GatewayAnswer(Told.NOT_SENT, f"The connection to {WHO.lower()} broke.")
    try:
        code, said = connection.data(message.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError as refused:
        # It was refused before the mail itself was handed over.
        return _refused(
            refused.smtp_code, refused.smtp_error, Told.REFUSED, "does not take the mail"
        )
    except (OSError, smtplib.SMTPException):
        return GatewayAnswer(
            Told.DOUBTFUL, f"The connection to {WHO.lower()} broke before an answer."
        )
    if code != 250:
        return _refused(code, said, Told.REFUSED, "does not take the mail")
    return GatewayAnswer(
        Told.TAKEN, f"{WHO} took it.", str(code), mail.own_id, "", code, _short(_text(said))
    )


def _refused(code: int, said: bytes | str, for_good: Told, what: str) -> GatewayAnswer:
    """A code of four hundred says that the same may be taken later."""
    told = Told.NOT_SENT if 400 <= code < 500 else for_good
    words = f"{WHO} {what}: {_short(_text(said))}"
    return GatewayAnswer(told, words, str(code), http_status=code, text=_text(said)[:500])


def _about_us(what: str, refused: smtplib.SMTPResponseException) -> GatewayAnswer:
    return GatewayAnswer(Told.GATEWAY_REFUSES_US, f"{WHO} {what}", str(refused.smtp_code))


def _message(server: MailServer, mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = formataddr((" ".join(server.sender_name.split()), server.sender))
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.heading.split())
    message["Message-ID"] = f"<{mail.own_id}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    # Every mail server carries this; letters of eight bits not every one does.
    message.set_content(mail.text, cte="quoted-printable")
    for paper in mail.papers:
        kind, _slash, sort = paper.media.partition("/")
        message.add_attachment(
            paper.content, maintype=kind, subtype=sort or "octet-stream", filename=paper.name
        )
    return message


def _text(said: bytes | str) -> str:
    return plain_text(said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said)


def _short(text: str) -> str:
    return " ".join(text.split())[:120]


async def _in_own_thread(do: Callable[[], GatewayAnswer]) -> GatewayAnswer:
    """Run something that waits for the network without holding the net lane up; its thread ends with it."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[GatewayAnswer] = loop.create_future()

    def deliver(give: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if found.done() else give())

    def run() -> None:
        try:
            answer = do()
        except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked for
            failure = error
            deliver(lambda: found.set_exception(failure))
        else:
            deliver(lambda: found.set_result(answer))

    thread = threading.Thread(target=run, name="mail", daemon=True)
    thread.start()
    answer = await found
    thread.join(1)
    return answer
