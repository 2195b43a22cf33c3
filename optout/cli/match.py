"""`optout match`: is this listing the person? One pair in words, or many for a program."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import typer

from optout.cli import output
from optout.cli.commands import Commands, Json
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.listing import Verdict
from optout.model.match import Match, Side
from optout.text import Text

if TYPE_CHECKING:
    from optout.workflows.match_pairs import Answer, Pairs

app = Commands()

VERDICTS: Final = {
    Verdict.SAME: Text("This looks like the person."),
    Verdict.UNSURE: Text("This may be the person. Look at it yourself."),
    Verdict.OTHER: Text("This looks like somebody else."),
}
SIDES: Final = {
    Side.AGREES: Text("What agrees:"),
    Side.UNCLEAR: Text("What is open:"),
    Side.CONTRADICTS: Text("What contradicts:"),
}
EXAMPLE: Final = "optout match --subject jordan.json --listing row.json"


@app.command(
    example="""optout match --subject jordan.json --listing row.json
    optout match --subject '{"name": "Jordan Sample", "born": 1984, "places": ["Denver CO"]}'"""
    """ --listing '{"name": "SAMPLE, JORDAN", "age": 42, "places": ["Denver, CO"]}'
    optout match --pairs pairs.jsonl --json"""
)
def match(
    *,
    subject: Annotated[
        str, typer.Option(metavar="FILE|JSON", help=_("What is known of the person, as JSON."))
    ] = "",
    listing: Annotated[
        str, typer.Option(metavar="FILE|JSON", help=_("What the page shows, as JSON."))
    ] = "",
    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=_("Many pairs, a JSON object on each line; - reads them from a pipe."),
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Say whether a listing is the person: the same, not sure, or somebody else. And say why.

    Keys of the person: name, aliases, born (a year or a date), places ("Denver CO"), phones,
    emails, relatives. Keys of a listing: name, alternative_names, age, born, places, phones,
    emails, relatives. A line of pairs holds both as "subject" and "listing", and may hold "today".

    Nothing is stored, nothing is sent, and no locked folder is needed.
    """
    from optout.workflows.match_pairs import Pairs

    ready = Pairs(session().clock().date())
    if pairs and not (subject or listing):
        bad = _answer_all(ready, pairs, json=json)
    elif subject and listing and not pairs:
        bad = _answer_one(ready, subject, listing, json=json)
    else:
        raise WrongUsage(
            Text("Give a person and a listing, or a file of pairs."),
            hint=Text("Like this: {example}", example=EXAMPLE),
        )
    _tell_what_was_not_read(ready.not_read)
    if bad:
        raise typer.Exit(WrongUsage.exit_code)


def _answer_one(ready: Pairs, subject: str, listing: str, *, json: bool) -> bool:
    found = ready.judge(_side(subject, "subject"), _side(listing, "listing"))
    if json:
        output.emit(_as_json(found))
    else:
        _explain(found)
    return False


def _side(given: str, what: str) -> object:
    """Read one side, from its JSON or from a file that holds it."""
    from optout.workflows.match_pairs import read_object

    if given.lstrip().startswith(("{", "[", '"')):
        return read_object(given, what)
    with _opened(Path(given)) as stream:
        try:
            return read_object(stream.read().decode("utf-8"), what)
        except UnicodeDecodeError:
            raise WrongUsage(Text("The file holds no text (UTF-8).")) from None


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise WrongUsage(
            Text("The file cannot be read: {why}", why=error.strerror or "unknown reason"),
            hint=Text("Check its name and place."),
        ) from None
    with stream:
        yield stream


def _explain(found: Match) -> None:
    output.show(VERDICTS[found.verdict])
    for side, heading in SIDES.items():
        says = [reason.says for reason in found.reasons if reason.side is side]
        if says:
            output.show()
            output.show(heading)
            output.bullets(says)


def _answer_all(ready: Pairs, path: Path, *, json: bool) -> int:
    """Answer each line; return how many could not be read."""
    count: Counter[Verdict | None] = Counter()
    with _opened(path) as stream:
        for answer in ready.answers(stream):
            count[answer.match.verdict if answer.match else None] += 1
            if json:
                output.emit_line(_line_json(answer))
            else:
                _show_line(answer)
    if not json:
        _show_count(count)
    if count[None]:
        told = Text(
            "Lines that could not be read: {count}. The others are answered.", count=count[None]
        )
        print(sentence(told), file=sys.stderr)
    return count[None]


def _show_line(answer: Answer) -> None:
    if answer.match is None:
        output.show(Text("Line {line}: {wrong}", line=answer.line, wrong=answer.wrong))
        return
    said = " ".join(sentence(reason.says) for reason in answer.match.reasons)
    verdict = VERDICTS[answer.match.verdict]
    output.show(Text("Line {line}: {verdict} {why}", line=answer.line, verdict=verdict, why=said))


def _show_count(count: Counter[Verdict | None]) -> None:
    output.show()
    output.show(
        Text(
            "The person: {same}. Not sure: {unsure}. Somebody else: {other}.",
            same=count[Verdict.SAME],
            unsure=count[Verdict.UNSURE],
            other=count[Verdict.OTHER],
        )
    )


def _line_json(answer: Answer) -> dict[str, object]:
    if answer.match is None:
        wrong = {"line": answer.line, "error": str(answer.wrong)}
        return {"verdict": None, "reasons": [], **wrong}
    return _as_json(answer.match)


def _as_json(found: Match) -> dict[str, object]:
    return {
        "verdict": found.verdict.value,
        "reasons": [
            each.says.english() if each.says.values else each.says.template
            for each in found.reasons
        ],
    }


def _tell_what_was_not_read(keys: set[str]) -> None:
    """Name keys that mean nothing here: a slip in one of them would lose a fact."""
    if keys:
        named = tuple(sorted(keys)[:10])
        print(
            sentence(Text("Not read, for they mean nothing here: {keys}", keys=named)),
            file=sys.stderr,
        )
