import pytest

from expo_app.rules.person_names import person_key

SAME = [
    ("王磊", "王磊先生", "王 磊", "王磊 教授", "王磊博士", "王磊老师", "王磊女士", "王磊小姐"),
    ("José García", "Jose\u0301 Garci\u0301a", "JOSÉ GARCÍA", "Ｊosé　García", "Dr. José García", "José·García"),
    ("买买提·艾力", "买买提•艾力", "买买提・艾力", "买买提‧艾力", "买买提．艾力", "买买提.艾力", "买买提艾力先生"),
    ("J. Smith", "J Smith", "Prof. Dr. J. Smith", "Mr J Smith"),
    ("欧阳修", "欧阳修先生"),
]
OTHER = [
    ("王先生", "王女士"), ("欧阳先生", "欧阳女士"), ("Mr. Smith", "Mrs. Smith"), ("José", "Jose"),
    ("Drew Barry", "ew Barry"), ("王经理", "王"), ("先生", "女士"), ("·", ""),
]  # fmt: skip


@pytest.mark.parametrize("names", SAME)
def test_spellings_of_one_name(names: tuple[str, ...]) -> None:
    assert {person_key(name) for name in names} == {person_key(names[0])}


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_names(one: str, other: str) -> None:
    assert person_key(one) != person_key(other)
