"""Dialogs of a suggestion: why it is not suitable, and what a side said and how (代答)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.model import Answer, Unsuitable
from expo_app.services.suggestion_acts import MOST_HOW, MOST_WORDS
from expo_app.specs.suggested import Card, Party
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, ChipRow, Segmented
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label

WAYS = (N_("电话"), N_("现场"), N_("微信"), N_("邮件"))
"""How somebody answered; the words beside may say more."""


def ask_why(parent: QWidget, card: Card, then: Callable[[Unsuitable, str], object]) -> Dialog:
    """不合适: one reason of a few, OTHER with words; `then(reason, words)`."""
    box = Dialog(parent, _("不合适"), theme.Width.DIALOG)
    title = f"{card.demand.read_title} ↔ {card.supply.read_title}"
    box.body.addWidget(Label(title, "strong", wrap=True))
    reasons = ChipRow([(reason, reason.label, None) for reason in Unsuitable], wrap=False, first=False)
    held = FormField(_("原因"), reasons)
    box.body.addWidget(held)
    line = LineEditor()
    line.setMaxLength(MOST_WORDS)
    field = FormField(_("说明"), line, _("选“其他”时要写；它留在列表里，随时可撤回，同一对再算时减分"))
    box.body.addWidget(field)

    def press() -> None:
        reason, words = reasons.key, line.text().strip()
        if not isinstance(reason, Unsuitable):
            held.set_problem(_("先选一个原因。"))
            return
        if reason is Unsuitable.OTHER and not words:
            field.set_problem(_("选“其他”要写原因。"))
            line.setFocus()
            return
        box.close_with((reason, words))

    line.returnPressed.connect(press)
    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(Button(_("记为不合适"), "primary", clicked=press), safe=True)
    box.closed.connect(lambda given: then(*given) if given else None)
    box.open()
    return box


def ask_answer(parent: QWidget, card: Card, party: Party, then: Callable[[Answer, str], object]) -> Dialog:
    """代答: what a side said, how, and in words who; a refusal needs its reason. `then(answer, how)`."""
    box = Dialog(parent, _("代{party}答复").format(party=_(party)), theme.Width.DIALOG)
    subject = card.of(party)
    box.body.addWidget(Label(f"{subject.owner} · {subject.read_title}", "strong", wrap=True))
    said = Segmented([(Answer.ACCEPTED, Answer.ACCEPTED.label), (Answer.DECLINED, Answer.DECLINED.label)])
    box.body.addWidget(said)
    ways = ChipRow([(way, _(way), None) for way in WAYS], wrap=False)
    box.body.addWidget(FormField(_("怎样答复的"), ways))
    line = LineEditor()
    line.setMaxLength(MOST_HOW - 10)
    field = FormField(_("谁答复的、原因"), line, _("婉拒要写原因"))
    box.body.addWidget(field)

    def press() -> None:
        words, answer = line.text().strip(), said.key
        if answer is Answer.DECLINED and not words:
            field.set_problem(_("婉拒要写原因。"))
            line.setFocus()
            return
        box.close_with((answer, _("：").join(filter(None, (_(str(ways.key)), words)))))

    line.returnPressed.connect(press)
    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(Button(_("记下答复"), "primary", clicked=press), safe=True)
    box.closed.connect(lambda given: then(*given) if given else None)
    box.open()
    return box
