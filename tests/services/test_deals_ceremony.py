"""Signing ceremonies: who signs, what is not ready, batches that can be taken back."""

from dataclasses import replace
from uuid import UUID

import pytest

from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Mandate, PartyRole
from expo_app.rules import posts
from expo_app.rules.deals_ceremony import Signatory, Signing, all_problems, at_once, problems, unequal
from expo_app.services import deals, deals_ceremony, records
from expo_app.specs import DEALS
from tests.factories import local, make_expo, make_item, make_room

SELLER, BUYER = PartyRole.SELLER, PartyRole.BUYER
VALUES = {
    "title": "储氢阀门", "kind": "技术合同", "stage": "签约", "sellers": "甲公司", "buyers": "乙研究所",
    "amount": "860", "signed_on": "2018-11-28",
}  # fmt: skip


@pytest.mark.parametrize(
    ("post", "rank"),
    [
        ("董事长", 1), ("总经理", 1), ("院长", 1), ("CEO", 1), ("董事长兼总经理", 1), ("党委书记、董事长", 1),
        ("区长", 1),
        ("副总经理", 2), ("常务副院长", 2), ("Vice President", 2), ("技术总监", 2), ("副区长", 2), ("首席技术官", 2),
        ("研发部部长", 3), ("市场部副经理", 3), ("总经理助理", 3), ("处长", 3), ("科研处副处长", 3), ("项目经理", 3),
        ("工程师", 4), ("副研究员", 4), ("代表", 4), ("General Manager", 1), ("Deputy General Manager", 2),
        ("", None), ("常务理事单位联络人", None), ("顾问", None),
    ],
)  # fmt: skip
def test_posts_are_ranked_by_their_words_and_unknown_ones_say_nothing(post: str, rank: int | None) -> None:
    assert posts.rank(post) == rank


def signing(number: int, *people: Signatory, **given: object) -> Signing:
    values = {
        "id": UUID(int=number),
        "deal_no": f"K-{number}",
        "title": f"项目 {number}",
        "is_text_ready": True,
    } | given
    return Signing(**values, signatories=people)


def one(role: PartyRole, name: str, post: str = "", **given: object) -> Signatory:
    values = {"mandate": Mandate.WRITTEN} | given
    return Signatory(UUID(int=hash((role, name)) % 2**64), role, f"{name}的单位", name, post, **values)


GOOD = signing(1, one(SELLER, "王一", "董事长"), one(BUYER, "李二", "所长"), batch="1")


def test_what_is_not_ready_is_named() -> None:
    assert problems(GOOD) == []
    lone = replace(one(SELLER, "王一", "总经理"), signer="", mandate=None)
    bare = signing(2, lone, one(BUYER, "李二", "副所长", mandate=Mandate.MISSING), is_text_ready=False)
    assert problems(bare) == [
        "王一的单位没有签约人", "李二的单位的授权未见", "职务不对等：王一的单位 总经理，李二 副所长", "文本未就绪",
    ]  # fmt: skip
    assert "没有签约各方" in problems(signing(3))


def test_posts_that_are_not_known_or_equal_are_no_problem() -> None:
    assert unequal([one(SELLER, "甲", "董事长"), one(BUYER, "乙", "院长")]) == ""
    assert unequal([one(SELLER, "甲", "董事长"), one(BUYER, "乙", "顾问")]) == ""
    assert unequal([one(SELLER, "甲", "董事长"), one(BUYER, "乙")]) == ""
    assert unequal([one(SELLER, "甲", "董事长"), one(PartyRole.WITNESS, "见证", "科长")]) == ""
    assert unequal([one(SELLER, "甲", "董事长"), one(BUYER, "乙", "经理")]) == "职务不对等：甲 董事长，乙 经理"


def test_nobody_sits_at_two_tables_at_once() -> None:
    again = replace(GOOD, id=UUID(int=2), deal_no="K-2", signatories=(one(SELLER, "李二", "所长"), one(BUYER, "丙")))
    assert at_once([GOOD, again]) == {UUID(int=2): "李二同一批次也在 K-1"}
    assert at_once([GOOD, replace(again, batch="2")]) == {}
    assert at_once([replace(GOOD, batch=""), replace(again, batch="")]) == {}
    helped = replace(again, signatories=(replace(one(SELLER, "赵"), assistant="王一"),))
    assert at_once([GOOD, helped]) == {UUID(int=2): "王一同一批次也在 K-1"}
    assert all_problems([GOOD, again]) == {UUID(int=2): ["李二同一批次也在 K-1"]}


@pytest.fixture
def stage(db):
    with db.transaction() as session:
        expo = make_expo(session)
        at = {"room_id": make_room(session, expo).id, "starts_at": local(29, 11)}
        item = make_item(session, expo, "集中签约", kind="signing", **at)
        expo_id, item_id = expo.id, item.id
    made = [
        deals.register(
            db, expo_id, VALUES | {"title": f"项目{name}", "sellers": f"{name}公司", "programme_item_id": "集中签约"}
        )
        for name in "天地玄黄"
    ]
    return expo_id, item_id, made


def test_batches_and_places_are_kept_and_taken_back(db, stage):
    expo_id, item_id, (a, b, c, d) = stage
    changed = deals_ceremony.arrange(db, [("第 1 批", [c, a]), ("第 2 批", [b])])
    found = deals_ceremony.signings(db, expo_id, item_id)
    assert [(one.id, one.batch, one.order) for one in found] == [
        (c, "第 1 批", 1), (a, "第 1 批", 2), (b, "第 2 批", 1), (d, "", None),
    ]  # fmt: skip
    assert found[0].starts_at.hour == 11
    assert (found[0].item, deals_ceremony.items(db, expo_id)[0][:2]) == ("集中签约", (item_id, "集中签约"))
    deals_ceremony.rearrange(db, changed)
    assert {one.batch for one in deals_ceremony.signings(db, expo_id, item_id)} == {""}
    deals_ceremony.rearrange(db, changed, forth=True)
    deals_ceremony.arrange(db, [("", [a])])
    with pytest.raises(Conflict):
        deals_ceremony.rearrange(db, changed)


def test_who_signs_is_said_without_a_reason_and_nothing_else_is(db, stage):
    expo_id, item_id, (a, *_rest) = stage
    said = {
        "sellers_signer": "王一", "sellers_signer_post": "董事长", "sellers_mandate": "法定代表人",
        "buyers_signer": "李二", "buyers_signer_post": "所长", "buyers_mandate": "书面授权",
        "sellers_assistant": "小赵", "is_text_ready": True, "witness": "科委",
    }  # fmt: skip
    deals_ceremony.prepare(db, expo_id, a, said)
    found = {one.id: one for one in deals_ceremony.signings(db, expo_id, item_id)}[a]
    assert problems(found) == []
    assert [(one.signer, one.post, one.mandate, one.assistant) for one in found.signatories] == [
        ("王一", "董事长", Mandate.LEGAL_REPRESENTATIVE, "小赵"), ("李二", "所长", Mandate.WRITTEN, ""),
    ]  # fmt: skip
    assert (found.witness, records.get(db, DEALS, a)["sellers_mandate"]) == ("科委", "法定代表人")
    with pytest.raises(ValueError, match="amount"):
        deals_ceremony.prepare(db, expo_id, a, {"amount": "1"})
    with pytest.raises(InvalidRecord):
        deals_ceremony.prepare(db, expo_id, a, {"buyers_mandate": "口头"})
