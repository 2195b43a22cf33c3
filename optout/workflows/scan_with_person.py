"""A whole scan at one go: show what would be told, ask, look, and say what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optout.errors import OptoutError
from optout.model.broker import Broker, Slug
from optout.model.subject import Subject
from optout.rules.days import in_words
from optout.text import Text
from optout.workflows.desk import Desk
from optout.workflows.due_looks import called, looks_of
from optout.workflows.plan_scan import (
    LeftOut,
    ScanPlan,
    approve_scan,
    nothing_to_search,
    plan_scan,
    show_scan_plan,
    sites_of,
)
from optout.workflows.scan import Scanned, scan
from optout.workflows.show_scan import scanned_texts


def scan_with_person(desk: Desk, subject: Subject, named: Sequence[str] = ()) -> Scanned:
    """Search these sites, or all; nothing is opened before a typed yes."""
    plan = plan_scan(desk, subject, sites_of(desk, named), named=bool(named))
    return _walk(desk, plan)


def scan_what_is_due(desk: Desk, subject: Subject) -> Scanned | None:
    """Look again where it is time; where it is not, say when."""
    plan = plan_due(desk, subject)
    return _walk(desk, plan) if plan else None


def plan_due(desk: Desk, subject: Subject) -> ScanPlan | None:
    """Return the scan of what is due; None where nothing is, which is said."""
    looks = looks_of(desk, subject)
    now = [look.broker for look in looks if look.on <= desk.today(subject)]
    if now:
        return _plan_for(desk, subject, now)
    desk.person.tell(Text("No look is due."))
    if looks:
        desk.person.tell(Text("The next one: {day}", day=in_words(looks[0].on)))
    return None


def _plan_for(desk: Desk, subject: Subject, due: Sequence[Slug]) -> ScanPlan:
    """Return the scan of these; what can be searched no more is left out, and stops no other."""
    able: list[Broker] = []
    left: list[LeftOut] = []
    for slug in due:
        try:
            able += sites_of(desk, (slug,))
        except OptoutError as error:
            left.append(LeftOut(broker=slug, name=called(desk, slug), why=error.what))
    plan = plan_scan(desk, subject, able)
    return replace(plan, left=(*left, *plan.left))


def _walk(desk: Desk, plan: ScanPlan) -> Scanned:
    show_scan_plan(desk, plan)
    if not plan.sites:
        raise nothing_to_search(plan)
    approve_scan(desk, plan)
    scanned = scan(desk, plan)
    desk.person.tell_at_length(tuple(scanned_texts(scanned)))
    return scanned
