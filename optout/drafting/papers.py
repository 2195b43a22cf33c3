"""An office's papers: the wording that is in force, checked, filled, and set as a page.

The wording lies in `letters/clinic/`; a file of the same name in the office's own folder wins.
Every paper may place the same values (`VALUES`), and nothing else. A translation that no named
person has read says on each page that it is a draft, and has no line to sign on.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from optout.drafting.letter import clean, clean_all
from optout.drafting.paper_text import (
    Marks,
    PaperBlock,
    Part,
    list_mark,
    title_and_blocks,
)
from optout.drafting.paper_words import HOW_TO_MEND, BadPaper, PaperWords, bad_paper, words_from
from optout.drafting.pdf import NoGlyph, compiled
from optout.drafting.template import MOST_BYTES, Problem, Variable, find_problems, render_source
from optout.errors import WrongUsage
from optout.model.fields import Field
from optout.model.paper import SOURCE_LANGUAGE, Paper, Review, Wording
from optout.model.secret import Personal
from optout.model.words import By, Right
from optout.shipped import shipped
from optout.text import Text

TEXTS: Final = (
    *("client_name", "clinic_name", "clinic_address", "clinic_phone", "lawyer_name"),
    *("today", "ends_on", "keeps_for", "reference"),
)
LISTS: Final = ("names", "phones", "emails", "addresses", "asks", "consents", "done")
TRUTHS: Final = (
    *("has_client", "has_asks", "has_new", "has_done"),
    *("asks_freeze", "asks_file", "asks_delete", "by_post", "by_email", "by_web"),
    *("did_it", "said_no", "wants_more", "came_back"),
)
VALUES: Final = frozenset((*TEXTS, *LISTS, *TRUTHS))
REVIEWS: Final = "reviews.json"
_MOST_ROUNDS: Final = 20  # of looking for values that no font can show


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Given(Personal):
    """One value that one company gets."""

    field: Field
    value: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked(Personal):
    """What is asked of one company, how, and what it gets."""

    company: str
    rights: tuple[Right, ...]
    by: By
    given: tuple[Given, ...]
    looks: tuple[Field, ...] = ()  # what a search there tells, where the office may search first


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Done(Personal):
    """One request as the closing letter tells it."""

    company: str
    right: Right
    sent_on: date | None  # None: it did not go out
    answer: str = "open"  # a line of [answers]
    due_on: date | None = None  # by when the company should answer
    last_day: date | None = None  # until when the client can do something against a no


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaperInput(Personal):
    """Everything one paper can say. What is empty becomes a line to fill by hand."""

    paper: Paper
    language: str
    reference: str
    has_client: bool = False
    client_name: str = ""
    clinic_name: str = ""
    clinic_address: str = ""
    clinic_phone: str = ""
    lawyer_name: str = ""
    keeps_years: int = 0
    today: date | None = None
    ends_on: date | None = None
    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    asks: tuple[Asked, ...] = ()
    done: tuple[Done, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DraftedPaper(Personal):
    """A paper as it will be read."""

    wording: Wording
    title: str
    reference_line: str
    draft_mark: str  # "" where it is none
    draft_line: str
    foot: tuple[str, ...]  # who read the wording, or that nobody did
    signature: str
    date_word: str
    blocks: tuple[PaperBlock, ...]

    @property
    def text(self) -> str:
        """Return it as plain text."""
        lines = (self.draft_line, self.title, *(block.plain() for block in self.blocks), *self.foot)
        return "\n\n".join(line for line in lines if line) + "\n"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where wording is looked for: the office's own folder first, then what came with us."""

    own: Path | None = None

    def read(self, name: str) -> tuple[str, str]:
        """Return the text of a file and how to name it to people."""
        path = self.own / name if self.own and (self.own / name).is_file() else _ours(name)
        if not path.is_file():
            raise WrongUsage(
                Text("There is no such paper in this language: {name}.", name=name),
                known=Text("Nothing was written."),
                hint=Text("See which there are: optout clinic papers list"),
            )
        shown = f"letters/clinic/{name}" if path == _ours(name) else str(path)
        try:
            source = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise bad_paper(shown, 0, Text("it is not saved as UTF-8 text")) from None
        if len(source.encode()) > MOST_BYTES:
            raise bad_paper(shown, 0, Text("it is too long"))
        return source.removeprefix("\ufeff"), shown

    def is_ours(self, name: str) -> bool:
        """Say whether a file is the one that came with us."""
        return not (self.own and (self.own / name).is_file())

    def languages(self, paper: Paper) -> tuple[str, ...]:
        """Return the languages that a paper is there in, the source first."""
        folders = [_ours(""), *([self.own] if self.own else [])]
        found = {
            path.name.split(".")[1]
            for folder in folders
            for path in folder.glob(f"{paper}.*.txt.j2")
        }
        return tuple(sorted(found, key=lambda code: (code != SOURCE_LANGUAGE, code)))

    def reviews(self) -> tuple[Mapping[str, str], ...]:
        """Return what was written down about who read which wording."""
        path = self.own / REVIEWS if self.own else None
        if path is None or not path.is_file():
            return ()
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            return tuple({key: str(value) for key, value in each.items()} for each in kept)
        except (ValueError, AttributeError, TypeError):
            raise bad_paper(str(path), 0, Text("it cannot be read")) from None


