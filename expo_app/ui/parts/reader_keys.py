"""Keys of a code reader, which types into whatever has the focus: complete badge codes are taken out of them.

A key that may begin a code waits until that is known: codes begin with E1, or with what readers put in front, so most
keys wait for nothing. What is no code goes on in order to where it was typed. A code is never a page's keys, and no
field sees one. Moments come from the key events: no two keys of a slow reader are `REACH` ms apart.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from expo_app.rules.badge_code import may_become, normalise

GAP, REACH, PAUSE, SHORTEST = 50.0, 150.0, 60, 6  # ms between quick keys, slow ones, after a code; keys of a burst
LATE = 30  # ms a pause may last longer before the program counts as busy
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ENDS = (*ENTER, Qt.Key.Key_Tab)
SPECIAL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
MODIFIERS = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock}
)
Clock = Callable[[QKeyEvent], float]


def moment(event: QKeyEvent) -> float:
    """When the key was pressed, in ms: the system's stamp (right even when the program was busy), else now."""
    return float(event.timestamp()) or time.perf_counter() * 1000


def is_code(text: str) -> bool:
    """Whether a reading has a whole badge code in it."""
    return normalise(text) is not None


def is_special(event: QKeyEvent) -> bool:
    """A shortcut or function key, which readers send for control characters."""
    return bool(event.modifiers() & SPECIAL) or Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35


def is_char(event: QKeyEvent) -> bool:
    """A key that writes something."""
    return bool(event.text()) and event.text().isprintable() and not event.modifiers() & SPECIAL


def is_plain_enter(event: QKeyEvent) -> bool:
    """Enter by itself, on either side of the keyboard."""
    return event.key() in ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def receiver() -> QWidget | None:
    """The widget that keys go to."""
    popup = QApplication.activePopupWidget()
    found = (popup.focusWidget() or popup) if popup is not None else QApplication.focusWidget()
    found = found or QApplication.activeWindow()
    return found if found is not None and isValid(found) else None  # a list that closes has the focus a moment longer


@dataclass
class Burst:
    """The characters that followed each other quickly."""

    text: str = ""
    last: float = float("-inf")
    gap: float = GAP

    def add(self, text: str, at: float) -> bool:
        """Take a key at `at` ms; True when it began anew."""
        fresh = not self.is_near(at)
        self.text = text if fresh else self.text + text
        self.last = at
        return fresh

    def is_near(self, at: float, gap: float = 0) -> bool:
        """Whether `at` is within the gap of the last key."""
        return at - self.last < (gap or self.gap)

    @property
    def is_scan(self) -> bool:
        """Whether no hand can have typed it."""
        return len(self.text) >= SHORTEST

    def forget(self) -> None:
        """Begin anew with the next key."""
        self.text = ""


class Step(Enum):
    """What is done with a key."""

    PASS = auto()
    HOLD = auto()
    TAKE = auto()  # what is held is a code, and this key its end
    NEXT = auto()  # what is held is a code, and this key may begin another
    END = auto()  # of a reading that was passed on
    DROP = auto()


@dataclass(frozen=True)
class _Key:
    event: QKeyEvent
    at: float
    widget: QWidget


