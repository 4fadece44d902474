"""A badge's QR code as PDF operators: version 2 (25 × 25), level M, alphanumeric, one mask for all.

Every badge code has the same length, so the frame (finders, timing, format) and the place of each bit are worked out
once by the `qrcode` library; a code then costs its error correction (also the library's) and a look-up for each module.
The mask is fixed: codes with a given mask read as well as those with the best of eight, at a fraction of the time.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from operator import itemgetter

SIDE = 25  # modules
QUIET = 4  # light modules the standard (ISO/IEC 18004) asks for around the code
_VERSION, _MASK = 2, 3
_CODE = re.compile(r"E1[A-Z2-7]{26}")
_DARK = re.compile("1+")


def modules(code: str) -> list[str]:
    """The code's rows, top first, as text of 0 (light) and 1 (dark). Raises `ValueError` for what is no badge code."""
    cells = _cells(code)
    return [cells[at : at + SIDE] for at in range(0, len(cells), SIDE + 1)]


def operators(code: str, x: float, y: float, side: float) -> str:
    """Draws the code black, its lower left module at (x, y), `side` points wide without the quiet zone.

    One rectangle for each horizontal run of dark modules, all filled at once. Raises `ValueError` as `modules` does.
    """
    scale = side / SIDE
    runs = _runs()
    shapes = " ".join([runs[match.span()] for match in _DARK.finditer(_cells(code))])
    return f"q {scale:.4f} 0 0 {-scale:.4f} {x:.3f} {y + side:.3f} cm 0 g {shapes} f Q"


def _cells(code: str) -> str:
    """All modules in reading order, each row followed by one light cell, so that no run crosses rows."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"not a badge code: {code!r}")
    bits = "".join([f"{word:08b}" for word in _codewords(code)])
    flipped = bits.translate({48: "1", 49: "0"})
    return "".join(_places()(bits + flipped + "01"))


def _codewords(code: str) -> list[int]:
    from qrcode import constants, util

    data = util.QRData(code.encode("ascii"), mode=util.MODE_ALPHA_NUM, check_data=False)
    return list(util.create_data(_VERSION, constants.ERROR_CORRECT_M, [data]))


@lru_cache
def _runs() -> dict[tuple[int, int], str]:
    """Run of cells (start, end) → its rectangle in modules."""
    wide = SIDE + 1
    return {
        (row * wide + start, row * wide + end): f"{start} {row} {end - start} 1 re"
        for row in range(SIDE)
        for start in range(SIDE)
        for end in range(start + 1, SIDE + 1)
    }


@lru_cache
def _places() -> Callable[[str], tuple[str, ...]]:
    """Picks every cell out of: the data bits, the data bits inverted, a light one, a dark one.

    Asked of the library itself: the bits are numbered, digit by digit of their numbers the set bits are drawn, and each
    module's changes against the empty code spell the number of its bit.
    """
    from qrcode import QRCode, constants

    code = QRCode(version=_VERSION, error_correction=constants.ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    bits = 8 * len(_codewords("E1" + "A" * 26))

    def drawn(chosen: Callable[[int], bool]) -> list[bool]:
        code.data_cache = [sum((0x80 >> at) * chosen(first + at) for at in range(8)) for first in range(0, bits, 8)]
        code.makeImpl(False, _MASK)
        return [bool(cell) for row in code.modules for cell in (*row, False)]

    blank = drawn(lambda bit: False)
    every = drawn(lambda bit: True)
    digits = [drawn(partial(_has_digit, digit)) for digit in range(bits.bit_length())]
    numbers = [
        sum((cell != none) << digit for digit, cell in enumerate(cells))
        for none, *cells in zip(blank, *digits, strict=True)
    ]
    return itemgetter(
        *(
            number + bits * none if none != full else 2 * bits + none
            for number, none, full in zip(numbers, blank, every, strict=True)
        )
    )


def _has_digit(digit: int, number: int) -> bool:
    return bool(number >> digit & 1)
