"""What clients sign: `optout clinic authorize`, `signed`, `revoke` and `authorizations`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.clinic_plan import As, desk_of_office
from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import bullets, emit, show, table
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.broker import Slug
from optout.model.clinic import AuthorizationState
from optout.model.fields import Field
from optout.model.words import Right
from optout.text import Text
from optout.words import word, words

if TYPE_CHECKING:
    from optout.model.clinic import Authorization
    from optout.model.paper import PrintedPaper
    from optout.model.request import Message
    from optout.model.subject import SubjectId
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

_SCAN_LIES_THERE = Text(
    "The scan itself still lies where it was: delete it there, and in the scanner."
)


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
    from optout.workflows.clients import chosen_clients, desk_for_many

    desk = desk_for_many(open_desk())
    chosen = chosen_clients(desk, [clients])
    named = _Named(until=until, companies=company or (), rights=right or (), fields=field or ())
    if not agent:
        _in_own_name(desk, chosen, named)
        return
    if len(chosen) > 1:
        raise WrongUsage(Text("An agent is named for one client at a time."))
    from optout.workflows.authorize import Agent

    _as_agent(
        desk,
        chosen[0],
        Agent(name=agent, lines=tuple(agent_address or ())),
        named,
        to,
        large=large_print,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What was named of a scope; what was not is what waits for the client."""

    until: date
    companies: Sequence[str]
    rights: Sequence[Right]
    fields: Sequence[Field]

    def scope(self, desk: Desk, client: Client) -> Scope:
        from optout.workflows.signed_scope import scope_of

        return scope_of(
            desk,
            client.subject,
            self.until,
            companies=self.companies,
            rights=self.rights,
            fields=self.fields,
        )


def _in_own_name(desk: Desk, chosen: Sequence[Client], named: _Named) -> None:
    """Write a paper for each client; who has nothing that waits is named, where there are many."""
    from optout.workflows.authorizations import write_in_own_name

    papers = []
    for client in chosen:
        try:
            scope = named.scope(desk, client)
        except WrongUsage as error:
            if len(chosen) == 1:
                raise
            show(Text("Left out: {who}. {why}", who=client.name, why=error.what))
            continue
        papers.append((client, write_in_own_name(desk, client.subject, scope)))
        _show_scope(desk, *papers[-1], whole=len(chosen) == 1)
        bullets(scope.left)
    if papers:
        numbers = ",".join(str(client.number) for client, _paper in papers)
        show(Text("To print next: optout clinic papers write consent --person {n}", n=numbers))
        _show_next(*(paper for _client, paper in papers))


def _as_agent(
    desk: Desk, client: Client, agent: Agent, named: _Named, to: Path | None, *, large: bool
) -> None:
    from optout.workflows.authorizations import write_for_agent
    from optout.workflows.authorize import the_companies
    from optout.workflows.records import places_for

    places_for(to, "")  # a place that cannot be used is told before any question
    if named.companies:
        the_companies(desk, named.companies)  # who takes no agent is told first, too
    scope = named.scope(desk, client)
    papers, paper = write_for_agent(desk, client.subject, agent, scope, large_print=large)
    _show_scope(desk, client, paper)
    bullets(scope.left)
    _write_letter(desk, papers, to)
    _show_next(paper)


def _write_letter(desk: Desk, papers: Papers, to: Path | None) -> None:
    from optout.workflows.records import write_listed_papers

    places = write_listed_papers(desk, papers, to)
    show(Text("Written: {path}", path=places.letter))
    show(Text("Read this one first, it stays with you: {path}", path=places.sheet))


def _show_scope(desk: Desk, client: Client, paper: Authorization, *, whole: bool = True) -> None:
    """Show what a paper allows, line by line; of many papers, only whom they name."""
    from optout.workflows.authorizations import said_line

    show(
        Text(
            "{reference}, {client}: {rights}; {companies}; until {until}.",
            reference=paper.reference,
            client=client.name,
            rights=words(right for right in Right if right in paper.rights),
            companies=_companies(desk, paper),
            until=paper.expires_on,
        )
    )
    if whole:
        bullets(said_line(desk, line) for line in paper.scope)


def _companies(desk: Desk, paper: Authorization) -> tuple[str, ...]:
    from optout.workflows.standing import company_called

    return tuple(sorted(company_called(desk, Slug(each)) for each in paper.brokers))


def _show_next(paper: Authorization, *others: Authorization) -> None:
    if others:
        show(
            Text(
                "When they have signed by hand, each under the number of its own paper: optout "
                "clinic signed {r} --scan FILE",
                r=paper.reference,
            )
        )
        return
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
    """Keep that a paper was signed, on which day, and the scan. It lies in the locked folder.

    For the consent, the letter for an agent, the engagement and the interpreter's paper alike:
    the number stands at the foot of the page, and in the name of its file.
    """
    from optout.workflows.authorizations import record_signature
    from optout.workflows.signed_papers import find_printed, sign_printed

    desk = open_desk()
    printed = find_printed(desk, reference)
    if printed is not None:
        _show_signed(desk, sign_printed(desk, printed, scan.expanduser(), on=on))
        return
    paper = record_signature(desk, reference, scan.expanduser(), on=on)
    show(
        Text(
            "Kept for {client}: signed on {day}, until {until}. SHA-256 of the scan: {hash}",
            client=_whose(desk, paper.subject_id),
            day=paper.signed_on,
            until=paper.expires_on,
            hash=paper.document_sha256,
        )
    )
    show(_SCAN_LIES_THERE)
    if paper.agent:
        show(
            Text(
                "Letters to them still go in the client's own name. To ask as agent: "
                "optout clinic as-agent {r}",
                r=paper.reference,
            )
        )


