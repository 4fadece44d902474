"""Design tokens and the theme in force: the only place with font names and sizes.

`apply(app, "light" | "dark" | "system")` sets fonts, palette and QSS, at start and at run time. Painted widgets
ask `color("bg.surface")` and `font("caption")` while they paint; what is made once (icons) connects to
`notifier().changed`.
All sizes are logical pixels.
"""

from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from expo_app import paths
from expo_app.rules.colour_tokens import DARK, LIGHT
from expo_app.ui.kit import qss

TOKENS = {"light": LIGHT, "dark": DARK}

# Kinds of a state (pill, banner, toast) and the tokens they are drawn with: text, ground.
KINDS: dict[str, tuple[str, str]] = {
    "ok": ("ok", "ok.soft"), "warn": ("warn", "warn.soft"), "bad": ("bad", "bad.soft"),
    "info": ("primary", "primary.soft"), "mute": ("mute", "mute.soft"), "plum": ("plum", "plum.soft"),
}  # fmt: skip

FAMILIES = ["Noto Sans SC", "Microsoft YaHei UI", "PingFang SC", "Source Han Sans SC", "sans-serif"]
# Role of a text: size, line height, bold.
TYPE: dict[str, tuple[int, int, bool]] = {
    "mark": (11, 15, False), "caption": (12, 17, False), "caption.bold": (12, 17, True),
    "body": (14, 20, False), "strong": (14, 20, True), "section": (16, 24, True), "emphasis": (16, 24, False),
    "title": (20, 29, True), "kpi": (28, 40, True),
    "kiosk.detail": (18, 26, False), "kiosk.strong": (18, 26, True), "kiosk.company": (28, 40, False),
    "kiosk.step": (26, 44, True), "kiosk.count": (44, 56, True),
    "kiosk.reason": (36, 52, False), "kiosk.name": (64, 90, True), "kiosk.verdict": (88, 120, True),
}  # fmt: skip


class Space:
    """Gaps; pages stand in XL × L margins, cards pad L × M, cards lie L apart (M in a low window)."""

    XS, S, M, L, XL, XXL, XXXL = 4, 8, 12, 16, 24, 32, 48


class Height:
    """Fixed heights of one-line things."""

    CONTROL, CHIP, PILL, RAIL_ITEM, ROW, HEADER = 32, 28, 20, 34, 36, 36
    TOP_BAR, STATUS_BAR, KIOSK_KEY, KIOSK_FIELD = 52, 28, 64, 68


class Width:
    """Fixed widths; TEXT is the widest a column of running text may grow."""

    RAIL, RAIL_NARROW, PANEL, PANEL_NARROW, SEARCH, PALETTE, TOAST, TEXT = 200, 56, 360, 320, 420, 640, 360, 720
    WINDOW_MIN, DIALOG, DIALOG_LARGE, DIALOG_WIDE, CONFIRM = 1180, 720, 860, 1120, 420


class Kiosk:
    """Lengths of the check-in desk, which is read from 2 m."""

    HEADER, FOOTER, MARGIN, SIDE = 64, 48, 24, 340
    PERSON, PERSON_LOW, KEY_LOW = 252, 184, 54
    ICON, ICON_LEFT, WORD_LEFT, STEPS, STEPS_RIGHT, STEPS_TOP, STEPS_TOP_LOW = 144, 48, 224, 284, 40, 40, 24
    SOUND, FACTS, CHIP, KEYCAP, KEYCAP_WIDE, ICON_KEY, ICON_SCAN = 36, 340, 46, 36, 44, 24, 28
    ROW, ROW_LOW, FIELD_LINE = 60, 48, 3


class Radius:
    """Corner radii; pills take half their height."""

    MARK, CONTROL, CARD, CONTENT, OVERLAY, VERDICT = 4, 6, 8, 10, 12, 16


class IconSize:
    """Icon edges."""

    INLINE, RAIL, PRINTER, EMPTY = 16, 18, 20, 40


LOW_WINDOW, NARROW_WINDOW, WINDOW_MIN_HEIGHT = 820, 1400, 680


class _Notifier(QObject):
    changed = Signal()


_choice = "light"
_current = "light"


@lru_cache
def notifier() -> _Notifier:
    """The object whose `changed` signal tells that another theme is in force."""
    return _Notifier()


def theme() -> str:
    """The theme in force: "light" or "dark"."""
    return _current


def choice() -> str:
    """What was chosen: "light", "dark" or "system"."""
    return _choice


@lru_cache(maxsize=256)
def _color(name: str, token: str) -> QColor:
    return QColor(TOKENS[name][token])


def color(token: str) -> QColor:
    """The colour of `token` in the theme in force; KeyError for an unknown token. Do not change it in place."""
    return _color(_current, token)


