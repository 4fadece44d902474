"""Finished pages, read back."""

from contextlib import closing
from pathlib import Path

import pypdfium2


def words_of(path: Path) -> str:
    """Every word of a PDF, without the blanks between them."""
    with closing(pypdfium2.PdfDocument(str(path))) as pages:
        return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)
