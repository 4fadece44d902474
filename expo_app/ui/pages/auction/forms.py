"""The forms of a session and of a lot: what does not apply is not there, what only some may set is for them."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.model import CommissionSide, LadderKind
from expo_app.rules.auction_checklist import CONSIGNMENT
from expo_app.rules.auction_presets import COURT_BANDS
from expo_app.services import auction_checklist, expos
from expo_app.specs.auction import REPORTED
from expo_app.specs.auction_lines import COMMISSIONS
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.panels import row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records.form import Form
from expo_app.ui.records.lines_editor import LinesEditor
from expo_app.ui.records.record_dialog import RecordDialog

MEASURES = {LadderKind.FIXED: "ladder_step", LadderKind.PERCENT: "ladder_percent", LadderKind.TABLE: "bands"}
"""The field that says how much, by the way increments go."""
HELD_HERE = ("starts_at", "place", "calls", "ladder", "payment_days", "refund_days", "is_commission_agreed",
             "commissions", "notice_on", "viewing_from", "viewing_until", "house_id", "licence_no", "auctioneer",
             "auctioneer_no", "recorder")  # fmt: skip
"""What is asked of a session that is run here, not of one that was reported."""


class _Dialog(RecordDialog):
    """`wanted`: the field it opens at; `cell`: of that field's lines."""

    wanted = cell = ""

    def first_focus(self) -> QWidget | None:
        if not self.wanted or not self.form.is_shown(self.wanted):
            return super().first_focus()
        QTimer.singleShot(0, self, self._go_to_wanted)
        editor: QWidget = self.form.editor(self.wanted)
        return editor

    def _go_to_wanted(self) -> None:
        self.form.focus(self.wanted)
        editor = self.form.editor(self.wanted)
        if isinstance(editor, LinesEditor) and self.cell:
            editor.go_to(self.cell)

    def leave_out_measures(self) -> list[str]:
        """Fields that measure increments in another way than the one chosen."""
        chosen = MEASURES.get(self.form.read("ladder"))
        return [name for name in MEASURES.values() if name != chosen]


class AuctionDialog(_Dialog):
    """A session: run here, or as it was reported."""

    def side(self) -> QWidget | None:
        self.form.edited.connect(self._on_field)
        box: FormField = self.form.box("commissions")
        take = Button(_("带入司法拍卖分档"), "text", "download-2-line", clicked=self.take_court_bands)
        line = row()
        line.addWidget(take)
        line.addStretch(1)
        box.layout().addLayout(line)  # type: ignore[union-attr]
        self._show_fields()
        return None

    def take_court_bands(self) -> None:
        """The bands of court sales for both sides, in the place of what is there."""
        rows = [
            {"side": side, "from_amount": start, "percent": percent}
            for side in CommissionSide
            for start, percent in COURT_BANDS
        ]
        self.form.fill({"commissions": COMMISSIONS.text(rows)})

    def _on_field(self, name: str) -> None:
        if name in ("ladder", "is_reported"):
            self._show_fields()

    def _show_fields(self) -> None:
        is_reported = bool(self.form.editor("is_reported").value())
        figures = [field.name for field in self.form.fields if field.group == REPORTED and field.name != "is_reported"]
        out = [*HELD_HERE, *MEASURES.values()] if is_reported else [*figures, *self.leave_out_measures()]
        self.form.leave_out([name for name in out if not self.seen.get(name) or name in MEASURES.values()])


class LotDialog(_Dialog):
    """A lot. How one of our own went is said by the console; the reserve is entered by whoever may."""

    def make_form(self) -> Form:
        context, expo = self.context, self.context.expo
        return Form(
            self.spec, zone=expo.zone if expo else None, look_up=context.options, terms=context.terms,
            offers={"consignment": [_(words) for words in CONSIGNMENT.values()]}, usual=self.usual_day(),
            homes=expos.homes(context.db, context.expo_id),
        )  # fmt: skip

    def side(self) -> QWidget | None:
        self.form.edited.connect(self._on_field)
        may = self.context.may_write("auction.reserve")
        for name in ("reserve_kind", "reserve"):
            self.form.editor(name).setEnabled(may)
            if not may:
                self.form.box(name).set_hint(_("由有保留价权限的人填"))
        if self.record_id is not None and self.seen.get("state") is not None and self._is_locked():
            words = _("标的{state}，成交所依据的各项已锁定；要改先在竞价台解除锁定。").format(
                state=self.seen["state"].label
            )
            self.body.insertWidget(0, Banner("info", words, icon="lock-line"))
        self._show_fields()
        return None

    def _is_locked(self) -> bool:
        return self.record_id is not None and auction_checklist.is_locked(self.context.db, self.record_id)

    def _on_field(self, name: str) -> None:
        if name in ("ladder", "auction_id"):
            self._show_fields()
        elif name in ("reserve", "start_price"):
            self._doubt_reserve()

    def _doubt_reserve(self) -> None:
        """A reserve below the price that bids begin at holds nothing back: said beside it, not refused."""
        reserve, start = self.form.read("reserve"), self.form.read("start_price")
        box: FormField = self.form.box("reserve")
        if reserve is not None and start is not None and reserve < start:
            box.set_problem(_("低于起拍价，第一口就到了，请核对。"), "warn")
        else:
            box.clear_problem()

    def _show_fields(self) -> None:
        db, expo_id = self.context.db, self.context.expo_id
        title = str(self.form.editor("auction_id").value() or "")
        is_reported = expo_id is not None and auction_checklist.is_reported(db, expo_id, title)
        out = [] if is_reported else ["state", "price"]
        out += [name for name in self.leave_out_measures() if name != "bands"]
        self.form.leave_out(out)