def _whose(desk: Desk, subject_id: SubjectId) -> str:
    from optout.workflows.clients import all_clients

    client = next(each for each in all_clients(desk) if each.subject.id == subject_id)
    return client.name


def _show_signed(desk: Desk, paper: PrintedPaper) -> None:
    show(
        Text(
            "Kept for {client}: {paper}, signed on {day}. SHA-256 of the scan: {hash}",
            client=_whose(desk, paper.subject_id),
            paper=paper.paper,
            day=paper.signed_on,
            hash=paper.document_sha256,
        )
    )
    show(_SCAN_LIES_THERE)


@app.command(
    example="optout clinic revoke K7F3-Q9MX\noptout clinic revoke K7F3-Q9MX --on 2026-11-20"
)
def revoke(reference: Reference, *, on: On = None) -> None:
    """Keep that a client took back what they signed: nothing more is sent on it."""
    from optout.workflows.authorizations import in_hand_without_paper, take_back

    desk = open_desk()
    paper = take_back(desk, reference, on=on)
    show(Text("Taken back on {day}. Nothing more is sent on it.", day=paper.revoked_on))
    _show_in_hand(desk, in_hand_without_paper(desk, paper))
    if paper.agent:
        show(Text("Tell the companies that have the letter, too: what went out is still there."))


def _show_in_hand(desk: Desk, messages: Sequence[Message]) -> None:
    """Name what lies here on paper or as a mail, and must not go any more."""
    if not messages:
        return
    from optout.workflows.standing import company_called

    show(Text("Printed or written, and not sent. Take them out of the stack:"))
    bullets(f"{each.reference} {company_called(desk, each.broker)}" for each in messages)
    show(
        Text(
            "Destroy them. Then, for each: optout letter post {r} --not-sent",
            r=messages[0].reference,
        )
    )


@app.command(
    "as-agent", example="optout clinic as-agent K7F3-Q9MX\noptout clinic as-agent K7F3-Q9MX --not"
)
def as_agent(
    reference: Reference,
    *,
    not_: Annotated[
        bool, typer.Option("--not", help=_("In the client's own name again, as is usual."))
    ] = False,
    as_name: As = "",
) -> None:
    """Let your office ask in its own name, as agent, what a signed paper allows.

    Only letters by post, and only where the law and the company let an agent ask. The company
    then learns that you help this client. Everything else stays in the client's own name.
    """
    from optout.workflows.in_whose_name import ask_as_agent, ask_in_own_name

    desk = desk_of_office(as_name, None)
    moved, left = (ask_in_own_name if not_ else ask_as_agent)(desk, reference)
    for message, why in left:
        show(Text("{r} stays in the client's own name: {why}", r=message.reference, why=why))
    if not moved:
        show(Text("Nothing was changed."))
        return
    now = (
        Text("In the client's own name again: {refs}.", refs=_references(moved))
        if not_
        else Text("In the name of your office now, as agent: {refs}.", refs=_references(moved))
    )
    show(now)
    show(Text("An earlier yes to them is void. Next: optout clinic approve"))


def _references(messages: Sequence[Message]) -> tuple[str, ...]:
    return tuple(each.reference for each in messages)


@app.command(example="optout clinic authorizations\noptout clinic authorizations --json")
def authorizations(*, json: Json = False) -> None:
    """See what is not signed yet, what runs out soon, and what was taken back."""
    from optout.workflows.authorizations import board
    from optout.workflows.clients import desk_for_many
    from optout.workflows.signed_papers import unsigned_papers

    desk = desk_for_many(open_desk())
    rows = board(desk)
    if json:
        emit([*map(_as_json, rows), *starmap(_unsigned_as_json, unsigned_papers(desk))])
        return
    _show_unsigned(desk)
    if not rows:
        show(Text("No consent is written down yet. Begin with: optout clinic authorize NUMBER"))
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
                Text("{some}", some=_companies(desk, row.paper)),
                row.paper.expires_on,
                _now(row),
            )
            for row in rows
        ),
    )


def _show_unsigned(desk: Desk) -> None:
    """Name what else was printed to be signed, and is not."""
    from optout.workflows.signed_papers import unsigned_papers

    waiting = tuple(unsigned_papers(desk))
    if waiting:
        show(Text("Printed to be signed, and not signed yet:"))
        bullets(
            Text(
                "{client}: {paper}, {r}",
                client=client.name,
                paper=paper.paper,
                r=paper.reference,
            )
            for client, paper in waiting
        )


def _now(row: OnBoard) -> Text:
    return Text("signed, runs out soon") if row.soon_over else word(row.state)


def _unsigned_as_json(client: Client, paper: PrintedPaper) -> object:
    """Return an engagement or an interpreter's paper that was printed, and is not signed."""
    return {
        "reference": paper.reference,
        "client": client.number,
        "kind": paper.paper,
        "language": paper.language,
        "draft": paper.draft,
        "written_on": paper.written_on,
        "signed_on": None,
        "state": AuthorizationState.UNSIGNED,
    }


def _as_json(row: OnBoard) -> object:
    return {
        "reference": row.paper.reference,
        "client": row.number,
        "kind": row.paper.kind,
        "rights": row.paper.rights,
        "companies": row.paper.brokers,
        "allows": [
            {"company": each.broker, "right": each.right, "tells": each.fields}
            for each in row.paper.scope
        ],
        "signed_on": row.paper.signed_on,
        "expires_on": row.paper.expires_on,
        "revoked_on": row.paper.revoked_on,
        "state": row.state,
        "soon_over": row.soon_over,
        "scan_sha256": row.paper.document_sha256,
    }
