"""Codes from a reader that types like a keyboard: the field they belong in, and a router for those that land elsewhere.

A burst is six characters or more with less than 50 ms between keys: no hand types that. It ends with Enter or Tab, or,
where the reader sends neither, with a pause of 60 ms after a complete code. A reader, or the computer, may pause within
a code: what stands there as a whole is tried before its last burst. Moments come from the key events.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from expo_app.rules.badge_code import normalise

GAP, PAUSE, BREATH, SHORTEST = 50.0, 60, 1000.0, 6  # ms between keys, after a code, within a code; characters
ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
SPECIAL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
Clock = Callable[[QKeyEvent], float]


def moment(event: QKeyEvent) -> float:
    """When the key was pressed, in ms: the system's stamp (right even when the program was busy), else now."""
    return float(event.timestamp()) or time.perf_counter() * 1000


def is_code(text: str) -> bool:
    """Whether `text` is a whole badge code."""
    return normalise(text) is not None


def _is_special(event: QKeyEvent) -> bool:
    """A shortcut or function key, which readers send for control characters."""
    return bool(event.modifiers() & SPECIAL) or Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35


def _is_char(event: QKeyEvent) -> bool:
    return bool(event.text()) and event.text().isprintable() and not event.modifiers() & SPECIAL


@dataclass
class Burst:
    """The characters that followed each other quickly."""

    text: str = ""
    last: float = float("-inf")

    def add(self, text: str, at: float) -> bool:
        """Take a key at `at` ms; True when it began anew."""
        fresh = at - self.last >= GAP
        self.text = text if fresh else self.text + text
        self.last = at
        return fresh

    def is_near(self, at: float) -> bool:
        """Whether `at` is within the gap of the last key."""
        return at - self.last < GAP

    @property
    def is_scan(self) -> bool:
        """Whether no hand can have typed it."""
        return len(self.text) >= SHORTEST

    def forget(self) -> None:
        """Begin anew with the next key."""
        self.text = ""


