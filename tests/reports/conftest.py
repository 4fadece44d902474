"""How the tests look into a PDF: with readers that are not the ones that wrote it."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

PdfText = Callable[[Path], list[str]]


@pytest.fixture
def pdf_text() -> PdfText:
    """Path → the text of each page, lines as the reader finds them."""

    def read(path: Path) -> list[str]:
        document = pypdfium2.PdfDocument(path)
        texts = []
        for page in document:
            words = page.get_textpage()
            texts.append(words.get_text_range().replace("\r\n", "\n"))
            words.close()
            page.close()
        document.close()
        return texts

    return read
