"""What clients sign: `optout clinic authorize`, `signed`, `revoke` and `authorizations`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show, table
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.fields import Field
from optout.model.words import Right
from optout.text import Text
from optout.words import word, words

if TYPE_CHECKING:
    from optout.model.clinic import Authorization
    from optout.workflows.authorizations import OnBoard, Scope
    from optout.workflows.authorize import Agent
    from optout.workflows.clients import Client
    from optout.workflows.desk import Desk
    from optout.workflows.records import Papers

app = Commands()
Reference = Annotated[
    str, typer.Argument(metavar="REFERENCE", help=_("Of the paper, from: clinic authorizations"))
]
On = Annotated[
    date | None, typer.Option("--on", metavar="DATE", help=_("The day; without it, today."))
]


@app.command(
    example="optout clinic authorize 3 --until 2027-05-31\n"
    "optout clinic authorize all --until 2027-05-31\n"
    "optout clinic authorize 3 --until 2027-05-31 --company transunion --right opt-out\n"
    'optout clinic authorize 3 --until 2027-05-31 --agent "Example Legal Aid" '
    "--company thomson-reuters-clear --right opt-out"
)
def authorize(
    clients: Annotated[
        str,
        typer.Argument(
            metavar="CLIENTS", help=_("Which clients: 3, 1-20,25 or all, from: optout person list")
        ),
    ],
    *,
    until: Annotated[
        date, typer.Option("--until", metavar="DATE", help=_("The last day: two years at most."))
    ],
    company: Annotated[
        list[str] | None,
        typer.Option("--company", metavar="COMPANY", help=_("Which company may be asked.")),
    ] = None,
    right: Annotated[
        list[Right] | None,
        typer.Option("--right", metavar="RIGHT", help=_("What may be asked for.")),
    ] = None,
    field: Annotated[
        list[Field] | None,
        typer.Option("--tells", metavar="WHAT", help=_("What they may be told, and nothing else.")),
    ] = None,
    agent: Annotated[
        str, typer.Option("--agent", metavar="NAME", help=_("The office asks in its own name."))
    ] = "",
    agent_address: Annotated[
        list[str] | None,
        typer.Option("--agent-address", metavar="LINE", help=_("A line of the agent's address.")),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help=_("The PDF to write; a folder will do.")),
    ] = None,
    large_print: Annotated[
        bool, typer.Option("--large-print", help=_("Print in 14-point letters."))
    ] = False,
) -> None:
    """Write down what a client shall sign: which requests, to which companies, until when.

    Without companies: everything that waits to be sent for this client. In the client's own name
    is the usual way; the office's name stands nowhere. As an agent only where the law lets agents
    ask, and where the company takes them. Nothing is sent, and nothing is signed for anybody.
    """
    from optout.workflows.authorizations import Scope
    from optout.workflows.clients import chosen_clients

    desk = open_desk()
    chosen = chosen_clients(desk, [clients])
    scope = Scope(
        rights=tuple(right or ()),
        brokers=tuple(company or ()),
        until=until,
        fields=tuple(field or ()),
    )
    if not agent:
        _in_own_name(desk, chosen, scope)
        return
    if len(chosen) > 1:
        raise WrongUsage(Text("An agent is named for one client at a time."))
    from optout.workflows.authorize import Agent

    named = Agent(name=agent, lines=tuple(agent_address or ()))
    _as_agent(desk, chosen[0], named, scope, to, large=large_print)


def _in_own_name(desk: Desk, chosen: Sequence[Client], scope: Scope) -> None:
    """Write a paper for each client; who has nothing that waits is named, where there are many."""
    from optout.workflows.authorizations import scope_of_waiting, write_in_own_name

    left = []
    papers = []
    for client in chosen:
        try:
            wanted = scope if scope.brokers else scope_of_waiting(desk, client.subject, scope.until)
        except WrongUsage:
            if len(chosen) == 1:
                raise
            left.append(client.name)
            continue
        papers.append(write_in_own_name(desk, client.subject, wanted))
        _show_scope(papers[-1])
    if left:
        show(Text("Left out: {who}. Nothing waits to be sent for them.", who=tuple(left)))
    if papers:
        show(Text("Its paper to print: optout clinic papers write consent"))
        _show_next(papers[0])


def _as_agent(
    desk: Desk, client: Client, agent: Agent, scope: Scope, to: Path | None, *, large: bool
) -> None:
    from optout.workflows.authorizations import scope_of_waiting, write_for_agent
    from optout.workflows.records import places_for

    places_for(to, "")  # a place that cannot be used is told before any question
    scope = scope if scope.brokers else scope_of_waiting(desk, client.subject, scope.until)
    papers, paper = write_for_agent(desk, client.subject, agent, scope, large_print=large)
    _show_scope(paper)
    _write_letter(desk, papers, to)
    _show_next(paper)


def _write_letter(desk: Desk, papers: Papers, to: Path | None) -> None:
    from optout.workflows.records import write_listed_papers

    places = write_listed_papers(desk, papers, to)
    show(Text("Written: {path}", path=places.letter))
    show(Text("Read this one first, it stays with you: {path}", path=places.sheet))


def _show_scope(paper: Authorization) -> None:
    show(
        Text(
            "{reference}: {rights}; {companies}; until {until}.",
            reference=paper.reference,
            rights=words(paper.rights),
            companies=paper.brokers,
            until=paper.expires_on,
        )
    )


def _show_next(paper: Authorization) -> None:
    show(
        Text(
            "When the client has signed by hand: optout clinic signed {r} --scan FILE",
            r=paper.reference,
        )
    )


@app.command(example="optout clinic signed K7F3-Q9MX --scan scan.pdf --on 2026-11-20")
def signed(
    reference: Reference,
    *,
    scan: Annotated[
        Path, typer.Option("--scan", metavar="FILE", help=_("The signed paper: PDF or picture."))
    ],
    on: On = None,
) -> None:
    """Keep that a client signed, on which day, and the scan. It lies in the locked folder."""
    from optout.workflows.authorizations import record_signature

    desk = open_desk()
    paper = record_signature(desk, reference, scan.expanduser(), on=on)
    show(
        Text(
            "Kept: signed on {day}, until {until}. SHA-256 of the scan: {hash}",
            day=paper.signed_on,
            until=paper.expires_on,
            hash=paper.document_sha256,
        )
    )
    show(Text("The scan itself still lies where it was: delete it there, and in the scanner."))


@app.command(
    example="optout clinic revoke K7F3-Q9MX\noptout clinic revoke K7F3-Q9MX --on 2026-11-20"
)
def revoke(reference: Reference, *, on: On = None) -> None:
    """Keep that a client took back what they signed: nothing more is sent on it."""
    from optout.workflows.authorizations import take_back

    paper = take_back(open_desk(), reference, on=on)
    show(Text("Taken back on {day}. Nothing more is sent on it.", day=paper.revoked_on))
    if paper.agent:
        show(Text("Tell the companies that have the letter, too: what went out is still there."))


@app.command(example="optout clinic authorizations\noptout clinic authorizations --json")
def authorizations(*, json: Json = False) -> None:
    """See what is not signed yet, what runs out soon, and what was taken back."""
    from optout.workflows.authorizations import board

    rows = board(open_desk())
    if json:
        emit([_as_json(row) for row in rows])
        return
    if not rows:
        show(Text("Nothing to sign is written down. Begin with: optout clinic authorize NUMBER"))
        return
    table(
        (
            Text("Reference"),
            Text("Client"),
            Text("How"),
            Text("Companies"),
            Text("Until"),
            Text("Now"),
        ),
        (
            (
                row.paper.reference,
                f"{row.number}. {row.subject.label.reveal()}",
                word(row.paper.kind),
                ", ".join(row.paper.brokers),
                row.paper.expires_on,
                _now(row),
            )
            for row in rows
        ),
    )


def _now(row: OnBoard) -> Text:
    return Text("signed, runs out soon") if row.soon_over else word(row.state)


def _as_json(row: OnBoard) -> object:
    return {
        "reference": row.paper.reference,
        "client": row.number,
        "kind": row.paper.kind,
        "rights": row.paper.rights,
        "companies": row.paper.brokers,
        "tells": row.paper.fields,
        "signed_on": row.paper.signed_on,
        "expires_on": row.paper.expires_on,
        "revoked_on": row.paper.revoked_on,
        "state": row.state,
        "soon_over": row.soon_over,
        "scan_sha256": row.paper.document_sha256,
    }
