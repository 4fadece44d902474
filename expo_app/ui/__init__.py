"""The window. Whatever of it is imported, the guard of methods that Qt calls comes first."""

from expo_app.ui.kit import overrides  # noqa: F401
