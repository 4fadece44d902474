"""A plane of things that are looked at, walked through and moved: time against rooms, a hall in metres, a sheet in mm.

How to make a canvas screen:

1. A thing is frozen plain data with `key`, `words` (told by tooltip and screen reader), `is_locked` where it may be,
   and a place in units of the scene. Its painter is a `plane.CanvasItem` that draws `self.thing` into `self.size`.
2. Subclass `view.Canvas`: `axes` (pixels per unit, times `self.zoom`), `rect_of`, `make_item`, `dragged` (pointer to
   place, by `geometry.snapped` and `geometry.kept`) and `nudged` (key to place, by the same steps); `drawBackground`
   for the ground. `set_things` shows, and shows again: the choice stays.
3. The canvas asks and does nothing itself: connect `moved`, `dropped`, `thrown` and `opened`, save there with an act
   that can be undone, and call `set_things` again. `judge` says what would be wrong where a thing is held.
4. Around it stand `surroundings.CanvasCard`, `ZoomBar`, and `DragCard` for a tray (`carry_in`, `drop_in`,
   `set_target`). What can be computed without a window goes into `geometry` and is tested there.
"""
