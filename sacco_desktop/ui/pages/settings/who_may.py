"""The Who may do what tab: every act with the offices that may do it, straight from the table of permissions."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.permissions import PERMISSIONS, Act, Role
from sacco_desktop.services.books.work import Work
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_tab import ListTab
from sacco_desktop.ui.pages.settings.role_boxes import ROLE_WORDS
from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Details
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_PROGRAM = "The program itself"


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act and the offices that may do it; the program itself is not an office but may do some."""

    act: Act
    roles: tuple[Role, ...]

    @property
    def words(self) -> str:
        """`Committee, Treasurer`."""
        return ", ".join(role_words(role) for role in self.roles)


def role_words(role: Role) -> str:
    """An office as people read it."""
    return _PROGRAM if role is Role.CLOCK else ROLE_WORDS[role][0]


def act_rows(_work: Work | None = None, _nothing: None = None) -> tuple[ActRow, ...]:
    """Every act, in the order of the table."""
    return tuple(
        ActRow(act, tuple(role for role in Role if act in PERMISSIONS[role])) for act in Act
    )


class WhoMayTab(ListTab[ActRow]):
    """Everybody may read it; nobody changes it, because the program itself holds the table."""

    title = "Who may do what"

    def __init__(self, desk: Desk) -> None:
        mine: SavedFilter[ActRow] = SavedFilter(
            "act_mine", "What I may do", lambda row: bool(set(row.roles) & desk.actor.roles)
        )
        super().__init__(
            desk,
            ListPlan(
                name="acts",
                one="act",
                many="acts",
                columns=(
                    Column(
                        "What is done",
                        lambda row: _upper(row.act.value),
                        widest="Agree to changes of people and roles",
                    ),
                    Column("Who may", lambda row: row.words, longest=60),
                ),
                key=lambda row: row.act.value,
                empty=EmptyList("There is nothing to do."),
                details=_details,
                filters=(SavedFilter("act_all", "All", lambda _row: True), mine),
            ),
        )

    def read(self) -> None:
        self.read_by(act_rows, "The table could not be read. Nothing was changed.")


def _details(row: ActRow) -> Details:
    return Details(
        title=_upper(row.act.value),
        subtitle="A person with several roles may do what any of them allows.",
        facts=tuple((role_words(role), _what(role)) for role in row.roles),
    )


def _what(role: Role) -> str:
    return "" if role is Role.CLOCK else ROLE_WORDS[role][1]


def _upper(words: str) -> str:
    """With a large first letter; M-Pesa keeps its own."""
    return words[:1].upper() + words[1:]
