"""A vocabulary in 类目."""

from dataclasses import dataclass

from expo_app.routes.settings import SectionRoute


@dataclass(frozen=True)
class VocabularyRoute(SectionRoute):
    """`vocabulary`: the name of its spec; "" stays where one was."""

    key: str = "words"
    vocabulary: str = ""
