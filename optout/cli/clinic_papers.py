"""`optout clinic papers`: what a client reads, fills in and signs at the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.output import emit, show, table
from optout.cli.session import session
from optout.i18n import _
from optout.model.paper import SIGNED, Paper, Wording
from optout.text import Text

if TYPE_CHECKING:
    from optout.drafting.papers import Shelf
    from optout.workflows.clinic_papers import MadePaper

noun = Commands(_("Print the papers for clients, and keep their words in order."))

Which = Annotated[
    list[Paper], typer.Argument(metavar="PAPER", help=_("Which papers: see the list."))
]
One = Annotated[Paper, typer.Argument(metavar="PAPER", help=_("Which paper: see the list."))]
Language = Annotated[
    str, typer.Option("--lang", metavar="LANGUAGE", help=_("Of the paper: en, es, or your own."))
]

_WHAT = {
    Paper.INTAKE: Text("first talk: names, safe ways to reach them, people to check"),
    Paper.ENGAGEMENT: Text("what the office does and does not do, until when, what is kept"),
    Paper.CONSENT: Text("yes or no for each company and each fact"),
    Paper.EXPLANATION: Text("what is sent to whom, and what can happen"),
    Paper.AUTHORIZATION: Text("what the letter for an agent says (the letter itself is English)"),
    Paper.INTERPRETER: Text("what the interpreter did, signed"),
    Paper.ANSWER: Text("what was asked, what came back, what they do now"),
    Paper.CLOSING: Text("what was done, what can still come, what is kept"),
}


def shelf_here() -> Shelf:
    """Return where wording is looked for: the office's own first."""
    from optout.drafting.papers import Shelf
    from optout.workflows.clinic_papers import papers_folder

    return Shelf(papers_folder(session().vault_folder()))


@noun.command("list", example="optout clinic papers list\noptout clinic papers list --json")
def list_papers(*, json: Json = False) -> None:
    """List the papers, in which languages they are there, and who has read their words."""
    from optout.workflows.clinic_papers import all_wordings

    wordings = all_wordings(shelf_here())
    if json:
        emit([_for_programs(each) for each in wordings])
        return
    table(
        (Text("Paper"), Text("Language"), Text("What it says"), Text("Words"), Text("Read by")),
        (
            (
                each.paper.value,
                each.language,
                _WHAT[each.paper],
                Text("as they came") if each.ours else Text("your own"),
                _who_read(each),
            )
            for each in wordings
        ),
    )
    show(Text("A draft has no line to sign on. Nobody's signature on it is written down."))
    show(Text("What a client signs is written down with: optout clinic authorize --help"))


def _for_programs(wording: Wording) -> dict[str, object]:
    return {
        "paper": wording.paper,
        "language": wording.language,
        "draft": wording.is_draft,
        "signed_by_people": wording.paper in SIGNED,
        "your_own": not wording.ours,
        "read_by": [
            {"name": each.name, "bar": each.bar, "on": each.on} for each in wording.reviews
        ],
        "sha256": wording.sha256,
    }


def _who_read(wording: Wording) -> Text | str:
    if wording.is_draft:
        return Text("nobody: DRAFT")
    if wording.lawyer is None and not wording.reviews:
        return Text("no lawyer yet")
    return ", ".join(f"{each.name} ({each.on})" for each in wording.reviews)


@noun.command(
    example="optout clinic papers write intake engagement --lang es --to ~/front-desk\n"
    "optout clinic papers write consent explanation --person 3 --lang es --large-print\n"
    "optout clinic papers write engagement --person 1-20 --ends 2027-11-30 --together --to papers"
)
def write(
    paper: Which,
    *,
    person: Annotated[
        str,
        typer.Option(
            "--person",
            metavar="NUMBERS",
            help=_("For whom: 3, or 1-20,25, or all. Without: blank ones."),
        ),
    ] = "",
    lang: Language = "en",
    large_print: Annotated[
        bool, typer.Option("--large-print", help=_("Print in 14-point letters."))
    ] = False,
    ends: Annotated[
        date | None,
        typer.Option("--ends", metavar="DATE", help=_("The day on which your work ends.")),
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help=_("All in one file, for the printer."))
    ] = False,
    one_sided: Annotated[
        bool, typer.Option("--one-sided", help=_("The printer prints one side only."))
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where to write it."))
    ] = None,
) -> None:
    """Write papers as PDF files: filled in for clients, or blank for the front desk.

    The names of the files say neither who nor what. What is about a client is in: optout exports
    """
    papers = tuple(dict.fromkeys(paper))
    if not person:
        _write_blank(papers, lang, to, large=large_print, join=together, one_sided=one_sided)
        return
    _write_filled(
        papers, person, lang, to, ends=ends, large=large_print, join=together, one_sided=one_sided
    )


def _write_blank(
    papers: Sequence[Paper],
    language: str,
    to: Path | None,
    *,
    large: bool,
    join: bool,
    one_sided: bool,
) -> None:
    from optout.workflows.clinic_papers import blank_paper, joined, write_blank

    shelf = shelf_here()
    made = [blank_paper(shelf, paper, language, large_print=large) for paper in papers]
    files = [joined(made, two_sided=not one_sided)] if join else [(m.name, m.pdf) for m in made]
    folder = (to or Path.cwd()).expanduser().absolute()
    places = [write_blank(name, pdf, folder) for name, pdf in files]
    tell_written(made, places * len(made) if join else places)
    tell_of_words([each.drafted.wording for each in made])
    show(Text("Nobody's name is on them, so they are in no list."))


