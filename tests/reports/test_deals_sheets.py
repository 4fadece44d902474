"""The sheets of a signing ceremony and the confirmation pages, read back as files."""

from decimal import Decimal

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from expo_app import documents, i18n
from expo_app.documents import deals as deal_documents
from expo_app.errors import UserError
from expo_app.model import Role
from expo_app.rules.deals_ceremony import course_words
from expo_app.services import deals, deals_ceremony
from expo_app.services.expos import all_expos
from expo_app.store.database import Actor, open_database
from tests.factories import local, make_expo

VALUES = {
    "title": "储氢阀门联合开发", "kind": "技术合同", "contract_kind": "技术开发", "stage": "签约",
    "sellers": "甲公司、丙公司", "buyers": "乙研究所", "amount": "1234.5678", "tech_amount": "1000",
    "signed_on": "2018-11-28", "sellers_signer": "王一、赵三", "sellers_signer_post": "董事长、总经理",
    "sellers_mandate": "法定代表人、书面授权", "buyers_signer": "李二", "buyers_signer_post": "副所长",
}  # fmt: skip
A4, A5 = (595, 842), (420, 595)


@pytest.fixture
def signed(tmp_path):
    db = open_database(tmp_path / "expo.db", create=True)
    db.actor = Actor("周敏", Role.ADMIN)
    db.clock = lambda: local(29, 10, 42)
    with db.transaction() as session:
        make_expo(session)
    expo = all_expos(db)[0]
    one = deals.register(db, expo.id, VALUES)
    rate = {"amount": None, "tech_amount": None, "currency": "USD", "foreign_amount": "120", "rate": "6.9347"}
    rate |= {"rate_on": "2018-11-27", "rate_source": "中间价"}
    other = deals.register(db, expo.id, VALUES | rate | {"title": "传感器许可", "buyers": "丁大学"})
    deals_ceremony.arrange(db, [("第 1 批", [other]), ("第 2 批", [one])])
    yield db, expo, one, other
    db.close()


def pages(path):
    """(size, text) of every page."""
    book = pypdfium2.PdfDocument(path)
    found = [(tuple(round(x) for x in page.get_size()), page.get_textpage().get_text_range()) for page in book]
    book.close()
    return found


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_running_list_and_a_card_of_a5_per_signing(signed, tmp_path, language):
    db, expo, *_ids = signed
    i18n.set_language(language)
    documents.write(db, expo, "stage", tmp_path / "stage.pdf")
    found = pages(tmp_path / "stage.pdf")
    assert [size for size, _text in found] == [A4[::-1], A5, A5]
    listed, first, second = (text.replace("\r\n", "") for _size, text in found)
    for words in ("王一 董事长", "赵三 总经理", "李二 副所长", "储氢阀门联合开发", "传感器许可"):
        assert words in listed
    assert ("传感器许可" in first, "储氢阀门联合开发" in second) == (True, True)
    assert ("1,234.5678 万元" if language == "zh_CN" else "CNY 12.345678 m") in second
    if language == "zh_CN":
        assert "职务不对等" in listed
        assert "李二同一批次" not in listed
        assert "宣布开始 → 请上签约席 → 致辞 → 入座 → 签字 → 交换文本 → 握手 → 合影" in listed


def test_a_card_names_the_sides_and_who_is_not_named_yet(signed, tmp_path):
    db, expo, one, _other = signed
    deals.register(db, expo.id, {"buyers_signer": "", "buyers_signer_post": ""}, one, reason="换人")
    documents.write(db, expo, "stage", tmp_path / "stage.pdf")
    _listed, _first, (_size, card) = pages(tmp_path / "stage.pdf")
    said = ["卖方 / 受托方", "甲公司", "王一 董事长", "丙公司", "买方 / 委托方", "乙研究所", "签约人待定", "1,234.5678"]
    assert [card.find(words) for words in said] == sorted(card.find(words) for words in said)
    assert min(card.find(words) for words in said) >= 0


