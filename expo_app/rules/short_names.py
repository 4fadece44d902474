"""A short name for a small place, where an organisation has none of its own: no city, no legal form."""

import re

from expo_app.rules.name_parts import take_apart

_NOTE = re.compile(r"[（(][^（）()]*[）)]$")
_FORM = re.compile(r"(?:股份|集团)*(?:有限责任|有限)?公司$|,? *(?:Co\.?,? *)?(?:Ltd|Inc|GmbH|LLC)\.?$")


def shortened(name: str) -> str:
    """A name without its place before, the note in brackets and the legal form behind; whole where nothing telling is
    left. For the eye alone: two bodies may share it.
    """
    parts = take_apart(name)
    if parts.place and parts.head > 1 and parts.core in name:
        return parts.core
    for ending in (_NOTE, _FORM):
        rest = ending.sub("", name).strip()
        name = rest if len(rest) > 1 else name
    return name