def tint(token: str, alpha: float) -> QColor:
    """`token` with opacity `alpha` (0 to 1)."""
    shade = QColor(color(token))
    shade.setAlphaF(alpha)
    return shade


@lru_cache(maxsize=64)
def font(role: str) -> QFont:
    """The font of a TYPE role, for painting. Do not change it in place."""
    size, _line, bold = TYPE[role]
    face = QFont(FAMILIES)
    face.setPixelSize(size)
    face.setBold(bold)
    return face


def bold(face: QFont) -> QFont:
    """The same font in bold, for measuring what a choice will need."""
    found = QFont(face)
    found.setBold(True)
    return found


def struck(face: QFont) -> QFont:
    """The same font struck through, for what holds no longer."""
    found = QFont(face)
    found.setStrikeOut(True)
    return found


def fitting(role: str, text: str, room: float, least: str = "kiosk.detail") -> QFont:
    """The font of `role`, smaller where `text` would not fit into `room` px, but not under the size of `least`."""
    face = QFont(font(role))
    return _fitted(face, text, room, TYPE[least][0])


def scaled(text: str, height: float, room: float, *, is_bold: bool = False) -> QFont:
    """A font `height` px high for what is read from afar, smaller where `text` would not fit into `room` px."""
    face = QFont(font("body"))
    face.setBold(is_bold)
    face.setPixelSize(max(TYPE["body"][0], int(height)))
    return _fitted(face, text, room, TYPE["mark"][0])


def _fitted(face: QFont, text: str, room: float, least: int) -> QFont:
    wide = QFontMetrics(face).horizontalAdvance(text)
    if wide > room > 0:
        face.setPixelSize(max(least, int(face.pixelSize() * room / wide)))
    return face


def gap(window_height: int) -> int:
    """Distance between cards: 16, or 12 in a window below 820."""
    return Space.M if window_height < LOW_WINDOW else Space.L


def card_padding(window_height: int) -> int:
    """Vertical padding of a card: 12, or 8 in a window below 820."""
    return Space.S if window_height < LOW_WINDOW else Space.M


def panel_width(window_width: int) -> int:
    """Width of the detail panel: 360, or 320 in a window below 1400."""
    return Width.PANEL_NARROW if window_width < NARROW_WINDOW else Width.PANEL


def motion(milliseconds: int) -> int:
    """How long a movement may take: 0 where the system asks for less motion, or `app.setProperty("calm", True)` did."""
    app = QApplication.instance()
    style = QApplication.style()
    calm = app is None or bool(app.property("calm")) or style is None
    return 0 if calm or not style.styleHint(style.StyleHint.SH_Widget_Animation_Duration) else milliseconds


@lru_cache
def load_fonts() -> tuple[str, ...]:
    """Make the shipped faces known to Qt once; the names of the families that loaded."""
    names: list[str] = []
    for face in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):
        handle = QFontDatabase.addApplicationFont(str(paths.resource("fonts", face)))
        names += QFontDatabase.applicationFontFamilies(handle) if handle >= 0 else []
    return tuple(names)


def apply(app: QApplication, name: str = "system") -> None:
    """Put theme `name` ("light", "dark", "system") in force; ValueError for another name."""
    global _choice
    if name not in (*TOKENS, "system"):
        raise ValueError(name)
    first = not app.property("expo_themed")
    if first:
        app.setProperty("expo_themed", True)
        app.setStyle("Fusion")
        load_fonts()
        app.setFont(font("body"))
        app.styleHints().colorSchemeChanged.connect(_on_system_changed)
    _choice = name
    wanted = _system() if name == "system" else name
    if first or wanted != _current:
        _put_on(app, wanted)


def _system() -> str:
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def _on_system_changed() -> None:
    app = QApplication.instance()
    if _choice == "system" and isinstance(app, QApplication):
        apply(app, "system")


def _put_on(app: QApplication, name: str) -> None:
    global _current
    _current = name
    app.setPalette(_palette(TOKENS[name]))
    app.setStyleSheet(qss.build(TOKENS[name]))
    notifier().changed.emit()


def _palette(tokens: dict[str, str]) -> QPalette:
    role = QPalette.ColorRole
    pairs = {
        role.Window: "bg.canvas", role.WindowText: "text.1", role.Base: "bg.surface", role.AlternateBase: "bg.subtle",
        role.Text: "text.1", role.Button: "bg.surface", role.ButtonText: "text.1", role.BrightText: "bad",
        role.Highlight: "primary", role.HighlightedText: "on.primary", role.Link: "primary",
        role.PlaceholderText: "text.3", role.ToolTipBase: "bg.surface", role.ToolTipText: "text.1",
        role.Mid: "border", role.Accent: "primary",
    }  # fmt: skip
    palette = QPalette()
    for part, token in pairs.items():
        palette.setColor(part, QColor(tokens[token]))
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(tokens["text.disabled"]))
    return palette