def _ours(name: str) -> Path:
    return shipped("letters") / "clinic" / name


def file_of(paper: Paper, language: str) -> str:
    """Return the name of a paper's file."""
    _check_language(language)
    return f"{paper}.{language}.txt.j2"


def words_file(language: str) -> str:
    """Return the name of the file with a language's small words."""
    _check_language(language)
    return f"words.{language}.toml"


def _check_language(language: str) -> None:
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise WrongUsage(
            Text("A language is two letters, such as en or es."), known=Text("Nothing was written.")
        )


def wording_of(shelf: Shelf, paper: Paper, language: str) -> Wording:
    """Return the wording in force. A review counts for exactly the words that were read.

    Of a translation these are its own words and the English ones it was held against.
    """
    names = [file_of(paper, language), words_file(language)]
    if language != SOURCE_LANGUAGE:
        names.append(file_of(paper, SOURCE_LANGUAGE))
    sha256 = hashlib.sha256("\x00".join(shelf.read(name)[0] for name in names).encode()).hexdigest()
    return Wording(
        paper=paper,
        language=language,
        ours=shelf.is_ours(names[0]),
        sha256=sha256,
        reviews=tuple(_reviews(shelf, sha256)),
    )


def _reviews(shelf: Shelf, sha256: str) -> Iterator[Review]:
    for kept in shelf.reviews():
        if kept.get("sha256") == sha256 and kept.get("name", "").strip():
            yield Review(
                name=kept["name"],
                on=date.fromisoformat(kept["on"]),
                bar=kept.get("bar", ""),
                sha256=sha256,
            )


def find_mistakes(shelf: Shelf, paper: Paper, language: str) -> Iterator[BadPaper]:
    """Yield each mistake in the wording of one paper, with its file and line."""
    try:
        source, shown = shelf.read(file_of(paper, language))
    except BadPaper as error:
        yield error
        return
    mistakes = _problems_of(source)
    yield from (bad_paper(shown, each.line, each.why) for each in mistakes)
    if mistakes:
        return
    try:  # the rows, which come from the words of the language
        draft_paper(shelf, _specimen(paper, language))
    except BadPaper as error:
        yield error


@lru_cache(maxsize=64)
def _problems_of(source: str) -> tuple[Problem, ...]:
    """Return what is wrong in one file, in the words of somebody who edits a letter."""
    found = find_problems(source, VALUES)
    return (*_unseen(source), *(Problem(each.line, _in_words(each)) for each in found))


def _unseen(source: str) -> Iterator[Problem]:
    """Yield characters that nobody sees: our own marks are such characters."""
    for number, line in enumerate(source.split("\n"), start=1):
        if any(unicodedata.category(each) == "Cc" and each not in "\t\r" for each in line):
            yield Problem(number, Text("it holds a character that nobody can see"))


def _in_words(problem: Problem) -> Text:
    word = str(problem.why.values.get("word", ""))
    near = get_close_matches(word, VALUES, n=1) if word else []
    if near:
        return Text("{word} is not known here (perhaps: {near})", word=word, near=near[0])
    if word:
        return Text("{word} is not known here", word=word)
    if "kind" in problem.why.values:
        return Text("only {{{{ value }}}} and {{% if value %}} may stand in braces")
    return Text("a pair of braces is not complete, or holds something else than a value")


def _specimen(paper: Paper, language: str) -> PaperInput:
    given = (Given(field=Field.FULL_NAME, value="Jordan Q. Sample", new=True),)
    asked = Asked(
        company="Example Data, Inc.",
        rights=tuple(Right),
        by=By.POST,
        given=given,
        looks=(Field.FULL_NAME,),
    )
    done = Done(
        company="Example Data, Inc.",
        right=Right.DELETE,
        sent_on=date(2026, 11, 2),
        due_on=date(2026, 12, 17),
        last_day=date(2027, 1, 31),
    )
    return PaperInput(
        paper=paper,
        language=language,
        reference="K7F3-Q2MX",
        today=date(2026, 11, 2),
        keeps_years=2,
        phones=("303-555-0142",),
        emails=("jordan@example.com",),
        addresses=("100 Example Street, Denver, CO 80202",),
        asks=(asked,),
        done=(done,),
    )


