"""Columns of 类目: one spec for each vocabulary, which fields that hold its words refer to, and one for all of them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from expo_app.i18n import N_, _
from expo_app.model import Vocabulary, Word, WordRole
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from expo_app.specs.records import RecordSpec

ROLES: Mapping[Vocabulary, tuple[WordRole, ...]] = {
    Vocabulary.ITEM_KIND: (
        WordRole.CEREMONY, WordRole.FORUM, WordRole.ROADSHOW, WordRole.MATCHING, WordRole.SIGNING, WordRole.AUCTION,
        WordRole.OTHER,
    ),
    Vocabulary.BOOTH_KIND: (WordRole.SHELL_SCHEME, WordRole.RAW_SPACE, WordRole.THEME_AREA),
}  # fmt: skip
"""What a word of a vocabulary may stand for; those that are not here stand for nothing but themselves."""
KEY = re.compile(r"[a-z][a-z0-9_]*")


def check_key(text: str) -> str:
    """A Latin key in lower case; ValueError with a sentence."""
    key = text.lower()
    if not KEY.fullmatch(key):
        raise ValueError(_("代号只用小写字母、数字和下划线，以字母开头，不是“{text}”。").format(text=text))
    return key


def contradictions(values: Mapping[str, Any], _facts: ExpoFacts | None = None) -> dict[str, str]:
    """A word stands for something of its own vocabulary."""
    vocabulary, role = values.get("vocabulary"), values.get("role")
    if vocabulary is None or "role" not in values:
        return {}
    roles = ROLES.get(vocabulary, ())
    if (role in roles) if role else not roles:
        return {}
    if not roles:
        return {"role": _("“{vocabulary}”的词不用填“用作”。").format(vocabulary=vocabulary.label)}
    return {"role": _("应为：{roles}。").format(roles="、".join(known.label for known in roles))}


_FIELDS = (
    Field("vocabulary", N_("类目"), 10),
    Field("name", N_("名称"), 16, show="bold", aliases=("词", "类目名称")),
    Field("name_en", N_("英文"), 24, aliases=("英文名", "英文名称", "English name")),
    Field("aliases", N_("别名"), 30, type=FieldType.TAGS, aliases=("导入时认得",), hint=N_("导入时认得，用顿号分开")),
    Field("colour", N_("颜色"), 8),
    Field("pattern", N_("图案"), 8),
    Field("role", N_("用作"), 10),
    Field("position", N_("顺序"), 6, most=9_999),
    Field("is_hidden", N_("隐藏"), 6),
    Field("key", N_("代号"), 14, required=False, in_table=False, in_form=False, check=check_key),
)

WORDS = RecordSpec(
    name="words",
    model=Word,
    title=N_("类目"),
    key=(("vocabulary", "key"), ("vocabulary", "name")),
    scope="",
    scope_filter=lambda expo_id: (Word.__table__.c.expo_id == expo_id) | Word.__table__.c.expo_id.is_(None),
    order=("vocabulary", "position", "name"),
    chips=("vocabulary",),
    icon="price-tag-3",
    contradictions=contradictions,
    fields=_FIELDS,
)


def _of_another(
    own: Vocabulary, given: Mapping[str, Any], _old: Mapping[str, Any], _facts: ExpoFacts
) -> dict[str, str]:
    """A row of a file of all vocabularies that is not of this one."""
    said = given.get("vocabulary")
    words = _("这是“{other}”的词，这里只收“{own}”。请在“{other}”里导入，或用命令行导入 words。")
    return {"vocabulary": words.format(other=said.label, own=own.label)} if said not in (None, own) else {}


def _vocabulary(name: str, vocabulary: Vocabulary) -> RecordSpec:
    """The words of one vocabulary, for fields to refer to."""
    return RecordSpec(
        name=name,
        model=Word,
        title=vocabulary.value,
        key=(("key",), ("name",)),
        scope="" if vocabulary.is_of_file else "expo_id",
        constant={"vocabulary": vocabulary},
        is_offered=True,
        order=("position", "name"),
        icon="price-tag-3",
        contradictions=contradictions,
        file_problems=partial(_of_another, vocabulary),
        fields=(replace(_FIELDS[0], required=False, in_table=False, in_form=False), *_FIELDS[1:]),
    )


INDUSTRIES = _vocabulary("industries", Vocabulary.INDUSTRY)
ORGANISATION_KINDS = _vocabulary("organisation_kinds", Vocabulary.ORGANISATION_KIND)
ITEM_KINDS = _vocabulary("item_kinds", Vocabulary.ITEM_KIND)
ACHIEVEMENT_KINDS = _vocabulary("achievement_kinds", Vocabulary.ACHIEVEMENT_KIND)
BOOTH_KINDS = _vocabulary("booth_kinds", Vocabulary.BOOTH_KIND)
VOCABULARIES = (INDUSTRIES, ORGANISATION_KINDS, ITEM_KINDS, ACHIEVEMENT_KINDS, BOOTH_KINDS)
