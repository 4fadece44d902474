"""Is this file a table, and safe to read? Decided from its bytes before any parser sees it.

Nothing here parses cells: a zip directory is checked, its XML parts are inflated in pieces and searched.
Limits are those of the program's reliability rules; every refusal is one sentence that says what to do.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from expo_app.errors import UserError
from expo_app.exchange.sheet_marks import CellFormats, Marks, note_block, xlsx_formats
from expo_app.i18n import _

MEGABYTE = 1 << 20
MAX_FILE = 20 * MEGABYTE
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
MAX_PARTS = 200
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
SMALL = 24 * MEGABYTE
"""Unpacked, a workbook up to this size is parsed in this process; a larger one in a child with limits."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"\x1f\x8b", b"SQLite", b"MZ",
    b"\x7fELF",
)  # fmt: skip
SMALL_ROWS = 20_000
SMALL_SHEETS = 8
"""Each may cost as much as SMALL_ROWS rows, though it holds two cells."""
STYLES = "xl/styles.xml"
_FAR = re.compile(rb'r(?<=\sr)(?=\s*=)(?!="[AB]?[A-Z]?1?\d{1,4}")')
"""A cell past column BZ or row 19,999, or a position spelt as Excel never does, so that it could hide."""
_PLACED, _LOOSE = b'<c r="', re.compile(rb"<c(?:[>/]|\s(?!r=))")
"""A cell as it should be; one without position, which counts on from the last one."""
_PREFIXED = re.compile(rb":(?:c|row|sheetData)[\s/>]")
_PREFIX = re.compile(rb"<(\w+:)worksheet[\s>]")
_CLAIM = re.compile(rb"""[cC]ount\s*=\s*["'][^"']{7,}""")
"""A number of things to come that a reader would make room for, before it sees that they are not there."""
_CHUNK = MEGABYTE


class Kind(Enum):
    """What the bytes are."""

    XLSX = auto()
    XLS = auto()
    ODS = auto()
    TEXT = auto()


@dataclass
class Part:
    """What a search of one XML part found."""

    marks: Marks = field(default_factory=Marks)
    is_plain: bool = True
    """Rows, columns and spelling are within what this process may parse."""
    claims: bool = False
    """It announces more than a reader should make room for."""


@dataclass(frozen=True)
class Facts:
    """What is known before parsing. `marks` by sheet name, of .xlsx alone: the others' are found with their values."""

    kind: Kind
    is_small: bool
    notes: tuple[str, ...] = ()
    marks: Mapping[str, Marks] = field(default_factory=dict)


def inspect(data: bytes) -> Facts:
    """Facts about a file's bytes; UserError if it is no table or not safe to read."""
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise UserError(_("文件是空的。没有导入任何内容。选有内容的 Excel 或 CSV 文件。"), "E-FILE-EMPTY")
    if len(data) > MAX_FILE:
        raise UserError(
            _("文件有 {n} MB，最多 {limit} MB。没有导入任何内容。删去图片，或分成几个文件。").format(
                n=len(data) // MEGABYTE, limit=MAX_FILE // MEGABYTE
            ),
            "E-FILE-BIG",
        )
    if data.startswith(b"PK"):
        return _inspect_zip(data)
    if data.startswith(OLE):
        return _inspect_ole(data)
    head = data[:2048].lower()
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
        (b"<html", b"<table", b"<!doctype", b"<meta", b"<?xml", b"<style")
    ):
        raise UserError(
            _("这是网页或 XML，只是名字像 Excel。没有导入任何内容。用 Excel 或 WPS 打开它，另存为 .xlsx 再导入。"),
            "E-FILE-WEB",
        )
    if data.startswith(_FOREIGN):
        raise not_a_table()
    return Facts(Kind.TEXT, is_small=True)


