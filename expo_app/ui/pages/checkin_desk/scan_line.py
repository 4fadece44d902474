"""Codes from a reader that types like a keyboard: the field they belong in, and a router for those that land elsewhere.

A burst is six characters or more with less than 50 ms between keys: no hand types that. It ends with Enter or Tab, or,
where the reader sends neither, with a pause of 60 ms after a complete code. A reader, or the computer, may pause within
a code: what stands there as a whole is tried before its last burst. Moments come from the key events.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from expo_app.rules.badge_code import CODE_LENGTH, is_number
from expo_app.ui.parts.reader_keys import (
    ENDS,
    ENTER,
    PAUSE,
    REACH,
    Burst,
    Clock,
    ReaderKeys,
    Step,
    is_char,
    is_code,
    is_special,
    moment,
)

BREATH = 1000.0
"""Milliseconds a reader may pause within a code."""


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
        self._steady = Burst(gap=REACH)  # what a slow reader sent
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
            if near and is_special(event):
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
            self._forget()
        elif is_char(event):
            at = self.clock(event)
            if self._burst.is_near(at) and event.text().isalnum() and self._is_complete(self._code()[-CODE_LENGTH:]):
                self._finish()  # the next code follows without a pause
            for burst in (self._burst, self._steady):
                burst.add(event.text(), at)
            self._is_read = self._burst.is_scan or (self._is_read and bool(self.text()))
            self._pause.start(PAUSE if self._burst.is_scan else int(REACH))
        super().keyPressEvent(event)

    def deliver(self, raw: str) -> None:
        """Pass on a reading that arrived elsewhere."""
        self.scanned.emit(raw, True)

    def _code(self) -> str:
        """What stands in the field, of which a reader sent a part at least, with a code in it; "" without one."""
        texts = (self.text(), self._burst.text) if self._is_read else (self._steady.text,)
        return next((text for text in texts if self._is_complete(text)), "")

    def _forget(self) -> None:
        self._burst.forget()
        self._steady.forget()

    def _on_pause(self) -> None:
        if self._code():
            self._finish()

    def _finish(self) -> None:
        self._pause.stop()
        code = self._code()
        burst = self._burst.is_scan and self.text().endswith(self._burst.text)
        raw = code or (self._burst.text if burst else self.text())
        self._forget()
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


class ScanRouter(ReaderKeys):
    """Brings readings that arrive while another widget of the same window has the focus to `scan_line`.

    The Enter that ends a burst is consumed, so that no button is pressed; a field the burst ran into gets back what it
    held, unless it is a number typed into a text. Enter waits for what follows, for some readers send it first. Keys
    with Ctrl or Alt and function keys within 50 ms of another key do nothing. Keep a reference to it.
    """

    def __init__(self, scan_line: ScanLine, app: QApplication) -> None:
        super().__init__(app, scan_line, lambda event: scan_line.clock(event))  # noqa: PLW0108  tests change it
        self._line, self._into = scan_line, _Held()
        self._before, self._first = "", _Held()  # earlier bursts of a reading with pauses, what they ran into
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._on_pause)
        scan_line.scanned.connect(self._on_scanned)

    def _on_scanned(self, raw: str, is_read: bool) -> None:
        if is_read or is_code(raw):
            self.finished()

    # --- what is done with a key ---

    def concerns(self, widget: QWidget) -> bool:
        """Only in the scan field's window."""
        return self._line.isVisible() and widget.window() is self._line.window()

    def holds(self, widget: QWidget) -> bool:
        return widget is not self._line

    def waits(self, widget: QWidget) -> bool:
        return widget is not self._line or not self._line.text()

    def take(self, raw: str) -> None:
        self._line.deliver(raw)

    def step(self, widget: QWidget, event: QKeyEvent, at: float) -> Step:
        if widget is self._line:
            return Step.PASS
        if is_special(event):
            return Step.DROP if self.burst.is_near(at) else Step.PASS
        if event.key() not in ENDS or not self.burst.is_near(at, REACH) or not (self.burst.is_scan or self._is_whole):
            return Step.PASS
        if not self._is_whole and _is_text(widget) and is_number(self.burst.text):
            return Step.DROP if event.key() in ENTER else Step.PASS
        return Step.END

    def end(self, widget: QWidget) -> None:
        self._finish()

    # --- readings that were passed on ---

    @property
    def _is_whole(self) -> bool:
        """Whether the bursts before a pause and the last one are one code."""
        return bool(self._before) and is_code(self._before + self.burst.text)

    def passing(self, widget: QWidget, event: QKeyEvent, at: float) -> None:
        if widget is self._line or event.isAutoRepeat():
            self._forget()
        elif is_char(event):
            if not self.burst.is_near(at) or not self.burst.text:
                self._begin(widget, at)
            self.burst.add(event.text(), at)
            self._pause.start()
        elif event.text():
            self._forget()

    def _begin(self, widget: QWidget, at: float) -> None:
        """A burst begins: a new reading, or after a breath the rest of one."""
        goes_on = (self.burst.is_scan or self._before) and at - self.burst.last < BREATH
        is_rest = goes_on and self._into.widget is widget
        self._into = _Held.of(widget)
        self._before = self._before + self.burst.text if is_rest else ""
        self._first = self._first if is_rest else self._into

    def _forget(self) -> None:
        self.burst.forget()
        self._before = ""

    def _on_pause(self) -> None:
        if self._is_whole or (self.burst.is_scan and is_code(self.burst.text)):
            self._finish()

    def _finish(self) -> None:
        self._pause.stop()
        raw, into = self.burst.text, self._into
        if self._is_whole:
            raw, into = self._before + raw, self._first
        self._forget()
        into.restore()
        self._into = self._first = _Held()
        self._line.deliver(raw)


def _is_text(widget: QWidget) -> bool:
    """Whether a person writes here."""
    is_choice = isinstance(widget, QComboBox) and widget.isEditable()
    return is_choice or isinstance(widget, (QLineEdit, QPlainTextEdit))
