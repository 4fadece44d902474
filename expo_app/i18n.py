"""Words: zh_CN is the source text, English its translation, switchable at run time.

`_("…")` translates now; `N_("…")` only marks a label that is translated when it is shown.
Never an f-string inside: `_("第 {row} 行").format(row=3)`.
"""

from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from expo_app import paths

LANGUAGES = {"zh_CN": "简体中文", "en": "English"}
CONTEXT = "\x04"
"""Between context and text, as gettext has it."""
ONE, MANY, ACT, BRIEF = "one", "many", "act", "brief"
"""Context of a word that stands for one thing where elsewhere it names many, for many where elsewhere it names one,
for an act (登记, a button) where elsewhere it names what was done, and where there is little room."""
_words: dict[str, str] = {}
_current = "zh_CN"


class Counted(str):
    """A translation with a singular of its own (msgstr[0] in the catalogue): `format(n=1)` says "1 person"."""

    __slots__ = ("one",)
    one: str

    def format(self, *args: Any, **values: Any) -> str:
        """As `str.format`; the count is `n`, or `count` where there is no n."""
        count = str(values.get("n", values.get("count", "")))
        return str.format(self.one if count == "1" else self, *args, **values)


def _counted(one: str, many: str) -> Counted:
    text = Counted(many)
    text.one = one
    return text


def N_(text: str) -> str:  # noqa: N802  (gettext's own name)
    """Mark `text` for the catalogue; the text itself comes back."""
    return text


def _(text: str) -> str:
    """`text` in the current language; the source text where no translation exists."""
    return _words.get(text, text)


def named(name: str, name_en: str | None) -> str:
    """A record's name in the current language: its English one where English is spoken and it has one."""
    return name_en if name_en and _current == "en" else name


def meant(context: str, text: str) -> str:
    """A word as it is said in a context; as elsewhere where the catalogue knows none: 人次 are visits or admissions."""
    return _words.get(f"{context}{CONTEXT}{text}") or _(text)


def singular(text: str) -> str:
    """A word that names a list, as it names one thing in it, inside a sentence: 参展商 → exhibitor."""
    return meant(ONE, text)


def language() -> str:
    """The current language: a key of LANGUAGES."""
    return _current


def set_language(name: str) -> None:
    """Use language `name` (a key of LANGUAGES) from now on."""
    global _words, _current  # noqa: PLW0603  (the one language in force)
    _words = _catalogue(name)
    _current = name


def in_language(name: str, text: str) -> str:
    """`text` in the language `name`, whichever is current: what is handed on to readers of that language."""
    return _catalogue(name).get(text, text)


def in_every_language(text: str, context: str = "") -> tuple[str, ...]:
    """`text` as each language of the program says it, the source text first: a file may come from another language."""
    known = [name for name in LANGUAGES if _source(name).exists()]
    keys = (f"{context}{CONTEXT}{text}", text) if context else (text,)
    return tuple(dict.fromkeys((text, *(_catalogue(name).get(key, text) for name in known for key in keys))))


def _source(name: str) -> Path:
    return paths.resource("i18n", name, "LC_MESSAGES", "expo.po")


@lru_cache
def _catalogue(name: str) -> dict[str, str]:
    if name == "zh_CN":
        return {}
    import polib

    catalogue = polib.pofile(str(_source(name)))
    return {
        f"{e.msgctxt}{CONTEXT}{e.msgid}" if e.msgctxt else e.msgid: _counted(e.msgstr_plural[0], e.msgstr_plural[1])
        if e.msgstr_plural
        else e.msgstr
        for e in catalogue.translated_entries()
    }


class Labelled(Enum):
    """An enum kept by name; its value is the zh_CN label, which `label` translates."""

    @property
    def label(self) -> str:
        """The label in the current language; an entry with the enum's name as context wins (签约, kind and stage)."""
        return meant(type(self).__name__, self.value)

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file may call it; either half of "采购 / 销售" does without being named."""
        return ()
