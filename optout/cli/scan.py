"""`optout scan` and `optout review`: who still shows this person, and which records are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show
from optout.errors import WrongUsage
from optout.i18n import _
from optout.text import Text

if TYPE_CHECKING:
    from optout.model.listing import Listing
    from optout.model.subject import Subject
    from optout.workflows.desk import Desk
    from optout.workflows.plan_scan import ScanPlan
    from optout.workflows.review import Beside
    from optout.workflows.scan import Scanned, SiteSeen

app = Commands()

Person = Annotated[
    str, typer.Option("--person", metavar="NUMBER", help=_("Which person, if several."))
]


@app.command(
    example="optout scan\noptout scan example-people-search\noptout scan --due\n"
    "optout scan --dry-run\noptout scan --pictures --to ~/Documents"
)
def scan(
    companies: Annotated[
        list[str] | None,
        typer.Argument(metavar="[COMPANY]...", help=_("Only these, from: optout broker list")),
    ] = None,
    *,
    person: Person = "",
    due: Annotated[
        bool, typer.Option("--due", help=_("Only where it is time to look again."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show what would be told to whom; open nothing."))
    ] = False,
    approve: Annotated[
        str,
        typer.Option(
            "--approve", metavar="DIGEST", help=_("Search exactly what --dry-run showed.")
        ),
    ] = "",
    pictures: Annotated[
        bool, typer.Option("--pictures", help=_("Write the pictures of the newest searches."))
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where pictures are written."))
    ] = None,
    json: Json = False,
) -> None:
    """Look at people-search sites for this person's records. Asks first: a search tells a name.

    Shows each site and every value that it would get. What is found stays in the locked folder.
    A page that cannot be read never means that the person is not listed. A record counts as gone
    only after two looks without it, at least three days apart.
    """
    from optout.workflows.desk import the_subject
    from optout.workflows.plan_scan import approve_scan, nothing_to_search, show_scan_plan

    desk = open_desk(to=to)
    subject = the_subject(desk, person)
    if pictures:
        _write_pictures(desk, subject)
        return
    plan = _plan(desk, subject, tuple(companies or ()), due=due, digest=approve)
    if plan is None:
        return
    if not (json and (dry_run or approve)):
        show_scan_plan(desk, plan)
    if not plan.sites:
        raise nothing_to_search(plan)
    if dry_run:
        command = approving(plan.digest, companies or (), person=person, due=due)
        _show_number(plan, command, as_json=json)
        return
    approve_scan(desk, plan, digest=approve)
    scanned = _run(desk, plan, as_json=json)
    raise typer.Exit(scanned.exit_code)


def _plan(
    desk: Desk, subject: Subject, companies: tuple[str, ...], *, due: bool, digest: str
) -> ScanPlan | None:
    """Return what would be searched; None where nothing is due, which is said."""
    from optout.workflows.plan_scan import plan_as_shown, plan_scan, sites_of
    from optout.workflows.scan_with_person import plan_due

    if not due:
        sites, named = sites_of(desk, companies), bool(companies)
        if digest:
            return plan_as_shown(desk, subject, sites, digest, named=named)
        return plan_scan(desk, subject, sites, named=named)
    if companies:
        raise WrongUsage(
            Text("--due chooses the companies itself."),
            hint=Text("To look at one now: optout scan {slug}", slug=companies[0]),
        )
    return plan_due(desk, subject)


def _run(desk: Desk, plan: ScanPlan, *, as_json: bool) -> Scanned:
    from optout.workflows.scan import scan as search_all
    from optout.workflows.show_scan import scanned_texts

    scanned = search_all(desk, plan)
    if as_json:
        emit({"stopped": scanned.stopped, "sites": [_site_json(each) for each in scanned.sites]})
    else:
        desk.person.tell_at_length(tuple(scanned_texts(scanned)))
    return scanned


def approving(digest: str, companies: Sequence[str], *, person: str, due: bool) -> str:
    """Return the command that searches what was shown: those sites only, for that person."""
    words = ["optout", "scan", *companies, *(["--due"] if due else [])]
    return join([*words, *(["--person", person] if person else []), "--approve", digest])


def _show_number(plan: ScanPlan, command: str, *, as_json: bool) -> None:
    if as_json:
        sites = [
            {
                "broker": site.broker.slug,
                "hosts": site.broker.hosts,
                "searches": [
                    {
                        field: {"value": each.values.said(field), "newness": how}
                        for field, how in each.newness.items()
                    }
                    for each in site.searches
                ],
            }
            for site in plan.sites
        ]
        left = [{"broker": each.broker, "why": each.why} for each in plan.left]
        emit({"digest": plan.digest, "sites": sites, "left": left})
        return
    show(Text("Nothing was opened. To search exactly this (copy the whole line):"))
    show(command)


def _site_json(site: SiteSeen) -> dict[str, object]:
    return {
        "broker": site.broker.slug,
        "searches": [
            {
                "end": each.search.end,
                "rows": each.search.rows,
                "whole": each.whole,
                "picture": each.search.evidence_id,
                "why": each.why.what if each.why else None,
                "others": len(each.sorted.others) if each.sorted else 0,
                "nameless": len(each.sorted.nameless) if each.sorted else 0,
            }
            for each in site.searches
        ],
        "listings": [listing_json(each) for each in site.listings],
        "missing": [listing_json(each) for each in site.missing],
    }


def listing_json(listing: Listing) -> dict[str, object]:
    """Return one record with stable keys."""
    return {
        "id": listing.id,
        "broker": listing.broker,
        "verdict": listing.verdict,
        "decided_by": listing.decided_by,
        "state": listing.state,
        "url": listing.url.reveal(),
        "shown": {kind: value.reveal().split("\n") for kind, value in listing.shown.items()},
        "why": [{"side": side, "says": says.reveal()} for side, says in listing.why],
        "first_on": listing.first_on,
        "seen_on": listing.seen_on,
        "looked_on": listing.looked_on,
        "absent_on": listing.absent_on,
        "gone_on": listing.gone_on,
        "back_on": listing.back_on,
    }


def _write_pictures(desk: Desk, subject: Subject) -> None:
    from optout.workflows.listing_report import write_pictures

    written = write_pictures(desk, subject)
    for path in written:
        show(Text("Written: {path}", path=path))
    if not written:
        show(Text("There are no pictures of searches yet."))
        return
    show(Text("Anyone who opens these can read them. Delete them later: optout exports --delete"))


@app.command(
    example="optout review\noptout review --json\noptout review --no 3f2a91c0 --no 77ab12de"
)
def review(
    *,
    person: Annotated[
        str, typer.Option("--person", metavar="NUMBER", help=_("Only this person's records."))
    ] = "",
    yes: Annotated[
        list[str] | None,
        typer.Option("--yes", metavar="ID", help=_("This record is the person.")),
    ] = None,
    no: Annotated[
        list[str] | None,
        typer.Option("--no", metavar="ID", help=_("This record is somebody else.")),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help=_("With --json: also what was decided before."))
    ] = False,
    json: Json = False,
) -> None:
    """Say which records are this person: what they show beside what you wrote down.

    A no is remembered: such a record is never asked about again, and never removed in the
    person's name. You can take it back with --yes. Nothing is sent.
    """
    from optout.workflows.desk import the_subject
    from optout.workflows.review import decide_many, review_with_person, to_review

    desk = open_desk()
    subject = the_subject(desk, person) if person else None
    if yes or no:
        decided = decide_many(desk, yes or (), no or (), subject)
        if json:
            emit([listing_json(each) for each in decided])
        else:
            show(Text("Written down: {count}. Nothing was sent.", count=len(decided)))
        return
    if json:
        emit(_review_json(desk, subject, to_review(desk, subject), decided=all_))
        return
    review_with_person(desk, subject)


def _review_json(
    desk: Desk, subject: Subject | None, waiting: tuple[Beside, ...], *, decided: bool
) -> list[dict[str, object]]:
    if decided:
        people = [subject] if subject else desk.vault.subjects.list()
        return [listing_json(each) for p in people for each in desk.vault.listings.list(p.id)]
    return [
        {
            **listing_json(each.listing),
            "reasons": [{"side": r.side, "says": r.says} for r in each.match.reasons],
        }
        for each in waiting
    ]
