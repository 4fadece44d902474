"""The form of a programme item: beginning, end and length say the same while one types."""

from __future__ import annotations

from datetime import timedelta

from expo_app.ui.records.form import Form
from expo_app.ui.records.record_dialog import RecordDialog

TIMES = ("starts_at", "ends_at", "minutes")
MINUTE = timedelta(minutes=1)


class ItemDialog(RecordDialog):
    def make_form(self) -> Form:
        form = super().make_form()
        form.edited.connect(self._keep_in_step)
        return form

    def _keep_in_step(self, name: str) -> None:
        """The length follows the two times, the end follows the length, as it is saved."""
        if name not in TIMES:
            return
        start, end, minutes = map(self.form.read, TIMES)
        if name == "minutes" and start and minutes:
            self.form.set_values({"ends_at": start + minutes * MINUTE}, ["ends_at"])
        elif name != "minutes" and start and end and end > start:
            self.form.set_values({"minutes": (end - start) // MINUTE}, ["minutes"])
