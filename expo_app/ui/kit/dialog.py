"""Dialogs inside the window: a frame over a scrim, focus kept inside, never a nested event loop.

box = Dialog(self, _("登记签约"), width=860)
box.body.addWidget(form)
box.add_action(Button(_("取消"), clicked=box.cancel))
box.add_action(Button(_("保存"), "primary", clicked=lambda: box.close_with(form.values())), safe=True)
box.closed.connect(on_result)      # None after Esc, the cross or cancel()
box.open()

Keys of every dialog: Enter presses the button that has the focus, Ctrl+Enter the primary one, Esc cancels and asks
first where something was typed.
"""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from expo_app.i18n import _
from expo_app.ui.kit import tab_order, theme
from expo_app.ui.kit.buttons import IconButton
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.labels import KeyCap, Label, Line, Pill
from expo_app.ui.kit.overlay import SUBMIT, Overlay, top
from expo_app.ui.kit.panels import column, row, scrolled
from expo_app.ui.kit.questions import confirm

__all__ = ["Dialog", "top"]


class Dialog(Overlay):
    """Header (title, pill, small words, cross), a body that scrolls, a fixed footer with the verbs."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        width: int = theme.Width.DIALOG,
        pill: tuple[str, str] | None = None,
        note: str = "",
    ) -> None:
        super().__init__(parent)
        self._wanted_width = width
        self._safe: QWidget | None = None
        self.setAccessibleName(title)
        self._outer = outer = column(self, 0, 1)
        outer.addWidget(self._make_head(title, pill, note))
        outer.addWidget(Line())
        self._content = QWidget()
        self.body: QVBoxLayout = column(self._content, theme.Space.M)
        self.body.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self._area: QScrollArea = scrolled(self._content)
        outer.addWidget(self._area, 1)
        self._footer = QWidget()
        self._footer_row = row(self._footer)
        self._footer_row.setContentsMargins(theme.Space.XL, theme.Space.M, theme.Space.XL, theme.Space.M)
        self._footer_row.addStretch(1)
        outer.addWidget(Line())
        outer.addWidget(self._footer)
        self._lefts = 0
        self._typed_before: list[str] = []
        self._content.installEventFilter(self)

    def open(self) -> None:
        super().open()
        self.keep_typed()

    def keep_typed(self) -> None:
        """What is typed is done with: closing asks about nothing but what is typed from now on."""
        self._typed_before = self._typed()

    def _typed(self) -> list[str]:
        """What every field for words in the body holds (a number's too); what only narrows a list is left out."""
        lines = [f for f in self._content.findChildren(QLineEdit) if not isinstance(f, SearchField) and f.isEnabled()]
        texts = self._content.findChildren(QPlainTextEdit)
        return [f.text() for f in lines] + [text.toPlainText() for text in texts]

    def cancel(self) -> None:
        """Esc and the cross: at once where nothing was typed since it opened, else after asking."""
        if not self._is_open or self._typed() == self._typed_before:
            super().cancel()
            return
        title, text = _("放弃填写的内容？"), _("关闭后要重新填写。")
        confirm(self, title, text, _("放弃"), self.close_with, danger=True, safe=_("接着填"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._content and self.is_open:
            self._place()
        return super().eventFilter(watched, event)

    def _make_head(self, title: str, pill: tuple[str, str] | None, note: str) -> QWidget:
        head = QWidget()
        self.head_row = line = row(head)
        line.setContentsMargins(theme.Space.XL, theme.Space.M, theme.Space.L, theme.Space.M)
        self.title, self.note = Label(title, "title"), Label(note, "fact")
        line.addWidget(self.title)
        if pill:
            line.addWidget(Pill(*pill, shape=False))
        line.addWidget(self.note)
        line.addStretch(1)
        self.close_button = IconButton("close-line", _("关闭"), self.cancel)
        line.addWidget(self.close_button)
        return head

    def add_action(self, button: QWidget, safe: bool = False) -> None:
        """Add a button at the right of the footer; `safe` gets the focus on opening when the body has no field.

        The primary one is pressed by Ctrl+Enter too.
        """
        self._footer_row.addWidget(button)
        if safe:
            self._safe = button
        if isinstance(button, QAbstractButton) and button.property("kind") == "primary":
            self.submits_by_keys(button)
            button.setToolTip(button.toolTip() or SUBMIT[-1])

    def show_submit_keys(self) -> None:
        """Say at the left of the footer that Ctrl+Enter submits."""
        self.add_left(KeyCap(SUBMIT[-1]))
        self.add_left(Label(_("提交"), "fact"))

    def add_left(self, widget: QWidget) -> None:
        """Add a hint (keys, state of the draft) at the left of the footer."""
        self._footer_row.insertWidget(self._lefts, widget)
        self._lefts += 1

    def first_focus(self) -> QWidget | None:
        return next(iter(tab_order.stops(self._content)), None) or self._safe or super().first_focus()

    def wanted_size(self) -> QSize:
        width = min(self._wanted_width, self._window.width() - 48)
        inner = self.body.totalHeightForWidth(width - 2)
        inner = inner if inner >= 0 else self.body.totalSizeHint().height()
        frame = self._outer.sizeHint().height() - self._area.sizeHint().height()
        return QSize(width, inner + frame)
