"""verdict of a damaged record"""


def upgrade() -> None:
    pass
