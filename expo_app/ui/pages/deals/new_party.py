"""An organisation that becomes a party and is not known yet: its name, credit code, region and kind, in place."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.services import deals_parties, expos
from expo_app.specs import ORGANISATIONS
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.panels import clear, column
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records.form import Form

MOST_ALIKE = 3
FIELDS = {"name": 12, "credit_code": 6, "kind_id": 6, "region_code": 6, "address": 6}
"""What is asked, with the units of twelve it takes."""


class NewParty(Dialog):
    """Closed with the name of the organisation that was made or, of those named alike, taken; None where none was."""

    def __init__(self, parent: QWidget, context: Context, name: str) -> None:
        super().__init__(parent, _("新建单位“{name}”？").format(name=name), theme.Width.DIALOG)
        self.context = context
        self._refused = column(spacing=theme.Space.S)
        self.body.addLayout(self._refused)
        fields = [ORGANISATIONS.field(field) for field in FIELDS]
        places = [field.name for field in fields if field.is_place]
        self.form = Form(
            ORGANISATIONS, fields=fields, spans=FIELDS, look_up=context.options, terms=context.terms,
            offers=dict.fromkeys(places, expos.places(context.db, context.expo_id)),
            homes=expos.homes(context.db, context.expo_id),
        )  # fmt: skip
        self.form.fill({"name": name})
        for _key, known in context.options("organisations", name)[:MOST_ALIKE]:
            words = _("已有“{name}”。").format(name=known)
            take = Button(_("用这家"), "plain", clicked=partial(self.close_with, known))
            take.setAccessibleName(_("用“{name}”").format(name=known))
            self.body.addWidget(Banner("info", words, [take]))
        self.body.addWidget(self.form)
        self.add_action(Button(_("接着填"), clicked=self.cancel))
        self.add_action(Button(_("新建单位"), "primary", "check-line", clicked=self.submit))

    def first_focus(self) -> QWidget | None:
        return self.form.editor("credit_code")

    def submit(self) -> None:
        """Make it; a refusal stays beside its field."""
        clear(self._refused)
        if not self.form.check_all():
            return
        try:
            deals_parties.create(self.context.db, self.form.values())
        except InvalidRecord as refused:
            if rest := self.form.show_problems(refused.problems):
                self._refused.addWidget(Banner("bad", "；".join(rest.values())))
        except UserError as error:
            self._refused.addWidget(Banner("bad", str(error)))
        else:
            self.close_with(self.form.read("name"))
