"""The form of a programme item: beginning, end and length say the same while one types."""

from __future__ import annotations

from datetime import timedelta

from expo_app.i18n import _
from expo_app.model import WordRole
from expo_app.routes.deals import CeremonyRoute
from expo_app.ui.kit.buttons import Button
from expo_app.ui.records.form import Form
from expo_app.ui.records.record_dialog import RecordDialog

TIMES = ("starts_at", "ends_at", "minutes")
MINUTE = timedelta(minutes=1)


class ItemDialog(RecordDialog):
    """The form; where agreements are signed it leads on to the stage."""

    def make_form(self) -> Form:
        if self.record_id is not None and self._is_signing():
            button = Button(_("签约仪式"), icon="slideshow-3-line", clicked=self._go_to_stage)
            self.head_row.insertWidget(self.head_row.count() - 1, button)
        form = super().make_form()
        form.edited.connect(self._keep_in_step)
        return form

    def _is_signing(self) -> bool:
        kind = self.context.terms("item_kinds").called(self.seen.get("kind_id") or "")
        return kind is not None and kind.role is WordRole.SIGNING

    def _go_to_stage(self) -> None:
        """What was typed stays as a draft."""
        self.cancel()
        self.context.navigate(CeremonyRoute(item=self.record_id))

    def _keep_in_step(self, name: str) -> None:
        """The length follows the two times, the end follows the length, as it is saved."""
        if name not in TIMES:
            return
        start, end, minutes = map(self.form.read, TIMES)
        if name == "minutes" and start and minutes:
            self.form.set_values({"ends_at": start + minutes * MINUTE}, ["ends_at"])
        elif name != "minutes" and start and end and end > start:
            self.form.set_values({"minutes": (end - start) // MINUTE}, ["minutes"])