def _write_filled(
    papers: Sequence[Paper],
    who: str,
    language: str,
    to: Path | None,
    *,
    ends: date | None,
    large: bool,
    join: bool,
    one_sided: bool,
) -> None:
    from optout.cli.desk import open_desk
    from optout.workflows.clients import chosen_clients
    from optout.workflows.clinic_papers import papers_for_many, write_listed, write_together

    desk = open_desk(to=to)
    made, left_out = papers_for_many(
        desk,
        chosen_clients(desk, (who,)),
        shelf_here(),
        papers,
        language,
        ends_on=ends,
        large_print=large,
    )
    for left in left_out:
        show(Text("Left out: {who}", who=left.said()))
    if not made:
        show(Text("Nothing was written."))
        raise typer.Exit(1)
    one = write_together(desk, made, two_sided=not one_sided) if join else None
    places = iter(write_listed(desk, made) if one is None else ())
    for each in made:
        show(Text("{client}", client=each.client.name))
        tell_written(each.papers, [one or next(places) for _paper in each.papers])
    tell_of_words([paper.drafted.wording for each in made for paper in each.papers])
    show(Text("What was written is in the list of: optout exports"))


def tell_written(made: Sequence[MadePaper], places: Sequence[Path]) -> None:
    """Say where each paper is, and what is blank on it."""
    for each, place in zip(made, places, strict=True):
        wording = each.drafted.wording
        told = Text("{number} {paper}, {lang}: {path}", number=each.reference, path=place)
        show(Text(told.template, **told.values, paper=wording.paper, lang=wording.language))
        for value in each.not_shown:
            show(
                Text(
                    "   No font here can show “{value}”: its line is blank. Write it by hand, or "
                    "install the Noto fonts and write the paper again.",
                    value=value,
                )
            )
        for why in each.left_out:
            show(Text("   {text}", text=why))


def tell_of_words(wordings: Sequence[Wording]) -> None:
    """Say whether anybody has read the words of what was written."""
    if any(each.is_draft for each in wordings):
        show(
            Text(
                "DRAFT: no named person has read this translation, so nobody signs it. Who read it "
                "is written down with: optout clinic papers reviewed --help"
            )
        )
    elif any(each.lawyer is None for each in wordings):
        show(Text("No lawyer has read these words yet. Each paper says so at its end."))


@noun.command(
    example="optout clinic papers edit intake --lang es\noptout clinic papers edit intake --lang vi"
)
def edit(
    paper: Annotated[
        str,
        typer.Argument(metavar="PAPER", help=_("A paper; or: words, or: office (name, phone).")),
    ],
    *,
    lang: Language = "en",
) -> None:
    """Copy the words of a paper to your own folder, where you change them; yours win.

    A language that is not there yet begins as a copy of the English one.
    """
    from optout.drafting.papers import words_file
    from optout.errors import WrongUsage
    from optout.workflows.clinic_papers import OFFICE, begin_language, copy_to_edit

    shelf = shelf_here()
    others = {"office": OFFICE, "words": words_file(lang)}
    copied: tuple[tuple[Path, bool], ...]
    if paper in others:
        copied = (copy_to_edit(shelf, others[paper]),)
    elif paper in set(Paper):
        copied = begin_language(shelf, Paper(paper), lang)
    else:
        raise WrongUsage(
            Text("There is no paper called {name}.", name=paper),
            known=Text("Nothing was written."),
            hint=Text("See which there are: optout clinic papers list"),
        )
    for place, new in copied:
        show(
            Text("Copied, change it with any editor: {path}", path=place)
            if new
            else Text("It is there already, and was left as it is: {path}", path=place)
        )
    show(Text("When you have saved it: optout clinic papers check"))


@noun.command(example="optout clinic papers check")
def check(*, json: Json = False) -> None:
    """Look for mistakes in the words of all papers; each is told with its file and line."""
    from optout.workflows.clinic_papers import all_mistakes

    found = all_mistakes(shelf_here())
    if json:
        emit([each.what.english() for each in found])
    for each in () if json else found:
        show(each.what)
    if found:
        raise typer.Exit(1)
    if not json:
        show(Text("No mistake was found."))


@noun.command(
    example='optout clinic papers reviewed intake --lang es --by "Robin Example"\n'
    'optout clinic papers reviewed engagement --by "Sam Example" --lawyer "Colorado 00000"'
)
def reviewed(
    paper: Which,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help=_("Who read every word of it."))],
    lawyer: Annotated[
        str, typer.Option("--lawyer", metavar="BAR", help=_("If a lawyer: state and number."))
    ] = "",
    lang: Language = "en",
) -> None:
    """Write down who has read the words of a paper. It counts until one letter is changed.

    A translation is a draft until then: whoever reads it knows both languages well.
    """
    from optout.workflows.clinic_papers import record_review

    shelf, today = shelf_here(), session().clock().astimezone().date()
    for each in dict.fromkeys(paper):
        wording = record_review(shelf, each, lang, name=by, bar=lawyer, on=today)
        show(Text("{paper} ({lang}): written down.", paper=wording.paper, lang=wording.language))
    show(Text("If its words change, it must be read again."))
