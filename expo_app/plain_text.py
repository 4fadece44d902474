"""What is no text in a text: characters that nobody reads and that screens, terminals and files obey.

A name is kept without them (`specs.field_types.clean_text`); whatever shows, prints or writes a text leaves them out
again, for what is in a file may have come there by any way, and a foreign list is shown before anything is cleaned.
"""

import re

ORDERS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff\ufffe\uffff"
"""As ranges of a pattern: control characters other than tab and new line, marks that turn the direction of what
follows, lone surrogates."""
MARKS = "\xad\u180e\u200b-\u200d\u2060-\u2065\ufeff"
"""Those that are only not seen: soft hyphens, zero-width spaces and joiners."""
ORDER = re.compile(f"[{ORDERS}]")
INVISIBLE = re.compile(f"[{ORDERS}{MARKS}]")
LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n"})


def shown(text: str) -> str:
    """`text` for a screen: it obeys nobody's orders, and a line may break where a zero-width space says so."""
    return text if text.isprintable() else ORDER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def visible(text: str) -> str:
    """`text` for a terminal or the inside of a file: what it holds is what is seen, with tabs and new lines."""
    if text.isprintable():
        return text
    return INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_ENDS))


GUARDED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""With what a text begins that a spreadsheet program takes for a formula."""
_FIGURE = re.compile(r"[-+\d\s.,:%()—]+")


def is_guarded(text: str) -> bool:
    """Whether a spreadsheet program might take the text for a formula."""
    return text.lstrip(" ")[:1] in GUARDED if text else False


def guarded(text: str) -> str:
    """`text` for a table without types, such as CSV: an apostrophe keeps a formula-like text a text."""
    return f"'{text}" if is_guarded(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """The same without its apostrophe."""
    return text[1:] if text[:1] == "'" and is_guarded(text.lstrip("'")) else text


def pasted(text: str) -> str:
    """`text` for a cell of what is copied: as in CSV, but figures and phones (+1 212 555 0100) stay what they are."""
    line = " ".join(visible(text).split())
    return line if _FIGURE.fullmatch(line) else guarded(line)
