"""Drafting a definition from a company's form: read the page, ask what it does not say, write.

The page is only looked at: nothing is typed, pressed or sent by the program. What is written is
made in a folder of its own first and appears whole, or not at all.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from optout.browser.fence import Fence
from optout.browser.read_form import LOAD_SECONDS, OpenPage, open_to_read
from optout.browser.save_form import Marked, save_form
from optout.browser.window import Window
from optout.catalog.asset_hosts import list_host_groups
from optout.catalog.brokers import DEFINITION, list_retired
from optout.catalog.files import load_text
from optout.catalog.write_definition import definition_text
from optout.catalog.write_example import ReadMarkup, example_files
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Broker, Channel, Slug, Source
from optout.model.fields import Field
from optout.model.flow import Flow, Leg
from optout.model.form import Box, BoxKind, Button, SeenPage
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
from optout.rules.box_meaning import (
    Meaning,
    Use,
    is_offered,
    meanings_of,
    options_for,
    right_of,
)
from optout.rules.draft_flow import (
    DraftedFlow,
    ReadStep,
    button_that_goes_on,
    buttons_that_send,
    draft_flow,
)
from optout.rules.drafted_names import name_in, right_in, slug_of
from optout.rules.flows import fields_of_flow
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.rules.states import state_names
from optout.text import Text
from optout.words import word

SOURCE: Final = "SEEN"
MOST_STEPS: Final = 8
_MOST_OPTIONS: Final = 15
_ANYTHING: Final = re.compile(r"\S")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHORTEST_EXPECT: Final = 8
_LOGIN_BOXES: Final = 3
_SUPPOSED: Final = "Your request has been received"
_RIGHTS: Final = (
    Right.OPT_OUT, Right.DELETE, Right.ACCESS, Right.CORRECT, Right.LIMIT, Right.SUPPRESS,
)  # fmt: skip
_TYPED: Final = (
    Field.FULL_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME, Field.LAST_NAME, Field.EMAIL, Field.PHONE,
    Field.STREET, Field.CITY, Field.STATE, Field.STATE_NAME, Field.ZIP, Field.BIRTH_DATE,
    Field.LISTING_URL,
)  # fmt: skip
_DATE_FORMS: Final = ("MM/DD/YYYY", "DD/MM/YYYY", "YYYY-MM-DD", "MM-DD-YYYY", "MMDDYYYY")
_DATE_PARTS: Final = ("MM", "DD", "YYYY")
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
    steps: list[ReadStep] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    unseen: bool = False  # further parts of the form that nobody showed


class NoForm(Refused):
    """The page shows no form that a definition could fill."""


def reading_fence(hosts: Collection[str]) -> Fence:
    """Return the fence for reading a page: its hosts, and every named host of assets and checks."""
    groups = list_host_groups().values()
    assets = [host for group in groups if group.kind == "asset" for host in group.hosts]
    checks = [host for group in groups if group.kind == "captcha" for host in group.hosts]
    return Fence(hosts, assets, checks)


def new_definition(
    wish: Wish, *, person: Person, window: Window, open_fence: OpenFence = reading_fence
) -> Path:
    """Draft `slug/broker.toml` with its example in `wish.into`; nothing is left of a failure."""
    host = _host(wish.url)
    _check_folder(wish)
    with nullcontext() if window.is_open else window:
        read = _read_all(wish, (host,), person, window, open_fence)
    return _write(wish, read, person)


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
        onward = _onward(seen, person)
        press = onward or _ask_button(seen, person)
        state = ReadStep(page=seen, meanings=_settled(seen, read.right, person), press=press)
        read.steps.append(state)
        read.markup.append(_saved(page, state, read, goes_on=onward is not None))
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


def _onward(seen: SeenPage, person: Person) -> Button | None:
    """Return the button that leads to another part of the form; asked where it may also send."""
    button = button_that_goes_on(seen)
    if button is None or not button.sends:
        return button
    ways = [
        Option(key="sends", text=Text("it sends the form")),
        Option(key="on", text=Text("it leads to another part of the form")),
    ]
    question = Text("What does “{button}” do?", button=button.words)
    return button if person.choose(question, ways, default="sends") == "on" else None


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
    likely = right_in((seen.title, *seen.headings, urlsplit(seen.url).path.replace("-", " ")))
    read.right = Right(
        person.choose(
            Text("What do people ask with this form?"),
            [Option(key=right.value, text=word(right)) for right in _RIGHTS],
            default=likely.value if likely in _RIGHTS else "",
        )
    )


def _check_name(name: str) -> None:
    if not _ANYTHING.search(name):
        raise WrongUsage(Text("A letter needs a name to go to."))


def _settled(seen: SeenPage, right: Right, person: Person) -> tuple[Meaning, ...]:
    """Return what each box wants, asking about those in doubt."""
    return tuple(
        _settle(box, meaning, right, person)
        for box, meaning in zip(seen.boxes, meanings_of(seen), strict=True)
    )


def _settle(box: Box, meaning: Meaning, right: Right, person: Person) -> Meaning:
    if meaning.use is Use.RIGHT and box.kind is not BoxKind.CHECKBOX:
        meaning = _settle_right(box, meaning, right)
    if not meaning.sure:
        meaning = _asked(box, meaning, person)
    whole_date = meaning.field is Field.BIRTH_DATE and not meaning.format
    if whole_date and box.kind is BoxKind.TEXT:
        forms = [Option(key=form, text=Text("{form}", form=form)) for form in _DATE_FORMS]
        forms += [Option(key=part, text=Text("only {part}", part=part)) for part in _DATE_PARTS]
        chosen = person.choose(
            Text("How is the date written in “{box}”?", box=_shown(box)),
            forms,
            default="MM/DD/YYYY",
        )
        meaning = replace(meaning, format=chosen)
    return meaning


def _settle_right(box: Box, meaning: Meaning, right: Right) -> Meaning:
    fitting = options_for(box, right)
    if len(fitting) == 1:
        return Meaning(use=Use.OPTION, option=fitting[0].words)
    doubt = Text("no option, or more than one, means “{right}”", right=word(right))
    return replace(meaning, use=Use.UNKNOWN, sure=False, why=doubt)


def _asked(box: Box, meaning: Meaning, person: Person) -> Meaning:
    """Ask what a box wants; leaving it to the person is always an answer."""
    answers = _answers(box, meaning)
    why = meaning.why or Text("it is not plain")
    key = person.choose(
        Text("“{box}”: {why}. What belongs there?", box=_shown(box), why=why),
        [Option(key=key, text=text) for key, (text, _meaning) in answers.items()],
        default=_usual(box, meaning, answers),
    )
    return answers[key][1]


def _answers(box: Box, meaning: Meaning) -> Mapping[str, tuple[Text, Meaning]]:
    found: dict[str, tuple[Text, Meaning]] = {}
    if meaning.field:
        found["as-read"] = (word(meaning.field), replace(meaning, sure=True, why=None))
    if box.kind in {BoxKind.SELECT, BoxKind.RADIO, BoxKind.LISTBOX}:
        for choice in [one for one in box.choices if is_offered(one)][:_MOST_OPTIONS]:
            chosen = Meaning(use=Use.OPTION, option=choice.words)
            found[f"option {choice.words}"] = (
                Text("always “{option}”", option=choice.words), chosen,
            )  # fmt: skip
    if box.kind is BoxKind.CHECKBOX:
        found["tick"] = (Text("it is always ticked"), Meaning(use=Use.OPTION))
    else:
        fields = _TYPED if box.kind in {BoxKind.TEXT, BoxKind.DATE} else (Field.STATE,)
        for each in fields:
            if each is not meaning.field:
                found[each.value] = (word(each), Meaning(use=Use.FIELD, field=each))
    found["person"] = (Text("leave it to the person"), Meaning(use=Use.PERSON, reason="choice"))
    found["leave"] = (Text("leave it as it is"), Meaning(use=Use.LEAVE))
    return found


def _usual(box: Box, meaning: Meaning, answers: Mapping[str, object]) -> str:
    if "as-read" in answers:
        return "as-read"
    return "leave" if meaning.use is Use.LEAVE and not box.is_required else "person"


def _shown(box: Box) -> str:
    return (box.label or box.name or box.id or "?")[:80]


def _ask_button(seen: SeenPage, person: Person) -> Button | None:
    sending = buttons_that_send(seen)
    if len(sending) < 2:  # noqa: PLR2004 - one is no choice
        return sending[0] if sending else None
    options = [Option(key=str(at), text=Text("{b}", b=one.words)) for at, one in enumerate(sending)]
    return sending[int(person.choose(Text("Which button sends the form?"), options, default="0"))]


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


# ---- keeping the page ----


def _saved(page: OpenPage, state: ReadStep, read: _Read, *, goes_on: bool) -> str:
    """Return the markup of one state of the form, marked with what a person does there."""
    boxes, dots = [], []
    for box, meaning in state.boxes():
        by_hand = meaning.reason if meaning.use is Use.PERSON else ""
        left = meaning.use in {Use.LEAVE, Use.UNKNOWN} or _is_other_right(box, meaning, read.right)
        if box.kind is BoxKind.RADIO:
            dots += [
                Marked(
                    into=choice.into,
                    frame=box.frame,
                    by_hand=by_hand if at == 0 else "",
                    is_left=left,
                    words=choice.words,
                )
                for at, choice in enumerate(box.choices)
            ]
        else:
            boxes.append(
                Marked(
                    into=box.into,
                    frame=box.frame,
                    posted=box.name or box.id or box.into.rpartition("#")[2],
                    by_hand=by_hand,
                    is_left=left,
                    offered=_offered(box, meaning),
                )
            )
    pressed = state.press.into if state.press else ""
    sends, onward = ("", pressed) if goes_on else (pressed, "")
    kept = save_form(page, boxes, dots, sends=sends, goes_on=onward)
    return "\n".join(markup for markup in kept.values() if markup)


def _is_other_right(box: Box, meaning: Meaning, right: Right) -> bool:
    is_tick = meaning.use is Use.RIGHT and box.kind is BoxKind.CHECKBOX
    return is_tick and right_of(box.label) is not right


def _offered(box: Box, meaning: Meaning) -> tuple[str, ...]:
    """Return what a drawn list offers, where the page shows it only once it is opened."""
    if box.kind is not BoxKind.LISTBOX:
        return ()
    if box.choices:
        return tuple(choice.words for choice in box.choices if choice.words)
    if meaning.field in {Field.STATE, Field.STATE_NAME}:
        return tuple(state_names().values())
    return (meaning.option,) if meaning.option else ()


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
        Text("Words that the page shows only after success (nobody saw them: marked as assumed)"),
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
        Text("What does it say it holds on people? With commas, of: {words}", words=known),
        default=Holding.NAME.value,
        check=_holdings,
    )
    return _holdings(told)


def _holdings(told: str) -> tuple[Holding, ...]:
    try:
        return tuple(Holding(one.strip()) for one in told.split(",") if one.strip())
    except ValueError:
        raise WrongUsage(
            Text("One of these words is not known."),
            hint=Text("Write them as above, with commas: name, phone"),
        ) from None


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
                title=next(iter(pages[0].headings), "")[:120],
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


def _put(wish: Wish, broker: Broker, read: _Read, drafted: DraftedFlow, expect: str) -> Path:
    """Write all of it aside, and move it to its place at once."""
    text = definition_text(broker, above=_above(broker, wish), flows=_about(drafted))
    load_text(text.encode(), Broker)
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