def draft_paper(shelf: Shelf, given: PaperInput) -> DraftedPaper:
    """Write one paper, or say in which line its wording has a mistake."""
    wording = wording_of(shelf, given.paper, given.language)
    source, shown = shelf.read(file_of(given.paper, given.language))
    for problem in _problems_of(source):
        raise bad_paper(shown, problem.line, problem.why)
    said = words_from(*shelf.read(words_file(given.language)))
    marks = Marks()
    variables: dict[str, Variable] = {
        **{name: marks.mark(value) for name, value in _texts(given, said).items()},
        **{name: list_mark(name) for name in LISTS},
        **_truths(given),
    }
    text = render_source(source, variables, name=shown)
    title, blocks = title_and_blocks(text, _Rows(given, said, marks).lists(), marks)
    if not title or not blocks:
        raise bad_paper(shown, 1, Text("it has no title, or nothing below it"))
    if wording.is_draft:
        blocks = tuple(_unsigned(blocks, said))
    return DraftedPaper(
        wording=wording,
        title=title,
        reference_line=said.filled("reference", reference=clean(given.reference)),
        draft_mark=said["draft"] if wording.is_draft else "",
        draft_line=said["draft_line"] if wording.is_draft else "",
        foot=tuple(_foot(wording, said)),
        signature=said["signature"],
        date_word=said["date_word"],
        blocks=blocks,
    )


def _unsigned(blocks: Sequence[PaperBlock], said: PaperWords) -> Iterator[PaperBlock]:
    """Yield the blocks of a draft: in the place of its lines to sign on, that nobody signs it."""
    told = False
    for block in blocks:
        if block.kind != "sign":
            yield block
        elif not told:
            told = True
            yield PaperBlock("paragraph", (Part("text", said["not_signed"]),))


def _foot(wording: Wording, said: PaperWords) -> Iterator[str]:
    for each in wording.reviews:
        if not each.bar:
            yield said.filled("read_by", name=each.name, day=said.day(each.on))
    lawyer = wording.lawyer
    if lawyer is None:
        yield said["to_review"]
    else:
        yield said.filled(
            "read_by_lawyer", name=lawyer.name, bar=lawyer.bar, day=said.day(lawyer.on)
        )


def _texts(given: PaperInput, said: PaperWords) -> dict[str, str]:
    return {
        "client_name": clean(given.client_name),
        "clinic_name": clean(given.clinic_name),
        "clinic_address": clean(given.clinic_address),
        "clinic_phone": clean(given.clinic_phone),
        "lawyer_name": clean(given.lawyer_name),
        "today": said.day(given.today) if given.today else "",
        "ends_on": said.day(given.ends_on) if given.ends_on else "",
        "keeps_for": said.years(given.keeps_years) if given.keeps_years else "",
        "reference": clean(given.reference),
    }


def _truths(given: PaperInput) -> dict[str, Variable]:
    """Return what a template may ask. Where nothing is known yet, everything can be."""
    ways = {asked.by for asked in given.asks}
    rights = {right for asked in given.asks for right in asked.rights}
    answers = {each.answer for each in given.done}
    blank, unanswered = not given.asks, not given.done
    return {
        "has_client": given.has_client,
        "has_asks": bool(given.asks),
        "has_new": blank or any(each.new for asked in given.asks for each in asked.given),
        "has_done": bool(given.done),
        "asks_freeze": blank or Right.FREEZE in rights,
        "asks_file": blank or Right.FILE_DISCLOSURE in rights or Right.ACCESS in rights,
        "asks_delete": blank or Right.DELETE in rights,
        "by_post": blank or By.POST in ways,
        "by_email": blank or By.EMAIL in ways,
        "by_web": blank or bool(ways & {By.WEB, By.PORTAL}),
        "did_it": unanswered or bool(answers & {"fulfilled", "partial"}),
        "said_no": unanswered or "denied" in answers,
        "wants_more": unanswered or "waits" in answers,
        "came_back": unanswered or "returned" in answers,
    }


