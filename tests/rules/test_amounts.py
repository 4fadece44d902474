from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expo_app import i18n
from expo_app.rules.amounts import (
    MAX_YUAN,
    THOUSAND,
    YUAN,
    apart,
    capitals,
    cell_in,
    convert,
    format_in,
    format_wan,
    format_yuan,
    in_words,
    own_in_words,
    parse,
    parse_foreign,
    parse_wan,
    spelled,
)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("860.00", "8600000"),
        ("860", "8600000"),
        ("2千万", "20000000"),
        ("3百万", "3000000"),
        ("0", "0"),
        (".5", "5000"),
        ("1.", "10000"),
        ("0.000001", "0.01"),
        ("1,234.5", "12345000"),
        ("1,234,567", "12345670000"),
        ("1234,5678", "123456780000"),
        ("８６０．００", "8600000"),
        ("１，２３４", "12340000"),
        (" 860 万元 ", "8600000"),
        ("860万", "8600000"),
        ("8600000元", "8600000"),
        ("8,600,000.05 元", "8600000.05"),
        ("1.2亿元", "120000000"),
        ("1.2亿", "120000000"),
        ("96千元", "96000"),
        ("8.6百万元", "8600000"),
        ("￥8600000", "8600000"),
        ("¥ 8,600,000.05", "8600000.05"),
        ("￥860万", "8600000"),
        ("人民币860", "860"),
        ("人民币860万元整", "8600000"),
        ("CNY 860", "860"),
        ("36.300000000000004", "363000"),
        ("999999999999.999999", "9999999999999999.99"),
        ("012", "120000"),
    ],
)
def test_parse(text: str, yuan: str) -> None:
    assert parse_wan(text) == Decimal(yuan)


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [
        ("36000", YUAN, "36000"),
        ("36,000.05", YUAN, "36000.05"),
        ("3.6万元", YUAN, "36000"),
        ("￥36,000", YUAN, "36000"),
        ("叁万陆仟", YUAN, "36000"),
        ("叁万陆仟元整", THOUSAND, "36000"),
        ("12480", THOUSAND, "12480000"),
        ("12,480.5", THOUSAND, "12480500"),
        ("12480元", THOUSAND, "12480"),
        ("1.2万元", THOUSAND, "12000"),
    ],
)
def test_a_bare_number_is_in_the_unit_that_is_asked_for(text: str, unit: Decimal, yuan: str) -> None:
    assert parse(text, unit) == Decimal(yuan)


def test_only_where_there_are_losses_an_amount_may_be_below_nothing() -> None:
    assert parse("-1,920", THOUSAND, may_be_negative=True) == Decimal(-1_920_000)
    with pytest.raises(ValueError, match=r"^金额不能小于 0。$"):
        parse("-1,920", THOUSAND)


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("面议", YUAN, "“面议”不是金额，写数字，如 860.00（元）。"),
        ("面议", THOUSAND, "“面议”不是金额，写数字，如 860.00（千元）。"),
        ("0.001", YUAN, "金额最多精确到分。"),
        ("0.000001", THOUSAND, "金额最多精确到分。"),
    ],
)
def test_what_is_no_amount_is_said_in_the_unit_that_is_asked_for(text: str, unit: Decimal, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}$"):
        parse(text, unit)


def test_an_amount_in_yuan_or_thousands() -> None:
    assert format_yuan(Decimal("1234567.5")) == "1,234,567.50"
    assert format_yuan(None) == "—"
    assert format_in(Decimal(-1_920_000), THOUSAND, 0) == "-1,920"
    assert format_in(Decimal("12480.5"), THOUSAND, 0) == "12.4805"
    assert cell_in(Decimal(12_480_000), THOUSAND, 0) == Decimal(12_480)
    assert cell_in(Decimal("0.01"), THOUSAND, 0) == Decimal("0.00001")


