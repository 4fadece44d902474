"""How long ago something was, in words."""

from datetime import timedelta

import pytest

from expo_app.rules.ages import age_words


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "刚刚"), (8, "8 分钟前"), (59, "59 分钟前"), (180, "3 小时前"), (60 * 72, "3 天前")]
)
def test_ages(minutes: int, words: str) -> None:
    assert age_words(timedelta(minutes=minutes)) == words
