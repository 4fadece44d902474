"""The files of resources/icons in a colour: below theme, style sheet and icons, which all need them."""

from functools import lru_cache

from expo_app import paths


@lru_cache(maxsize=512)
def coloured(name: str, color: str) -> bytes:
    """The SVG of `name` with every shape filled with `color` (hex); FileNotFoundError for an unknown name."""
    source = paths.resource("icons", f"{name}.svg").read_bytes()
    return source.replace(b"<svg ", b'<svg fill="%s" ' % color.encode(), 1) if color else source
