"""对接设置: rules and matrix of an expo's matchmaking, and the lists it is set up with, one of them in front."""

from expo_app.ui.pages.matching_settings.page import MatchingSettingsPage

__all__ = ["MatchingSettingsPage"]
