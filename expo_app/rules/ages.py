"""How long ago something of this computer was (a backup, a draft): by its own clock, never the rehearsal clock."""

from datetime import UTC, datetime, timedelta

from expo_app.i18n import _


def age_words(age: timedelta) -> str:
    """刚刚, 8 分钟前, 3 小时前, 2 天前."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return _("刚刚")
    if minutes < 60:
        return _("{n} 分钟前").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} 小时前").format(n=minutes // 60)
    return _("{n} 天前").format(n=minutes // 1440)


def ago(at: datetime) -> str:
    """The same for a moment of this machine's clock."""
    return age_words(datetime.now(UTC) - at)
