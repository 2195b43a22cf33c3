"""How the family of a company is drawn: a small tree on a terminal, one fact a line elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from optout.cli import output
from optout.cli.plain import one_line, sentence
from optout.cli.session import session
from optout.text import Text, Written

if TYPE_CHECKING:
    from optout.model.broker import Broker
    from optout.rules.families import Branch


def family_lines(broker: Broker, branches: Sequence[Branch]) -> list[str]:
    """Return the family, a line each, ready to be printed; none where a company stands alone."""
    if not branches:
        return []
    lines = [sentence(Text("Family:"))]
    if session().plain:
        lines += [_fact(broker, branch) for branch in branches if branch.kin.slug != broker.slug]
    else:
        lines += [f"{_stem(branch)}{_told(broker, branch)}" for branch in branches]
    return lines


def show_family(lines: Sequence[str]) -> None:
    """Print a drawing as it is: every word in it is clean, and its spaces mean something."""
    for line in lines:
        print(line)


def family_in_short(broker: Broker, branches: Sequence[Branch]) -> Text | None:
    """Return the family in one sentence, where the screen has no room to draw it."""
    others = [branch for branch in branches if branch.kin.slug != broker.slug]
    here = tuple(branch.kin.slug for branch in others if branch.kin.name)
    if not here:
        return Text("Belongs to: {company}.", company=others[0].kin.slug) if others else None
    if any(branch.cleared_by for branch in others):
        return Text("Family: {slugs}.", slugs=here)
    return Text("Family: {slugs}. No request here is known to clear them.", slugs=here)


def brand_facts(broker: Broker) -> Iterator[tuple[Text, output.Shown]]:
    """Yield what one request here counts for, and what must be looked at apart."""
    yield Text("One request should do for"), ", ".join(broker.covers)
    yield Text("Look at these apart"), ", ".join(broker.apart)


def family_json(branches: Sequence[Branch]) -> list[dict[str, object]]:
    """Return the family for a program: who, under whom, cleared by whom."""
    return [
        {
            "slug": branch.kin.slug,
            "name": branch.kin.name or None,
            "parent": branch.kin.parent or None,
            "depth": branch.depth,
            "cleared_by": branch.cleared_by,
            "shares_hosts": branch.shares,
        }
        for branch in branches
    ]


def _stem(branch: Branch) -> str:
    """Draw the way from the top: who still has sisters below keeps a line open."""
    if not branch.depth:
        return "  "
    above = "".join("   " if last else "│  " for last in branch.is_last[1:-1])
    return f"  {above}{'└─ ' if branch.is_last[-1] else '├─ '}"


def _told(broker: Broker, branch: Branch) -> str:
    notes = [sentence(note) for note in _notes(broker, branch)]
    return one_line(branch.kin.slug) + (f" ({'; '.join(notes)})" if notes else "")


def _notes(broker: Broker, branch: Branch) -> Iterator[Text]:
    if branch.kin.slug == broker.slug:
        yield Text("this one")
    elif not branch.kin.name:
        yield Text("an owner: nothing is asked there")
    if branch.cleared_by:
        yield Text("asking {parents} may clear it: look again", parents=branch.cleared_by)
    if branch.shares:
        yield Text("same web site")


def _fact(broker: Broker, branch: Branch) -> str:
    """Tell one member in one sentence, for a screen reader."""
    if not branch.kin.name:
        text = Text("Owner, nothing is asked there: {company}.", company=branch.kin.slug)
    elif branch.kin.slug == broker.parent:
        text = Text("Belongs to: {company} ({slug}).", **_named(branch))
    elif branch.kin.parent == broker.slug:
        text = Text("Owns: {company} ({slug}).", **_named(branch))
    else:
        text = Text("Of the same family: {company} ({slug}).", **_named(branch))
    return " ".join([sentence(text), *(sentence(each) for each in _asked(branch))])


def _named(branch: Branch) -> dict[str, object]:
    return {"company": Written(branch.kin.name), "slug": branch.kin.slug}


def _asked(branch: Branch) -> Iterator[Text]:
    if branch.cleared_by:
        yield Text(
            "A request to {parents} may clear it. Look again afterwards.",
            parents=branch.cleared_by,
        )
    elif branch.kin.name:
        yield Text("No request here is known to clear it.")
    if branch.shares:
        yield Text("The same web site: {hosts}.", hosts=branch.shares)
