"""Which kinds of file are kept with records: documents and pictures, told by the ending that decides what opens them.

None that a system runs, nor an archive: nobody sees what is in one until it is unpacked.
"""

from collections.abc import Container
from pathlib import PurePath

SCANS = {".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}
"""What a scan may be, and how such files begin."""
BEGINNING = 1024
"""Bytes among which a PDF says that it is one (ISO 32000-1, Annex H.3.4.1)."""
DOCUMENTS = (
    ".ofd", ".doc", ".docx", ".wps", ".odt", ".rtf", ".xls", ".xlsx", ".et", ".ods", ".csv", ".ppt", ".pptx", ".dps",
    ".odp", ".txt",
)  # fmt: skip
PICTURES = (".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic")
PAPERS = (*SCANS, *PICTURES, *DOCUMENTS)
"""What a signing desk keeps."""


def is_of(kinds: Container[str], name: str) -> bool:
    """Whether the name of a file ends as one of these kinds does."""
    return PurePath(name).suffix.lower() in kinds


def is_scan(name: str, data: bytes) -> bool:
    """Whether it is a scan by its ending and by how it begins."""
    return is_of(SCANS, name) and SCANS[PurePath(name).suffix.lower()] in data[:BEGINNING]
