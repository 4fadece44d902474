"""How the projector stands, beside the console."""

from __future__ import annotations

from PySide6.QtCore import Signal

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import ElidedLabel, IconView
from expo_app.ui.kit.panels import Card, row
from expo_app.ui.kit.theme import Space
from expo_app.ui.pages.auction.console_parts import KEYS_OF, HallKey
from expo_app.ui.parts.projector import Link, Projector

KEY_LOW = 52


class ProjectorCard(Card):
    """Whether the hall sees anything; black, and a preview."""

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__(padding=Space.M)
        self.set_colors("bg.subtle", "border")
        line = row()
        self.icon = IconView("slideshow-3-line", "text.2", theme.IconSize.RAIL)
        self.says = ElidedLabel()
        line.addWidget(self.icon)
        line.addWidget(self.says, 1)
        self.body.addLayout(line)
        keys = row()
        self.open = self._key(_("打开"), "project")
        self.black = self._key(_("黑屏"), "black")
        self.preview = self._key(_("预览"), "preview")
        for button in (self.open, self.black, self.preview):
            keys.addWidget(button)
        self.body.addLayout(keys)

    def _key(self, words: str, act: str) -> HallKey:
        key = HallKey(words, KEYS_OF[act])
        key.setFixedHeight(KEY_LOW)
        key.clicked.connect(lambda: self.acted.emit(act))
        return key

    def show_link(self, projector: Projector) -> None:
        """Say how it stands."""
        words, token = {
            Link.OFF: (_("投影：没有打开"), "text.2"),
            Link.ON: (_("投影：已连接 {name}").format(name=projector.screen_name), "ok"),
            Link.PREVIEW: (_("投影：没有第二块屏"), "warn"),
            Link.LOST: (_("投影：断开"), "bad"),
        }[projector.link]
        if projector.is_black and projector.window is not None:
            words = _("投影：黑屏")
        self.says.set_text(words)
        self.icon.set("slideshow-3-line", token)
        self.open.say(_("关闭") if projector.window is not None else _("打开"), KEYS_OF["project"])
        self.black.setEnabled(projector.is_open)