def not_a_table() -> UserError:
    """The refusal of a file that is something else."""
    return UserError(
        _("这不是 Excel 或 CSV 文件。没有导入任何内容。选扩展名为 .xlsx、.xls、.ods 或 .csv 的表格。"), "E-FILE-KIND"
    )


def not_a_workbook() -> UserError:
    """The refusal of a text without a table that only is named like a workbook."""
    return UserError(
        _("这不是 Excel 文件，只是名字像：里面是文字，没有认得的列名。没有导入任何内容。选真正的表格。"), "E-FILE-KIND"
    )


def damaged() -> UserError:
    """The refusal of a file that breaks off or does not follow its format."""
    return UserError(
        _("文件不完整或已损坏。没有导入任何内容。重新下载或复制一份；能用 Excel 打开的话，另存一份再导入。"),
        "E-FILE-DAMAGED",
    )


def locked() -> UserError:
    """The refusal of an encrypted file."""
    return UserError(
        _("文件有打开密码。没有导入任何内容。在 Excel 里打开，去掉密码另存一份再导入。"), "E-FILE-PASSWORD"
    )


def too_large() -> UserError:
    """The refusal of a file whose contents are not in proportion to a table."""
    return UserError(
        _("文件解开后过大，不像正常的表格。没有导入任何内容。把需要的行复制到新表，另存后再导入。"), "E-FILE-UNPACKED"
    )


def unsafe() -> UserError:
    """The refusal of a file no spreadsheet program writes."""
    return UserError(
        _("文件里有表格程序不会写出的内容，可能有危险。没有导入任何内容。向来源核实，或把内容复制到新表再导入。"),
        "E-FILE-UNSAFE",
    )


def _inspect_ole(data: bytes) -> Facts:
    """An old .xls, an encrypted .xlsx, or another Office file."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise locked()
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return Facts(Kind.XLS, is_small=False)
    raise not_a_table() if "WordDocument".encode("utf-16-le") in data else damaged()


def _inspect_zip(data: bytes) -> Facts:
    """An .xlsx, .xlsm, .xlsb or .ods: its directory first, then every XML part."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError):
        raise damaged() from None
    names = [part.filename for part in parts]
    kind = _zip_kind(data, names)
    _check_directory(parts, names, len(data))
    total, found = 0, {}
    formats = None
    for part in sorted(parts, key=lambda part: part.filename != STYLES):
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            found[part.filename] = _search(_inflate(data, part), formats)
            total += part.file_size
            if part.filename == STYLES and part.file_size <= SMALL:
                formats = xlsx_formats(b"".join(_inflate(data, part)))
    notes = []
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        notes.append(_("文件含宏，宏不会运行。"))
    sheets = _sheet_parts(data, parts) if kind is Kind.XLSX else {}
    is_small = (
        kind is Kind.XLSX
        and 0 < len(sheets) <= SMALL_SHEETS
        and total <= SMALL
        and all(part.is_plain and not part.claims for part in found.values())
    )
    marks = {name: found[part].marks for name, part in sheets.items() if part in found}
    return Facts(kind, is_small, tuple(notes), marks)


def _zip_kind(data: bytes, names: list[str]) -> Kind:
    lower = {name.lower() for name in names}
    if lower & {"xl/workbook.xml", "xl/workbook.bin"}:
        return Kind.XLSX
    if "content.xml" in lower and is_ods(data):
        return Kind.ODS
    raise not_a_table()


def is_ods(data: bytes) -> bool:
    """Whether an archive says that it is an OpenDocument table."""
    return b"opendocument.spreadsheet" in data[:200]


