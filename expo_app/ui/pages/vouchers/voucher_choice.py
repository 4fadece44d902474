"""Which voucher pays, in 用券登记: asked where a company has several, and why there is none with the way to apply."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules.amounts import format_yuan
from expo_app.specs.voucher_shown import Look
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.labels import ElidedLabel
from expo_app.ui.kit.panels import column, row


class VoucherChoice(QWidget):
    """Not there where the only voucher there is pays. `chosen(key)`: one was chosen, None: none."""

    chosen = Signal(object)

    def __init__(self, apply: Callable[[], object], may_apply: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self)
        self.box = ComboBox()
        self.box.activated.connect(lambda _place: self.chosen.emit(self.box.currentData()))
        self._field = FormField(_("用的券"), self.box)
        self._none = QWidget()
        line = row(self._none)
        self._why = ElidedLabel("", "body", "warn")
        line.addWidget(self._why, 1)
        self.apply_button = Button(_("申领券"), "plain", "coupon-3-line", clicked=apply)
        line.addWidget(self.apply_button)
        self.apply_button.setVisible(may_apply)  # in its place: alone it would be a window
        lines.addWidget(self._field)
        lines.addWidget(self._none)
        self.hide()

    def show_look(self, look: Look) -> None:
        """What there is to choose from."""
        is_choice = len(look.vouchers) > 1
        self._why.set_text(look.no_voucher)
        self._field.setVisible(is_choice)
        self._none.setVisible(bool(look.no_voucher) and not is_choice)
        self.setVisible(is_choice or bool(look.no_voucher))
        if is_choice:
            self._offer(look, look.voucher.id if look.voucher is not None else None)

    def _offer(self, look: Look, chosen: uuid.UUID | None) -> None:
        self.box.clear()
        self.box.addItem(_("选一张券"), None)
        for one in look.vouchers:
            until = one.expires_on.isoformat() if one.expires_on else _("办法终止")
            words = _("{no} · 余 {left} 元 · 至 {until}")
            self.box.addItem(words.format(no=one.voucher_no, left=format_yuan(one.left), until=until), one.id)
        self.box.setCurrentIndex(max(0, self.box.findData(chosen)))
