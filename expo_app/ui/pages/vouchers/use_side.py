"""The column beside 用券登记: limits, related parties with the company's declaration, and what submitting needs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.specs.voucher_shown import Check, Look
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Tick
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, clear, column
from expo_app.ui.pages.vouchers import use_words
from expo_app.ui.pages.vouchers.use_parts import CheckLines, LimitView

WIDE, NARROW = 344, 296
"""px of the column, and in a narrow window."""
DECLARED = "is_unrelated"
"""The field of the form that a check of related parties asks for."""


class UseSide(QWidget):
    """Three cards. `declared`: the tick of the declaration, made by hand alone; `amber`: who used balance since."""

    def __init__(self, on_declared: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDE)
        lines = column(self)
        self.limits = Card(_("额度"), padding=theme.Space.M)
        self._limits_said = Label("", "caption.bold")
        self.limits.add_head(self._limits_said)
        self.amber = Label("", "caption", "warn", wrap=True)
        self.amber.hide()
        self._no_limits = Label(_("选好企业和日期后显示"), "fact", wrap=True)
        self._bars = column(spacing=theme.Space.XS)
        self.limits.body.addWidget(self.amber)
        self.limits.body.addWidget(self._no_limits)
        self.limits.body.addLayout(self._bars)
        lines.addWidget(self.limits)
        self.related = Card(_("关联方检查"), padding=theme.Space.M)
        self._related_said = Label("", "caption.bold")
        self.related.add_head(self._related_said)
        self.related_checks = CheckLines()
        self.declared = Tick(_("企业声明双方无关联"))
        self.declared.clicked.connect(lambda _on: on_declared())
        self.related.body.addWidget(self.related_checks)
        self.related.body.addWidget(self.declared)
        lines.addWidget(self.related)
        self.before = Card(_("提交前检查"), padding=theme.Space.M)
        self.before.set_colors("bg.subtle", "bg.subtle")
        self.checks = CheckLines()
        self.before.body.addWidget(self.checks)
        lines.addWidget(self.before)
        lines.addStretch(1)
        self._shown: tuple[object, ...] = ()

    def show_limits(self, look: Look) -> None:
        """The bars, made anew only where they changed."""
        if look.limits == self._shown:
            return
        self._shown = look.limits
        clear(self._bars)
        self._no_limits.setVisible(not look.limits)
        for limit in look.limits:
            self._bars.addWidget(LimitView(use_words.limit_bar(limit)))
        words, tone = use_words.limits_said(look.limits)
        self._limits_said.setText(words)
        self._limits_said.set_tone(tone)

    def show_checks(self, look: Look) -> None:
        """Both lists of checks."""
        self.related_checks.set([one for one in look.related if not _is_declaration(one)])
        declaration = next((one for one in look.related if _is_declaration(one)), None)
        self.declared.setVisible(declaration is not None)
        if declaration is not None:
            self.declared.setChecked(look.draft.is_unrelated)
        words, tone = use_words.missing(look.related)
        self._related_said.setText(words if look.related else "")
        self._related_said.set_tone(tone)
        is_open = any(one.blocks for one in look.related)
        self.related.set_colors(*(("warn.soft", "warn.solid") if is_open else ("bg.surface", "border")))
        self.related.setVisible(bool(look.related))
        self.checks.set(look.checks)
        self.before.setVisible(bool(look.checks))

    def say_used(self, words: str) -> None:
        """Somebody else used balance since the form was opened; "" takes it away."""
        self.amber.setText(words)
        self.amber.setVisible(bool(words))
        self.limits.set_colors(*(("warn.soft", "warn.solid") if words else ("bg.surface", "border")))


def _is_declaration(check: Check) -> bool:
    return check.field == DECLARED
