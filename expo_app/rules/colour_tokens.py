"""The colours by name: LIGHT and DARK on the screen, LIGHT in print. #RRGGBB, or #AARRGGBB for what lets through.

The audience's screen (`hall.…`) is dark in either theme: it is read from afar in a hall whose lights are down.
"""

LIGHT: dict[str, str] = {
    "bg.app": "#E9EEF5", "bg.canvas": "#F6F8FB", "bg.surface": "#FFFFFF", "bg.subtle": "#F1F4F9",
    "bg.hover": "#EDF3FC", "bg.selected": "#DCE9FD",
    "border": "#DCE2EB", "border.button": "#C3CCD9", "border.strong": "#808C9F",
    "text.1": "#17202E", "text.2": "#465267", "text.3": "#5B677C", "text.disabled": "#98A2B3",
    "primary": "#1A5FD0", "primary.hover": "#154EAD", "primary.press": "#103F8C", "on.primary": "#FFFFFF",
    "primary.soft": "#E4EEFD", "focus": "#1A5FD0",
    "ok": "#0F7438", "ok.soft": "#E0F4E7", "ok.solid": "#157A3E", "on.ok": "#FFFFFF",
    "warn": "#8A4B00", "warn.soft": "#FFF0D4", "warn.solid": "#F5A60A", "on.warn": "#2A1A00",
    "bad": "#B3261E", "bad.soft": "#FDE7E5", "bad.solid": "#C4261D", "on.bad": "#FFFFFF",
    "mute": "#465267", "mute.soft": "#E9EDF3", "plum": "#6A3BB8", "plum.soft": "#EFE8FB",
    "scrim": "#6E121C2D", "shadow": "#2E142036",
    "cat.it": "#2F6FDE", "cat.it.soft": "#DFEAFD", "cat.energy": "#2E8B57", "cat.energy.soft": "#DFF2E7",
    "cat.mfg": "#C26A12", "cat.mfg.soft": "#FBEAD6", "cat.health": "#C2417C", "cat.health.soft": "#FBE3EE",
    "cat.service": "#6E7A8F", "cat.service.soft": "#E8ECF2",
    "cat.research": "#0B8286", "cat.research.soft": "#D9F1F1",
    "hall.ground": "#0B1024", "hall.ground.end": "#0E2A2C", "hall.text": "#FFFFFF", "hall.text.2": "#B4C3D8",
    "hall.tile": "#1FFFFFFF", "hall.line": "#33B4C3D8", "hall.paddle": "#6A3BB8", "hall.bid": "#CDB5FF",
}  # fmt: skip
DARK: dict[str, str] = {
    "bg.app": "#0F141C", "bg.canvas": "#151B25", "bg.surface": "#1C2430", "bg.subtle": "#232C3A",
    "bg.hover": "#263244", "bg.selected": "#1E3862",
    "border": "#303B4C", "border.button": "#445268", "border.strong": "#748299",
    "text.1": "#E9EEF6", "text.2": "#B7C2D3", "text.3": "#9CAABF", "text.disabled": "#5F6B7E",
    "primary": "#78ADFF", "primary.hover": "#97C0FF", "primary.press": "#B5D2FF", "on.primary": "#0A1A33",
    "primary.soft": "#1E3357", "focus": "#78ADFF",
    "ok": "#67D492", "ok.soft": "#153525", "ok.solid": "#157A3E", "on.ok": "#FFFFFF",
    "warn": "#F6BC55", "warn.soft": "#3A2B0E", "warn.solid": "#F5A60A", "on.warn": "#2A1A00",
    "bad": "#FF9489", "bad.soft": "#45201F", "bad.solid": "#C4261D", "on.bad": "#FFFFFF",
    "mute": "#B7C2D3", "mute.soft": "#2A3444", "plum": "#C2A4FF", "plum.soft": "#32264F",
    "scrim": "#96000000", "shadow": "#78000000",
    "cat.it": "#78A9FF", "cat.it.soft": "#1F3459", "cat.energy": "#5CC48B", "cat.energy.soft": "#1A3A2A",
    "cat.mfg": "#F0A356", "cat.mfg.soft": "#42301A", "cat.health": "#F289B8", "cat.health.soft": "#46243A",
    "cat.service": "#A3AFC2", "cat.service.soft": "#2C3646",
    "cat.research": "#4FC7CA", "cat.research.soft": "#153C3E",
    "hall.ground": "#0B1024", "hall.ground.end": "#0E2A2C", "hall.text": "#FFFFFF", "hall.text.2": "#B4C3D8",
    "hall.tile": "#1FFFFFFF", "hall.line": "#33B4C3D8", "hall.paddle": "#6A3BB8", "hall.bid": "#CDB5FF",
}  # fmt: skip
