"""PINs of administrators and supervisors: argon2id (RFC 9106), and a growing wait after wrong tries."""

from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from expo_app.i18n import _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_LENGTH = 6
MAX_LENGTH = 64
FREE_TRIES = 4
"""Wrong tries without a wait; the fifth is the first that makes the next one wait."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)


@lru_cache(maxsize=1)
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


def check_pin(pin: str) -> str:
    """The PIN, or ValueError with a sentence: 6 to 64 characters, not all alike and no plain sequence."""
    if len(pin) < MIN_LENGTH:
        raise ValueError(_("太短：至少 {n} 位。").format(n=MIN_LENGTH))
    if len(pin) > MAX_LENGTH:
        raise ValueError(_("太长：最多 {n} 位。").format(n=MAX_LENGTH))
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise ValueError(_("太容易猜：换一组不连续、不重复的。"))
    return pin


def hash_pin(pin: str) -> str:
    """The argon2id hash to store (64 MiB, 3 passes, 4 lanes; about 0.1–0.3 s). ValueError as `check_pin`."""
    return _hasher().hash(check_pin(pin))


def verify_pin(pin_hash: str, pin: str) -> bool:
    """Whether `pin` is the one hashed; False without a hash. A damaged hash raises argon2's InvalidHashError."""
    from argon2.exceptions import VerifyMismatchError

    if not pin_hash:
        return False
    try:
        return _hasher().verify(pin_hash, pin[: MAX_LENGTH + 1])
    except VerifyMismatchError:
        return False


def needs_rehash(pin_hash: str) -> bool:
    """Whether a hash was made with other parameters and should be renewed after the next right try."""
    return _hasher().check_needs_rehash(pin_hash)


def delay(wrong_tries: int) -> timedelta:
    """How long to wait after the last of `wrong_tries` in a row: nothing to the fourth, then 5 s doubled each time,
    15 min at most."""
    doublings = wrong_tries - FREE_TRIES - 1
    if doublings < 0:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(doublings, 16))


def wait_left(wrong_tries: int, last_wrong_at: datetime | None, now: datetime) -> timedelta:
    """What is left of the wait; a clock set back does not lengthen it past the whole."""
    if last_wrong_at is None:
        return timedelta(0)
    whole = delay(wrong_tries)
    return max(timedelta(0), min(whole, last_wrong_at + whole - now))
