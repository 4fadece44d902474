from datetime import date

import pytest

from expo_app.rules.tech_contracts import (
    IP_KINDS,
    KINDS,
    NATURES,
    SUBKINDS,
    TECH_FIELDS,
    is_registry_no,
    kind_names,
    kinds_on,
    subkind_names,
    subkinds_on,
)

OLD, NEW = date(2020, 12, 31), date(2021, 1, 1)


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2018, 11, 29), ("技术开发", "技术转让", "技术咨询", "技术服务")),
        (OLD, ("技术开发", "技术转让", "技术咨询", "技术服务")),
        (NEW, ("技术开发", "技术转让", "技术许可", "技术咨询", "技术服务")),
        (date(2026, 6, 1), ("技术开发", "技术转让", "技术许可", "技术咨询", "技术服务")),
    ],
)
def test_kinds_of_a_day(day: date, kinds: tuple[str, ...]) -> None:
    assert kinds_on(day) == kinds


TRANSFERS = ("专利权转让", "专利申请权转让", "技术秘密转让", "软件著作权转让")


@pytest.mark.parametrize(
    ("day", "kind", "subkinds"),
    [
        (OLD, "技术转让", (*TRANSFERS, "专利实施许可")),
        (NEW, "技术转让", TRANSFERS),
        (OLD, "技术许可", ()),
        (NEW, "技术许可", ("专利实施许可", "技术秘密使用许可")),
        (OLD, "技术开发", ("委托开发", "合作开发")),
        (NEW, "技术服务", ("一般技术服务", "技术中介", "技术培训")),
        (NEW, "采购", ()),
    ],
)
def test_subkinds_of_a_day(day: date, kind: str, subkinds: tuple[str, ...]) -> None:
    assert subkinds_on(day, kind) == subkinds


def test_every_kind_has_its_subkinds_whenever_it_holds() -> None:
    for day in (OLD, NEW):
        assert {sub.parent for sub in SUBKINDS if sub.holds_on(day)} == set(kinds_on(day))


def test_names_of_any_time() -> None:
    assert kind_names() == tuple(kind.name for kind in KINDS)
    assert len(subkind_names()) == len(set(subkind_names())) == 12


def test_words_fit_their_columns_and_stand_once() -> None:
    assert (len(TECH_FIELDS), TECH_FIELDS[0], TECH_FIELDS[-1]) == (11, "电子信息", "城市建设与社会发展")
    for words in (TECH_FIELDS, IP_KINDS, NATURES, kind_names(), subkind_names()):
        assert len(words) == len(set(words))
        assert max(map(len, words)) <= 40


@pytest.mark.parametrize(
    ("text", "answer"),
    [("1" * 14, True), ("1" * 16, True), ("1" * 15, False), ("", False), ("A" * 16, False), ("１" * 16, False)],
)
def test_registry_number(text: str, answer: bool) -> None:
    assert is_registry_no(text) is answer
