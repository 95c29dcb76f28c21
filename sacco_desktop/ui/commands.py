"""Every command of the window with its key, in one table: the menu bar, the card of keys and a test are made from it.

No single letter is a command, and no key moves money by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Menu(StrEnum):
    """The menus, in their order. The underlined letters differ."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    GO = "&Go"
    ACTIONS = "&Actions"
    HELP = "&Help"


class Context(StrEnum):
    """Who answers a command: the window, the page that is open, or the field or table that has the focus."""

    WINDOW = "window"
    PAGE = "page"
    FOCUS = "focus"


@dataclass(frozen=True, slots=True)
class Command:
    """`keys` are written as Qt reads them; the first is the one that menus show."""

    key: str
    title: str
    menu: Menu
    context: Context
    keys: tuple[str, ...] = ()


def _window(key: str, title: str, menu: Menu, *keys: str) -> Command:
    return Command(key, title, menu, Context.WINDOW, keys)


def _page(key: str, title: str, menu: Menu, *keys: str) -> Command:
    return Command(key, title, menu, Context.PAGE, keys)


def _focus(key: str, title: str, menu: Menu, *keys: str) -> Command:
    return Command(key, title, menu, Context.FOCUS, keys)


COMMANDS: tuple[Command, ...] = (
    _page("new", "New…", Menu.FILE, "Ctrl+N"),
    _page("export", "Export this list…", Menu.FILE, "Ctrl+E"),
    _page("print", "Print…", Menu.FILE, "Ctrl+P"),
    _window("save", "Save", Menu.FILE, "Ctrl+S"),
    _window("lock", "Lock", Menu.FILE, "Ctrl+L"),
    _window("switch_person", "Switch person", Menu.FILE, "Ctrl+Shift+L"),
    _window("back_up", "Back up now…", Menu.FILE),
    _window("export_books", "Export all books…", Menu.FILE),
    _window("quit", "Close Sacco Desktop", Menu.FILE),
    _focus("undo", "Undo typing", Menu.EDIT, "Ctrl+Z"),
    _focus("copy", "Copy rows or text", Menu.EDIT, "Ctrl+C"),
    _focus("tick", "Tick this row", Menu.EDIT, "Space"),
    _focus("tick_shown", "Tick all shown rows, or select all text", Menu.EDIT, "Ctrl+A"),
    _page("edit_draft", "Change this draft", Menu.EDIT, "F2"),
    _page("filter", "Filter this list", Menu.EDIT, "Ctrl+F", "/"),
    _page("refresh", "Read again", Menu.VIEW, "F5"),
    _page("panel", "Details panel", Menu.VIEW, "Ctrl+I"),
    _page("columns", "Columns…", Menu.VIEW),
    _window("fold_rail", "Fold the list of pages", Menu.VIEW, "Ctrl+B"),
    _window("next_pane", "Next pane", Menu.VIEW, "F6"),
    _window("previous_pane", "Pane before", Menu.VIEW, "Shift+F6"),
    _window("text_larger", "Larger text", Menu.VIEW, "Ctrl++", "Ctrl+="),
    _window("text_smaller", "Smaller text", Menu.VIEW, "Ctrl+-"),
    _window("text_normal", "Text at 100 %", Menu.VIEW),
    _window("light", "Light colours", Menu.VIEW),
    _window("dark", "Dark colours", Menu.VIEW),
    _window("as_system", "Colours as the computer has them", Menu.VIEW),
    _window("find", "Find or do anything…", Menu.GO, "Ctrl+K"),
    _window("back", "Back", Menu.GO, "Alt+Left", "Esc"),
    _window("notices", "Notices", Menu.GO, "Ctrl+Shift+I"),
    _focus("open", "Open this row", Menu.GO, "Return"),
    _page("next_problem", "Next problem", Menu.GO, "F8"),
    _page("main_action", "Main button of this page…", Menu.ACTIONS, "Ctrl+Return"),
    _page("take_deposit", "Take deposit…", Menu.ACTIONS, "Ctrl+D"),
    _page("new_loan", "New loan application…", Menu.ACTIONS, "Ctrl+Shift+N"),
    _page("reject", "Reject…", Menu.ACTIONS, "Ctrl+Del"),
    _page("discuss", "Discuss", Menu.ACTIONS, "Ctrl+T"),
    _page("ask_mpesa", "Ask M-Pesa", Menu.ACTIONS, "F9"),
    _page("explain", "Explain this number", Menu.ACTIONS, "F4"),
    _page("match", "Match what is ticked…", Menu.ACTIONS, "Ctrl+M"),
    _page("close_day", "Close the day…", Menu.ACTIONS),
    _page("closed_days", "Closed days…", Menu.ACTIONS),
    _page("reverse", "Reverse this entry…", Menu.ACTIONS, "Ctrl+Shift+V"),
    _window("my_password", "My password…", Menu.ACTIONS),
    _page("help", "Help on this page", Menu.HELP, "F1"),
    _window("keys", "Keys of this page", Menu.HELP, "Ctrl+/"),
    _window("check_setup", "Check setup…", Menu.HELP),
    _window("practice_mpesa", "Simulated M-Pesa in the browser", Menu.HELP),
    _window("about", "About Sacco Desktop", Menu.HELP),
)


def keys_used_twice(commands: tuple[Command, ...], pages: tuple[tuple[str, str], ...]) -> list[str]:
    """Keys that two commands share; Qt would then run neither and say so only on the console.

    `pages` are titles of pages with their keys. The page and the window share one context, because both listen at
    the same time; a key of the focus is listed too, since it would be swallowed.
    """
    owners: dict[str, list[str]] = {}
    for command in commands:
        for key in command.keys:
            owners.setdefault(key.lower(), []).append(command.title)
    for title, key in pages:
        if key:
            owners.setdefault(key.lower(), []).append(title)
    return [f"{key}: {', '.join(titles)}" for key, titles in owners.items() if len(titles) > 1]
