"""The running order beside the clerk's page: which pitch is looked at, which runs, which was pitched."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from expo_app.i18n import _
from expo_app.specs.roadshow_hall import PitchLine, Show
from expo_app.ui.kit import theme
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.panels import Card, clear, column, scrolled


class OrderCard(Card):
    """`picked(pitch id)` by a press."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("路演顺序"), _("PgUp PgDn 换项目"), parent=parent)
        self.setFixedWidth(theme.Width.PANEL_NARROW - theme.Space.XXXL)
        inner = QWidget()
        self._lines: QVBoxLayout = column(inner, theme.Space.XS)
        self.body.addWidget(scrolled(inner), 1)

    def show_order(self, show: Show, chosen: uuid.UUID | None) -> None:
        """The pitches in their order; the one looked at has an arrow."""
        clear(self._lines)
        numbers = {pitch.id: str(n) for n, pitch in enumerate(show.held, 1)}
        for pitch in show.pitches:
            is_chosen = pitch.id == chosen
            row = ItemRow(
                pitch.title, " · ".join(filter(None, (pitch.presenter, _minutes(pitch)))),
                lead=("▸", "info") if is_chosen else (numbers.get(pitch.id, "—"), "mute"),
                pill=state_of(pitch), clicked=partial(self.picked.emit, pitch.id), token="primary", below=True,  # noqa: S106
            )  # fmt: skip
            row.setToolTip(pitch.title)
            self._lines.addWidget(row)
        self._lines.addStretch(1)


def state_of(pitch: PitchLine) -> tuple[str, str]:
    """How it stands in a word, and its tone."""
    if pitch.is_running:
        return _("在讲"), "ok"
    if pitch.is_cancelled:
        return _("已取消"), "mute"
    return (_("已讲"), "mute") if pitch.ended_at is not None else (_("待讲"), "info")


def _minutes(pitch: PitchLine) -> str:
    return _("{n} 分钟").format(n=pitch.minutes) if pitch.minutes else ""
