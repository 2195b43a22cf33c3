"""Drafting a definition from a company's form: read the page, ask what it does not say, write.

The page is only looked at: nothing is typed, pressed or sent by the program. What is written is
made in a folder of its own first and appears whole, or not at all.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from optout.browser.fence import Fence
from optout.browser.read_form import LOAD_SECONDS, OpenPage, open_to_read
from optout.browser.window import Window
from optout.catalog.asset_hosts import list_host_groups
from optout.catalog.brokers import DEFINITION, list_retired
from optout.catalog.files import load_text
from optout.catalog.write_definition import definition_text
from optout.catalog.write_example import ReadMarkup, example_files
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Broker, Channel, Slug, Source
from optout.model.flow import AskPerson, Choose, Fill, Flow, Leg, Step
from optout.model.form import BoxKind, Button, SeenPage
from optout.model.ports import Option, Person
from optout.model.words import (
    Basis,
    BrokerKind,
    By,
    Confidence,
    Eligible,
    Grade,
    Holding,
    Right,
)
from optout.rules.draft_flow import (
    DraftedFlow,
    ReadStep,
    draft_flow,
    step_for,
)
from optout.rules.drafted_names import name_in, right_in, rights_offered, slug_of, title_for
from optout.rules.flows import fields_of_flow
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.text import Text
from optout.words import word
from optout.workflows.fences import reading_fence
from optout.workflows.keep_form import kept_markup
from optout.workflows.settle_boxes import ask_button, ask_onward, settled_meanings

SOURCE: Final = "SEEN"
MOST_STEPS: Final = 8
_ANYTHING: Final = re.compile(r"\S")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHORTEST_EXPECT: Final = 8
_LOGIN_BOXES: Final = 3
_SUPPOSED: Final = "Your request has been received"
_RIGHTS: Final = (
    Right.OPT_OUT, Right.DELETE, Right.ACCESS, Right.CORRECT, Right.LIMIT, Right.SUPPRESS,
)  # fmt: skip
# A robot check's answer field, as an attribute of the example's stand-in.
_ANSWERS: Final = {
    "google-recaptcha": 'id="g-recaptcha-response"',
    "hcaptcha": 'name="h-captcha-response" form="left-alone"',
    "cloudflare-turnstile": 'name="cf-turnstile-response" form="left-alone"',
}
_NOTHING_WRITTEN: Final = Text("Nothing was typed, sent or written.")

OpenFence = Callable[[Collection[str]], Fence]
"""Makes the fence around the page: these hosts may be asked, and nothing is sent to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for on the command line."""

    url: str
    into: Path
    slug: str = ""
    on: date
    patience: float = LOAD_SECONDS  # seconds for the page to come


@dataclass(slots=True, kw_only=True)
class _Read:
    """What was learned so far."""

    hosts: tuple[str, ...]
    name: str = ""
    slug: str = ""
    right: Right = Right.OPT_OUT
    offered: tuple[Right, ...] = ()  # by a list or by ticks of the form
    steps: list[ReadStep] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    unseen: bool = False  # further parts of the form that nobody showed


class NoForm(Refused):
    """The page shows no form that a definition could fill."""


def new_definition(
    wish: Wish, *, person: Person, window: Window, open_fence: OpenFence = reading_fence
) -> Path:
    """Draft `slug/broker.toml` with its example in `wish.into`; nothing is left of a failure."""
    host = _host(wish.url)
    _check_folder(wish)
    _ask_if_described(wish, person)
    if not wish.into.exists():
        person.tell(
            Text("There is no folder {path} yet: it is made with the files.", path=str(wish.into))
        )
    with nullcontext() if window.is_open else window:
        read = _read_all(wish, (host,), person, window, open_fence)
    made = _write(wish, read, person)
    _tell_of_other_rights(read, person)
    return made


# ---- before anything is opened ----


def _host(url: str) -> str:
    try:
        return host_of(url)
    except BadAddress as bad:
        raise WrongUsage(
            bad.what,
            known=_NOTHING_WRITTEN,
            hint=Text("Copy it from the address bar: optout broker new https://…"),
        ) from bad


def _check_folder(wish: Wish) -> None:
    if wish.into.exists() and not wish.into.is_dir():
        raise WrongUsage(
            Text("“{path}” is no folder.", path=wish.into.name), known=_NOTHING_WRITTEN
        )
    if wish.slug:
        _check_slug(wish.slug, wish.into)


def _ask_if_described(wish: Wish, person: Person) -> None:
    """Ask before anything is opened where a definition opens this very page."""
    page = wish.url.partition("#")[0]
    for path in sorted(wish.into.glob(f"*/{DEFINITION}")):
        if f'"{page}"' not in path.read_text(encoding="utf-8", errors="replace"):
            continue
        question = Text(
            "This page is described already: {slug}. Describe it again, as another company?",
            slug=path.parent.name,
        )
        if not person.confirm(question):
            raise Refused(
                Text("Not described again, as you wished."),
                known=Text("It was not touched."),
                hint=Text(
                    "See whether its form changed: optout broker check {slug}",
                    slug=path.parent.name,
                ),
            )
        return


def _check_slug(slug: str, into: Path) -> None:
    """Refuse a short name that is badly written, in use, or was in use once."""
    if not _SLUG.fullmatch(slug):
        raise WrongUsage(
            Text("“{slug}” is no short name.", slug=slug),
            hint=Text("Use small letters, digits and dashes, like example-data-co."),
        )
    if (into / slug).exists():
        raise WrongUsage(
            Text("There is a company called {slug} already.", slug=slug),
            known=Text("It was not touched."),
            hint=Text("See whether its form changed: optout broker check {slug}", slug=slug),
        )
    if slug in list_retired():
        raise WrongUsage(
            Text("{slug} was the short name of a company that is gone.", slug=slug),
            hint=Text("Take another one."),
        )


# ---- reading ----


def _read_all(
    wish: Wish, hosts: tuple[str, ...], person: Person, window: Window, open_fence: OpenFence
) -> _Read:
    """Read every part of the form, asking what it does not say."""
    person.tell(Text("Opening the page. Nothing is typed or sent there."))
    captchas = {
        name: group.hosts for name, group in list_host_groups().items() if group.kind == "captcha"
    }
    visible = window.can_show()
    with (
        open_fence(hosts) as fence,
        open_to_read(
            wish.url,
            fence=fence,
            window=window,
            captchas=captchas,
            visible=visible,
            seconds=wish.patience,
        ) as page,
    ):
        seen = page.read()
        missing = [host for host in seen.refused_frames if not _is_lent(host)]
        if seen.boxes or not missing:
            return _read_open(wish, hosts, seen, page, person, visible=visible)
    if not _asks_frame(person, missing):
        raise _no_form(seen)
    return _read_all(wish, (*hosts, *missing), person, window, open_fence)


def _is_lent(host: str) -> bool:
    return any(host_allowed(host, group.hosts) for group in list_host_groups().values())


def _asks_frame(person: Person, hosts: Sequence[str]) -> bool:
    return person.confirm(
        Text(
            "The form seems to lie in a frame of {hosts}. Does the company use that service for "
            "its form, and may it be opened too?",
            hosts=", ".join(hosts),
        )
    )


def _read_open(
    wish: Wish,
    hosts: tuple[str, ...],
    seen: SeenPage,
    page: OpenPage,
    person: Person,
    *,
    visible: bool,
) -> _Read:
    _check_form(seen)
    _tell_what_is_there(seen, person)
    read = _Read(hosts=hosts)
    _ask_company(wish, seen, read, person)
    for number in range(1, MOST_STEPS + 1):
        onward = ask_onward(seen, person)
        press = onward or ask_button(seen, person)
        state = ReadStep(
            page=seen, meanings=settled_meanings(seen, read.right, person), press=press
        )
        read.steps.append(state)
        read.markup.append(kept_markup(page, state, read.right, goes_on=onward is not None))
        if onward is None or number == MOST_STEPS:
            break
        following = _next_part(seen, onward, page, person) if visible else None
        if following is None:
            read.unseen = True
            break
        seen = following
    read.hosts = _all_hosts(hosts, read, person)
    return read


def _check_form(seen: SeenPage) -> None:
    secret = [box for box in seen.boxes if box.kind is BoxKind.PASSWORD]
    if secret and len(seen.boxes) <= _LOGIN_BOXES:
        raise NeedsPerson(
            Text("The page asks for a login: the program has none, and makes none."),
            known=_NOTHING_WRITTEN,
            hint=Text('Describe it as a page filled by hand: by = ["portal"], with a guide.'),
        )
    if not seen.boxes:
        raise _no_form(seen)


def _no_form(seen: SeenPage) -> NoForm:
    hint = Text("If the form shows only after a click, give the address that it has then.")
    if seen.refused:
        hint = Text(
            "The page wanted to load things from {hosts}, and was not let. If it is drawn by "
            "these, a maintainer must name them in asset-hosts.toml first.",
            hosts=", ".join(seen.refused[:6]),
        )
    if seen.wanted_to_send:
        hint = Text("It wanted to send something before showing anything, and was not let.")
    return NoForm(
        Text("This page shows no form with boxes to fill."), known=_NOTHING_WRITTEN, hint=hint
    )


def _tell_what_is_there(seen: SeenPage, person: Person) -> None:
    person.tell(
        Text(
            "Boxes to answer: {boxes}. Hidden boxes, traps, searches and newsletters, left alone: "
            "{left}.",
            boxes=len(seen.boxes),
            left=seen.left_alone,
        )
    )
    if seen.captchas:
        person.tell(Text("There is a robot check: a person answers it."))


def _next_part(seen: SeenPage, onward: Button, page: OpenPage, person: Person) -> SeenPage | None:
    """Let the person go on in the window with made-up answers, and read what comes then."""
    person.tell(
        Text(
            "The form goes on behind “{button}”. In the window, answer with made-up values only "
            "(Jordan Q. Sample, 100 Example Street), press it, then come back. Send nothing.",
            button=onward.words,
        )
    )
    if not person.confirm(Text("Is the next part there now?"), default=True):
        return None
    following = page.read()
    return following if following.boxes and following.boxes != seen.boxes else None


# ---- asking ----


def _ask_company(wish: Wish, seen: SeenPage, read: _Read, person: Person) -> None:
    guess = name_in(seen.title)
    read.name = person.ask(
        Text("Legal name of the company, as its privacy page writes it"),
        default=guess,
        check=_check_name,
    ).strip()
    proposed = wish.slug or slug_of(read.name)
    read.slug = wish.slug or person.ask(
        Text("Short name, for ever"),
        default=proposed,
        check=lambda slug: _check_slug(slug, wish.into),
    )
    read.offered = rights_offered(seen)
    likely = right_in((seen.title, *seen.headings, urlsplit(seen.url).path.replace("-", " ")))
    read.right = Right(
        person.choose(
            _which_right(read.offered),
            [Option(key=right.value, text=word(right)) for right in _RIGHTS],
            default=likely.value if likely in _RIGHTS else "",
        )
    )


def _which_right(offered: Sequence[Right]) -> Text:
    if len(offered) < 2:  # noqa: PLR2004 - one is no choice
        return Text("What do people ask with this form?")
    return Text(
        "The page offers: {rights}. Which one now? (The others can be added afterwards.)",
        rights=tuple(map(word, offered)),
    )


def _check_name(name: str) -> None:
    if not _ANYTHING.search(name):
        raise WrongUsage(Text("A letter needs a name to go to."))


def _all_hosts(hosts: tuple[str, ...], read: _Read, person: Person) -> tuple[str, ...]:
    """Return the hosts that personal data goes to: of the page, of its frames, of its address."""
    pages = [state.page for state in read.steps]
    found = dict.fromkeys([host_of(pages[0].url), *(h for page in pages for h in page.frames)])
    for to in dict.fromkeys(host for page in pages for host in page.sends_to):
        if host_allowed(to, [*found, *hosts]):
            continue
        question = Text(
            "The form sends what is typed to {host}. Does the company use that service for its "
            "form?",
            host=to,
        )
        if not person.confirm(question):
            raise NoForm(
                Text("The form sends to a site that is not this company's."),
                known=_NOTHING_WRITTEN,
                hint=Text("Look for another form of this company."),
            )
        found[to] = None
    return tuple(found)


# ---- writing ----


def _write(wish: Wish, read: _Read, person: Person) -> Path:
    if read.unseen:
        person.tell(
            Text(
                "The form goes on where nobody looked. What was read is written; add the rest "
                "by hand, or try again where a window can be shown."
            )
        )
    expect = person.ask(
        Text(
            "Words that the page shows only after success. What stands in brackets is a guess: "
            "press Enter if you do not know (they are marked as assumed)"
        ),
        default=_SUPPOSED,
        check=_check_expect,
    ).strip()
    kind = _ask_kind(person)
    holds = _ask_holds(person)
    url = read.steps[0].page.url
    drafted = draft_flow(
        url, read.steps, right=read.right, expect=expect, source=SOURCE, goes_on=read.unseen
    )
    broker = _broker(wish, read, drafted, kind, holds)
    _tell_what_goes(broker, person)
    _tell_of_each_box(read, person)
    if not person.confirm(Text("Write it?"), default=True):
        raise Refused(Text("Not written, as you wished."), known=_NOTHING_WRITTEN)
    return _put(wish, broker, read, drafted, expect)


def _check_expect(words: str) -> None:
    if len(words.strip()) < _SHORTEST_EXPECT:
        raise WrongUsage(
            Text("These words are too few to tell success from anything else."),
            hint=Text("Write a whole sentence."),
        )


def _ask_kind(person: Person) -> BrokerKind:
    kinds = [kind for kind in BrokerKind if kind is not BrokerKind.PUBLIC_BODY]
    return BrokerKind(
        person.choose(
            Text("What does the company mainly do?"),
            [Option(key=kind.value, text=word(kind)) for kind in kinds],
            default=BrokerKind.OTHER.value,
        )
    )


def _ask_holds(person: Person) -> tuple[Holding, ...]:
    known = ", ".join(one.value for one in Holding)
    told = person.ask(
        Text(
            "What does it hold on people? Only what you can point to in its own words, with "
            "commas, of: {words}",
            words=known,
        ),
        default=Holding.NAME.value,
        check=holdings_of,
    )
    return holdings_of(told)


def holdings_of(told: str) -> tuple[Holding, ...]:
    """Return what a company holds, of words with commas between; one that is unknown is named."""
    words = [one.strip() for one in told.split(",") if one.strip()]
    known = [one.value for one in Holding]
    for one in words:
        if one not in known:
            close = get_close_matches(one, known, n=1)
            raise WrongUsage(
                Text("“{word}” is none of these words.", word=one),
                hint=Text("Did you mean {word}?", word=close[0])
                if close
                else Text("Write them as above, with commas: name, phone"),
            )
    return tuple(map(Holding, words))


def _broker(
    wish: Wish, read: _Read, drafted: DraftedFlow, kind: BrokerKind, holds: tuple[Holding, ...]
) -> Broker:
    pages = [state.page for state in read.steps]
    flow = Flow(leg=(Leg(steps=drafted.steps),))
    groups = list_host_groups()
    asked = {host for page in pages for host in page.hosts}
    assets = [
        name
        for name, group in groups.items()
        if group.kind == "asset" and any(host_allowed(host, group.hosts) for host in asked)
    ]
    return Broker(
        slug=Slug(read.slug),
        name=read.name,
        kind=kind,
        holds=holds,
        hosts=read.hosts,
        assets=tuple(assets),
        captcha=tuple(dict.fromkeys(n for p in pages for n in p.captchas if n in groups)),
        grade=Grade.DRAFTED,
        unknown=("the words after a request was sent",),
        channel=(
            Channel(
                right=read.right,
                by=(By.WEB,),
                basis=(Basis.STATE_PRIVACY, Basis.POLICY),
                title=title_for(pages[0], read.right)[:120],
                url=pages[0].url,
                flow=read.right.value,
                discloses=tuple(fields_of_flow(flow)),
                attests=drafted.attests,
                eligible=Eligible.ANYONE,
                will_not_reach="Copies that others already have.",
                confidence=Confidence.ONE_SOURCE,
                sources=(SOURCE,),
            ),
        ),
        flow={read.right.value: flow},
        sources=(
            Source(key=SOURCE, what="The form itself, read", url=pages[0].url, read_on=wish.on),
        ),
    )


def _tell_what_goes(broker: Broker, person: Person) -> None:
    fields = ", ".join(str(word(each)) for each in broker.channel[0].discloses) or "-"
    person.tell(
        Text("It would send: {fields} → {hosts}", fields=fields, hosts=", ".join(broker.hosts))
    )


def _tell_of_each_box(read: _Read, person: Person) -> None:
    """Say what becomes of all the boxes that were counted in the beginning."""
    became: Counter[str] = Counter()
    for state in read.steps:
        for box, meaning in state.boxes():
            became[_fate(step_for(box, meaning, read.right, state.page))] += 1
    for text in (
        Text("  Boxes that get one of these: {count}", count=became["field"]),
        Text("  Boxes with the same answer for everybody: {count}", count=became["fixed"]),
        Text("  Boxes that a person answers by hand: {count}", count=became["hand"]),
        Text("  Boxes that stay empty: {count}", count=became["empty"]),
    ):
        person.tell(text)


def _fate(step: Step | None) -> str:
    match step:
        case None:
            return "empty"
        case AskPerson():
            return "hand"
        case Fill() | Choose() if step.field is not None:
            return "field"
        case _:
            return "fixed"


def _put(wish: Wish, broker: Broker, read: _Read, drafted: DraftedFlow, expect: str) -> Path:
    """Write all of it aside, and move it to its place at once."""
    text = definition_text(broker, above=_above(broker, wish), flows=_about(drafted))
    _check_written(text, broker)
    wish.into.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=wish.into))
    try:
        made = aside / broker.slug
        (made / "examples").mkdir(parents=True)
        _write_plain(made / DEFINITION, text)
        for name, content in _examples(wish, read, broker, expect).items():
            _write_plain(made / "examples" / name, content)
        _check_slug(broker.slug, wish.into)
        made.rename(wish.into / broker.slug)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return wish.into / broker.slug


def _tell_of_other_rights(read: _Read, person: Person) -> None:
    others = tuple(word(right) for right in read.offered if right is not read.right)
    if others:
        person.tell(
            Text(
                "The form offers more: {rights}. For each, copy [[channel]] and "
                "[[flow.{right}.leg]] in broker.toml, with what belongs to them. In the copy "
                "change: right, title, flow (the leg's name too), and the answer that is chosen.",
                rights=others,
                right=read.right.value,
            )
        )


def _check_written(text: str, agreed: Broker) -> None:
    """Refuse a file that says anything else than what was agreed to."""
    if replace(load_text(text.encode(), Broker), sha256=agreed.sha256) != agreed:
        raise Refused(
            Text("The page's words would change what the definition says."),
            known=Text("Nothing was written."),
            hint=Text("Look at the page in your own browser: it may be made to mislead."),
        )


def _write_plain(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")


def _above(broker: Broker, wish: Wish) -> tuple[str, ...]:
    return (
        f"{broker.name}: drafted from its form on {wish.on}; never tried on the live site.",
        "A [KEY] behind a sentence names its source at the end of this file.",
    )


def _about(drafted: DraftedFlow) -> tuple[str, ...]:
    left = ", ".join(drafted.left_empty)
    return (f"Left empty, for the page does not insist: {left}",) if left else ()


def _examples(wish: Wish, read: _Read, broker: Broker, expect: str) -> Mapping[str, str]:
    pages = [state.page for state in read.steps]
    checks = {name: _ANSWERS[name] for name in broker.captcha if name in _ANSWERS}
    heading = next(iter(pages[0].headings), "") or pages[0].title
    kept = ReadMarkup(title=pages[0].title, heading=heading, markup=read.markup)
    return example_files(
        pages[0].url,
        kept,
        sent_from=next(iter(pages[0].frame_urls), pages[0].url),
        answered_in=checks,
        expect=expect,
        on=wish.on,
    )
