"""Questions of the vocabularies page: which word to merge into, and what a ready-made set would add."""

import uuid
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules.terms import Term
from expo_app.services.categories import Entrance
from expo_app.services.words import Offered
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.labels import Label, Pill


class MergeDialog(Dialog):
    """Asks once: `merge(word to keep)`."""

    def __init__(
        self,
        parent: QWidget,
        term: Term,
        others: Sequence[Term],
        count: int,
        note: str,
        merge: Callable[[Term], object],
    ) -> None:
        super().__init__(parent, _("并入哪个词？"), theme.Width.CONFIRM)
        self.target = ComboBox()
        for other in others:
            self.target.addItem(other.label, other)
        self.body.addWidget(FormField(_("并入"), self.target))
        says = _("{n} 条记录改成并入的那个，“{name}”记成它的别名。Ctrl+Z 可撤销。")
        self.body.addWidget(Label(says.format(n=f"{count:,}", name=term.name), "secondary", wrap=True))
        if note:
            self.body.addWidget(Label(note, "secondary", wrap=True))
        self.add_action(Button(_("取消"), clicked=self.cancel), safe=True)
        self.add_action(Button(_("并入"), "primary", "git-merge-line", clicked=lambda: self.close_with(True)))
        self.closed.connect(lambda answer: merge(self.target.currentData()) if answer else None)


class OfferDialog(Dialog):
    """What would be added and what is there already, by name or alias; `add()` then."""

    def __init__(
        self, parent: QWidget, title: str, offered: Sequence[Offered], add: Callable[[], object], note: str = ""
    ) -> None:
        super().__init__(parent, title)
        new = [offer for offer in offered if offer.known is None]
        there = [offer for offer in offered if offer.known is not None]
        for head, group, kind in ((_("新增"), new, "info"), (_("已有，不动"), there, "mute")):
            self.body.addWidget(Label(f"{head} {len(group)}", "strong"))
            flow = QWidget()
            line = FlowLayout(flow, theme.Space.S)
            for offer in group:
                line.addWidget(Pill(_said(offer), kind, shape=False))
            self.body.addWidget(flow)
            flow.setVisible(bool(group))
        if note:
            self.body.addWidget(Label(note, "secondary", wrap=True))
        self.body.addStretch(1)
        self.add_action(Button(_("取消"), clicked=self.cancel), safe=True)
        words = _("新增 {n} 个").format(n=len(new)) if new else _("都已经有了")
        self.add_button = Button(words, "primary", clicked=lambda: self.close_with(True))
        self.add_button.setEnabled(bool(new))
        self.add_action(self.add_button)
        self.closed.connect(lambda answer: add() if answer else None)


class GatesDialog(Dialog):
    """The gates that a category passes: `save(ids)`. The page of gates says the same from its side."""

    def __init__(
        self, parent: QWidget, term: Term, gates: Sequence[Entrance], save: Callable[[set[uuid.UUID]], object]
    ) -> None:
        super().__init__(parent, _("可进入的入口"), theme.Width.CONFIRM, note=term.label)
        self.ticks: dict[uuid.UUID, Tick] = {}
        for gate in gates:
            tick = self.ticks[gate.id] = Tick(gate.name)
            tick.setChecked(gate.admits(term.id))
            self.body.addWidget(tick)
        self.body.addWidget(
            Label(_("和“入口与通道”里的允许类别是同一件事，从下一次扫码起生效。"), "secondary", wrap=True)
        )
        self.body.addStretch(1)
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(Button(_("保存"), "primary", clicked=lambda: self.close_with(True)))
        self.closed.connect(lambda answer: save(self._chosen()) if answer else None)

    def _chosen(self) -> set[uuid.UUID]:
        return {key for key, tick in self.ticks.items() if tick.isChecked()}


def _said(offer: Offered) -> str:
    """The word, and what it is called here where that differs."""
    name = str(offer.values["name"])
    known = offer.known
    return name if known is None or known.name == name else f"{name} → {known.name}"
