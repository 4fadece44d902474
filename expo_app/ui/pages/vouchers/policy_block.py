"""适用政策 in 用券登记: the version the day of the contract chose, what it says, and the split it gives."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from expo_app.i18n import _
from expo_app.rules.voucher_split import Split
from expo_app.specs.voucher_shown import Look, PolicyShown
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.labels import ElidedLabel, Label, Pill, SectionTitle
from expo_app.ui.kit.panels import Card, clear, column, row
from expo_app.ui.pages.vouchers import use_words
from expo_app.ui.pages.vouchers.split_bar import SplitBar


class PolicyBlock(QWidget):
    """Heading, facts in two columns, the split bar. Without a version it says why, and offers to enter one."""

    def __init__(self, enter: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy: PolicyShown | None = None
        self._shown: object = ()
        lines = column(self)
        self._head = row(spacing=theme.Space.S)
        self._head.addWidget(SectionTitle(_("适用政策")))
        self._pills = row(spacing=theme.Space.S)
        self._head.addLayout(self._pills)
        self._chosen = ElidedLabel("", "fact")
        self._head.addWidget(self._chosen, 1)
        self.text_button = Button(_("看办法全文"), "link", clicked=self.show_text)
        self.enter_button = Button(_("录入办法"), "plain", "add-line", clicked=enter)
        self._head.addWidget(self.text_button)
        self._head.addWidget(self.enter_button)
        lines.addLayout(self._head)
        self._card = Card(padding=theme.Space.M)
        self._card.set_colors("bg.subtle", "border")
        self._box = QWidget()
        self._grid = QGridLayout(self._box)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.Space.M)
        self._grid.setVerticalSpacing(theme.Space.XS)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self._card.body.addWidget(self._box)
        lines.addWidget(self._card)
        self.bar = SplitBar()
        lines.addWidget(self.bar)

    def show_policy(self, look: Look) -> None:
        """The version, or why there is none."""
        policy = look.policy
        shown = (policy, look.no_policy, look.draft.contract_on)
        if shown == self._shown:
            return
        self._shown, self._policy = shown, policy
        clear(self._pills)
        clear(self._grid)
        self.text_button.setVisible(policy is not None and bool(policy.text or policy.source))
        self.enter_button.setVisible(policy is None and bool(look.no_policy))
        if policy is None:
            self._chosen.set_text("")
            words = look.no_policy or _("选好企业、填上签订日期后，按那天有效的版本算。")
            self._grid.addWidget(Label(words, "secondary", wrap=True), 0, 0, 1, 4)
            return
        self._pills.addWidget(Pill(_("第 {n} 版").format(n=policy.version_no), "info", shape=False))
        if policy.is_sample:
            self._pills.addWidget(Pill(_("示例"), "warn", shape=False))
        day = look.draft.contract_on
        self._chosen.set_text(_("按合同签订日 {day} 自动选定").format(day=day.isoformat()) if day else "")
        for place, (name, words) in enumerate(use_words.policy_facts(policy)):
            line, side = divmod(place, 2)
            self._grid.addWidget(Label(name, "caption"), line, 2 * side, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(Label(words, "fact", wrap=True), line, 2 * side + 1)

    def show_split(self, look: Look, split: Split | None) -> None:
        """Both parts, or why there is nothing to split."""
        if split is not None:
            self.bar.set_parts(*use_words.split_parts(split, look))
        else:
            self.bar.set_empty(
                _("填上金额后显示券付和自付") if look.policy is not None else _("没有适用的办法，不拆分")
            )

    def show_text(self) -> None:
        """办法全文 and where it comes from, over the form."""
        policy = self._policy
        if policy is None:
            return
        box = Dialog(self, policy.title, theme.Width.DIALOG, (_("第 {n} 版").format(n=policy.version_no), "info"))
        if policy.source:
            box.body.addWidget(Label(_("出处：{source}").format(source=policy.source), "fact", wrap=True))
        box.body.addWidget(Label(policy.text or _("没有录入全文。"), wrap=True))
        box.body.addStretch(1)
        box.add_action(Button(_("关闭"), clicked=box.cancel), safe=True)
        box.open()
