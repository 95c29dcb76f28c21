"""The small style sheet on top of the palette. A border takes a combo box its arrow, so the box draws its own."""

from __future__ import annotations

from string import Template

from sacco_desktop.ui.theme.sizes import Sizes
from sacco_desktop.ui.theme.tokens import ChipColour, Tokens

_SHEET = Template("""
QWidget#rail { background: $rail; border-right: 1px solid $hairline; }
#rail QPushButton {
  background: transparent; border: 2px solid transparent; border-left: 3px solid transparent;
  border-radius: 0; padding: 0 6px 0 10px; text-align: left; min-height: ${rail_entry}px; }
#rail QPushButton:hover { background: $selection; }
#rail QPushButton:checked {
  background: $rail_selected; border-left-color: $action; font-weight: 600; }
#rail QPushButton:focus { border: 2px solid $focus; }

QWidget#top_bar, QWidget#filter_bar { background: $surface; border-bottom: 1px solid $hairline; }
QWidget#foot, QWidget#status { background: $surface; border-top: 1px solid $hairline; }
QWidget#paper, QWidget#panel_body { background: $surface; }
QScrollArea#details { background: $surface; border: 0; border-left: 1px solid $hairline; }
QScrollArea#details:focus { border: 2px solid $focus; }
QFrame[card="true"] { background: $surface; border: 1px solid $hairline; border-radius: 6px; }
QFrame[line="true"] { background: $hairline; border: 0; }
QFrame#reading { background: $action; border: 0; }
QFrame#practice_line { background: $practice_fill; border: 0; }
QDialog#lock_screen { background: $surface; border: 1px solid $disabled; }

QMenuBar { background: $surface; border-bottom: 1px solid $hairline; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: $selection; }
QMenu { background: $surface; border: 1px solid $disabled; padding: 4px 0; }
QMenu::item { padding: 5px 24px 5px 24px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $hairline; margin: 4px 0; }
QToolTip { background: $surface; color: $text; border: 1px solid $disabled; padding: 3px 6px; }

QLineEdit {
  background: $surface; border: 1px solid $disabled; border-radius: 4px; padding: 3px 8px;
  min-height: ${inside}px; selection-background-color: $action; selection-color: $on_action; }
QLineEdit:focus { border: 2px solid $focus; padding: 2px 7px; }
QLineEdit:disabled, QLineEdit:read-only { background: $app; }
QLineEdit[wrong="true"] { border-color: $negative; }
QComboBox {
  background: $surface; border: 1px solid $disabled; border-radius: 4px; padding: 3px 8px 3px 10px;
  min-height: ${inside}px; combobox-popup: 0; }
QComboBox:focus, QComboBox:on { border: 2px solid $focus; padding: 2px 7px 2px 9px; }
QComboBox:disabled { color: $disabled; background: $app; }
QComboBox[wrong="true"] { border-color: $negative; }
QComboBox::drop-down {
  border: 0; width: ${inside}px; subcontrol-origin: padding; subcontrol-position: right center; }
QComboBox::down-arrow { image: none; width: 0; }
QPlainTextEdit { background: $surface; border: 1px solid $disabled; border-radius: 4px; }
QPlainTextEdit:focus { border: 2px solid $focus; }

QPushButton {
  background: $surface; border: 1px solid $disabled; border-radius: 4px; padding: 3px 12px;
  min-height: ${inside}px; icon-size: ${tick}px; }
QPushButton:hover { background: $selection; }
QPushButton:pressed, QPushButton:checked { background: $selection; border-color: $action; }
QPushButton:focus { border: 2px solid $focus; padding: 2px 11px; }
QPushButton:disabled { color: $disabled; border-color: $hairline; background: $app; }
QPushButton[kind="primary"] {
  background: $action; color: $on_action; border-color: $action; font-weight: 600; }
QPushButton[kind="primary"]:hover { border-color: $text; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled {
  color: $disabled; border-color: $hairline; background: $app; }
QPushButton[kind="link"] {
  color: $link; background: transparent; border: 2px solid transparent; padding: 0 4px;
  text-align: left; text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $focus; }
QPushButton[kind="quiet"] {
  background: transparent; border: 2px solid transparent; padding: 2px 8px; }
QPushButton[kind="quiet"]:hover { background: $selection; }
QPushButton[kind="quiet"]:focus { border-color: $focus; }
QPushButton::menu-indicator { image: none; width: 0; }
QWidget#status QPushButton { min-height: 0; padding: 0 4px; }

QTableView {
  background: $surface; alternate-background-color: $alternate; border: 2px solid $surface;
  outline: 0; selection-background-color: $selection; selection-color: $text;
  gridline-color: $hairline; }
QTableView:focus { border-color: $focus; }
QTableView::item { padding: 0 3px; border: 0; }
QTableView::indicator { width: ${tick}px; height: ${tick}px; }
QTableView::item:selected { background: $selection; }
QHeaderView { background: $app; border: 0; }
QHeaderView::section {
  background: $app; color: $secondary; border: 0; border-bottom: 1px solid $hairline;
  border-right: 1px solid $hairline; padding: 0 6px; font-weight: 600; min-height: ${row}px; }
QTableCornerButton::section { background: $app; border: 0; border-bottom: 1px solid $hairline; }
QListView { background: $surface; border: 1px solid $disabled; outline: 0; }
QListView::item { padding: 4px 8px; }
QListView::item:selected { background: $selection; color: $text; }

QTabWidget::pane { border: 0; border-top: 1px solid $hairline; }
QTabWidget::tab-bar { left: 8px; }
QTabBar { background: transparent; }
QTabBar::tab {
  background: transparent; color: $secondary; border: 2px solid transparent;
  border-bottom: 3px solid transparent; padding: 5px 12px; }
QTabBar::tab:hover { background: $selection; }
QTabBar::tab:selected { color: $text; border-bottom-color: $action; }
QTabBar::tab:focus { border: 2px solid $focus; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[role="amount"] { font-size: ${amount}pt; font-weight: 600; }
QLabel[role="section"] { font-size: ${section}pt; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="error"], QLabel[negative="true"] { color: $negative; }
QLabel[role="practice"] {
  background: $practice_fill; color: $practice_text; border-radius: 3px; padding: 2px 8px;
  font-weight: 600; }
QLabel[role="live"] {
  background: $surface; color: $secondary; border: 1px solid $disabled; border-radius: 3px;
  padding: 1px 8px; font-weight: 600; }
QFrame#toast {
  background: $surface; border: 1px solid $disabled; border-left: 4px solid $action;
  border-radius: 4px; }
$callouts
""")

_CALLOUT = Template("""
QFrame[callout="$name"] { background: $fill; border: 0; border-left: 4px solid $text; }
QFrame[callout="$name"] QLabel { color: $text; }
""")


def style_sheet_of(tokens: Tokens, sizes: Sizes) -> str:
    """The whole sheet for these colours and this size of text."""
    callouts = "".join(
        _CALLOUT.substitute(
            name=colour, text=tokens.chips[colour].text, fill=tokens.chips[colour].fill
        )
        for colour in ChipColour
    )
    colours = {
        name: value
        for name in tokens.__dataclass_fields__
        if isinstance(value := getattr(tokens, name), str)
    }
    return _SHEET.substitute(
        colours,
        practice_fill=tokens.practice.fill,
        practice_text=tokens.practice.text,
        rail_entry=sizes.rail_entry - 4,
        inside=sizes.field,
        row=sizes.row - 1,
        tick=sizes.tick,
        title=f"{sizes.points * 1.39:.2f}",
        amount=f"{sizes.points * 1.85:.2f}",
        section=f"{sizes.points * 1.15:.2f}",
        callouts=callouts,
    )
