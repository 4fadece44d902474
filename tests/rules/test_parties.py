"""Organisations in one text."""

import pytest

from expo_app.rules.parties import split_parties


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("甲公司，乙公司", ["甲公司", "乙公司"]),
        ("甲公司,乙公司", ["甲公司", "乙公司"]),
        ("甲公司 乙公司", ["甲公司", "乙公司"]),
        ("甲公司/乙公司", ["甲公司", "乙公司"]),
        ("甲公司；乙公司", ["甲公司", "乙公司"]),
        ("甲公司——乙公司", ["甲公司", "乙公司"]),
        ("甲公司--乙公司", ["甲公司", "乙公司"]),
        ("甲公司\t乙公司", ["甲公司", "乙公司"]),
        ("甲公司与乙公司", ["甲公司", "乙公司"]),
        ("甲公司与乙公司及丙大学", ["甲公司", "乙公司", "丙大学"]),
        ("嘉定区政府和复旦大学", ["嘉定区政府", "复旦大学"]),
        ("1.甲公司\n2.乙公司", ["甲公司", "乙公司"]),
        ("1、甲公司 2、乙公司", ["甲公司", "乙公司"]),
        ("(1)甲公司(2)乙公司", ["甲公司", "乙公司"]),
        ("①甲公司②乙公司", ["甲公司", "乙公司"]),
        ("A Co., Ltd.、B Co.,Ltd.", ["A Co., Ltd.", "B Co.,Ltd."]),
        ("A Co., Ltd., B GmbH & Co. KG; C, Inc.", ["A Co., Ltd.", "B GmbH & Co. KG", "C, Inc."]),
        ("Ölwerk, S.A., Nord A/S, Süd, LLC", ["Ölwerk, S.A.", "Nord A/S", "Süd, LLC"]),
        ("甲公司、甲公司", ["甲公司"]),
        ("", []),
    ],
)
def test_names_in_one_text(text: str, names: list[str]) -> None:
    assert split_parties(text) == names


@pytest.mark.parametrize(
    "name",
    [
        "上海和平化工有限公司",
        "上海与众不同科技有限公司",
        "中国科学院与技术转移",
        "复旦大学 管理学院",
        "甲公司 研发中心",
        "复旦大学与甲公司联合实验中心",
        "某公司（甲，乙）",
        "Research Institute of Iron and Steel",
        "3M中国有限公司",
        "21世纪空间技术有限公司",
        "普及教育研究院",
        "Toyota Motor Corporation",
    ],
)
def test_one_name(name: str) -> None:
    assert split_parties(name) == [name]


@pytest.mark.parametrize("text", ["甲公司 乙公司", "1.甲公司\n2.乙公司", "A Co., Ltd., B Inc.", "甲公司与乙大学"])
def test_what_was_split_stays_split(text: str) -> None:
    assert split_parties("、".join(split_parties(text))) == split_parties(text)
