"""`sacco-desktop recovery-key`: the key of the books of this computer, printed for the safe or entered from paper."""

from __future__ import annotations

import getpass

from sacco_desktop.operations import open_office
from sacco_desktop.settings import Settings


def recovery_key(settings: Settings, *, enters: bool) -> int:
    """Print the key, or take the one that a person types from the recovery sheet."""
    store = open_office.open_secrets(settings)
    if enters:
        open_office.take_recovery_words(store, getpass.getpass("Recovery key: "))
        print("The key is kept. Open the window now.")
        return 0
    print("Key of the books. Whoever holds it and the file can read everything; lock it away.")
    print(open_office.recovery_words(open_office.books_key(settings, store)))
    return 0
