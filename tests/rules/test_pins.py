from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError

from expo_app.rules import pins
from expo_app.rules.pins import check_pin, delay, hash_pin, needs_rehash, verify_pin, wait_left

NOW = datetime(2018, 11, 29, 2, 42, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_hasher(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    monkeypatch.setattr(pins, "_hasher", pytestconfig.own_hasher)  # type: ignore[attr-defined]


def test_hash_and_verify() -> None:
    pin_hash = hash_pin("481516")
    parameters = extract_parameters(pin_hash)
    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        "ID",
        65536,
        3,
        4,
    )
    assert len(pin_hash) <= 200
    assert verify_pin(pin_hash, "481516") is True
    assert verify_pin(pin_hash, "481517") is False
    assert needs_rehash(pin_hash) is False
    assert hash_pin("481516") != pin_hash


def test_no_pin_set_opens_for_nobody() -> None:
    assert verify_pin("", "") is False
    assert verify_pin("", "481516") is False


def test_a_damaged_hash_is_not_a_wrong_pin() -> None:
    with pytest.raises(InvalidHashError):
        verify_pin("not a hash", "481516")


def test_weaker_hash_is_renewed() -> None:
    weak = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21l$pBFJmGFcVsYZmPNwHo1pyVfDSCXHTuZKpdBeLLP1b6E"
    assert needs_rehash(weak) is True


@pytest.mark.parametrize("pin", ["481516", "correct horse battery", "沈华棣二零一八", "a" * 5 + "b", "135790"])
def test_good_pin(pin: str) -> None:
    assert check_pin(pin) == pin


@pytest.mark.parametrize(
    ("pin", "message"),
    [
        ("", "太短：至少 6 位。"),
        ("48151", "太短：至少 6 位。"),
        ("x" * 65, "太长：最多 64 位。"),
        ("111111", "太容易猜：换一组不连续、不重复的。"),
        ("123456", "太容易猜：换一组不连续、不重复的。"),
        ("654321", "太容易猜：换一组不连续、不重复的。"),
        ("abcdefg", "太容易猜：换一组不连续、不重复的。"),
    ],
)
def test_bad_pin(pin: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"。$") as error:
        check_pin(pin)
    assert str(error.value) == message
    with pytest.raises(ValueError, match=r"。$"):
        hash_pin(pin)


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 0), (1, 0), (4, 0), (5, 5), (6, 10), (7, 20), (12, 640), (13, 900), (10_000, 900)]
)
def test_delay(tries: int, seconds: int) -> None:
    assert delay(tries) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("tries", "seconds_ago", "left"), [(4, 0, 0), (5, 0, 5), (5, 2, 3), (5, 5, 0), (5, 60, 0), (5, -3600, 5)]
)
def test_wait_left(tries: int, seconds_ago: int, left: int) -> None:
    assert wait_left(tries, NOW - timedelta(seconds=seconds_ago), NOW) == timedelta(seconds=left)


def test_nothing_to_wait_for_without_a_wrong_try() -> None:
    assert wait_left(0, None, NOW) == timedelta(0)
