"""A plan for each of many clients, as one table; the chosen lines go on the list of each.

The careful way of one person's plan holds for all: nothing is asked of a company that may not
know a client, nothing is repeated within a year, and no freeze comes along unnamed. What only a
typed yes allows (a stranger, a public body, the whole catalog) is for one client at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from optout.drafting.plan_table import TableRow, table_csv, table_html
from optout.drafting.plan_words import law_of, named
from optout.errors import OptoutError, Refused
from optout.model.payload import Newness
from optout.model.plan import LeaveWhy, LineKind, PlanLine
from optout.model.request import Message
from optout.model.words import Right
from optout.rules.arrange import arrange
from optout.rules.minors import why_not
from optout.text import Counted, Text
from optout.vault.ids import new_reference
from optout.words import word
from optout.workflows.accept_plan import accept_plan, answered_before
from optout.workflows.approve import GOVERNMENT
from optout.workflows.client_answers import Answers
from optout.workflows.clients import CLOSED, Client, LeftOut, closed_clients, types_count
from optout.workflows.clinic import clinic_of
from optout.workflows.conflict import unchecked
from optout.workflows.desk import Desk
from optout.workflows.exports import check_place, write_export
from optout.workflows.make_plan import Many, Wish, plan_for

_BY_THE_CLIENT: Final = Text("the client alone")
_TABLE: Final = "plan of many"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPlan:
    """One client's lines that may go on the list, and those that only the client can do."""

    client: Client
    lines: tuple[PlanLine, ...]
    own: tuple[PlanLine, ...] = ()  # shown, and never put on a list

    @property
    def requests(self) -> int:
        """Return how many would go on the list."""
        return len(self.lines)


@dataclass(slots=True, kw_only=True)
class Planned:
    """What came of planning for many."""

    plans: list[ClientPlan] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """Return how many requests would go on all lists."""
        return sum(each.requests for each in self.plans)

    @property
    def with_new(self) -> int:
        """Return how many of them tell a company something NEW."""
        return sum(
            any(one.newness is Newness.NEW for one in line.fields)
            for each in self.plans
            for line in each.lines
        )

    def rows(self) -> Iterator[TableRow]:
        """Yield client × company × right, with the exact fields."""
        for each in self.plans:
            for line in (*each.lines, *each.own):
                yield _row(each.client, line)


def plan_many(
    desk: Desk,
    clients: Sequence[Client],
    answers: Mapping[int, Answers],
    wish: Wish,
) -> Planned:
    """Plan for each client with their own answers; who cannot be planned for is named.

    Who has no answers answered nothing, which counts as no.
    """
    _check_wish(desk, wish)
    many = Many(shelf=arrange(desk.list_brokers(), wish.goal), laws=desk.laws())
    able, left_out = who_can_be_planned(desk, clients)
    found = Planned(left_out=left_out)
    for client in able:
        try:
            made = _plan_one(desk, client, answers.get(client.number, {}), wish, many)
        except OptoutError as error:
            found.left_out.append(LeftOut(client=client, why=error.what))
            continue
        if isinstance(made, LeftOut):
            found.left_out.append(made)
        else:
            found.plans.append(made)
    return found


def write_table(desk: Desk, planned: Planned) -> tuple[Path, Path]:
    """Write the table for a spreadsheet and as a page to read; both are listed as exports."""
    rows = list(planned.rows())
    page = table_html(
        rows,
        title=Text("What to ask, and for whom"),
        lead=(
            Text(
                "Requests: {count}, for {clients}. They tell a company something NEW in {new} of "
                "them.",
                count=planned.requests,
                clients=_clients(planned),
                new=planned.with_new,
            ),
        ),
        left=[each.said() for each in planned.left_out],
    )
    return write_both(desk, table_csv(rows), page, _TABLE)


def write_both(desk: Desk, table: bytes, page: bytes, what: str) -> tuple[Path, Path]:
    """Write a table twice, under one name that says nothing, where both have room."""
    check_place(desk, len(table) + len(page))
    name = f"table-{new_reference()}"
    return (
        write_export(desk, f"{name}.csv", what, table, place_is_checked=True),
        write_export(desk, f"{name}.html", what, page, place_is_checked=True),
    )


