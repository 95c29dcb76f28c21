"""The one object that gives the program its look, and that widgets ask for colours, sizes and
icons."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from sacco_desktop.ui.theme.icons import Drawings, program_icon, tinted_icon
from sacco_desktop.ui.theme.palette import palette_of
from sacco_desktop.ui.theme.sizes import (
    BASE_POINTS,
    LARGEST_TEXT_PERCENT,
    SMALLEST_TEXT_PERCENT,
    Sizes,
)
from sacco_desktop.ui.theme.style_sheet import style_sheet_of
from sacco_desktop.ui.theme.tokens import DARK, LIGHT, Scheme, Tokens


class Theme(QObject):
    """Applies colours, font and sizes to the program. `changed` is emitted after each
    application."""

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        resources: Path,
        scheme: Scheme = Scheme.LIGHT,
        text_percent: int = 100,
    ) -> None:
        super().__init__()
        self._app = app
        self._drawings = Drawings(resources / "icons")
        self._family = _load_fonts(resources / "fonts")
        self._scheme = scheme
        self._text_percent = text_percent
        # The hints must be kept: what hangs below them dies with the Python object that led there.
        self._hints = app.styleHints()
        self._accessibility = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self._apply)
        self._accessibility.contrastPreferenceChanged.connect(self._apply)
        # Once only: another style at each change of colours or text takes the old one from widgets that still paint
        # with it, and the program dies.
        app.setStyle("Fusion")
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The colours in use."""
        if self._scheme is Scheme.SYSTEM:
            is_dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
            return DARK if is_dark else LIGHT
        return DARK if self._scheme is Scheme.DARK else LIGHT

    @property
    def sizes(self) -> Sizes:
        """Heights made from the text in use."""
        return self._sizes

    @property
    def scheme(self) -> Scheme:
        """What the person chose, which may be to follow the system."""
        return self._scheme

    @property
    def text_percent(self) -> int:
        """The size of text, 90 to 150."""
        return self._text_percent

    @property
    def is_high_contrast(self) -> bool:
        """The person asked the system for high contrast: then its colours are used and none of
        ours."""
        return self._accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast

    def use_scheme(self, scheme: Scheme) -> None:
        """Change the colours at once, everywhere."""
        if scheme is not self._scheme:
            self._scheme = scheme
            self._apply()

    def set_text_percent(self, percent: int) -> None:
        """Change the size of all text at once; values beyond 90 and 150 count as those."""
        wanted = min(LARGEST_TEXT_PERCENT, max(SMALLEST_TEXT_PERCENT, percent))
        if wanted != self._text_percent:
            self._text_percent = wanted
            self._apply()

    def font(self, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The body font."""
        font = QFont(self._family)
        font.setPointSizeF(BASE_POINTS * self._text_percent / 100)
        font.setWeight(weight)
        return font

    def figures_font(self) -> QFont:
        """The body font with figures of equal width, for columns in which they stand under each other.

        Only there: the same feature widens Inter's hyphens, and M-Pesa would fall apart into M - Pesa.
        """
        font = self.font()
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def icon(self, name: str) -> QIcon:
        """A line icon by its file name without `.svg`; it follows the theme and its widget's
        state."""
        return tinted_icon(self._drawings, name, self._colour_of_icon)

    def drawing(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        """A line icon in one fixed colour, for delegates and labels."""
        return self._drawings.pixmap(name, colour, size, ratio)

    def program_icon(self) -> QIcon:
        """What the task bar shows."""
        return program_icon(self._drawings, LIGHT.action, LIGHT.on_action)

    def _colour_of_icon(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return self.tokens.disabled
        return self.tokens.link if state == QIcon.State.On else self.tokens.secondary

    @Slot()
    def _apply(self) -> None:
        font = self.font()
        self._app.setFont(font)
        self._sizes = Sizes(QFontMetrics(font).height(), font.pointSizeF())
        if self.is_high_contrast:
            self._app.setPalette(QPalette())
            self._app.setStyleSheet("")
        else:
            self._app.setPalette(palette_of(self.tokens))
            self._app.setStyleSheet(style_sheet_of(self.tokens, self._sizes))
        self.changed.emit()


def _load_fonts(folder: Path) -> str:
    """Make the bundled weights known to Qt and name their family."""
    families: list[str] = []
    for path in sorted(folder.glob("Inter-*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        families.extend(QFontDatabase.applicationFontFamilies(number))
    assert "Inter" in families, f"the fonts of the program are missing in {folder}"
    return "Inter"
