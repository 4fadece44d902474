"""The right of a tenant's page: what was granted to it, and how both places count it."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.model import SupportState
from expo_app.plain_text import shown
from expo_app.rules import amounts
from expo_app.specs.park_shown import Support, TenantPage
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import IconButton
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import ElidedLabel, Label, Line, SectionTitle
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.records import state_colours

WIDTH, NARROW = 304, 272
SOON = 60
"""Days before its end in which a support is said to run out."""


def support_pill(one: Support, today: date) -> tuple[str, str]:
    """How a support stands: its end where that is near or past, else its state."""
    if one.valid_until is not None and one.state in (SupportState.RUNNING, SupportState.AGREED):
        left = (one.valid_until - today).days
        if left < 0:
            return _("已到期"), "bad"
        if left <= SOON:
            return (_("{n} 天后到期").format(n=left) if left else _("今天到期")), "warn"
    return one.state.label, state_colours.pill(one.state)


def support_head(one: Support) -> str:
    """研发 · 298,000.00 元."""
    amount = _("{yuan} 元").format(yuan=amounts.format_yuan(one.amount)) if one.amount is not None else _("无金额")
    return f"{one.kind.label} · {amount}"


def support_facts(one: Support) -> str:
    """What it is, with whom, on what grounds."""
    mark = _("示例") if one.is_sample else ""
    return " · ".join(filter(None, (one.title, one.partner, one.basis, mark)))


class SupportsCard(Card):
    """`opened(id)` of one that was pressed, `adding` of 新增."""

    opened = Signal(object)
    adding = Signal()

    def __init__(self) -> None:
        super().__init__(padding=theme.Space.M)
        self.body.setSpacing(theme.Space.XS)
        head = row()
        head.addWidget(SectionTitle(_("政策支持")))
        self._sum = ElidedLabel("", "caption.bold")
        self._sum.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._sum, 1)
        self.add_button = IconButton("add-line", _("新增政策支持"), self.adding.emit, "primary")
        head.addWidget(self.add_button)
        self.body.addLayout(head)
        self.body.addWidget(Line())
        self._lines = column(spacing=2)
        self.body.addLayout(self._lines)

    def set(self, page: TenantPage, may_edit: bool) -> None:
        """Show what was granted."""
        self.add_button.setVisible(may_edit)
        has_money = any(one.amount is not None for one in page.supports)
        total = _("合计 {yuan} 元").format(yuan=amounts.format_yuan(page.granted)) if has_money else ""
        self._sum.set_text(total)
        clear(self._lines)
        for number, one in enumerate(page.supports):
            if number:
                self._lines.addWidget(Line())
            self._lines.addWidget(self._row(one, page.today))
        if not page.supports:
            self._lines.addWidget(Label(_("还没有记政策支持。"), "fact", wrap=True))

    def _row(self, one: Support, today: date) -> QWidget:
        made = ItemRow(
            support_head(one), support_facts(one), pill=support_pill(one, today), below=True,
            clicked=partial(self.opened.emit, one.id),
        )  # fmt: skip
        until = _("有效期至 {day}").format(day=one.valid_until.isoformat()) if one.valid_until else ""
        made.setToolTip(shown("\n".join(filter(None, (support_head(one), support_facts(one), until)))))
        return made


class TermsCard(Card):
    """两地怎么算, as the park has it."""

    def __init__(self) -> None:
        super().__init__(padding=theme.Space.M)
        self.set_colors("bg.subtle", "bg.subtle")
        self.body.setSpacing(theme.Space.XS)
        self.body.addWidget(Label(_("两地怎么算"), "strong"))
        self._words = Label("", "fact", wrap=True)
        self.body.addWidget(self._words)

    def set(self, page: TenantPage) -> None:
        """Show a park's terms; a project that both places claim is one."""
        once = _("两地各记 1 个项目，合计只记 1。")
        terms = page.sharing_terms or _("园区还没有写两地怎么分，在园区的“两地怎么算”里填。")
        self._words.setText(terms if "只记" in terms else f"{terms} {once}")


class Side(QWidget):
    """The column: supports, follow-up (put in by the page), terms."""

    def __init__(self) -> None:
        super().__init__()
        held = QWidget()
        self._inner = column(held, theme.Space.M)
        self.supports, self.terms = SupportsCard(), TermsCard()
        self._tasks: Card | None = None
        self._inner.addWidget(self.supports)
        self._inner.addWidget(self.terms)
        self._inner.addStretch(1)
        column(self, 0).addWidget(scrolled(held))

    def set_tasks(self, box: QWidget) -> None:
        """Put in what is to be done, in the place of what was there."""
        if self._tasks is not None:
            self._inner.removeWidget(self._tasks)
            self._tasks.hide()
            self._tasks.deleteLater()
        self._tasks = Card(padding=theme.Space.M)
        self._tasks.body.addWidget(box)
        self._inner.insertWidget(1, self._tasks)

    def fit(self, is_narrow: bool) -> None:
        """Its width."""
        self.setFixedWidth(NARROW if is_narrow else WIDTH)
