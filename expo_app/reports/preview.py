"""A PDF's pages as pictures, for the screen's preview and for printing: what is seen is what is printed."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expo_app.errors import UserError
from expo_app.i18n import _


@dataclass(frozen=True)
class Picture:
    """One page: `rgba` holds 4 bytes a pixel, row by row from the top, `width * 4` bytes a row."""

    width: int
    height: int
    rgba: bytes

    def png(self) -> bytes:
        """The picture as a PNG file."""
        from PIL import Image

        out = io.BytesIO()
        Image.frombytes("RGBA", (self.width, self.height), self.rgba).save(out, "PNG")
        return out.getvalue()


def page_sizes(path: Path) -> list[tuple[float, float]]:
    """Width and height of every page in millimetres. Raises `UserError` where the file is no readable PDF."""
    with _opened(path) as document:
        return [
            (wide / 72 * 25.4, high / 72 * 25.4) for wide, high in map(document.get_page_size, range(len(document)))
        ]


def render(path: Path | bytes, page: int = 0, dpi: float = 96) -> Picture:
    """Page number `page` (from 0) of a PDF, a file or its bytes, on white at `dpi` dots an inch.

    Raises `UserError` where the file is no readable PDF, `IndexError` where it has no such page.
    """
    with _opened(path) as document:
        if not 0 <= page < len(document):
            raise IndexError(f"page {page} of {len(document)}")
        sheet = document[page]
        bitmap = sheet.render(scale=dpi / 72, rev_byteorder=True, force_bitmap_format=_RGBA, fill_color=(255,) * 4)
        picture = Picture(bitmap.width, bitmap.height, _packed(bitmap))
        bitmap.close()
        sheet.close()
    return picture


_RGBA = 4  # pdfium's FPDFBitmap_BGRA, whose bytes `rev_byteorder` turns round


def _packed(bitmap: Any) -> bytes:
    """The pixels without what a row may be padded with."""
    row, whole = bitmap.width * 4, bytes(bitmap.buffer)
    if bitmap.stride == row:
        return whole
    return b"".join(whole[at : at + row] for at in range(0, len(whole), bitmap.stride))


_pdfium = threading.Lock()  # one call into the library at a time, whatever the thread


@contextmanager
def _opened(path: Path | bytes) -> Iterator[Any]:
    import pypdfium2

    name = path.name if isinstance(path, Path) else "PDF"
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(path)
        except (pypdfium2.PdfiumError, FileNotFoundError) as error:
            raise UserError(
                _("打不开 {name}：文件不在了，或不是完整的 PDF。重新生成后再试。").format(name=name), "PDF-READ"
            ) from error
        try:
            yield document
        finally:
            document.close()
