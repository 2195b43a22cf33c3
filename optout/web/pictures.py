"""The screens of pictures: drawn here, from the folder and the definitions, asked of nobody."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from optout.web.keeper import Keeper
from optout.web.shown import show
from optout.workflows.desk import Desk
from optout.workflows.pictures import Picture, due_days, progress, records_map
from optout.workflows.read_rows import Rows
from optout.workflows.standing import dues, outlines


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as a screen shows it."""

    picture: Picture

    @property
    def svg(self) -> Markup:
        """Return the drawing: made by us, every word in it escaped."""
        return Markup(self.picture.svg)  # noqa: S704 - see above

    @property
    def wide(self) -> Markup:
        """Return the drawing for a wide screen, "" where there is one for all."""
        return Markup(self.picture.wide)  # noqa: S704 - likewise


def pictures(request: Request, keeper: Keeper) -> Response:
    """Show how far each company is, and the days on which something is due."""
    drawn = keeper.read(_how_it_stands)
    return show(request, keeper, "pictures.html", {"drawn": drawn})


def _how_it_stands(desk: Desk) -> list[Drawn]:
    rows = Rows(desk.vault)
    found, coming = outlines(desk, rows), dues(desk, rows=rows)
    return [Drawn(progress(found)), Drawn(due_days(desk, coming))] if found else []


def the_map(request: Request, keeper: Keeper) -> Response:
    """Show where records begin, who collects them and who bought them."""
    found = keeper.read(lambda desk: records_map(desk, outlines(desk)))
    return show(request, keeper, "map.html", {"drawn": Drawn(found) if found else None})