class ScanLine(QLineEdit):
    """The scan field. `scanned(raw, burst)`: the text as it came, and whether a reader sent it; the field empties.

    The input method is off. Keys with Ctrl or Alt and function keys within 50 ms of another key are dropped. What a
    hand typed before a burst is dropped too, unless both are one code: the burst is the reading. `is_complete(text)`
    tells a whole code, after which another may follow at once. Anything else is one reading until Enter, however long.
    Every reading is delivered at once and in order, however fast they follow.
    """

    scanned = Signal(str, bool)

    def __init__(
        self, parent: QWidget | None = None, is_complete: Callable[[str], bool] = is_code, clock: Clock = moment
    ) -> None:
        super().__init__(parent)
        self._is_complete, self.clock = is_complete, clock
        self._burst, self._is_read = Burst(), False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._on_pause)
        self.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhPreferLatin)

    def inputMethodQuery(self, query: Qt.InputMethodQuery, *argument: Any) -> Any:
        return False if query == Qt.InputMethodQuery.ImEnabled else super().inputMethodQuery(query, *argument)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Should one come all the same: words it commits count as typed, half-composed ones are not shown."""
        if event.commitString():
            self.insert(event.commitString())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            near = self._burst.is_near(self.clock(event))
            if near and _is_special(event):
                event.accept()
                return True
            ends = event.key() in ENDS and bool(self.text())
            if event.type() == QEvent.Type.KeyPress and ends:
                self._finish()
                return True
            if event.type() == QEvent.Type.ShortcutOverride and ends:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            self._burst.forget()
        elif _is_char(event):
            if self._burst.is_near(self.clock(event)) and self._code():
                self._finish()  # the next code follows without a pause
            self._burst.add(event.text(), self.clock(event))
            self._is_read = self._burst.is_scan or (self._is_read and bool(self.text()))
            self._pause.start()
        super().keyPressEvent(event)

    def deliver(self, raw: str) -> None:
        """Pass on a reading that arrived elsewhere."""
        self.scanned.emit(raw, True)

    def _code(self) -> str:
        """The code that stands in the field, of which a reader sent at least a part; "" where there is none."""
        texts = (self.text(), self._burst.text) if self._is_read else ()
        return next((text for text in texts if self._is_complete(text)), "")

    def _on_pause(self) -> None:
        if self._code():
            self._finish()

    def _finish(self) -> None:
        self._pause.stop()
        code = self._code()
        burst = self._burst.is_scan and self.text().endswith(self._burst.text)
        raw = code or (self._burst.text if burst else self.text())
        self._burst.forget()
        self._is_read = False
        self.clear()
        if raw.strip():
            self.scanned.emit(raw, burst or bool(code))


@dataclass
class _Held:
    """What a widget held before a burst ran into it: its user property (text, value, chosen entry)."""

    widget: QWidget | None = None
    name: str = ""
    value: Any = None
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, widget: QWidget) -> "_Held":
        prop = widget.metaObject().userProperty()
        if not prop.isValid() or not prop.isWritable():
            return cls(widget)
        extra = {"cursorPosition": widget.cursorPosition()} if isinstance(widget, QLineEdit) else {}
        name = str(prop.name())
        return cls(widget, name, widget.property(name), extra)

    def restore(self) -> None:
        if self.widget is None or not self.name or self.widget.property(self.name) == self.value:
            return
        self.widget.setProperty(self.name, self.value)
        for name, value in self.extra.items():
            self.widget.setProperty(name, value)


class ScanRouter(QObject):
    """Brings bursts that arrive while another widget of the same window has the focus to `scan_line`.

    The Enter that ends a burst is consumed, so that no button is pressed; a field the burst ran into gets back what it
    held. Keys with Ctrl or Alt and function keys within 50 ms of another key do nothing. Keep a reference to it.
    """

    def __init__(self, scan_line: ScanLine, app: QApplication) -> None:
        super().__init__(scan_line)
        self._line, self._burst, self._held = scan_line, Burst(), _Held()
        self._before, self._first = "", _Held()  # earlier bursts of a reading with pauses, what they ran into
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._on_pause)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) or not isinstance(event, QKeyEvent):
            return False
        if not self._concerns(watched):
            return False
        near = self._burst.is_near(self._line.clock(event))
        ends = event.key() in ENDS and (self._burst.is_scan or self._is_whole)
        if near and (_is_special(event) or ends):
            if kind == QEvent.Type.KeyPress and ends:
                self._finish()
            event.accept()
            return True
        if kind == QEvent.Type.KeyPress:
            self._collect(watched, event)
            return False
        if near and len(self._burst.text) > 1:
            event.accept()  # a letter inside a burst is no shortcut
            return True
        return False

    def _concerns(self, watched: QObject) -> bool:
        """Only the focus widget itself (a key climbs through its parents too), and only in the scan field's window."""
        focused = QApplication.focusWidget()
        if watched is not focused or focused is None or focused is self._line:
            return False
        return self._line.isVisible() and focused.window() is self._line.window()

    @property
    def _is_whole(self) -> bool:
        """Whether the bursts before a pause and the last one are one code."""
        return bool(self._before) and self._line._is_complete(self._before + self._burst.text)

    def _collect(self, watched: QObject, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            self._forget()
        elif _is_char(event) and isinstance(watched, QWidget):
            at = self._line.clock(event)
            if not self._burst.is_near(at) or not self._burst.text:
                self._begin(watched, at)
            self._burst.add(event.text(), at)
            self._pause.start()
        elif event.text():
            self._forget()

    def _begin(self, widget: QWidget, at: float) -> None:
        """A burst begins: a new reading, or after a breath the rest of one."""
        goes_on = (self._burst.is_scan or self._before) and at - self._burst.last < BREATH
        is_rest = goes_on and self._held.widget is widget
        self._held = _Held.of(widget)
        self._before = self._before + self._burst.text if is_rest else ""
        self._first = self._first if is_rest else self._held

    def _forget(self) -> None:
        self._burst.forget()
        self._before = ""

    def _on_pause(self) -> None:
        if self._is_whole or (self._burst.is_scan and self._line._is_complete(self._burst.text)):
            self._finish()

    def _finish(self) -> None:
        self._pause.stop()
        raw, held = self._burst.text, self._held
        if self._is_whole:
            raw, held = self._before + raw, self._first
        self._forget()
        held.restore()
        self._held = self._first = _Held()
        self._line.deliver(raw)
