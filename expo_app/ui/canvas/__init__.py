"""A scene base that timeline and floor plan share: zoom, pan, select, drag, snapping, keys."""
