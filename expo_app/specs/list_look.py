"""What a list says that needs no page class of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from expo_app.i18n import N_

ADD, IMPORT, EXPORT, DELETE, MERGE = "add", "import", "export", "delete", "merge"
ALL = frozenset({ADD, IMPORT, EXPORT, DELETE})


@dataclass(frozen=True)
class ListLook:
    """Words and verbs of a plain list: "新增{noun}" ("" says the spec's title), "共 25 项", the hint in its search
    field, what can be done in it (MERGE: two rows that are one become one). `begins(context)`: values a new record
    starts with.
    """

    noun: str = ""
    counted: str = N_("共 {n} 条")
    placeholder: str = N_("搜索，可用拼音首字母")
    can: frozenset[str] = ALL
    begins: Callable[[Any], Mapping[str, Any]] | None = None