NOT_MONEY = "不是金额，写数字，如 860.00（万元）。"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"“”{NOT_MONEY}"),
        ("面议", f"“面议”{NOT_MONEY}"),
        ("1.2.3", f"“1.2.3”{NOT_MONEY}"),
        ("nan", f"“nan”{NOT_MONEY}"),
        ("inf", f"“inf”{NOT_MONEY}"),
        ("1e400", f"“1e400”{NOT_MONEY}"),
        ("٨٦٠", f"“٨٦٠”{NOT_MONEY}"),
        ("9" * 70, f"“{'9' * 20}”{NOT_MONEY}"),
        ("-5", "金额不能小于 0。"),
        ("1,23", "“1,23”的千分位逗号位置不对。"),
        ("1,2345", None),
        ("12,34,567", "“12,34,567”的千分位逗号位置不对。"),
        ("0.0000001", "金额最多精确到分，即万元六位小数。"),
        ("0.001元", "金额最多精确到分，即万元六位小数。"),
        ("1234567890.1234567", "金额最多精确到分，即万元六位小数。"),
        ("1000000000000", "金额过大，核对单位是万元还是元。"),
        ("9e99", f"“9e99”{NOT_MONEY}"),
        ("1.5E+2", f"“1.5E+2”{NOT_MONEY}"),
    ],
)
def test_what_is_no_amount_says_why(text: str, message: str | None) -> None:
    if message is None:
        assert parse_wan(text) == Decimal(123450000)
        return
    with pytest.raises(ValueError, match=r"。$") as error:
        parse_wan(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("8600000", "860.00"),
        ("8600000.00", "860.00"),
        ("0", "0.00"),
        ("0.01", "0.000001"),
        ("12345678.90", "1,234.56789"),
        ("186405000", "18,640.50"),
        ("1E+7", "1,000.00"),
        ("-12345", "-1.2345"),
        ("9999999999999999.99", "999,999,999,999.999999"),
    ],
)
def test_format_wan(yuan: str, text: str) -> None:
    assert format_wan(Decimal(yuan)) == text


def test_no_amount_is_a_dash_and_not_zero() -> None:
    assert [format_wan(None), apart(None)[0], capitals(None)] == ["—", "—", ""]


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "Zero yuan only"), ("0.05", "Zero yuan and five fen"), ("21", "Twenty-one yuan only"),
        ("1205010.50", "One million two hundred and five thousand and ten yuan and fifty fen"),
        ("9999000000000000", "Nine quadrillion nine hundred and ninety-nine trillion yuan only"),
    ],
)  # fmt: skip
def test_amounts_in_english_words(yuan: str, words: str) -> None:
    assert spelled(Decimal(yuan)) == words


@given(st.integers(0, int(MAX_YUAN * 100)))
@settings(max_examples=100, deadline=None)
def test_what_is_shown_is_read_back_exactly(fen: int) -> None:
    yuan = Decimal(fen).scaleb(-2)
    assert parse_wan(format_wan(yuan)) == yuan


@pytest.mark.parametrize(
    ("yuan", "text"),
    [("71200000", "7,120.0"), ("10500", "1.1"), ("10499.99", "1.0"), ("500", "0.1"), ("499.99", "0.0")],
)
def test_short_rounds_halves_up(yuan: str, text: str) -> None:
    assert apart(Decimal(yuan), 1) == (text, "万元")


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("8600000", "CNY 8.60 m"),
        ("122493000", "CNY 122.493 m"),
        ("999999.99", "CNY 999,999.99"),
        ("1000000000", "CNY 1,000.00 m"),
        ("96000", "CNY 96,000"),
        ("0", "CNY 0"),
        ("-8600000", "CNY -8.60 m"),
    ],
)
def test_english_is_exact_in_sentences_and_figures_alike(yuan: str, text: str) -> None:
    assert in_words(Decimal(yuan), "en") == text
    i18n.set_language("en")
    assert in_words(Decimal(yuan)) == text
    assert apart(Decimal(yuan)) == (text, "")


def test_a_short_figure_has_one_decimal() -> None:
    assert apart(Decimal(122_493_000), 1) == ("12,249.3", "万元")
    i18n.set_language("en")
    assert apart(Decimal(122_493_000), 1) == ("CNY 122.49 m", "")
    assert own_in_words(Decimal(1_200_000), "USD US dollar") == "USD 1.20 m"


