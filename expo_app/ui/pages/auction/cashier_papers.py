"""Papers of the cashier on their way: to the usual printer, or into files where it does not take them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from expo_app import documents
from expo_app.documents import auction as papers
from expo_app.errors import UserError, why
from expo_app.i18n import N_, _
from expo_app.reports.auction_papers import CONFIRMATION, RECORD
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages
from expo_app.ui.records import files, printing

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

TITLES = {
    (CONFIRMATION, RECORD): N_("成交确认书和笔录"), (CONFIRMATION,): N_("成交确认书"), (RECORD,): N_("笔录"),
}  # fmt: skip
Write = Callable[[Path, jobs.Progress], Collection[str]]
Say = Callable[[str, str], object]


@dataclass(frozen=True)
class Handed:
    """What became of papers: `kept` is their file and `why` the reason, where no printer took them."""

    lacking: Collection[str]
    kept: Path | None = None
    why: str = ""


def hand_out(
    view: QWidget, context: Context, auction_id: uuid.UUID, lot_ids: Sequence[uuid.UUID] | None, kinds: Sequence[str],
    done: Callable[[], object], say: Say | None = None,
) -> None:  # fmt: skip
    """Print papers of these lots (None: of all that were called), each counted once, whether a printer took it or not.

    What it did not take waits as a file, which is said: nothing has to be made, and counted, a second time. It is said
    in the window's corner, or, with its tone, to `say`.
    """

    def write(path: Path, progress: jobs.Progress) -> Collection[str]:
        return papers.write_papers(context.db, auction_id, lot_ids, kinds, path, progress)

    _send(view, context, _(TITLES[tuple(kinds)]), write, done, say)


def refund_list(view: QWidget, context: Context, auction_id: uuid.UUID) -> None:
    """退款清单: deposits to return and returned, with the last day; accounts masked."""

    def write(path: Path, progress: jobs.Progress) -> Collection[str]:
        return papers.write_refunds(context.db, auction_id, path, progress)

    _send(view, context, _("退款清单"), write, lambda: None)


def _send(
    view: QWidget, context: Context, title: str, write: Write, done: Callable[[], object], say: Say | None = None
) -> None:
    work = partial(_work, _usual(title), files.folder_of(context), title, write)
    if say is None:
        job = jobs.run_job(view, title, work, partial(_tell, view, title))
    else:
        handed, failed = partial(_say, say, title), lambda error: say(str(error), "bad")
        job = jobs.run_job(view, title, work, handed, failed, card=False)
    job.finished.connect(done)


def _usual(title: str) -> QPrinter | None:
    """The usual printer of this computer."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    usual = QPrinterInfo.defaultPrinter()
    if usual.isNull():
        return None
    printer = QPrinter(usual, QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    return printer


def _work(printer: QPrinter | None, folder: Path, title: str, write: Write, progress: jobs.Progress) -> Handed:
    with TemporaryDirectory(prefix="expo-print-", ignore_cleanup_errors=True) as held:
        path = Path(held) / "print.pdf"
        lacking = write(path, progress)
        try:
            if printer is None:
                raise UserError(_("这台电脑没有默认打印机。"), "E-PRINTER")
            printing.spool(printer, path, progress)
        except UserError as problem:
            return Handed(lacking, _keep(path, folder, title), problem.message)
        return Handed(lacking)


def _keep(path: Path, folder: Path, title: str) -> Path:
    """The file, where it can be found; UserError where it cannot be put there either."""
    kept = files.free(folder / f"{files.safe_name(title)}.pdf")
    try:
        shutil.move(path, kept)
    except OSError as error:
        words = _(
            "{title}没有打印，也存不到“{folder}”：{reason}。数据已记为打印过，重新打印会写补打。请换一个导出文件夹。"
        )
        raise UserError(words.format(title=title, folder=folder, reason=why(error)), "E-FILE-WRITE") from error
    return kept


def _words(title: str, handed: Handed) -> tuple[str, str]:
    """What became of them, and the tone of it."""
    if handed.kept is None:
        return _("{title}已送打印机").format(title=title), "ok"
    words = _("{why}{title}已存为 {name}，打印机好了直接打这个文件，不必重做。")
    return words.format(why=handed.why, title=title, name=handed.kept), "warn"


def _say(say: Say, title: str, handed: Handed) -> None:
    words, tone = _words(title, handed)
    lacking = documents.lacking_words(handed.lacking) if handed.lacking else ""
    say(" ".join(filter(None, (words, lacking))), "warn" if lacking else tone)


def _tell(view: QWidget, title: str, handed: Handed) -> None:
    words, tone = _words(title, handed)
    open_folder = (_("打开文件夹"), partial(files.open_folder, handed.kept)) if handed.kept is not None else None
    messages.show(view, words, tone, open_folder)
    if handed.lacking:
        messages.show(view, documents.lacking_words(handed.lacking), "warn")
