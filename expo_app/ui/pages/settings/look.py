"""Appearance, language, sound; and what this program is."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from expo_app import i18n, paths
from expo_app.i18n import N_, _, language
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Segmented
from expo_app.ui.kit.fields import SpinBox
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import Card, FactRow, clear, row
from expo_app.ui.pages.settings.data import Section

LOOKS = (("light", N_("浅色")), ("dark", N_("深色")), ("system", N_("跟随系统")))


class LookSection(Section):
    """What belongs to this computer and person, not to the expo."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("外观与语言"))
        self.header.set_fact(_("只影响这台电脑"))

    def fill(self) -> None:
        clear(self.cards)
        looks = Segmented([(key, _(words)) for key, words in LOOKS], theme.choice())
        looks.chosen.connect(self._set_theme)
        languages = Segmented(list(i18n.LANGUAGES.items()), language())
        languages.chosen.connect(self.context.language_wanted.emit)
        volume = SpinBox(0, 100)
        volume.setValue(self.context.settings.sound_volume)
        volume.setAccessibleName(_("提示音音量"))
        volume.valueChanged.connect(lambda n: self.context.remember(sound_volume=n))
        card = Card()
        for words, widget in ((_("外观"), looks), (_("语言"), languages), (_("提示音音量（%）"), volume)):
            card.body.addLayout(_line(words, widget))
        self.cards.addWidget(card)
        about = Card(_("关于"))
        for words, value in (
            (_("程序"), "展务台 ExpoDesk 0.1.0"),
            (_("设置文件"), str(paths.config_dir())),
            (_("日志"), str(paths.log_dir())),
            (_("许可"), _("MIT；字体 Noto Sans SC（OFL），图标 Remix Icon（Apache-2.0）")),
        ):
            about.body.addWidget(FactRow(words, value))
        self.cards.addWidget(about)

    def _set_theme(self, name: object) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, str(name))
        self.context.remember(theme=str(name))


def _line(words: str, widget: QWidget) -> QHBoxLayout:
    line = row()
    label = Label(words, "secondary")
    label.setMinimumWidth(theme.Width.PANEL_NARROW // 2)
    line.addWidget(label)
    line.addWidget(widget)
    line.addStretch(1)
    return line
