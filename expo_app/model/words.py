"""Vocabularies (类目): the words an organiser classifies by. Records keep a word's id: a new name shows everywhere."""

import uuid

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Texts, kept_by_name, part_of


class Vocabulary(Labelled):
    """Industries and kinds of organisation belong to the file, the others to one expo each."""

    INDUSTRY = N_("产业")
    ORGANISATION_KIND = N_("单位类型")
    ITEM_KIND = N_("活动类型")
    ACHIEVEMENT_KIND = N_("展品类别")
    BOOTH_KIND = N_("展位类型")

    @property
    def is_of_file(self) -> bool:
        """Whether its words live across expos, as organisations do; each expo chooses which it shows and how."""
        return self in (Vocabulary.INDUSTRY, Vocabulary.ORGANISATION_KIND)


class Colour(Labelled):
    """What a word may be coloured; `rules.terms.TOKENS` says by which token of the design."""

    BLUE = N_("蓝")
    GREEN = N_("绿")
    ORANGE = N_("橙")
    PINK = N_("粉")
    TEAL = N_("青")
    PURPLE = N_("紫")
    RED = N_("红")
    GREY = N_("灰")


class Pattern(Labelled):
    """What goes with a colour, so that it is told apart without colour too."""

    SOLID = N_("实底")
    DOTTED = N_("圆点")
    HORIZONTAL = N_("横纹")
    VERTICAL = N_("竖纹")
    GRID = N_("方格")
    BACK = N_("斜纹")


class WordRole(Labelled):
    """What the program takes a word for, whatever it is called."""

    CEREMONY = N_("开幕式")
    FORUM = N_("论坛")
    ROADSHOW = N_("路演")
    MATCHING = N_("对接")
    SIGNING = N_("签约")
    AUCTION = N_("拍卖")
    OTHER = N_("其他")
    SHELL_SCHEME = N_("标准展台")
    RAW_SPACE = N_("光地特装")
    THEME_AREA = N_("主题展示区")


class Word(Base):
    """One word of a vocabulary. `key` is Latin, unique in its vocabulary, what programs see; it never changes.

    `expo_id` None: a word of the file. Without a colour it is grey with its first character.
    """

    __tablename__ = "word"
    __table_args__ = (
        UniqueConstraint("expo_id", "vocabulary", "key"),
        Index("ix_word_vocabulary_name", "vocabulary", "name"),
    )

    expo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    vocabulary: Mapped[Vocabulary] = mapped_column(kept_by_name(Vocabulary))
    key: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    aliases: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    colour: Mapped[Colour | None] = mapped_column(kept_by_name(Colour))
    pattern: Mapped[Pattern | None] = mapped_column(kept_by_name(Pattern))
    role: Mapped[WordRole | None] = mapped_column(kept_by_name(WordRole))
    position: Mapped[int] = mapped_column(default=0)
    is_hidden: Mapped[bool] = mapped_column(default=False)


class WordChoice(Base):
    """How one expo shows a word of the file; without such a row it shows it as the word says."""

    __tablename__ = "word_choice"
    __table_args__ = (UniqueConstraint("expo_id", "word_id"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(part_of("expo.id"), index=True)
    word_id: Mapped[uuid.UUID] = mapped_column(part_of("word.id"), index=True)
    colour: Mapped[Colour | None] = mapped_column(kept_by_name(Colour))
    pattern: Mapped[Pattern | None] = mapped_column(kept_by_name(Pattern))
    position: Mapped[int] = mapped_column(default=0)
    is_hidden: Mapped[bool] = mapped_column(default=False)
