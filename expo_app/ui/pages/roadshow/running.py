"""The pitch that is looked at: what it is, how long it may still speak, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.services.roadshow_screen import clock_of
from expo_app.specs.roadshow_hall import PitchLine, Show
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Label, Pill
from expo_app.ui.kit.panels import Card, column, row
from expo_app.ui.pages.roadshow.order import state_of

TONES = {"": "", "warn": "warn", "bad": "bad"}


class RunningCard(Card):
    """`do`(act) is asked by the buttons, as by the keys."""

    def __init__(self, do: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title, self.who = ElidedLabel("", "title"), ElidedLabel("", "fact")
        self.state = Pill("", "mute")
        self.clock, self.below = Label("", "kpi"), Label("", "caption")
        self.next = ElidedLabel("", "fact")
        self.run = Button(_("开始"), "primary", "play-circle-line", "F7", show_keys=True)
        self.go_on = Button(_("下一项"), icon="arrow-right-line", keys="F8", show_keys=True)
        self.longer = Button(_("加 1 分钟"), icon="time-line", keys="F9", show_keys=True)
        self.drop = Button(_("取消本项"), "text")
        acts = ((self.run, "run"), (self.go_on, "next"), (self.longer, "longer"), (self.drop, "drop"))
        for button, act in acts:
            button.clicked.connect(partial(self._on_clicked, do, act))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._build()

    @staticmethod
    def _on_clicked(do: Callable[[str], object], act: str, _checked: bool = False) -> None:
        do(act)

    def _build(self) -> None:
        head = row(spacing=theme.Space.M)
        words = column(spacing=theme.Space.XS)
        words.addWidget(self.title)
        line = row(spacing=theme.Space.S)
        line.addWidget(self.state)
        line.addWidget(self.who, 1)
        words.addLayout(line)
        words.addWidget(self.next)
        head.addLayout(words, 1)
        time = column(spacing=0)
        time.addWidget(self.clock, 0, Qt.AlignmentFlag.AlignRight)
        time.addWidget(self.below, 0, Qt.AlignmentFlag.AlignRight)
        head.addLayout(time)
        self.body.addLayout(head)
        foot = row(spacing=theme.Space.S)
        foot.addWidget(self.drop)
        foot.addStretch(1)
        for button in (self.longer, self.go_on, self.run):
            foot.addWidget(button)
        self.body.addLayout(foot)

    def show_pitch(self, pitch: PitchLine | None, show: Show | None, now: datetime, may: bool) -> None:
        """The pitch at a moment; the buttons for whoever may."""
        if pitch is None or show is None:
            return
        self._tell(pitch, show)
        words, tone = clock_of(pitch, now)
        self.clock.setText(words)
        self.clock.set_tone(tone)
        self.below.setText((_("超时") if tone == "bad" else _("剩余时间")) if words else "")
        self.run.set_text(_("结束") if pitch.is_running else _("开始"))
        self.run.setEnabled(may and not pitch.is_cancelled)
        self.drop.set_text(_("恢复本项") if pitch.is_cancelled else _("取消本项"))
        self.drop.setVisible(pitch.started_at is None)
        self.drop.setEnabled(may)
        self.go_on.setEnabled(may and (show.next is not None or show.current is not None))
        self.longer.setVisible(pitch.is_running and pitch.minutes is not None)
        self.longer.setEnabled(may)

    def _tell(self, pitch: PitchLine, show: Show) -> None:
        self.title.set_text(pitch.title)
        minutes = _("{n} 分钟").format(n=pitch.minutes) if pitch.minutes else _("没有写时长")
        self.who.set_text(" · ".join(filter(None, (pitch.presenter, pitch.owner, minutes))))
        self.state.set(*state_of(pitch))
        following = show.next
        self.next.set_text(_("下一项：{title}").format(title=following.title) if following else "")
