"""What a session may be called."""

from expo_app.i18n import N_, _

AUCTION, SALE = N_("拍卖会"), N_("竞价会")
SECRET = N_("保密")
"""In the place of a name that asked to be kept secret (拍卖法 art. 21)."""


def is_auction(house: object, licence_no: str, auctioneer: str, auctioneer_no: str) -> bool:
    """Whether it is an auction in law: a licensed 拍卖人 runs it, a certified 拍卖师 presides (拍卖法 art. 10–14).

    `house`: its name, key or anything that is empty where there is none.
    """
    return bool(house and licence_no.strip() and auctioneer.strip() and auctioneer_no.strip())


def called(house: object, licence_no: str, auctioneer: str, auctioneer_no: str) -> str:
    """拍卖会 or 竞价会: the word of every screen and paper."""
    return _(AUCTION if is_auction(house, licence_no, auctioneer, auctioneer_no) else SALE)


def paddle_no(number: int) -> str:
    """A paddle as it is shown: two digits at least."""
    return f"{number:02d}"