def test_the_running_list_as_a_workbook_has_the_same_in_real_types(signed, tmp_path):
    db, expo, *_ids = signed
    documents.write(db, expo, "stage", tmp_path / "stage.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "stage.xlsx").get_sheet_by_index(0).to_python()
    head = next(row for row in rows if "台上顺序" in row or "顺序" in row)
    body = [
        dict(zip(head, row, strict=True)) for row in rows[rows.index(head) + 1 :] if row[0] in ("第 1 批", "第 2 批")
    ]
    assert [(row["批次"], row["顺序"], row["项目"]) for row in body] == [
        ("第 1 批", 1, "传感器许可"), ("第 2 批", 1, "储氢阀门联合开发"),
    ]  # fmt: skip
    assert "李二的授权" not in body[0]["待处理"]
    assert "乙研究所的授权未见" in body[1]["待处理"]


def test_a_confirmation_has_figures_capitals_rate_and_room_to_sign(signed, tmp_path):
    db, expo, one, _other = signed
    documents.write(db, expo, "confirmations", tmp_path / "all.pdf")
    found = pages(tmp_path / "all.pdf")
    assert [size for size, _text in found] == [A4, A4]
    yuan, dollars = (text.replace("\r\n", "") for _size, text in found)
    for words in (
        "1,234.5678 万元", "人民币壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元整", "甲公司", "丙公司", "乙研究所",
        "签约人 王一 董事长",        "2018-11-28",
    ):  # fmt: skip
        assert words in yuan
    for words in ("832.164 万元", "120.00 万 USD 美元", "6.9347（2018-11-27，中间价）", "捌佰叁拾贰万壹仟陆佰肆拾元整"):
        assert words in dollars
    assert yuan.count("签字（盖章）") == 3
    deal_documents.confirm(db, expo, one, tmp_path / "one.pdf")
    ((_size, alone),) = pages(tmp_path / "one.pdf")
    assert "储氢阀门联合开发" in alone
    db.actor = Actor("门岗", Role.DESK)
    with pytest.raises(UserError):
        deal_documents.confirm(db, expo, one, tmp_path / "no.pdf")
    assert not (tmp_path / "no.pdf").exists()


def test_an_english_confirmation_has_no_chinese_capitals(signed, tmp_path):
    db, expo, one, _other = signed
    i18n.set_language("en")
    deal_documents.confirm(db, expo, one, tmp_path / "one.pdf")
    ((_size, alone),) = pages(tmp_path / "one.pdf")
    said = alone.replace("\r\n", " ")
    assert "CNY 12,345,678.00" in said
    assert "Twelve million three hundred and forty-five thousand six hundred and seventy-eight yuan only" in said
    assert "CNY 10,000,000.00" in said
    assert "壹仟" not in alone


@pytest.mark.parametrize(("language", "title"), [("zh_CN", "签约确认单"), ("en", "Confirmation of signing")])
def test_every_sheet_is_handed_on_by_itself_with_its_title_and_who_signs_where(signed, tmp_path, language, title):
    db, expo, *_ids = signed
    i18n.set_language(language)
    documents.write(db, expo, "confirmations", tmp_path / "all.pdf")
    found = pages(tmp_path / "all.pdf")
    assert all(title in text for _size, text in found)
    assert [text.count("李二 副所长") for _size, text in found] == [2, 2], "among the facts, and in the box"


def test_what_is_not_signed_confirms_no_signing(signed, tmp_path):
    db, expo, *_ids = signed
    given = {"title": "意向合作", "kind": "战略合作框架协议", "stage": "意向", "others": "甲公司、乙研究所"}
    key = deals.register(db, expo.id, given | {"amount": "500"})
    documents.write(db, expo, "confirmations", tmp_path / "all.pdf")
    assert not any("意向合作" in text for _size, text in pages(tmp_path / "all.pdf"))
    deal_documents.confirm(db, expo, key, tmp_path / "one.pdf")
    ((_size, alone),) = pages(tmp_path / "one.pdf")
    words = ("意向确认单", "意向金额", "不计入签约", "签约确认单", "与签署的文本一致", "签订日期", "成交额")
    assert [said in alone.replace("\r\n", "") for said in words] == [True] * 3 + [False] * 4


def test_a_confirmation_of_a_deal_signed_before_says_so_and_how_it_counts(signed, tmp_path):
    db, expo, one, _other = signed
    deals.register(db, expo.id, {"is_prior": True, "prior_note": "2018-05 北京"}, one, reason="此前签过")
    deal_documents.confirm(db, expo, one, tmp_path / "one.pdf")
    ((_size, alone),) = pages(tmp_path / "one.pdf")
    assert "2018-05 北京" in alone
    assert "不计入首次签约于本届的项数" in alone.replace("\r\n", "")


def test_an_agreement_of_equals_has_its_parties_in_one_column(signed, tmp_path):
    db, expo, *_ids = signed
    parties = [f"{letter}公司" for letter in "甲乙丙丁戊己庚辛"]
    given = {"title": "八方协议", "kind": "战略合作框架协议", "stage": "签约", "signed_on": "2018-11-28"}
    key = deals.register(db, expo.id, given | {"others": "、".join(parties)})
    deals_ceremony.arrange(db, [("第 3 批", [key])])
    documents.write(db, expo, "stage", tmp_path / "stage.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "stage.xlsx").get_sheet_by_index(0).to_python()
    head = next(row for row in rows if "各方签约人" in row)
    own = next(dict(zip(head, row, strict=True)) for row in rows if "八方协议" in row)
    assert (own["卖方签约人"], own["买方签约人"]) == ("", "")
    assert all(name in own["各方签约人"] for name in parties)


def test_a_card_says_the_amount_in_its_own_currency_and_everything_in_its_language(signed, tmp_path):
    db, expo, *_ids = signed
    for language, words in (
        ("zh_CN", ("120.00 万 USD 美元", "832.164 万元", "第 1 批")),
        ("en", ("USD 1.20 m", "CNY 8.32164 m", "Batch 1")),
    ):
        i18n.set_language(language)
        documents.write(db, expo, "stage", tmp_path / f"{language}.pdf")
        _listed, (_size, card), _other = pages(tmp_path / f"{language}.pdf")
        assert all(said in card for said in words)
        assert "…" not in card
        assert course_words().split(" → ")[-1] in card


def test_the_ledger_names_what_was_signed_before(signed, tmp_path):
    db, expo, one, _other = signed
    deals.register(db, expo.id, {"is_prior": True, "prior_note": "2018-05 北京"}, one, reason="此前签过")
    documents.write(db, expo, "deals", tmp_path / "deals.pdf")
    text = "".join(text for _size, text in pages(tmp_path / "deals.pdf")).replace("\r\n", "")
    assert "签约项目含外币折算 1 项、此前已签 1 项" in text
    assert "2018-05 北京" in text
    documents.write(db, expo, "deals", tmp_path / "deals.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "deals.xlsx").get_sheet_by_name("签约项目").to_python()
    head = next(row for row in rows if "币种" in row)
    dollars = next(dict(zip(head, row, strict=True)) for row in rows if "传感器许可" in row)
    assert (dollars["币种"], Decimal(str(dollars["汇率"])), dollars["原币金额（万）"]) == (
        "USD",
        Decimal("6.9347"),
        120,
    )


@pytest.mark.parametrize("column", ["amount", "tech_amount", "foreign_amount", "rate", "rate_on", "currency"])
def test_a_damaged_value_is_shown_and_stops_no_sheet(signed, tmp_path, column):
    db, expo, one, other = signed
    of = other if column in ("foreign_amount", "rate", "rate_on", "currency") else one
    with db.transaction() as session:
        session.execute(text("PRAGMA ignore_check_constraints = ON"))
        sql = f"UPDATE deal SET {column} = :raw WHERE id = :id"  # noqa: S608
        session.execute(text(sql), {"raw": b"\xff\xfe", "id": of.bytes})
        session.execute(text("PRAGMA ignore_check_constraints = OFF"))
    documents.write(db, expo, "confirmations", tmp_path / "sheets.pdf")
    found = "".join(words for _size, words in pages(tmp_path / "sheets.pdf"))
    assert "储氢阀门联合开发" in found
    assert "传感器许可" in found
    assert "数据损坏" in found
    documents.write(db, expo, "deals", tmp_path / "deals.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "deals.xlsx")
    told = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert column == "rate_on" or "数据损坏" in told
