"""Lines of codes as readers and their programs write them, on the standard input of `checkin`."""

import io

import pytest

from expo_app.areas.checkin_verb import LONGEST, readings

CODE = "E1ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LINES = [CODE, "", f"上海 {CODE}", f"{CODE},2018-11-28,10:02", "\u0a45 \u4e0a"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


def read(content: bytes) -> list[tuple[str, bool]]:
    return [(line.text, line.is_cut) for line in readings(io.BytesIO(content))]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_lines_in_any_encoding_a_windows_program_writes(encoding: str, end: str) -> None:
    assert read(end.join([*LINES, ""]).encode(encoding)) == [(line, False) for line in LINES]
    assert read(end.join(LINES).encode(encoding)) == [(line, False) for line in LINES]


def test_a_mark_at_the_front_of_utf_16_big_endian_is_no_character() -> None:
    assert read(b"\xfe\xff" + f"{CODE}\n".encode("utf-16-be")) == [(CODE, False)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_line_without_end_is_one_reading(encoding: str) -> None:
    assert read(("A" * (3 * LONGEST) + f"\n{CODE}\n").encode(encoding)) == [("A" * 256, True), (CODE, False)]


@pytest.mark.parametrize("content", [b"", b"\0", b"\n", b"\xff\xfe", b"\0\n\xff\n", bytes(range(256))])
def test_whatever_bytes_come_every_line_is_read(content: bytes) -> None:
    is_open = bool(content) and not content.endswith(b"\n")
    assert len(read(content)) == content.count(b"\n") + is_open
