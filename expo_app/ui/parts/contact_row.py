"""A person to be called: the number is masked until somebody who may see it says why, which is logged."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.rules import phones
from expo_app.services import records
from expo_app.specs import PEOPLE
from expo_app.specs.profile import Contact
from expo_app.store.database import Database
from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import IconButton
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.kit.labels import ElidedLabel, IconView
from expo_app.ui.kit.panels import row


class ContactRow(QFrame):
    """A person; the number is masked until somebody who may see it says why."""

    def __init__(
        self, contact: Contact, may_reveal: bool, reveal: Callable[[Contact, Callable[[str], None]], None]
    ) -> None:
        super().__init__()
        self.contact, self._reveal, self.phone = contact, reveal, ""
        line = row(self)
        line.addWidget(IconView("user-line"))
        line.addWidget(ElidedLabel(contact.name))
        self.detail = ElidedLabel(self._words(contact.phone if not may_reveal else ""), "fact")
        line.addWidget(self.detail, 1)
        if contact.phone and may_reveal:
            shown = _("显示{name}的手机 {phone}").format(name=contact.name, phone=contact.phone)
            self.eye = IconButton("phone-line", shown, self.show_phone)
            self.copy = IconButton("file-copy-line", _("复制{name}的手机").format(name=contact.name), self.copy_phone)
            line.addWidget(self.eye)
            line.addWidget(self.copy)

    def _words(self, phone: str) -> str:
        role = _("主联系人") if self.contact.is_main else ""
        return " · ".join(filter(None, (phone, self.contact.title, role)))

    def show_phone(self) -> None:
        """Ask why, then show the whole number."""
        self._with_phone(lambda _phone: None)

    def copy_phone(self) -> None:
        """Put the whole number into the clipboard."""
        self._with_phone(self._copy)

    def set_phone(self, phone: str) -> None:
        """Show a number in full."""
        self.phone = phone = phones.show(phone)
        self.detail.set_text(self._words(phone))

    def _copy(self, phone: str) -> None:
        QGuiApplication.clipboard().setText(phone)
        messages.show(self, _("已复制"), "ok")

    def _with_phone(self, then: Callable[[str], None]) -> None:
        def known(phone: str) -> None:
            self.set_phone(phone)
            then(self.phone)

        if self.phone:
            then(self.phone)
        else:
            self._reveal(self.contact, known)


def reveal_phone(
    owner: QWidget, db: Database, known: dict[uuid.UUID, str], contact: Contact, then: Callable[[str], None]
) -> None:
    """Ask why, have it logged, then give the whole number to `then`; `known` keeps it by person."""
    text = _("手机和邮箱是个人信息，谁在何时看过会留下记录。")

    def show(why: str) -> None:
        try:
            phone = records.get(db, PEOPLE, contact.person_id, reveal=why)["phone"] or ""
        except UserError as error:
            messages.show(owner, error)
            return
        known[contact.person_id] = phone
        then(phone)

    ask_reason(owner, _("显示{name}的手机").format(name=contact.name), text, _("显示"), show)
