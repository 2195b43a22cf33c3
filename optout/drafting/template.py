"""Letter templates: read only from `letters/`, checked before they are compiled, run in a sandbox.

A template may place a named value, ask whether a value is there, and nothing else: no call, no
attribute, no loop, no arithmetic, no other template. So a template that somebody sends us can
neither reach into the program nor fill the memory, and a value that holds `{{ }}` stays text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from optout.errors import Refused
from optout.shipped import shipped
from optout.text import Text

if TYPE_CHECKING:
    from jinja2 import Environment, Template, nodes

ENGLISH: Final = "en"  # what companies get; in other languages there are copies to read
MOST_BYTES: Final = 64 * 1024  # of a template, and of what one template may write
FILTERS: Final = frozenset({"capitalize", "lower", "trim", "upper"})
NODES: Final = frozenset(
    {"And", "Const", "Filter", "If", "Name", "Not", "Or", "Output", "Template", "TemplateData"}
)

_MADE_FROM: Final = re.compile(r"\ben: ([0-9a-f]{16})\b")

Variable = str | bool


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a template may not do, and in which line it does."""

    line: int  # 0 where nobody can say
    why: Text


class BadTemplate(Refused):
    """A letter template asks for more than a letter may do."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template wrote, and the hash of the template that wrote it."""

    text: str
    sha256: str


def render(language: str, name: str, variables: Mapping[str, Variable]) -> Rendered:
    """Fill one shipped template. Every value comes out as it went in, whatever it holds."""
    template, sha256 = _shipped_template(language, name, frozenset(variables))
    return Rendered(_run(template, name, variables), sha256)


def render_source(source: str, variables: Mapping[str, Variable], *, name: str = "draft") -> str:
    """Fill a template given as text, under the same rules as a shipped one."""
    return _run(_compiled(source, name, frozenset(variables)), name, variables)


def check_template(source: str, known: Collection[str], *, name: str = "draft") -> None:
    """Raise `BadTemplate` unless the template only places and tests the known values."""
    if len(source.encode()) > MOST_BYTES:
        raise BadTemplate(Text("The letter template {name} is too long.", name=name))
    for problem in find_problems(source, known):
        raise _bad(name, problem.why)


def find_problems(source: str, known: Collection[str]) -> Iterator[Problem]:
    """Yield everything in a template that is more than placing and testing the known values."""
    from jinja2 import TemplateError  # noqa: PLC0415 - a tenth of a second, only for letters

    try:
        tree = _environment().parse(source)
    except (TemplateError, RecursionError) as error:
        yield Problem(getattr(error, "lineno", 0), Text("it cannot be read as a template"))
        return
    yield from _problems(tree, known)


def _problems(tree: nodes.Node, known: Collection[str]) -> Iterator[Problem]:
    """Walk without recursion: a hostile template may be nested deeply."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.iter_child_nodes())
        kind = type(node).__name__
        word = str(getattr(node, "name", ""))
        if kind not in NODES:
            why = Text("it uses {kind}, which letters may not", kind=kind)
        elif kind == "Filter" and word not in FILTERS:
            why = Text("it uses the filter {word}, which letters may not", word=word)
        elif kind == "Name" and (word not in known or getattr(node, "ctx", "") != "load"):
            why = Text("it uses {word}, which is not a value of this letter", word=word)
        else:
            continue
        yield Problem(node.lineno or 0, why)


def _bad(name: str, why: Text) -> BadTemplate:
    return BadTemplate(
        Text("The letter template {name} cannot be used: {why}.", name=name, why=why),
        known=Text("Nothing was written or sent."),
        hint=Text("letters/README.md lists what a template may use."),
    )


def _run(template: Template, name: str, variables: Mapping[str, Variable]) -> str:
    from jinja2 import TemplateError  # noqa: PLC0415 - as above

    try:
        text = template.render(variables)
    except TemplateError as error:
        raise _bad(name, Text("a value is missing")) from error
    if len(text.encode()) > MOST_BYTES:
        raise _bad(name, Text("the letter would be too long"))
    return text


@cache
def _environment() -> Environment:
    """Build the sandbox once: no loader, nothing undefined, no globals, few filters."""
    from jinja2 import StrictUndefined  # noqa: PLC0415 - as above
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - as above

    sandbox = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        loader=None,
        autoescape=False,  # plain text; the page layout never reads it as markup
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sandbox.globals.clear()
    sandbox.filters = {name: sandbox.filters[name] for name in FILTERS}
    sandbox.tests.clear()
    return sandbox


@lru_cache(maxsize=64)
def _compiled(source: str, name: str, known: frozenset[str]) -> Template:
    check_template(source, known, name=name)
    return _environment().from_string(source)


@lru_cache(maxsize=256)
def _shipped_template(language: str, name: str, known: frozenset[str]) -> tuple[Template, str]:
    """Read, check and compile one file of `letters/<language>/`, once a run."""
    source = letter_file(language, f"{name}.txt.j2")
    sha256 = hashlib.sha256(source.encode()).hexdigest()
    return _compiled(source, f"letters/{language}/{name}.txt.j2", known), sha256


def letter_file(language: str, name: str) -> str:
    """Read one file of letters, English or a copy; refuse a name that is not one of its files."""
    under = language if language == ENGLISH else f"{language}/copy"
    wanted = shipped("letters") / under / name
    file = f"letters/{under}/{name}"
    if not (language.isalpha() and language.isascii()) or "/" in name or not wanted.is_file():
        raise BadTemplate(Text("There is no letter template {file}.", file=file))
    text = wanted.read_text(encoding="utf-8")
    if language != ENGLISH:
        _check_is_of_today(text, name, file)
    return text


def made_from(name: str) -> str:
    """Return what the first line of a copy names: the English file as it is now."""
    return hashlib.sha256(letter_file(ENGLISH, name).encode()).hexdigest()[:16]


def _check_is_of_today(text: str, name: str, file: str) -> None:
    """Refuse a copy of an English file that was changed since: it would tell something else."""
    found = _MADE_FROM.search(text.partition("\n")[0])
    if found is None or found[1] != made_from(name):
        raise BadTemplate(
            Text("{file} is a copy of other English words than those that are sent.", file=file)
        )
