"""Where to go in the window, as typed values: `context.navigate(ListRoute(DEALS, record=id))`.

A route is plain data below the pages, so that whoever sends somebody on knows no page; places that are no list stand
in the file of their area. The window finds the page by `page`, a list's by the registration of its spec.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from expo_app.specs.figures import Trace
from expo_app.specs.records import RecordSpec


@dataclass(frozen=True)
class Route:
    """A place. `page`: the name of the page that has it."""

    page: ClassVar[str] = ""


@dataclass(frozen=True)
class ListRoute(Route):
    """The list of a spec, wherever it is shown: a record, a search, `facets` (field name → value, toggle name → True),
    exactly the records behind a figure, the form for a new one filled with `values`, or the import of a file.
    """

    spec: RecordSpec
    record: uuid.UUID | None = None
    search: str = ""
    new: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    trace: Trace | None = None
    facets: Mapping[str, Any] = field(default_factory=dict)
    imports: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it asks for some of the records."""
        return bool(self.search or self.facets or self.trace)

    @property
    def asks(self) -> bool:
        """Whether it asks for more than to see the list as it was left."""
        return self.narrows or self.new or self.imports or self.record is not None
