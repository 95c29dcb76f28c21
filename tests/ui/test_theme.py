"""Contrast is computed, sizes come from the font, icons take the colour they are told."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QIcon
from PySide6.QtWidgets import QApplication

from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import DARK, LIGHT, Scheme, Tokens

TEXT, BORDER = 4.5, 3.0


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""

    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(int(colour[n : n + 2], 16) / 255) for n in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_of_black_and_white_is_that_of_the_standard() -> None:
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert ratio("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(tokens: Tokens) -> None:
    grounds = (
        tokens.app,
        tokens.surface,
        tokens.alternate,
        tokens.rail,
        tokens.rail_selected,
        tokens.selection,
    )
    pairs = [(ink, ground) for ink in (tokens.text, tokens.secondary) for ground in grounds]
    pairs += [
        (tokens.negative, ground) for ground in (tokens.surface, tokens.alternate, tokens.selection)
    ]
    pairs += [(tokens.link, tokens.surface), (tokens.on_action, tokens.action)]
    pairs += [(ink.text, ink.fill) for ink in (*tokens.chips.values(), tokens.practice)]
    pairs += [(ink.text, tokens.surface) for ink in tokens.chips.values()]
    too_weak = [
        (ink, ground, ratio(ink, ground)) for ink, ground in pairs if ratio(ink, ground) < TEXT
    ]
    assert too_weak == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_borders_and_the_focus_ring_can_be_seen(tokens: Tokens) -> None:
    pairs = [(tokens.disabled, tokens.surface), (tokens.disabled, tokens.app)]
    pairs += [
        (tokens.focus, ground)
        for ground in (tokens.surface, tokens.app, tokens.rail, tokens.selection)
    ]
    pairs += [
        (colour, tokens.surface)
        for colour in (*tokens.late_ramp, tokens.chart_line, tokens.chart_second)
    ]
    too_weak = [
        (ink, ground, ratio(ink, ground)) for ink, ground in pairs if ratio(ink, ground) < BORDER
    ]
    assert too_weak == []


def test_text_stays_between_90_and_150_percent(theme: Theme) -> None:
    theme.set_text_percent(10)
    assert theme.text_percent == 90
    theme.set_text_percent(500)
    assert theme.text_percent == 150


def test_every_height_grows_with_the_text(theme: Theme) -> None:
    before = theme.sizes
    theme.set_text_percent(150)
    after = theme.sizes
    for name in ("row", "field", "rail_entry", "top_bar", "status_bar"):
        assert getattr(after, name) > getattr(before, name)
    assert after.panel_width <= before.panel_width * 1.1


def test_rows_are_large_enough_to_hit(theme: Theme) -> None:
    assert theme.sizes.row >= 28
    assert theme.sizes.field + 8 >= 32


def test_figures_of_a_column_are_equally_wide(theme: Theme) -> None:
    metrics = QFontMetrics(theme.figures_font())
    assert metrics.horizontalAdvance("111.11") == metrics.horizontalAdvance("888.88")


def test_words_keep_the_hyphen_of_the_font(theme: Theme) -> None:
    plain, figures = QFontMetrics(theme.font()), QFontMetrics(theme.figures_font())
    assert plain.horizontalAdvance("-") < figures.horizontalAdvance("-")


def test_a_scheme_changes_the_palette_of_the_program(theme: Theme, qapp: QApplication) -> None:
    theme.use_scheme(Scheme.DARK)
    assert theme.tokens is DARK
    assert qapp.palette().window().color() == QColor(DARK.app)


def test_an_icon_is_drawn_in_the_colour_of_its_state(theme: Theme) -> None:
    icon = theme.icon("send")
    for mode, colour in (
        (QIcon.Mode.Normal, LIGHT.secondary),
        (QIcon.Mode.Disabled, LIGHT.disabled),
    ):
        image = icon.pixmap(24, mode).toImage()
        strongest = max(
            (image.pixelColor(x, y) for x in range(24) for y in range(24)),
            key=lambda pixel: pixel.alpha(),
        )
        assert strongest.alpha() > 200
        wanted = QColor(colour)
        assert abs(strongest.red() - wanted.red()) < 8
        assert abs(strongest.blue() - wanted.blue()) < 8


def test_every_icon_that_a_chip_names_exists(theme: Theme) -> None:
    from sacco_desktop.ui.widgets.chip_words import ALL_CHIPS

    for chip in ALL_CHIPS:
        assert not theme.drawing(chip.icon, "#000000", 16, 1.0).isNull()


def test_no_two_states_of_one_kind_look_alike_in_grey() -> None:
    from sacco_desktop.ui.widgets.chip_words import LOAN_CHIPS, MONEY_IN_CHIPS, PAYOUT_CHIPS

    for kind in (PAYOUT_CHIPS, LOAN_CHIPS, MONEY_IN_CHIPS):
        for words in ("english", "swahili"):
            assert len({(chip.sign, getattr(chip, words)) for chip in kind}) == len(kind)