class ReaderKeys(QObject):
    """Hands complete codes to `take`; a subclass says whose keys are looked at (`concerns`). Keep a reference to it.

    Enter within `REACH` of a finished reading is the reader's and dropped. Where `waits` says so, one in front of a
    reading is, too: every Enter there waits that long.
    """

    def __init__(self, app: QApplication, parent: QObject, clock: Clock = moment) -> None:
        super().__init__(parent)
        self.clock = clock
        self.burst = Burst()  # of what was passed on
        self._held: list[_Key] = []
        self._last = self._passed = float("-inf")  # moments of the last key, and of the last character passed on
        self._until = float("-inf")  # so long Enter belongs to the last reading
        self._again: float | None = None  # the moment of a key that is sent on after waiting
        self._due = 0.0
        self._wait = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._wait.timeout.connect(self._on_wait)
        app.installEventFilter(self)

    # --- what a subclass says ---

    def concerns(self, widget: QWidget) -> bool:
        """Whether keys to this widget are looked at."""
        raise NotImplementedError

    def take(self, raw: str) -> None:
        """A reading with a code in it."""
        raise NotImplementedError

    def holds(self, widget: QWidget) -> bool:
        """Whether characters that may be a code wait here; else the widget knows itself what to do with readings."""
        return True

    def waits(self, widget: QWidget) -> bool:
        """Whether Enter waits here for what follows."""
        return False

    def passing(self, widget: QWidget, event: QKeyEvent, at: float) -> None:
        """A key is about to reach the widget."""
        if event.isAutoRepeat() or not is_char(event):
            self.burst.forget()
        else:
            self.burst.add(event.text(), at)

    def step(self, widget: QWidget, event: QKeyEvent, at: float) -> Step:
        """What is done with a key that no code says anything of: Enter behind a burst is a reader's."""
        is_behind = is_plain_enter(event) and self.burst.is_scan and self.burst.is_near(at, REACH)
        return Step.DROP if is_behind else Step.PASS

    def end(self, widget: QWidget) -> None:
        """The end of a reading that was passed on: `step` said so."""

    def finished(self) -> None:
        """With the last key a reading ended: Enter soon after it is the reader's."""
        self._until, self._passed = self._last + REACH, float("-inf")
        self.burst.forget()

    # --- keys ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or watched is not receiver() or not self._looks_at(watched):
            return False
        is_press = kind == QEvent.Type.KeyPress
        if event.key() in MODIFIERS:
            return False
        if self._again is not None and is_press:
            at, self._again = self._again, None
            self.passing(watched, event, at)
            return False
        at = self.clock(event)
        if self._held and at - self._last >= REACH:
            self._decide()
        step = self._step(watched, event, at)
        if not is_press:
            is_text = is_char(event) and self.burst.is_near(at) and len(self.burst.text) > 1
            if step is Step.PASS and not is_text:
                self._release(watched, event, at)
                return False
            if step is Step.HOLD and event.key() in ENTER:
                return False
            event.accept()  # a letter inside a burst is no shortcut
            return True
        if step is Step.PASS:
            self._release(watched, event, at)
            self._last = at
            if is_char(event):
                self._passed, self._until = at, float("-inf")
            self.passing(watched, event, at)
            return False
        event.accept()
        self._act(step, watched, event, at)
        return True

    def _looks_at(self, widget: QWidget) -> bool:
        """Whether keys to a widget are looked at; one of a list that closes is gone as soon as its window is let go."""
        return isValid(widget) and self.concerns(widget)

    def _step(self, widget: QWidget, event: QKeyEvent, at: float) -> Step:
        text, is_near = self._text, at - self._last < REACH
        if event.isAutoRepeat():
            return Step.PASS
        if is_special(event):
            is_within = bool(text) and at - self._last < (REACH if len(text) >= SHORTEST else GAP)
            return Step.DROP if is_within else self.step(widget, event, at)
        if event.key() in ENDS:
            if is_near and is_code(text):
                return Step.TAKE
            if at < self._until and not text:
                return Step.DROP
            step = self.step(widget, event, at)
            does_wait = step is Step.PASS and is_plain_enter(event) and self.waits(widget) and not text
            return Step.HOLD if does_wait else step
        if is_char(event) and self.holds(widget):
            if self._may_hold(event.text(), at):
                return Step.HOLD
            if is_code(text) and may_become(event.text()):
                return Step.NEXT
        return self.step(widget, event, at)

    def _may_hold(self, char: str, at: float) -> bool:
        """Whether a character may belong to a code, or to a burst behind an Enter that waits."""
        if not self._held:
            return at - self._passed >= REACH and may_become(char)
        is_short = len(self._text) + 1 < SHORTEST
        return may_become(self._text + char) or (self._is_behind_enter and is_short and self._is_quick(at))

    @property
    def _text(self) -> str:
        return "".join(key.event.text() for key in self._held if is_char(key.event))

    @property
    def _is_behind_enter(self) -> bool:
        return bool(self._held) and self._held[0].event.key() in ENTER

    def _is_quick(self, at: float) -> bool:
        """Whether no hand pressed what is held, and a key now."""
        moments = [*(key.at for key in self._held), at]
        return all(later - earlier < GAP for earlier, later in pairwise(moments))

    def _act(self, step: Step, widget: QWidget, event: QKeyEvent, at: float) -> None:
        is_behind = at < self._until
        self._last = at
        if step in (Step.TAKE, Step.NEXT):
            self._take()
        if step in (Step.HOLD, Step.NEXT):
            kept = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
            kept.setTimestamp(event.timestamp())
            self._held.append(_Key(kept, at, widget))
            self._begin_wait(PAUSE if self._is_quick(at) and is_code(self._text) else int(REACH))
        elif step is Step.END:
            self.end(widget)
        elif step is Step.DROP and event.key() in ENDS and (is_behind or self.burst.is_scan):
            self.finished()  # another one may follow

    def _begin_wait(self, pause: int) -> None:
        self._wait.start(pause)
        self._due = time.perf_counter() + (pause + LATE) / 1000

    def _on_wait(self) -> None:
        """Nothing followed. Where the program was busy meanwhile, what did may not have arrived."""
        if time.perf_counter() > self._due:
            self._begin_wait(PAUSE)
        else:
            self._decide()

    def _decide(self) -> None:
        if is_code(self._text):
            self._take()
        else:
            self._send(self._held)

    def _take(self) -> None:
        raw, self._held = self._text, []
        self._wait.stop()
        self.finished()
        self.take(raw)

    def _release(self, widget: QWidget, event: QKeyEvent, at: float) -> None:
        """What waited was no code; an Enter in front of a burst is the reader's all the same."""
        is_reading = is_char(event) and (
            not self.holds(widget) or (len(self._text) + 1 >= SHORTEST and self._is_quick(at))
        )
        self._send([key for key in self._held if is_char(key.event) or not is_reading])

    def _send(self, keys: list[_Key]) -> None:
        """Let keys do what they were pressed for; those behind an Enter go where it led.

        Where the widget is gone meanwhile, characters go to what has the focus instead, and Enter does nothing.
        """
        self._held = []
        self._wait.stop()
        target = keys[0].widget if keys else None
        for key in keys:
            is_there = target is not None and isValid(target) and target.isVisible()
            if not is_there and is_char(key.event):
                target = receiver()
            elif not is_there:
                continue
            if target is None or not self._looks_at(target):
                return
            if is_char(key.event):
                self._passed = key.at
            self._again = key.at
            try:
                QApplication.sendEvent(target, key.event)
            finally:
                self._again = None
            if not is_char(key.event):
                target = receiver()