class _Rows:
    """The rows of each list, in the notation of a template, values as marks."""

    def __init__(self, given: PaperInput, said: PaperWords, marks: Marks) -> None:
        self._given, self._said, self._mark = given, said, marks.mark

    def lists(self) -> Mapping[str, Callable[[], Sequence[str]]]:
        """Return what makes each list: only one that a template places is made."""
        given = self._given
        return {
            "names": lambda: self._simple("name", given.names),
            "phones": lambda: self._simple("phone", given.phones),
            "emails": lambda: self._simple("email", given.emails),
            "addresses": lambda: self._simple("address", given.addresses),
            "asks": lambda: [row for each in given.asks for row in self._asked(each)],
            "consents": lambda: [row for each in given.asks for row in self._consent(each)],
            "done": lambda: [self._done(each) for each in given.done],
        }

    def _simple(self, kind: str, values: Sequence[str]) -> list[str]:
        """Return a row for each value, and one to fill by hand where there is none."""
        found = clean_all(values) or ("",)
        return [self._said.filled(f"rows.{kind}", value=self._mark(value)) for value in found]

    def _asked(self, asked: Asked) -> Iterator[str]:
        yield self._heading(asked)
        yield self._said.filled("rows.way", way=self._said[f"ways.{asked.by}"])
        for name, new in (("known", False), ("new", True)):
            fields = [self._field(each.field) for each in asked.given if each.new is new]
            if fields:
                yield self._said.filled(f"rows.{name}", fields=self._said.listed(fields))

    def _consent(self, asked: Asked) -> Iterator[str]:
        yield self._heading(asked)
        if asked.looks:
            fields = [self._field(each) for each in asked.looks]
            yield self._said.filled("rows.looks", fields=self._said.listed(fields))
        for each in asked.given:
            yield self._said.filled(
                "rows.consent_new" if each.new else "rows.consent",
                field=_as_beginning(self._field(each.field)),
                value=self._mark(clean(each.value.replace("\n", ", "))),
            )
        yield self._said["rows.initials"]

    def _heading(self, asked: Asked) -> str:
        rights = [self._said[f"rights.{right}"] for right in asked.rights]
        return self._said.filled(
            "rows.company",
            company=self._mark(clean(asked.company)),
            rights=self._said.listed(rights),
        )

    def _field(self, field: Field) -> str:
        return self._said[f"fields.{field}"]

    def _done(self, done: Done) -> str:
        said = self._said
        sent = said.filled("rows.sent", day=said.day(done.sent_on)) if done.sent_on else ""
        told = done.sent_on is not None or done.answer != "open"
        dates = (("due", done.due_on), ("last_day", done.last_day))
        due = [said.filled(f"rows.{row}", day=said.day(day)) for row, day in dates if day]
        return said.filled(
            "rows.done",
            company=self._mark(clean(done.company)),
            right=said[f"rights.{done.right}"],
            sent=sent or said["rows.not_sent"],
            answer=said[f"answers.{done.answer}"] if told else "",
            due=" ".join(due),
        ).rstrip()


def _as_beginning(words: str) -> str:
    return words[:1].upper() + words[1:]


def paper_pdf(paper: DraftedPaper, *, large_print: bool = False) -> tuple[bytes, tuple[str, ...]]:
    """Set a paper as a tagged PDF; return with it the values that no font here can show.

    Such a value becomes a line to fill by hand: a client's day does not end at a missing font.
    """
    left_out: list[str] = []
    for _round in range(_MOST_ROUNDS):
        try:
            return compiled("paper.typ", _page(paper, large_print=large_print)), tuple(left_out)
        except NoGlyph as error:
            paper, gone = _without(paper, error.characters.reveal())
            if not gone:
                raise
            left_out += gone
    raise bad_paper(file_of(paper.wording.paper, paper.wording.language), 0, HOW_TO_MEND)


def _without(paper: DraftedPaper, characters: str) -> tuple[DraftedPaper, list[str]]:
    """Return the paper with a blank line for each value that holds such a character."""
    strange = {each for each in characters if not each.isascii()}
    gone: list[str] = []

    def kept(part: Part) -> Part:
        if part.kind != "value" or not strange & set(unicodedata.normalize("NFC", part.text)):
            return part
        gone.append(part.text)
        return Part("blank")

    blocks = tuple(
        replace(block, parts=tuple(kept(part) for part in block.parts)) for block in paper.blocks
    )
    return replace(paper, blocks=blocks), list(dict.fromkeys(gone))


def _page(paper: DraftedPaper, *, large_print: bool) -> dict[str, Any]:
    return {
        "title": paper.title,
        "name": paper.reference_line,  # in the file's own card: it says neither person nor purpose
        "language": paper.wording.language,
        "large_print": large_print,
        "reference_line": paper.reference_line,
        "draft_mark": paper.draft_mark,
        "draft_line": paper.draft_line,
        "foot": paper.foot,
        "signature": paper.signature,
        "date_word": paper.date_word,
        "blocks": [list(group) for _kind, group in groupby(_set(paper.blocks), _kind_of)],
    }


def _kind_of(block: Mapping[str, Any]) -> str:
    return str(block["kind"])


def _set(blocks: Sequence[PaperBlock]) -> list[dict[str, Any]]:
    """Return blocks as the page takes them.

    What is ticked before a signature stays beside it, and the last block with the page's foot.
    """
    set_blocks: list[dict[str, Any]] = []
    stays = True
    for block in reversed(blocks):
        parts = [{"kind": part.kind, "text": part.text} for part in block.parts]
        set_blocks.append({"kind": block.kind, "stays": stays, "parts": parts})
        stays = block.kind == "sign" or (stays and block.kind == "choice")
    return set_blocks[::-1]