def test_no_amount_is_said_in_the_language_asked_for() -> None:
    assert (in_words(None), in_words(None, "en"), in_words(None, "zh_CN")) == ("无金额", "No amount", "无金额")


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("8600000", "捌佰陆拾万元整"),
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角"),
        ("0.56", "伍角陆分"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1000000.01", "壹佰万元零壹分"),
        ("1000700", "壹佰万零柒佰元整"),
        ("10001", "壹万零壹元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("1000050000000", "壹万亿零伍仟万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1234567890123456.78", "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌亿玖仟零壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
        ("9000800070006005", "玖仟万捌仟亿柒仟万陆仟零伍元整"),
        ("-20", "负贰拾元整"),
    ],
)
def test_capitals(yuan: str, text: str) -> None:
    assert capitals(Decimal(yuan)) == text


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("八百六十万元", "8600000"),
        ("八百六十万", "8600000"),
        ("八百六十", "8600000"),
        ("捌佰陆拾万元整", "8600000"),
        ("人民币捌佰陆拾万元整", "8600000"),
        ("人民币（大写）捌佰陆拾万元整", "8600000"),
        ("壹佰萬圆正", "1000000"),
        ("一亿二千万元", "120000000"),
        ("1亿2000万元", "120000000"),
        ("两千万", "20000000"),
        ("十二万元", "120000"),
        ("860万元人民币", "8600000"),
        ("RMB 860万", "8600000"),
        ("三百零五万元", "3050000"),
        ("二百五万", None),
        ("一万二", None),
        ("百万元", None),
    ],
)
def test_amounts_in_words(text: str, yuan: str | None) -> None:
    if yuan is not None:
        assert parse_wan(text) == Decimal(yuan)
        return
    with pytest.raises(ValueError, match="不是金额"):
        parse_wan(text)


@given(st.integers(0, int(MAX_YUAN * 100)))
@settings(max_examples=300, deadline=None)
def test_capitals_are_read_back_exactly(fen: int) -> None:
    yuan = Decimal(fen).scaleb(-2)
    assert parse_wan(capitals(yuan)) == yuan


@pytest.mark.parametrize("text", ["-5", "−5", "-¥5", "¥-5", "人民币-5万元", "负捌佰万元", "-$5"])
def test_no_amount_is_negative(text: str) -> None:
    with pytest.raises(ValueError, match=r"^金额不能小于 0。$"):
        parse_wan(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$860", ("USD", "860")),
        ("＄ 1,200", ("USD", "1200")),
        ("€860", ("EUR", "860")),
        ("$860元", None),
        ("$860万", ("USD", "8600000")),
        ("US$ 860", ("USD", "860")),
        ("USD 860", ("USD", "860")),
        ("US$1.2百万", ("USD", "1200000")),
        ("120万美元", ("USD", "1200000")),
        ("１２０万美金", ("USD", "1200000")),
        ("EUR 50,000", ("EUR", "50000")),
        ("50,000.05欧元", ("EUR", "50000.05")),
        ("HK$3千万", ("HKD", "30000000")),
        ("1.2亿日元", ("JPY", "120000000")),
        ("八百万美元", ("USD", "8000000")),
        ("￥860", None),
        ("860万元", None),
        ("860", None),
        ("美元", None),
        ("美元若干", None),
    ],
)
def test_another_currency_is_known_by_its_words(text: str, said: tuple[str, str] | None) -> None:
    assert parse_foreign(text) == (said and (said[0], Decimal(said[1])))
    if said:
        with pytest.raises(ValueError, match=r"是外币，选币种后填原币金额和汇率。$"):
            parse_wan(text)


@pytest.mark.parametrize(
    ("amount", "rate", "yuan"),
    [
        ("1200000", "6.9347", "8321640"),
        ("0.01", "0.5", "0.01"),
        ("0.01", "0.49999999", "0"),
        ("333.33", "7.12345678", "2374.46"),
    ],
)
def test_a_rate_converts_to_the_fen_halves_up(amount: str, rate: str, yuan: str) -> None:
    assert convert(Decimal(amount), Decimal(rate)) == Decimal(yuan)
