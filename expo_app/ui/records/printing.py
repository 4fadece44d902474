"""Papers from a page: a PDF into a file, or through the system's print dialog; what is seen is what is printed.

    save_pdf(self, _("胸卡"), make, done)        asks where, never writes over anything, offers the folder
    print_made(self, _("胸卡"), make, done)      makes the PDF, asks for the printer, prints, throws the PDF away
    print_at_once(self, _("胸卡"), make, done)   the same without asking, on the usual printer
    print_pdf(self, path, _("胸卡"), done)       prints a PDF that is there already

`make(path, progress)` writes the PDF in a worker and returns what `done(result)` then gets on the GUI thread: after the
last page left for the printer, or the file is in its place. Nothing is called when the person steps back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSizeF, QStandardPaths, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from expo_app.errors import Cancelled, UserError
from expo_app.i18n import _
from expo_app.reports import preview
from expo_app.ui.kit import jobs, messages
from expo_app.ui.records import files

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

Make = Callable[[Path, jobs.Progress], Any]
Done = Callable[[Any, int], object]
Failed = Callable[[UserError], object]
FINEST = 400
"""Dots an inch: a page is painted as one picture, and what is finer costs the spooler more than any eye gains."""
INCH = 25.4


# --- into a file ------------------------------------------------------------------------------------------------------
def save_pdf(
    parent: QWidget,
    title: str,
    make: Make,
    done: Done | None = None,
    failed: Failed | None = None,
    folder: Path | None = None,
) -> None:
    """Ask for a file, first in `folder` (the documents), and make the PDF there."""
    first = folder or Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    name = f"{files.safe_name(title)}.pdf"
    box = QFileDialog(parent.window(), _("存为 PDF"), str(files.free(first / name)), _("PDF 文件 (*.pdf)"))
    box.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    box.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is written over: the name gets _2
    box.setDefaultSuffix("pdf")
    box.fileSelected.connect(lambda name: save_to(parent, Path(name), title, make, done, failed))
    box.finished.connect(box.deleteLater)
    box.open()


def save_to(
    parent: QWidget, path: Path, title: str, make: Make, done: Done | None = None, failed: Failed | None = None
) -> jobs.Job:
    """Make the PDF at `path`, or beside it where something is there already."""

    def work(progress: jobs.Progress) -> tuple[Path, Any]:
        free = files.free(path)
        return free, make(free, progress)

    def written(outcome: tuple[Path, Any]) -> None:
        show_written(parent, outcome[0])
        if done is not None:
            done(outcome[1], 1)

    return jobs.run_job(parent, title, work, written, partial(_tell, parent, failed))


def _tell(parent: QWidget, failed: Failed | None, error: Exception) -> None:
    if isinstance(error, UserError):
        failed(error) if failed is not None else messages.show(parent, error)


def show_written(parent: QWidget, path: Path) -> None:
    """Say that a file is there and offer its folder."""
    action = (_("打开文件夹"), lambda: files.open_folder(path))
    messages.show(parent, _("已存为 {name}").format(name=path.name), "ok", action)


# --- to the printer ---------------------------------------------------------------------------------------------------
def has_printer() -> bool:
    """Whether this computer knows a printer."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return bool(QPrinterInfo.availablePrinterNames())


def print_made(parent: QWidget, title: str, make: Make, done: Done | None = None, failed: Failed | None = None) -> None:
    """Make a PDF for the printer alone and print it; where there is no printer, offer the file instead."""
    if not has_printer():
        offer = (_("存为 PDF"), lambda: save_pdf(parent, title, make, done, failed))
        messages.show(parent, _("这台电脑还没有打印机，没有打印。可以存为 PDF，到别处打印。"), "warn", offer)
        return
    folder = TemporaryDirectory(prefix="expo-print-", ignore_cleanup_errors=True)
    path = Path(folder.name) / "print.pdf"

    def made(result: Any) -> None:
        printed = None if done is None else lambda _pages, copies: done(result, copies)
        print_pdf(parent, path, title, printed, folder.cleanup)

    def not_made(error: Exception) -> None:
        folder.cleanup()
        _tell(parent, failed, error)

    jobs.run_job(parent, title, partial(make, path), made, not_made)


def print_pdf(
    parent: QWidget, path: Path, title: str = "", done: Done | None = None, after: Callable[[], object] | None = None
) -> None:
    """Open the system's print dialog for the PDF; `done(pages, copies)` once all went to the printer, then `after()`,
    which is also called when nothing was printed.

    Every page is printed at its own size. Raises UserError where the file is no readable PDF.
    """
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title or path.stem)
    use_paper(printer, *preview.page_sizes(path)[0])
    box = QPrintDialog(printer, parent.window())
    box.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, False)  # what is counted as printed was printed

    def start() -> None:
        job = run_print(parent, printer, path, title, done)
        if after is not None:
            job.finished.connect(after)

    box.accepted.connect(start)
    if after is not None:
        box.rejected.connect(after)
    box.finished.connect(box.deleteLater)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    box.show()


def run_print(parent: QWidget, printer: QPrinter, path: Path, title: str = "", done: Done | None = None) -> jobs.Job:
    """Print the PDF on this printer, in a worker."""
    printed = None if done is None else lambda pages: done(pages, printer.copyCount())
    return jobs.run_job(parent, title or _("打印"), partial(spool, printer, path), printed)


def use_paper(printer: QPrinter, wide: float, high: float) -> bool:
    """Set a page of `wide` × `high` mm without margins; False where the printer does not know this size."""
    size = QPageSize(QSizeF(min(wide, high), max(wide, high)), QPageSize.Unit.Millimeter)
    turned = wide > high
    printer.setFullPage(True)
    fits = printer.setPageSize(size)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if turned else QPageLayout.Orientation.Portrait)
    return fits


def spool(printer: QPrinter, path: Path, progress: jobs.Progress) -> int:
    """Paint every page of the PDF at its true size, from the upper left corner; how many. For a worker.

    Raises UserError where the printer does not take the work; after `Cancelled` the printer drops what it has.
    """
    sizes = preview.page_sizes(path)
    use_paper(printer, *sizes[0])
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError(_("打印机没有接受，没有打印，也没有记数。检查打印机后再试。"), "E-PRINTER")
    try:
        for number, (wide, high) in enumerate(sizes):
            if number:
                use_paper(printer, wide, high)
                if not printer.newPage():
                    raise UserError(
                        _("打印机在第 {n} 页停下了，没有记为已打印。检查打印机后重新打印。").format(n=number + 1),
                        "E-PRINTER",
                    )
            _paint(painter, printer.resolution(), path, number, (wide, high))
            progress(number + 1, len(sizes))
    except (Cancelled, UserError):
        printer.abort()
        raise
    finally:
        painter.end()
    return len(sizes)


def _paint(painter: QPainter, resolution: int, path: Path, number: int, size: tuple[float, float]) -> None:
    wide, high = (side / INCH for side in size)
    picture = preview.render(path, number, min(resolution, FINEST))
    painter.drawImage(QRectF(0, 0, wide * resolution, high * resolution), image_of(picture))


def image_of(picture: preview.Picture) -> QImage:
    """A rendered page for painting; it keeps its own copy of the pixels."""
    kind = QImage.Format.Format_RGBA8888
    return QImage(picture.rgba, picture.width, picture.height, picture.width * 4, kind).copy()
