"""发布改动: what would change is listed first; a blocking clash refuses it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules.programme_clashes import blocking
from expo_app.services.programme import Change, ChangeKind, Programme
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.labels import Label, Line, Pill
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import Banner

KINDS = {ChangeKind.ADDED: "ok", ChangeKind.MOVED: "info", ChangeKind.REMOVED: "warn", ChangeKind.CANCELLED: "mute"}
MARK_WIDTH = 84


class PublishDialog(Dialog):
    """The list of changes of a programme; `publish()` is called when the person agrees."""

    def __init__(self, parent: QWidget, programme: Programme, publish: Callable[[], object]) -> None:
        changes = [item.change for item in programme.changed if item.change]
        super().__init__(parent, _("发布改动"), note=_("{n} 处").format(n=len(changes)))
        stops, warned = blocking(programme.clashes), [c for c in programme.open_clashes if not c.blocks]
        if stops:
            words = _("还有 {n} 处会场或时间冲突，处理后才能发布。").format(n=len(stops))
            self.body.addWidget(Banner("bad", words))
            for clash in stops:
                self.body.addWidget(Label(f"{clash.kind.label} · {clash.text}", "fact", wrap=True))
        elif warned:
            words = _("另有 {n} 处提醒还没处理，不妨碍发布。").format(n=len(warned))
            self.body.addWidget(Banner("warn", words))
        for number, change in enumerate(changes):
            if number:
                self.body.addWidget(Line())
            self.body.addWidget(_line(change))
        if not changes:
            self.body.addWidget(Label(_("没有改动，已发布的日程就是现在这样。"), "secondary"))
        self.body.addStretch(1)
        self.add_action(Button(_("取消"), clicked=self.cancel), safe=True)
        self.publish_button = Button(_("发布 {n} 处").format(n=len(changes)), "primary", "check-line")
        self.publish_button.clicked.connect(lambda _checked=False: self._agree(publish))
        self.publish_button.setEnabled(bool(changes) and not stops)
        self.add_action(self.publish_button)

    def _agree(self, publish: Callable[[], object]) -> None:
        self.close_with(True)
        publish()


def _line(change: Change) -> QWidget:
    widget = QWidget()
    line = row(widget, theme.Space.M)
    mark = QWidget()
    mark.setFixedWidth(MARK_WIDTH)
    column(mark).addWidget(Pill(change.kind.label, KINDS[change.kind]), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(mark)
    words = column(spacing=0)
    words.addWidget(Label(change.title, "strong", wrap=True))
    words.addWidget(Label(" → ".join(filter(None, (change.before, change.after))), "fact", wrap=True))
    line.addLayout(words, 1)
    return widget
