"""What is done with statements in the window; nothing of it can be taken back, and each question says so."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expo_app.i18n import ACT, _, meant
from expo_app.routes import ListRoute
from expo_app.services import settlement_acts
from expo_app.services.settlement_acts import SIGN_DAYS, Drawn
from expo_app.specs import VOUCHER_USES
from expo_app.specs.settlement import StatementDetail, StatementLine
from expo_app.specs.settlement_words import net_words
from expo_app.store.database import Database
from expo_app.ui.kit import jobs, messages
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.questions import confirm
from expo_app.ui.pages.vouchers.settlement_dialogs import DayDialog, DisputeDialog, SignDialog
from expo_app.ui.records import files, printing

if TYPE_CHECKING:
    from expo_app.ui.pages.vouchers.settlement import SettlementFace

EXPORT = "data.export"


class StatementActs:
    """The acts of the face 三地结算 and of the panel beside it."""

    def __init__(self, face: SettlementFace) -> None:
        self.face = face

    def _of(self) -> tuple[Database, uuid.UUID | None]:
        """What every act begins with, as it is now: the work itself is done in a worker."""
        return self.face.context.db, self.face.context.expo_id

    def draw(self) -> None:
        """出对账单 of the period, after saying what it locks."""
        period = self.face.period
        title = _("出 {period} 的对账单？").format(period=period.label)
        text = _("待出的用券分到各份对账单并锁定，不能撤销；之后的更正进下一期。")
        confirm(self.face, title, text, _("出对账单"), self._draw_now)

    def _draw_now(self) -> None:
        (db, expo_id), text = self._of(), self.face.period.text

        def done(drawn: Drawn) -> None:
            words = _("出了 {n} 份对账单").format(n=len(drawn.made))
            messages.show(self.face, words, "ok")
            for refused in drawn.refused:
                messages.show(self.face, refused, "warn")

        self.face.context.run(
            _("出对账单"), lambda _progress: settlement_acts.draw(db, expo_id, text), done, parent=self.face
        )

    def unsent(self) -> list[StatementLine]:
        """Drawn and not sent yet."""
        lines = self.face.board.all_lines if self.face.board is not None else ()
        return [line for line in lines if line.id is not None and line.sent_on is None]

    def send_all(self) -> None:
        """发出 of everything drawn and not sent yet."""
        self._send(self.unsent())

    def send(self, line: StatementLine) -> None:
        """发出 of one."""
        self._send([line])

    def _send(self, lines: Sequence[StatementLine]) -> None:
        keys = [line.id for line in lines if line.id is not None]
        text = _("{n} 份对账单发给各方，一方一份；记下发出日和签认期限。").format(n=len(keys))
        words = (_("发出对账单"), text, _("签认期限"), _("发出"))
        db, expo_id = self._of()

        def then(day: date) -> str:
            settlement_acts.send(db, expo_id, keys, day)
            return _("已发出 {n} 份").format(n=len(keys))

        DayDialog(self.face, words, self.face.context.today() + timedelta(days=SIGN_DAYS), then).open()

    def sign(self, line: StatementLine) -> None:
        """登记签认 of a side."""
        if self.face.board is None or line.id is None:
            return
        key, (db, expo_id) = line.id, self._of()

        def then(signature: settlement_acts.Signature) -> str:
            is_settled = settlement_acts.sign(db, expo_id, key, signature)
            return _("双方已签，用券已结算") if is_settled else _("已登记签认")

        SignDialog(self.face, self.face.board, line, self.face.context.today(), then).open()

    def dispute(self, detail: StatementDetail) -> None:
        """记异议 of a side."""
        line = detail.line
        if self.face.board is None or line.id is None:
            return
        key, version, (db, expo_id) = line.id, line.version, self._of()

        def then(side: str, words: str, uses: Sequence[Any]) -> str:
            settlement_acts.dispute(db, expo_id, key, side, version, words, uses)
            return _("已记异议")

        DisputeDialog(self.face, self.face.board, detail, then).open()

    def redraw(self, line: StatementLine) -> None:
        """重出, after saying that both sign again."""
        if line.id is None:
            return
        work = partial(settlement_acts.redraw, *self._of(), line.id, line.version)
        title = _("重出 {no}？").format(no=line.no)
        text = _("去掉已撤销和退回的用券，补入迟到的；成为第 {version} 版，双方重新签认，不能撤销。")

        def done(version: int) -> None:
            messages.show(self.face, _("已重出，第 {version} 版").format(version=version), "ok")

        def go() -> None:
            self.face.context.run(_("重出"), lambda _progress: work(), done, parent=self.face)

        confirm(self.face, title, text.format(version=line.version + 1), _("重出"), go)

    def pay(self, line: StatementLine) -> None:
        """登记付款 of the net."""
        if self.face.board is None or line.id is None:
            return
        key, version, (db, expo_id) = line.id, line.version, self._of()
        text = _("{net} 元，按这一份对账单付；只登记，不转账。").format(net=net_words(self.face.board, line))

        def then(day: date) -> str:
            settlement_acts.pay(db, expo_id, key, version, day)
            return _("已登记付款")

        DayDialog(
            self.face, (_("登记付款"), text, _("付款日期"), meant(ACT, "登记")), self.face.context.today(), then
        ).open()

    def open_use(self, use_id: uuid.UUID) -> None:
        """The record of a use, where it is corrected or cancelled."""
        self.face.context.navigate(ListRoute(VOUCHER_USES, record=use_id))

    def open_paper(self, paper_id: Any) -> None:
        """A scan, as a copy only this person can read."""
        db, show = self.face.context.db, partial(files.open_paper, self.face)
        self.face.context.run(
            _("签认凭证"), lambda _progress: settlement_acts.write_paper(db, paper_id), show, parent=self.face
        )

    # --- files ---

    def print(self) -> None:
        """P: the statement chosen, without one all of the period."""
        if self.face.line is not None and self.face.line.id is not None:
            self.print_line(self.face.line)
        elif self.face.board is not None and self.face.context.may(EXPORT):
            printing.print_made(self.face, _("三地结算对账单"), self._maker(""))

    def print_line(self, line: StatementLine) -> None:
        """One statement on paper."""
        if line.id is not None and self.face.context.may(EXPORT):
            printing.print_made(self.face, _("对账单 {no}").format(no=line.no), self._maker(str(line.id)))

    def _maker(self, part: str) -> Callable[[Path, jobs.Progress], Any]:
        from expo_app import documents

        db, expo, period = self.face.context.db, self.face.context.expo, self.face.period.text

        def make(path: Path, progress: jobs.Progress) -> None:
            if expo is not None:
                documents.write(db, expo, "settlement", path, progress, part=part, period="" if part else period)

        return make

    def fill_export(self, menu: Menu) -> None:
        """Both formats."""
        menu.add(_("Excel 工作簿"), partial(self.export, "xlsx"))
        menu.add(_("PDF：全部对账单"), partial(self.export, "pdf"))

    def export(self, ending: str) -> None:
        """The period as a workbook or on paper, where the person says."""
        expo = self.face.context.expo
        if expo is None:
            return
        title = _("三地结算对账单")
        name = f"{files.safe_name(f'{title} {self.face.period.text}')}.{ending}"
        kinds = files.excel_kinds() if ending == "xlsx" else _("PDF 文件 (*.pdf)")
        path = files.ask_where(self.face, self.face.context, _("导出"), name, kinds)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> jobs.Job:
        """Write it in a worker."""
        make = self._maker("")

        def work(progress: jobs.Progress) -> Path:
            make(path, progress)
            return path

        return self.face.context.run(_("导出"), work, lambda made: printing.show_written(self.face, made))
