"""The style sheet: one template, tokens put in by text. `$bg.surface` is a colour, `$image.check` an SVG file."""

import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QTemporaryDir

from expo_app.ui.kit.svg import coloured

# Images that QSS can only take from a file: name -> icon, token of its colour.
IMAGES = {
    "check": ("check-line", "on.primary"), "down": ("arrow-down-s-line", "text.2"), "up": ("arrow-up-s-line", "text.2"),
    "right": ("arrow-right-s-line", "text.2"), "left": ("arrow-left-s-line", "text.2"),
    "down.off": ("arrow-down-s-line", "text.disabled"), "menu.check": ("check-line", "primary"),
}  # fmt: skip

TEMPLATE = """
QWidget { color: $text.1; }
QMainWindow, QWidget[role="canvas"] { background: $bg.canvas; }
QWidget[role="surface"] { background: $bg.surface; }
QFrame[role="popup"] { background: $bg.surface; border: 1px solid $border.button; }
QWidget[role="app"] { background: $bg.app; }
QToolTip { background: $bg.surface; color: $text.1; border: 1px solid $border.button; padding: 4px 8px;
    font-size: 12px; qproperty-textFormat: PlainText; }

QLabel[role="caption"] { font-size: 12px; color: $text.3; }
QLabel[role="fact"] { font-size: 12px; color: $text.2; }
QLabel[role="caption.bold"] { font-size: 12px; font-weight: 700; color: $text.2; }
QLabel[role="secondary"] { color: $text.2; }
QLabel[role="strong"] { font-weight: 700; }
QLabel[role="emphasis"] { font-size: 16px; }
QLabel[role="section"] { font-size: 16px; font-weight: 700; }
QLabel[role="title"] { font-size: 20px; font-weight: 700; }
QLabel[role="kpi"] { font-size: 28px; font-weight: 700; }
QLabel[tone="ok"] { color: $ok; } QLabel[tone="warn"] { color: $warn; } QLabel[tone="bad"] { color: $bad; }
QLabel[tone="info"] { color: $primary; } QLabel[tone="mute"] { color: $mute; } QLabel[tone="plum"] { color: $plum; }
QLabel[role="cell.problem"] { font-size: 12px; background: $bad.soft; color: $bad; border: 1px solid $bad;
    border-radius: 4px; padding: 4px 8px; }
QLabel:disabled { color: $text.disabled; }
QLabel a { color: $primary; }

QPushButton[kind] { border-radius: 6px; min-height: 30px; padding: 0 12px; border: 1px solid transparent; }
QPushButton[kind="plain"] { background: $bg.surface; border-color: $border.button; color: $text.1; }
QPushButton[kind="plain"]:hover { background: $bg.hover; }
QPushButton[kind="plain"]:pressed, QPushButton[kind="plain"]:checked { background: $bg.selected; }
QPushButton[kind="primary"] { background: $primary; border-color: $primary; color: $on.primary; font-weight: 700; }
QPushButton[kind="primary"]:hover { background: $primary.hover; border-color: $primary.hover; }
QPushButton[kind="primary"]:pressed { background: $primary.press; border-color: $primary.press; }
QPushButton[kind="text"] { background: transparent; color: $text.2; padding: 0 8px; }
QPushButton[kind="text"]:hover { background: $bg.hover; color: $text.1; }
QPushButton[kind="text"]:pressed { background: $bg.selected; }
QPushButton[kind="section"] { background: transparent; color: $text.2; text-align: left; }
QPushButton[kind="section"]:hover { background: $bg.hover; color: $text.1; }
QPushButton[kind="section"]:checked { background: $bg.selected; color: $text.1; font-weight: 700; }
QPushButton[kind="section"]:focus { border: 2px solid $focus; padding: 0 11px; min-height: 28px; }
QPushButton[kind="danger"] { background: $bg.surface; border-color: $bad; color: $bad; }
QPushButton[kind="danger"]:hover, QPushButton[kind="danger"]:pressed { background: $bad.soft; }
QPushButton[kind="link"] { background: transparent; color: $primary; font-size: 12px; min-height: 22px; padding: 0 4px;
    border-radius: 4px; }
QPushButton[kind="link"][tone="ok"] { color: $ok; } QPushButton[kind="link"][tone="bad"] { color: $bad; }
QPushButton[kind="link"]:hover { background: $bg.hover; color: $primary.hover; }
QPushButton[kind="link"]:disabled { color: $text.disabled; }
QPushButton[kind="plain"]:disabled, QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled {
    background: $bg.subtle; border-color: $border; color: $text.disabled; }
QPushButton[kind="text"]:disabled { color: $text.disabled; background: transparent; }
QPushButton[kind="plain"]:focus, QPushButton[kind="danger"]:focus, QPushButton[kind="text"]:focus {
    border: 2px solid $focus; min-height: 28px; }
QPushButton[kind="plain"]:focus, QPushButton[kind="danger"]:focus { padding: 0 11px; }
QPushButton[kind="text"]:focus { padding: 0 7px; }
QPushButton[kind="link"]:focus { border: 2px solid $focus; min-height: 20px; padding: 0 3px; }
QPushButton[kind="primary"]:focus { border: 2px solid $text.1; min-height: 28px; padding: 0 11px; }
QPushButton[kind]::menu-indicator { width: 0; }

QToolButton[kind="icon"] { border: 1px solid transparent; border-radius: 6px; background: transparent;
    min-width: 30px; max-width: 30px; min-height: 30px; max-height: 30px; padding: 0; }
QToolButton[kind="icon"]:hover { background: $bg.hover; }
QToolButton[kind="icon"]:pressed, QToolButton[kind="icon"]:checked { background: $bg.selected; }
QToolButton[kind="icon"]:focus { border: 2px solid $focus; min-width: 28px; max-width: 28px; min-height: 28px;
    max-height: 28px; }
QToolButton[kind="icon"]::menu-indicator { image: none; }

QPushButton[kind="chip"] { background: $bg.surface; border: 1px solid $border.button; border-radius: 14px;
    min-height: 26px; padding: 0 12px; font-size: 12px; color: $text.2; }
QPushButton[kind="chip"]:hover { background: $bg.hover; }
QPushButton[kind="chip"]:checked { background: $primary.soft; border-color: $primary; color: $primary;
    font-weight: 700; }
QPushButton[kind="chip"][empty="true"] { color: $text.disabled; border-color: $border; }
QPushButton[kind="chip"]:focus { border: 2px solid $focus; min-height: 24px; padding: 0 11px; }

QFrame[role="segmented"] { background: $bg.subtle; border: 1px solid $border; border-radius: 6px; }
QPushButton[kind="segment"] { background: transparent; border: 1px solid transparent; border-radius: 4px;
    min-height: 24px; padding: 0 12px; color: $text.2; }
QPushButton[kind="segment"]:hover { color: $text.1; }
QPushButton[kind="segment"]:checked { background: $bg.surface; border-color: $border.button; color: $text.1;
    font-weight: 700; }
QPushButton[kind="segment"]:disabled { color: $text.disabled; }
QPushButton[kind="segment"]:focus { border: 2px solid $focus; min-height: 22px; padding: 0 11px; }

QPushButton[kind="tab"] { background: transparent; border: none; border-bottom: 2px solid transparent;
    border-radius: 0; min-height: 28px;
    padding: 0 4px; color: $text.2; }
QPushButton[kind="tab"]:hover { color: $text.1; }
QPushButton[kind="tab"]:checked { color: $primary; border-bottom-color: $primary; font-weight: 700; }
QPushButton[kind="tab"][tight="true"] { font-size: 12px; padding: 0 2px; }
QPushButton[kind="tab"]:focus { background: $bg.hover; border-radius: 4px; border: 2px solid $focus; padding: 0 2px;
    min-height: 26px; }

QScrollArea, QAbstractScrollArea { background: transparent; border: none; }
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox, QDateEdit, QTimeEdit, QDateTimeEdit {
    background: $bg.surface; border: 1px solid $border.strong; border-radius: 6px; color: $text.1;
    selection-background-color: $primary; selection-color: $on.primary; placeholder-text-color: $text.3; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 30px; padding: 0 9px; }
QPlainTextEdit, QTextEdit { padding: 4px 6px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid $focus; min-height: 28px; padding: 0 8px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; padding: 3px 5px; }
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"], QTextEdit[readOnly="true"] { background: $bg.subtle;
    border-color: $border; color: $text.2; }
QLineEdit[readOnly="true"]:focus, QPlainTextEdit[readOnly="true"]:focus, QTextEdit[readOnly="true"]:focus {
    border-color: $focus; }
QTextEdit[role="reading"][readOnly="true"] { background: $bg.surface; color: $text.1; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled, QPlainTextEdit:disabled { background: $bg.subtle;
    border-color: $border; color: $text.disabled; }
QLineEdit[state="bad"], QComboBox[state="bad"], QAbstractSpinBox[state="bad"], QPlainTextEdit[state="bad"] {
    border-color: $bad; }
QLineEdit[state="warn"], QComboBox[state="warn"], QAbstractSpinBox[state="warn"], QPlainTextEdit[state="warn"] {
    border-color: $warn; background: $warn.soft; }
QLineEdit[role="search"] { padding-left: 31px; }
QLineEdit[role="search"]:focus { padding-left: 30px; }
QComboBox QLineEdit, QAbstractSpinBox QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
QAbstractSpinBox { min-height: 28px; max-height: 28px; padding: 1px 4px 1px 9px; }
QAbstractSpinBox:focus { min-height: 26px; max-height: 26px; padding: 1px 3px 1px 8px; }
QComboBox::drop-down { border: none; width: 26px; subcontrol-origin: padding; subcontrol-position: center right; }
QComboBox::down-arrow { image: url($image.down); width: 16px; height: 16px; }
QComboBox::down-arrow:disabled { image: url($image.down.off); }
QComboBox QAbstractItemView { background: $bg.surface; border: 1px solid $border.button; padding: 4px; outline: 0;
    selection-background-color: $bg.selected; selection-color: $text.1; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 6px; border-radius: 4px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 20px; background: transparent; }
QAbstractSpinBox::up-arrow { image: url($image.up); width: 14px; height: 14px; }
QAbstractSpinBox::down-arrow { image: url($image.down); width: 14px; height: 14px; }
QDateEdit::drop-down, QDateTimeEdit::drop-down { border: none; width: 26px; }
QDateEdit::down-arrow, QDateTimeEdit::down-arrow { image: url($image.down); width: 16px; height: 16px; }
QCalendarWidget QWidget { background: $bg.surface; alternate-background-color: $bg.subtle; }
QCalendarWidget QToolButton { color: $text.1; background: transparent; border: 1px solid transparent;
    border-radius: 6px; padding: 4px 8px; }
QCalendarWidget QToolButton:hover { background: $bg.hover; }
QCalendarWidget QToolButton#qt_calendar_prevmonth { qproperty-icon: url($image.left); }
QCalendarWidget QToolButton#qt_calendar_nextmonth { qproperty-icon: url($image.right); }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QAbstractItemView { selection-background-color: $primary; selection-color: $on.primary; outline: 0; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox:disabled, QRadioButton:disabled { color: $text.disabled; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $border.strong; border-radius: 4px;
    background: $bg.surface; }
QCheckBox::indicator:checked { background: $primary; border-color: $primary; image: url($image.check); }
QCheckBox::indicator:disabled { background: $bg.subtle; border-color: $border; }
QCheckBox::indicator:focus { border: 2px solid $focus; width: 14px; height: 14px; }
QCheckBox:focus { color: $primary; }
QRadioButton:focus { color: $primary; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $border.strong; border-radius: 9px;
    background: $bg.surface; }
QRadioButton::indicator:checked { width: 8px; height: 8px; border: 5px solid $primary; background: $on.primary; }
QRadioButton::indicator:focus { border-color: $focus; }

QScrollArea > QWidget > QWidget[role="scrolled"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $border.button; border-radius: 3px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $border.strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }

QTableView, QTreeView, QListView { background: $bg.surface; border: none; outline: 0; color: $text.1;
    selection-background-color: $bg.selected; selection-color: $text.1; }
QListView::item, QTreeView::item { min-height: 32px; padding: 0 6px; }
QListView::item:hover, QTreeView::item:hover { background: $bg.hover; }
QListView::item:selected, QTreeView::item:selected { background: $bg.selected; color: $text.1; }
QListView:focus, QTreeView:focus { border: 2px solid $focus; }
QHeaderView { background: $bg.subtle; border: none; }
QHeaderView::section { background: $bg.subtle; border: none; border-bottom: 1px solid $border; color: $text.2;
    font-size: 12px; font-weight: 700; padding: 0 12px; }
QHeaderView::section:hover { color: $text.1; }
QTableCornerButton::section { background: $bg.subtle; border: none; }

QMenu { background: $bg.surface; border: 1px solid $border.button; padding: 4px; }
QMenu::item { min-height: 24px; padding: 4px 24px 4px 12px; border-radius: 4px; color: $text.1; }
QMenu::item:selected { background: $bg.hover; }
QMenu::item:disabled { color: $text.disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::indicator:checked { image: url($image.menu.check); width: 16px; height: 16px; }

QProgressBar { background: $bg.subtle; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $primary; border-radius: 4px; }
QFrame[role="line"] { background: $border; border: none; min-height: 1px; max-height: 1px; }
QFrame[role="line.vertical"] { background: $border; border: none; min-width: 1px; max-width: 1px; }

QPushButton[kind="bar"] { background: transparent; border: 1px solid transparent; border-radius: 6px; min-height: 30px;
    padding: 0 8px; color: $text.1; }
QPushButton[kind="bar"]:hover { background: $bg.surface; }
QPushButton[kind="bar"]:focus { border: 2px solid $focus; min-height: 28px; padding: 0 7px; }
QPushButton[kind="expo"] { background: transparent; border: 1px solid transparent; border-radius: 6px;
    min-height: 30px; padding: 0 6px; font-weight: 700; }
QPushButton[kind="expo"]:hover { background: $bg.surface; }
QPushButton[kind="expo"]:focus { border: 2px solid $focus; min-height: 28px; padding: 0 5px; }
QPushButton[kind="status"] { background: transparent; border: 1px solid transparent; border-radius: 4px;
    min-height: 22px; padding: 0 6px; font-size: 12px; color: $text.2; }
QPushButton[kind="status"]:hover { background: $bg.surface; }
QPushButton[kind="status"]:focus { border: 2px solid $focus; min-height: 20px; padding: 0 5px; }
QPushButton[kind="status"][tone="warn"] { color: $warn; font-weight: 700; }
QPushButton[kind="status"][tone="bad"] { color: $bad; font-weight: 700; }
QLineEdit[role="paddle"] { font-size: 44px; font-weight: 700; min-height: 64px; max-height: 64px; padding: 0 6px; }
QLineEdit[role="paddle"]:focus { min-height: 62px; max-height: 62px; padding: 0 5px; }
QLineEdit[role="till"] { font-size: 44px; font-weight: 700; min-height: 74px; max-height: 74px; padding: 0 6px; }
QLineEdit[role="till"]:focus { min-height: 72px; max-height: 72px; padding: 0 5px; }
QLineEdit[role="jump"] { font-size: 20px; font-weight: 700; min-height: 64px; max-height: 64px; }
QLineEdit[role="jump"]:focus { min-height: 62px; max-height: 62px; }
QLineEdit[role="scan"], QLineEdit[role="scan"]:focus { border: none; background: transparent; font-size: 28px;
    padding: 0; min-height: 44px; }
QLineEdit[role="palette"], QLineEdit[role="palette"]:focus { border: none; background: transparent; font-size: 16px;
    padding: 0; min-height: 30px; }
"""


def build(tokens: dict[str, str]) -> str:
    """The style sheet for one theme's tokens; KeyError where the template names an unknown one."""
    values = {**tokens, **_images(tuple(tokens.items()))}
    return re.sub(r"\$([a-z][a-z0-9.]*[a-z0-9])", lambda match: values[match[1]], TEMPLATE)


@lru_cache
def _folder() -> QTemporaryDir:
    """Removed when the program ends."""
    return QTemporaryDir()


@lru_cache
def _images(items: tuple[tuple[str, str], ...]) -> dict[str, str]:
    tokens = dict(items)
    made = {}
    for name, (icon, token) in IMAGES.items():
        color = tokens[token]
        path = Path(_folder().path(), f"{name}{color.replace('#', '-')}.svg")
        path.write_bytes(coloured(icon, color))
        made[f"image.{name}"] = path.as_posix()
    return made
