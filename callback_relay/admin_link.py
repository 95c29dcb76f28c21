"""How the command line reaches a relay: the running one over its loopback listener, else the folder
itself."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from callback_relay.admin import AdminDesk, CannotDo
from callback_relay.folder_lock import FolderInUse, FolderLock
from callback_relay.relay import Relay
from callback_relay.settings import RelaySettings

_PATIENCE_SECONDS = 120


def perform(settings: RelaySettings, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Carry out a command. The folder's lock decides who does it, so two processes never write the
    same file."""
    try:
        lock = FolderLock(settings.lock_file)
    except FolderInUse:
        return _ask_running(settings, name, arguments)
    try:
        relay = Relay(settings)
        try:
            return AdminDesk(relay).perform(name, arguments)
        finally:
            relay.close()
    finally:
        lock.release()


def _ask_running(settings: RelaySettings, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        told = json.loads(settings.admin_file.read_text())
        connection = http.client.HTTPConnection(
            urlsplit(told["url"]).netloc, timeout=_PATIENCE_SECONDS
        )
        headers = {"Authorization": f"Bearer {told['secret']}", "Content-Type": "application/json"}
        connection.request("POST", f"/admin/{name}", json.dumps(arguments), headers)
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
        connection.close()
    except (OSError, ValueError, KeyError) as error:
        raise CannotDo("a relay is running over this folder, but it does not answer") from error
    if response.status != 200:
        raise CannotDo(str(answer.get("error", "the running relay refused the command")))
    return answer
