"""Where Tab goes: through all that is in sight, in the order it is laid out.

Qt's own order is that in which things were made: what comes later (chips, a panel's buttons) stands behind
everything, and a focus proxy cuts out what lies between it and its owner.
"""

from collections.abc import Iterator, Sequence
from operator import itemgetter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLayout, QScrollArea, QWidget
from shiboken6 import isValid

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
RANK = "tab_rank"  # of siblings the lower comes first; 0 where none is set


def stops(root: QWidget) -> list[QWidget]:
    """All that Tab reaches inside `root`, in the order it does."""
    found: list[QWidget] = []
    for child in _inside(root):
        if child.isWindow() or not child.isVisibleTo(root):
            continue
        found += [child] if child.isEnabled() and child.focusProxy() is None and _takes(child) else []
        found += stops(child)
    return found


def _takes(widget: QWidget) -> bool:
    """Of buttons one of which is always chosen, the one with the focus or the chosen one; arrows go to the others."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is None or not group.exclusive():
        return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    usable = [button for button in group.buttons() if button.isVisibleTo(button.window()) and button.isEnabled()]
    focused = [button for button in usable if button.hasFocus()]
    return widget is next(iter([*focused, *(button for button in usable if button.isChecked()), *usable]), None)


def go_on(root: QWidget, forward: bool) -> bool:
    """What `focusNextPrevChild` answers: the focus to the next stop inside `root`, after the last to the first.

    From a page without a field of its own it begins inside it; what was just taken away, which Qt asks it for too,
    hands it to what it stood in.
    """
    chain, current = stops(root), QApplication.focusWidget()
    if not chain:
        return False
    if current is not None and not current.isVisible() and (wanted := heir(line_of(current)[1:])) is not None:
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        return True
    if current not in chain and current is not None:
        chain = [stop for stop in chain if current.isAncestorOf(stop)] or chain
    place = chain.index(current) if current in chain else -1 if forward else 0
    wanted = chain[(place + (1 if forward else -1)) % len(chain)]
    wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    _bring_into_view(wanted)
    return True


def line_of(widget: QWidget | None) -> list[QWidget]:
    """A widget and all it stands in, up to its window."""
    found: list[QWidget] = []
    while widget is not None:
        found.append(widget)
        widget = widget.parentWidget() if not widget.isWindow() else None
    return found


def heir(line: Sequence[QWidget]) -> QWidget | None:
    """What takes the focus of what is gone, of all it stood in: a page with its rows before the first button around,
    which may be one that deletes.
    """
    there = [widget for widget in line if isValid(widget) and widget.isVisible()]
    ends = map(_end, there)
    takes = (w for w in ends if w.isVisible() and w.isEnabled() and w.focusPolicy() is not Qt.FocusPolicy.NoFocus)
    inside = (found[0] for widget in there if (found := stops(widget)))
    return next(takes, None) or next(inside, None)


def _end(widget: QWidget) -> QWidget:
    """Who gets the focus that a widget is given."""
    while (proxy := widget.focusProxy()) is not None:
        widget = proxy
    return widget


def _bring_into_view(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()


def _inside(root: QWidget) -> list[QWidget]:
    """The children: those laid out, in order; behind them those placed by hand, as they were made."""
    if isinstance(root, QAbstractScrollArea):  # asked for the viewport's children, PySide forgets whose they are
        content = root.widget() if isinstance(root, QScrollArea) else None
        return [] if content is None else [content]
    children = root.findChildren(QWidget, options=DIRECT)
    layout = root.layout()
    placed = dict.fromkeys(_laid_out(layout, children) if layout is not None else ())
    others = [child for child in children if child not in placed]
    return sorted([*placed, *others], key=lambda child: child.property(RANK) or 0)


def _laid_out(layout: QLayout, widgets: Sequence[QWidget]) -> Iterator[QWidget]:
    """Those of `widgets` that are in `layout`, in its order.

    Not by `itemAt` and `children()`: what PySide wraps there, Python may destroy.
    """
    inner = layout.findChildren(QLayout, options=DIRECT)
    places: list[tuple[int, QWidget | QLayout]] = [(layout.indexOf(widget), widget) for widget in widgets]
    places += [(layout.indexOf(part), part) for part in inner]
    for _place, part in sorted((pair for pair in places if pair[0] >= 0), key=itemgetter(0)):
        if isinstance(part, QLayout):
            yield from _laid_out(part, widgets)
        else:
            yield part
