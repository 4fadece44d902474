"""The revisions, oldest first; made by `python -m expo_app.store.migrations`."""
