"""Files a person asks for: where they go, a name that is still free, the folder opened afterwards."""

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from expo_app.i18n import _
from expo_app.plain_text import visible
from expo_app.rules.paper_kinds import PAPERS, is_of
from expo_app.ui.context import Context
from expo_app.ui.kit import messages

UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
PORTS = "123456789¹²³"
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", *(f"{port}{n}" for port in ("com", "lpt") for n in PORTS)}
LONGEST, MOST_BYTES = 80, 180
"""A name's length; in bytes there is room for an ending, a number and the marks of a file being made (255 in all)."""
TABLES = (".xlsx", ".xls", ".ods", ".csv", ".tsv")


def safe_name(text: str) -> str:
    """`text` as a file name on any system, without folders and without an ending."""
    name = UNSAFE.sub(" ", visible(text)).strip(" .")[:LONGEST]
    name = name.encode()[:MOST_BYTES].decode(errors="ignore").strip(" .") or "_"
    first, dot, rest = name.partition(".")
    return f"{first}_{dot}{rest}" if first.strip().lower() in RESERVED else name


def free(path: Path) -> Path:
    """`path`, or the first of name_2, name_3 … that is not there yet."""
    number, found = 2, path
    while found.exists():
        found = path.with_name(f"{path.stem}_{number}{path.suffix}")
        number += 1
    return found


def folder_of(context: Context) -> Path:
    """Where files go that a person asks for: the folder used last, else the documents."""
    chosen = Path(context.settings.export_folder) if context.settings.export_folder else None
    if chosen is not None and chosen.is_dir():
        return chosen
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if documents and Path(documents).is_dir() else Path.home()


def ask_where(parent: QWidget, context: Context, title: str, name: str, kinds: str) -> Path | None:
    """Ask for a place to save `name`; the folder is remembered. None: the person changed their mind."""
    chosen, _filter = QFileDialog.getSaveFileName(parent, title, str(free(folder_of(context) / name)), kinds)
    if not chosen:
        return None
    context.remember(export_folder=str(Path(chosen).parent))
    return Path(chosen)


def excel_kinds() -> str:
    """The filter of a dialog that saves a workbook."""
    return _("Excel 工作簿 (*.xlsx)")


def dropped_table(urls: Sequence[QUrl]) -> str:
    """The first table among what is dropped; "" without one."""
    found = [url.toLocalFile() for url in urls]
    return next((path for path in found if path.lower().endswith(TABLES)), "")


def open_folder(path: Path) -> None:
    """Show the folder that holds `path` in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def open_paper(view: QWidget, path: Path) -> None:
    """Show the copy of a paper that was kept with whatever program the system has for it.

    What is neither document nor picture, kept by an earlier version, is shown in its folder: the system might run it.
    """
    if is_of(PAPERS, path.name):
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        return
    words = _("“{name}”不是文档或图片，没有直接打开，副本在打开的文件夹里。")
    messages.show(view, words.format(name=path.name), "warn")
    open_folder(path)
