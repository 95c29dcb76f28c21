"""Pictures of the page Messages: the outbox, what a person decides about one message, and the texts."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.demo.tour.visit import Visit


def _row(words: str) -> Callable[[Visit], None]:
    """The page with a row chosen."""

    def prepare(visit: Visit) -> None:
        visit.choose_row("messages_table", words)

    return prepare


def _button(key: str, dialog: str, words: str = "") -> Callable[[Visit], None]:
    """A dialog that a button opens, of the row with these words where there are any."""

    def prepare(visit: Visit) -> None:
        if words:
            visit.choose_row("messages_table", words)
        visit.hands.click(key)
        visit.hands.find(dialog)

    return prepare


# Who looks at which page, the name of the picture, and what is opened before it.
MESSAGE_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("peter", "messages", "messages-in-doubt", _row("Not sure")),
    ("daniel", "messages", "messages-waiting", _row("Waiting")),
    (
        "peter",
        "messages",
        "messages-send-again",
        _button("send_again", "send_again_dialog", "Not sure"),
    ),
    (
        "peter",
        "messages",
        "messages-let-be",
        _button("leave_message", "leave_message_dialog", "Waiting"),
    ),
    ("peter", "messages", "messages-stop", _button("stop_messages", "stop_messages_dialog")),
    ("ruth", "messages", "messages-texts", _button("message_texts", "message_text_dialog")),
)
