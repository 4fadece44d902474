import pytest

from expo_app.rules.masks import (
    check_credit_code,
    check_email,
    check_patent_no,
    is_masked,
    mask_email,
    mask_id,
    mask_phone,
    patent_check_digit,
)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613812345678", "138****5678"),
        ("+862159571234;ext=8012", "021****1234"),
        ("+85223456789", "+85****6789"),
        ("59571234", "******34"),
        ("13812345678", "138****5678"),
        ("120", "**20"),
        ("12", "**"),
        ("138****5678", "138****5678"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_phone(phone: str | None, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("310114199001011234", "310*************34"),
        ("E12345678", "E12****78"),
        ("12345", "*****"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_id(number: str | None, shown: str) -> None:
    assert mask_id(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("zhang.san@example.com", "z***@example.com"),
        ("z@example.com", "***@example.com"),
        ("z***@example.com", "z***@example.com"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_email(address: str | None, shown: str) -> None:
    assert mask_email(address) == shown


def test_masked_text_is_recognised() -> None:
    shown = [mask_phone("13812345678"), mask_phone("12"), mask_id("12345"), mask_id("310114199001011234")]
    assert [is_masked(text) for text in [*shown, mask_email("a@b.cn"), "A*B", "13812345678", "", None]] == [
        True, True, True, True, True, False, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91110000600037341L", "91110000600037341L"),
        (" 9111 0000 6000 3734 1l ", "91110000600037341L"),
        ("９１１１００００６０００３７３４１Ｌ", "91110000600037341L"),
    ],
)
def test_credit_code(text: str, code: str) -> None:
    assert check_credit_code(text) == code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9111000060003734", "少 2 位，应为 18 位。"),
        ("91110000600037341L0", "多 1 位，应为 18 位。"),
        ("91110000600037341A", "校验码不对，核对每一位。"),
        ("9111000060003734IO", "信用代码里没有字母 I、O，可能是形近的数字。"),
        ("9111A000600037341L", "第 3 至 8 位是行政区划，应为数字。"),
        ("办理中", "“办理中”不是信用代码，只能有数字和字母。"),
        ("", "“”不是信用代码，只能有数字和字母。"),
    ],
)
def test_credit_code_that_is_none(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"。$") as error:
        check_credit_code(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Zhang.San@Example.COM ", "Zhang.San@example.com"),
        ("ａ@b.cn", "a@b.cn"),
        ("o'brien+x@a-b.co.uk", "o'brien+x@a-b.co.uk"),
    ],
)
def test_email(text: str, address: str) -> None:
    assert check_email(text) == address


@pytest.mark.parametrize("text", ["", "a", "a@b", "a b@c.cn", "a@@b.cn", ".a@b.cn", "a.@b.cn", "a..b@c.cn", "a@-b.cn"])
def test_email_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"。$") as error:
        check_email(text)
    assert str(error.value) == f"“{text}”不是邮箱地址，应如 name@example.com。"


@pytest.mark.parametrize(
    ("digits", "check"), [("200310102344", "5"), ("00000000", "0"), ("00000005", "1"), ("50000000", "X")]
)
def test_patent_check_digit(digits: str, check: str) -> None:
    assert patent_check_digit(digits) == check


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ZL200310102344.5", "ZL200310102344.5"),
        ("zl 2003 1010 2344.5", "ZL200310102344.5"),
        ("2003101023445", "200310102344.5"),
        ("专利号：ZL200310102344.5", "ZL200310102344.5"),
        ("ZL50000000.x", "ZL50000000.X"),
        ("US1234567B2", "US1234567B2"),
        ("PCT/CN2018/123456", "PCT/CN2018/123456"),
    ],
)
def test_patent_number(text: str, number: str) -> None:
    assert check_patent_no(text) == number


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ZL200310102344.6", "校验位不对，核对每一位。"),
        ("ZL200310102344", "缺校验位，专利号末尾应有小数点和一位校验位。"),
        ("ZL2003101", "“ZL2003101”不是专利号，应如 ZL200310102344.5。"),
        ("2003", "“2003”不是专利号，应如 ZL200310102344.5。"),
        ("", "“”不是专利号，应如 ZL200310102344.5。"),
    ],
)
def test_patent_number_that_is_none(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"。$") as error:
        check_patent_no(text)
    assert str(error.value) == message
