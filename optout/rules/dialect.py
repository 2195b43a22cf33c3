"""What a definition in DuckDuckGo's words comes down to: its sites, its steps, its scan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from optout.model.dialect import (
    Action,
    Condition,
    Dialect,
    Expectation,
    Extract,
    Navigate,
    Schedule,
    Stage,
)
from optout.model.flow import Looks
from optout.rules.hosts import checked_host, host_allowed, host_of
from optout.rules.listing_life import RAREST, in_range

SCAN = "scan"
OPT_OUT = "optOut"
AT_PARENT = "parentSiteOptOut"
LONGEST_WAIT: Final = 30  # days after a page that nobody understood: it said nothing of anybody
Placed = tuple[str, Action]


def placed_actions(definition: Dialect) -> Iterator[Placed]:
    """Yield every action with its place in the file, those inside others too."""
    for number, stage in enumerate(definition.steps):
        yield from placed_in(stage.actions, f"steps[{number}].actions")


def placed_in(actions: Iterable[Action], where: str) -> Iterator[Placed]:
    """Yield these actions and those inside them, each with its place."""
    for number, action in enumerate(actions):
        place = f"{where}[{number}]"
        yield place, action
        if isinstance(action, Expectation | Condition):
            yield from placed_in(action.actions, f"{place}.actions")


def stage_of(definition: Dialect, kind: str) -> Stage | None:
    """Return the scan, or the opt-out."""
    return next((stage for stage in definition.steps if stage.step_type == kind), None)


def extract_of(definition: Dialect) -> Extract | None:
    """Return how a page of results is read: the scan's own way, else the first there is."""
    every = [action for _place, action in placed_actions(definition)]
    scan = stage_of(definition, SCAN)
    first = [action for _place, action in placed_in(scan.actions, "")] if scan else []
    return next((each for each in (*first, *every) if isinstance(each, Extract)), None)


def hosts_of(definition: Dialect) -> tuple[str, ...]:
    """Return the sites that its steps open: its own first. Raises `BadAddress` for what is none."""
    hosts = [own_host(definition)]
    for _place, action in placed_actions(definition):
        if isinstance(action, Navigate):
            host = template_host(action.url)
            if not host_allowed(host, hosts):
                hosts.append(host)
    return tuple(hosts)


def own_host(definition: Dialect) -> str:
    """Return the host that a definition is named after."""
    return checked_host(definition.url.removeprefix("www."))


def template_host(template: str) -> str:
    """Return the host of an address with places in it; never a place itself."""
    parts = urlsplit(template)
    return host_of(f"{parts.scheme}://{parts.netloc}/")


def opens_elsewhere(definition: Dialect) -> tuple[str, ...]:
    """Return the sites that its steps open and that are not its own."""
    return hosts_of(definition)[1:]


def first_page(definition: Dialect) -> str:
    """Return the address of the site that shows its rows, without anything personal."""
    scan = stage_of(definition, SCAN)
    for action in scan.actions if scan else ():
        if isinstance(action, Navigate):
            return f"https://{template_host(action.url)}/"
    return f"https://{own_host(definition)}/"


def looks_in(schedule: Schedule) -> Looks | None:
    """Return their hours as our days: no more often than usual, and no rarer than is safe."""
    days = {name: _nearest(name, each) for name, each in _days(schedule).items()}
    return Looks(**days) if days else None


def is_rarer_than_ours(schedule: Schedule) -> bool:
    """Say whether they would let somebody wait for a look longer than we do."""
    return any(each > _nearest(name, each) for name, each in _days(schedule).items())


def _nearest(name: str, days: int) -> int:
    return min(in_range(name, days), LONGEST_WAIT if name == "after_error" else RAREST)


def is_sooner_than_ours(schedule: Schedule) -> bool:
    """Say whether they look again, at any time, more often than we ever do."""
    return any(each < in_range(name, each) for name, each in _days(schedule).items())


def _days(schedule: Schedule) -> Mapping[str, int]:
    hours = {
        "after_request": schedule.confirm_opt_out_scan,
        "while_there": schedule.maintenance_scan,
        "after_removal": schedule.maintenance_scan,
        "after_error": schedule.retry_error,
    }
    return {name: math.ceil(each / 24) for name, each in hours.items() if each > 0}
