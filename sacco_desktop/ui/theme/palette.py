"""The tokens as a Qt palette: what the Fusion style needs to draw scroll bars, check boxes and
combo boxes."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from sacco_desktop.ui.theme.tokens import Tokens

_Role = QPalette.ColorRole


def palette_of(tokens: Tokens) -> QPalette:
    """A palette in which every role that Fusion paints has a colour of ours, also for disabled
    widgets."""
    palette = QPalette()
    roles = {
        _Role.Window: tokens.app,
        _Role.WindowText: tokens.text,
        _Role.Base: tokens.surface,
        _Role.AlternateBase: tokens.alternate,
        _Role.Text: tokens.text,
        _Role.PlaceholderText: tokens.secondary,
        _Role.Button: tokens.surface,
        _Role.ButtonText: tokens.text,
        _Role.BrightText: tokens.negative,
        _Role.ToolTipBase: tokens.surface,
        _Role.ToolTipText: tokens.text,
        _Role.Highlight: tokens.selection,
        _Role.HighlightedText: tokens.text,
        _Role.Link: tokens.link,
        _Role.LinkVisited: tokens.link,
        _Role.Light: tokens.surface,
        _Role.Midlight: tokens.alternate,
        _Role.Mid: tokens.hairline,
        _Role.Dark: tokens.disabled,
        _Role.Shadow: tokens.disabled,
        _Role.Accent: tokens.action,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return palette
