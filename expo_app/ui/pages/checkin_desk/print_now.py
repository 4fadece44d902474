"""For a desk with a queue before it: a PDF on the usual printer, without asking which."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.ui.kit import jobs
from expo_app.ui.records import printing


def print_now(parent: QWidget, title: str, make: printing.Make, done: Callable[[Any], object]) -> None:
    """As `printing.print_made`; only where the computer has no usual printer the person is asked.

    `make` and its result as there; `done(result)` follows when all of it went to the printer.
    """
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    usual = QPrinterInfo.defaultPrinter()
    if usual.isNull():
        printing.print_made(parent, title, make, lambda result, *_more: done(result))
        return
    printer = QPrinter(usual, QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    folder = TemporaryDirectory(prefix="expo-print-", ignore_cleanup_errors=True)
    path = Path(folder.name) / "print.pdf"

    def work(progress: jobs.Progress) -> Any:
        result = make(path, progress)
        printing.spool(printer, path, progress)
        return result

    jobs.run_job(parent, title, work, done).finished.connect(folder.cleanup)
