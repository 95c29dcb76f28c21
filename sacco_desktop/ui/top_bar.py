"""The line over the page: its title, the search, in which world we are, how the link is, and who is signed in."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from sacco_desktop.ui.theme.sizes import L, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button
from sacco_desktop.ui.world import LINK_LOOKS, LinkKind, LinkState, World

# The search says as much as there is room for; the last is its sign alone.
_FIND_WORDS = (" Search members, loans, receipts…   Ctrl+K", " Find   Ctrl+K", "")


class TopBar(QWidget):
    """`find_asked` and `link_asked` tell of clicks; the menu of the person is filled by the window."""

    find_asked = Signal()
    link_asked = Signal()

    def __init__(self, theme: Theme, world: World) -> None:
        super().__init__()
        self._theme = theme
        self._link = LinkState(LinkKind.ONLINE, "")
        self.setObjectName("top_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = plain_label("", TextRole.TITLE, name="page_title")
        self._find = push_button(_FIND_WORDS[0], name="find", speaks="Find or do anything")
        self._find.setIcon(theme.icon("search"))
        self._find.clicked.connect(self.find_asked)
        self._world = plain_label(world.value, name="world")
        self._world.setProperty("role", "live" if world is World.LIVE else "practice")
        self._link_button = push_button("", name="link", kind=ButtonKind.QUIET)
        self._link_button.clicked.connect(self.link_asked)
        self._person = push_button("", name="person", kind=ButtonKind.QUIET)
        self._person.setIcon(theme.icon("user"))
        self.person_menu = QMenu(self._person)
        self._person.setMenu(self.person_menu)
        self._lay_out()
        theme.changed.connect(self._fit)
        self._fit()
        self.say_link(self._link)

    def say_title(self, title: str) -> None:
        """The page that is open."""
        self._title.setText(title)
        self._fit_find()

    def say_person(self, full_name: str, roles: str) -> None:
        """Who is signed in and as what."""
        words = f"{full_name} ({roles})" if roles else full_name
        self._person.setText(f" {words.replace('&', '&&')}  ▾")
        self._person.setAccessibleName(f"Signed in: {words}")
        self._fit_find()

    def say_link(self, state: LinkState) -> None:
        """How things stand with M-Pesa and the relay."""
        self._link = state
        look = LINK_LOOKS[state.kind]
        ink = self._theme.tokens.chips[look.colour].text
        side = self._theme.sizes.line + 2
        drawing = self._theme.drawing(look.icon, ink, side, self.devicePixelRatioF())
        self._link_button.setIcon(QIcon(drawing))
        self._link_button.setIconSize(QSize(side, side))
        self._link_button.setText(f" {state.words.replace('&', '&&')}")
        self._link_button.setAccessibleName(f"Link: {state.words}")
        self._link_button.setVisible(bool(state.words))
        self._fit_find()

    def offer_find(self, is_offered: bool) -> None:
        """The search is there only when the program can search."""
        self._find.setVisible(is_offered)

    def add_person_actions(self, actions: list[QAction]) -> None:
        """Lock, switch person, my password and the like."""
        self.person_menu.addActions(actions)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_find()

    def _fit_find(self) -> None:
        """The title, the world and the person are never cut for the sake of the search."""
        others = [self._title, self._world, self._person]
        if self._link.words:
            others.append(self._link_button)
        room = self.width() - sum(part.sizeHint().width() for part in others) - 2 * L - 6 * S
        for words in _FIND_WORDS:
            self._find.setText(words)
            if self._find.sizeHint().width() <= room:
                return

    def _fit(self) -> None:
        self.setMinimumHeight(self._theme.sizes.top_bar)
        self.say_link(self._link)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(L, 4, S, 4)
        row.setSpacing(S)
        row.addWidget(self._title)
        row.addStretch(1)
        self._find.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(self._find)
        row.addStretch(1)
        self._world.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        for part in (self._world, self._link_button, self._person):
            row.addWidget(part)