def accept_many(desk: Desk, planned: Planned) -> tuple[int, list[LeftOut]]:
    """Put every line on its client's list; return how many, and who was left out meanwhile.

    Each client is one commit: a run that is cut short goes on with the same command.
    """
    count, left = 0, []
    for each in planned.plans:
        try:
            with desk.vault.together():
                put = accept_plan(desk, each.client.subject, each.lines)
        except OptoutError as error:
            left.append(LeftOut(client=each.client, why=error.what))
            continue
        count += _requests(put)
    return count, left


def says_yes(desk: Desk, planned: Planned) -> bool:
    """Ask for the count of requests; where something is NEW to a company, for that count too."""
    first = Counted(
        "1 request for 1 client would go on their list. Nothing is sent yet. "
        "Look at the table first. To put it on the list, type 1.",
        "{count} requests for {clients} would go on their lists. Nothing is sent yet. Look at the "
        "table first. To put all of them on the lists, type their number.",
        count=planned.requests,
        clients=_clients(planned),
    )
    if not types_count(desk, first, planned.requests):
        return False
    if not planned.with_new:
        return True
    second = Text(
        "In {count} of them a company would learn something NEW. If that is right, type this "
        "number.",
        count=planned.with_new,
    )
    return types_count(desk, second, planned.with_new)


def _clients(planned: Planned) -> Text:
    return Counted(
        "1 client", "{count} clients", count=sum(bool(each.lines) for each in planned.plans)
    )


def _requests(put: Sequence[Message]) -> int:
    return sum(len(message.request_ids) for message in put)


def _check_wish(desk: Desk, wish: Wish) -> None:
    if any(desk.find_broker(slug).government for slug in wish.only):
        raise Refused(GOVERNMENT, known=Text("Nothing was written or sent."))


def who_can_be_planned(desk: Desk, clients: Sequence[Client]) -> tuple[list[Client], list[LeftOut]]:
    """Return who can be planned for, and who cannot: before anybody answers a question for them."""
    why = dict(_not_to_be_planned(desk))
    able = [client for client in clients if client.number not in why]
    left = [LeftOut(client=one, why=why[one.number]) for one in clients if one.number in why]
    return able, left


def _not_to_be_planned(desk: Desk) -> Iterator[tuple[int, Text]]:
    """Yield the office's clients without a conflict check of all names, or closed, by number."""
    if clinic_of(desk.vault) is not None:
        yield from ((number, why) for number, _subject, why in unchecked(desk.vault))
        yield from ((client.number, CLOSED) for client in closed_clients(desk))  # counts more


def _plan_one(
    desk: Desk, client: Client, answers: Answers, wish: Wish, many: Many
) -> ClientPlan | LeftOut:
    who = client.subject
    if reason := why_not(who, desk.today(who)):
        return LeftOut(client=client, why=reason)
    made = plan_for(desk, who, answers, wish, many=many)
    # A plan of named companies asks again what they answered; one for many never does.
    settled = answered_before(desk, who) if wish.only else {}
    lines = tuple(
        line
        for line in made.lines
        if line.kind is LineKind.REQUEST
        and (line.broker, line.right) not in settled
        and (line.right is not Right.FREEZE or Right.FREEZE in wish.rights)
        and not desk.find_broker(line.broker).local
    )
    own = tuple(line for line in made.lines if line.kind is LineKind.GUIDED)
    if lines or own:
        return ClientPlan(client=client, lines=lines, own=own)
    # What is on the list already is no line again: that is no sign that nobody knows them.
    strangers = not desk.vault.requests.list(subject_id=who.id) and any(
        left.why is LeaveWhy.UNLIKELY for left in made.leave_alone
    )
    why = (
        Text("No sign that these companies know them. To leave them alone is the safest answer.")
        if strangers
        else Text("Nothing new is to be asked.")
    )
    return LeftOut(client=client, why=why)


def _row(client: Client, line: PlanLine) -> TableRow:
    return TableRow(
        number=client.number,
        client=client.subject.label.reveal(),
        company=line.name,
        rights=(word(line.right),),
        by=word(line.by) if line.kind is LineKind.REQUEST else _BY_THE_CLIENT,
        laws=(law_of(line),),
        known=named(line.fields, Newness.KNOWN),
        new=named(line.fields, Newness.NEW),
    )
