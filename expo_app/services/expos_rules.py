"""What an expo has from the start, and who holds it."""

from __future__ import annotations

from expo_app.model import ExpoOrganiser
from expo_app.services.child_rows import sync_bodies
from expo_app.services.record_writer import Draft, Writer
from expo_app.specs.expo import ORGANISERS


def organisers(writer: Writer, drafts: list[Draft]) -> None:
    """Organisers as entered; roles not entered stay as they are."""
    sync_bodies(writer, ExpoOrganiser.__table__, "expo_id", drafts, ORGANISERS)