def _check_directory(parts: list[zipfile.ZipInfo], names: list[str], size: int) -> None:
    """Counts, names, sizes and methods as the directory states them."""
    media = sum("/media/" in name for name in names)
    total = sum(part.file_size for part in parts)
    if len(parts) - media > MAX_PARTS or len(parts) > 20 * MAX_PARTS:
        raise UserError(
            _("文件由 {n} 个部件组成，最多 {limit} 个。没有导入任何内容。把需要的表复制到新文件再导入。").format(
                n=len(parts), limit=MAX_PARTS
            ),
            "E-FILE-PARTS",
        )
    if total > MAX_UNPACKED or (total > SMALL and total > MAX_RATIO * size):
        raise too_large()
    if any(part.flag_bits & 1 for part in parts):
        raise locked()
    if len({name.lower() for name in names}) != len(names) or any(map(_is_bad_name, names)):
        raise unsafe()
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise unsafe()


def _is_bad_name(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _inflate(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces, counted: more or less than the directory states is refused."""
    try:
        name_size, extra_size = struct.unpack_from("<HH", data, part.header_offset + 26)
    except struct.error:
        raise damaged() from None
    start = part.header_offset + 30 + name_size + extra_size
    packed = data[start : start + part.compress_size]
    found = 0
    for piece in [packed] if part.compress_type == zipfile.ZIP_STORED else _unpack(packed):
        found += len(piece)
        if found > part.file_size:
            raise unsafe()
        yield piece
    if found != part.file_size or len(packed) != part.compress_size:
        raise damaged()


def _unpack(packed: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-15)
    rest = packed
    try:
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, _CHUNK)
            rest = unpacker.unconsumed_tail
    except zlib.error:
        raise damaged() from None
    if not unpacker.eof:
        raise damaged()


def _search(pieces: Iterator[bytes], formats: CellFormats | None) -> Part:
    """Look through one XML part without keeping more than a piece of it."""
    part = Part()
    rows, tail, is_sheet, prefix = 0, b"", False, None
    for piece in pieces:
        block = tail + piece
        if not is_sheet and b"sheetData" in block:
            is_sheet = True
            prefix = _PREFIX.search(block)
        if prefix:  # what is searched for is spelt without it
            part.is_plain = False
            block = block.replace(b"<" + prefix[1], b"<").replace(b"</" + prefix[1], b"</")
        cut = next((at for at in (block.rfind(b"<c "), block.rfind(b"<")) if at > 0 and len(block) - at <= _CHUNK), -1)
        if cut < 0:
            cut = max(len(block) - 64, 0)
        rows += _search_block(block[:cut], part, formats)
        tail = block[cut:]
    rows += _search_block(tail, part, formats)
    part.is_plain = not is_sheet or (part.is_plain and rows < SMALL_ROWS)  # a theme has its own r="50000"
    return part


def _search_block(block: bytes, part: Part, formats: CellFormats | None) -> int:
    """Note what one block holds; how many rows begin in it."""
    if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
        raise unsafe()
    if part.is_plain:
        part.is_plain = not (_FAR.search(block) or _has_loose(block) or _PREFIXED.search(block))
    part.claims |= b"ount" in block and bool(_CLAIM.search(block))
    return note_block(block, part.marks, formats)


def _has_loose(block: bytes) -> bool:
    """Counting is much faster than searching, and tells of nearly every block that there is nothing to be found."""
    return block.count(b"<c") != block.count(_PLACED) and bool(_LOOSE.search(block))


def _sheet_parts(data: bytes, parts: list[zipfile.ZipInfo]) -> dict[str, str]:
    """Sheet name → part name, from the workbook and its relations; empty where they are unusual."""
    from defusedxml import ElementTree

    by_name = {part.filename: part for part in parts}
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= by_name.keys():
        return {}
    try:
        book = ElementTree.fromstring(b"".join(_inflate(data, by_name["xl/workbook.xml"])))
        links = ElementTree.fromstring(b"".join(_inflate(data, by_name["xl/_rels/workbook.xml.rels"])))
    except (ElementTree.ParseError, ValueError):
        raise damaged() from None
    targets = {link.get("Id"): (link.get("Target") or "").removeprefix("/xl/") for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            link = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
            found[sheet.get("name") or ""] = f"xl/{targets.get(link, '')}"
    return found
