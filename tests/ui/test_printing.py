"""PDFs to files and printers: never over anything, every page at its own size, nothing done when it failed."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from expo_app.errors import Cancelled, UserError
from expo_app.reports import preview
from expo_app.reports.badges import LAYOUTS, BadgeFace, write
from expo_app.ui.kit import jobs
from expo_app.ui.records import printing

CODE = "E1ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def face(name="沈华棣"):
    words = ("嘉定氢能", "总监", "参展商", "cat.it", "KJH18-E-00713")
    return BadgeFace(name, *words, CODE, False, "科交会", "11.28–30", "")


@pytest.fixture
def card(tmp_path):
    path = tmp_path / "card.pdf"
    write(path, [face(), face("李芳")], LAYOUTS["90x130"])
    return path


def printer_to(path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


@pytest.fixture
def settle(qtbot):
    """Until nothing runs any more."""
    return lambda: qtbot.waitUntil(lambda: not jobs.running())


def test_every_page_is_printed_at_its_own_size_and_its_codes_read(qapp, card, tmp_path):
    out, told = tmp_path / "printed.pdf", []
    assert printing.spool(printer_to(out), card, lambda n, total, step="": told.append((n, total))) == 2
    assert told == [(1, 2), (2, 2)]
    assert [(round(wide), round(high)) for wide, high in preview.page_sizes(out)] == [(90, 130)] * 2
    image = Image.open(io.BytesIO(preview.render(out, 1, 150).png()))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [CODE]


def test_a_sheet_lies_on_its_side(qapp, tmp_path):
    sheet, out = tmp_path / "sheet.pdf", tmp_path / "printed.pdf"
    write(sheet, [face()], LAYOUTS["8xA7"])
    printing.spool(printer_to(out), sheet, lambda *_told: None)
    assert [(round(wide), round(high)) for wide, high in preview.page_sizes(out)] == [(297, 210)]


def test_cancelling_stops_after_the_page_at_hand(qapp, card, tmp_path):
    told = []

    def stop(n, _total, step=""):
        told.append(n)
        raise Cancelled

    with pytest.raises(Cancelled):
        printing.spool(printer_to(tmp_path / "printed.pdf"), card, stop)
    assert told == [1]


@pytest.mark.qt_log_ignore("QPdfEngine|cannot open|failed to open|begin", extend=True)
def test_a_printer_that_refuses_is_told_in_a_sentence(qapp, card, tmp_path):
    with pytest.raises(UserError, match=r"^打印机没有接受") as caught:
        printing.spool(printer_to(tmp_path / "no" / "such" / "folder.pdf"), card, lambda *_told: None)
    assert caught.value.code == "E-PRINTER"


def test_a_print_is_told_with_its_copies(window, settle, card, tmp_path):
    printer, told = printer_to(tmp_path / "printed.pdf"), []
    printing.run_print(window, printer, card, "胸卡", lambda pages, copies: told.append((pages, copies)))
    settle()
    assert told == [(2, printer.copyCount())]


def test_a_file_is_never_written_over(window, settle, shown, tmp_path):
    target, told = tmp_path / "胸卡.pdf", []
    target.write_bytes(b"mine")

    def make(path: Path, _progress: jobs.Progress) -> str:
        path.write_bytes(b"new")
        return path.name

    printing.save_to(window, target, "胸卡", make, lambda result, copies: told.append((result, copies)))
    settle()
    assert (target.read_bytes(), (tmp_path / "胸卡_2.pdf").read_bytes()) == (b"mine", b"new")
    assert (told, shown(window)) == ([("胸卡_2.pdf", 1)], [("ok", "已存为 胸卡_2.pdf")])


def test_what_is_refused_goes_where_it_is_wanted(window, settle, shown, tmp_path):
    def refuse(_path: Path, _progress: jobs.Progress) -> None:
        raise UserError("没有选中胸卡", "BADGE-NONE")

    told = []
    printing.save_to(window, tmp_path / "a.pdf", "胸卡", refuse, failed=lambda error: told.append(error.code))
    settle()
    assert (told, shown(window)) == (["BADGE-NONE"], [])
    printing.save_to(window, tmp_path / "a.pdf", "胸卡", refuse)
    settle()
    assert shown(window) == [("bad", "没有选中胸卡 [BADGE-NONE]")]


def test_without_a_printer_a_file_is_offered(window, settle, shown):
    """The test machine has none; where one is found the dialog of the system would open."""
    if printing.has_printer():
        pytest.skip("this machine has a printer")
    made = []
    printing.print_made(window, "胸卡", lambda path, progress: made.append(path))
    settle()
    assert (made, shown(window)) == ([], [("warn", "这台电脑还没有打印机，没有打印。可以存为 PDF，到别处打印。")])


def test_the_print_dialog_opens_and_stepping_back_prints_nothing(window, qapp, settle, card):
    told = []
    printing.print_pdf(window, card, "胸卡", lambda *result: told.append(result), lambda: told.append("after"))
    qapp.processEvents()
    (box,) = [one for one in window.findChildren(QWidget) if one.metaObject().className() == "QPrintDialog"]
    assert box.isVisible()
    box.reject()
    settle()
    assert told == ["after"]
