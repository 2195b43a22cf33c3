"""A definition in DuckDuckGo's words as one of ours, with all that ours cannot say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from optout.catalog.brokers import Retired
from optout.catalog.checks.walk import texts_in, walk_steps
from optout.catalog.dialect import ReadDialect
from optout.catalog.findings import Finding
from optout.catalog.lint import lint
from optout.catalog.schema import LOOKS
from optout.model.broker import Broker, Channel, Conflict, Slug, Source
from optout.model.dialect import (
    Condition,
    Dialect,
    Expectation,
    Extract,
    FillForm,
    LearnCaptcha,
    Navigate,
    SolveCaptcha,
    Stage,
)
from optout.model.flow import Flow, Search
from optout.model.words import Basis, BrokerKind, By, Confidence, Eligible, Grade, Holding, Right
from optout.rules.dialect import (
    AT_PARENT,
    LONGEST_WAIT,
    OPT_OUT,
    SCAN,
    hosts_of,
    is_rarer_than_ours,
    looks_in,
    opens_elsewhere,
    own_host,
    placed_actions,
    placed_in,
    stage_of,
    template_host,
)
from optout.rules.dialect_flow import (
    INVENTED,
    KNOWN_BOXES,
    DraftedFlow,
    draft_opt_out,
    is_robot_check,
    never_invented,
)
from optout.rules.dialect_search import draft_search
from optout.rules.flows import fields_of_flow
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.rules.listing_life import RAREST
from optout.rules.read_row import KNOWN as READ_KEYS
from optout.rules.row_words import BadPattern, check_pattern
from optout.rules.url_template import unknown_transforms
from optout.text import Text

SOURCE: Final = "DDG"
FLOW: Final = "opt-out"
_EXPECTED: Final = frozenset({"element", "text", "url"})
_FORM: Final = "formOptOut"
_SCANS: Final = frozenset({"templatedUrl"})
_HOLDS: Final[Mapping[str, Holding]] = {
    "addressFull": Holding.HOME_ADDRESS,
    "addressFullList": Holding.HOME_ADDRESS,
    "phone": Holding.PHONE,
    "phoneList": Holding.PHONE,
    "email": Holding.EMAIL,
    "relativesList": Holding.RELATIVES,
}
_CHECKS: Final[Mapping[str, str]] = {
    "recaptcha": "google-recaptcha",
    "hcaptcha": "hcaptcha",
    "turnstile": "cloudflare-turnstile",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What the other definitions say of one: its parent here, and whom it clears."""

    parent: Slug | None = None
    parent_name: str = ""
    clears: tuple[Slug, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What a definition of theirs became."""

    slug: Slug
    name: str
    broker: Broker | None  # None: it is retired, or `findings` say why there is none
    retired: Retired | None
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Say whether nothing came of it."""
        return self.broker is None and self.retired is None


def slug_for(definition: Dialect) -> Slug:
    """Return its short name: its own site's name, which no two definitions share."""
    return Slug(own_host(definition).replace(".", "-").replace("--", "-"))


def turned(read: ReadDialect, family: Family, *, on: date) -> Turned:
    """Return a definition of theirs as one of ours, or as retired; findings say what is lost."""
    definition = read.definition
    try:
        slug = slug_for(definition)
        hosts_of(definition)
    except BadAddress as bad:
        return _refused(read, [_bad_address(definition, bad)])
    stages = [*_unknown_words(definition)]
    wrong = [each for each in stages if not each.warning]
    if wrong:
        return _refused(read, wrong, slug)
    drafted = _drafted(definition)
    searched = draft_search(definition, hosts=hosts_of(definition), source=SOURCE)
    broker, found = _linted(
        lambda flow, search: _broker(definition, (slug, family), _with(drafted, flow), search, on),
        drafted.flow if drafted else None,
        searched.search,
    )
    noted = (*searched.notes, *(drafted.notes if drafted else ()))
    notes = [_note(note.where, note.what) for note in noted]
    if searched.search and is_rarer_than_ours(definition.scheduling_config):
        notes.append(_note("schedulingConfig", _NOT_SO_RARELY))
    findings = tuple(dict.fromkeys((*read.unknown, *stages, *notes, *found)))
    if definition.removed_at is not None:
        gone = Retired(
            slug=slug,
            name=definition.name,
            reason="DuckDuckGo does not look there any more, as its own list says.",
            retired_on=_day(definition.removed_at),
        )
        return Turned(slug=slug, name=broker.name, broker=None, retired=gone, findings=findings)
    if any(not each.warning for each in found):
        return _refused(read, found, slug)
    return Turned(slug=slug, name=broker.name, broker=broker, retired=None, findings=findings)


_NOT_SO_RARELY: Final = Text(
    "Their hours would leave this site unseen for longer: we look again after {days} days at the "
    "latest, and after {error} where a page was not understood.",
    days=RAREST,
    error=LONGEST_WAIT,
)


def _refused(read: ReadDialect, findings: list[Finding], slug: str = "") -> Turned:
    name = read.definition.name
    return Turned(slug=Slug(slug), name=name, broker=None, retired=None, findings=tuple(findings))


def _bad_address(definition: Dialect, bad: BadAddress) -> Finding:
    """Say which address leads nowhere that we would go."""
    where = "url"
    for place, action in placed_actions(definition):
        if isinstance(action, Navigate):
            try:
                template_host(action.url)
            except BadAddress:
                where = f"{place}.url"
                break
    return Finding(where, bad.what, check="urls")


def _note(where: str, what: Text) -> Finding:
    return Finding(where, what, check="dialect", warning=True)


# ---- words that nobody here knows ----


def _unknown_words(definition: Dialect) -> Iterator[Finding]:
    for number, stage in enumerate(definition.steps):
        yield from _stage_words(f"steps[{number}]", stage)
        if stage.step_type == SCAN:
            yield from _invented_in(f"steps[{number}].actions", stage)
    for where, action in placed_actions(definition):
        match action:
            case Navigate():
                for name in unknown_transforms(action.url):
                    what = Text("We do not know this change of a value: {name}.", name=name[:40])
                    yield _note(f"{where}.url", what)
            case Expectation() | Condition():
                yield from _expected_words(where, action)
            case FillForm():
                yield from _box_words(where, action)
            case Extract():
                yield from _reading_words(where, action)
    if opens_elsewhere(definition):
        sites = ", ".join(opens_elsewhere(definition))
        yield _note("steps", Text("Its steps lead to other sites too: {sites}.", sites=sites))


def _expected_words(where: str, action: Expectation | Condition) -> Iterator[Finding]:
    for at, each in enumerate(action.expectations):
        if each.type not in _EXPECTED:
            place = f"{where}.expectations[{at}].type"
            yield _note(place, Text("We do not know how to wait for this."))


def _box_words(where: str, action: FillForm) -> Iterator[Finding]:
    for at, box in enumerate(action.elements):
        if box.type not in KNOWN_BOXES:
            place = f"{where}.elements[{at}].type"
            yield _note(place, Text("We do not know what goes into this box."))


def _invented_in(where: str, stage: Stage) -> Iterator[Finding]:
    """Yield the boxes of a search that their program fills with made-up values."""
    for place, action in placed_in(stage.actions, where):
        for at, box in enumerate(action.elements if isinstance(action, FillForm) else ()):
            if box.type in INVENTED:
                yield _note(f"{place}.elements[{at}]", never_invented(box.type))


def _stage_words(where: str, stage: Stage) -> Iterator[Finding]:
    if stage.step_type not in {SCAN, OPT_OUT}:
        yield _note(f"{where}.stepType", Text("We do not know this part. It is kept, not used."))
    elif stage.step_type == SCAN and stage.scan_type not in _SCANS:
        yield _note(f"{where}.scanType", Text("We do not know this way to search."))
    elif stage.step_type == OPT_OUT and stage.opt_out_type not in {AT_PARENT, _FORM}:
        yield _note(f"{where}.optOutType", Text("We do not know this way to opt out."))


def _reading_words(where: str, action: Extract) -> Iterator[Finding]:
    if not action.no_results_selector:
        what = Text("It does not know a page without results: then no page says “not listed”.")
        yield _note(where, what)
    for key, how in action.profile.items():
        place = f"{where}.profile.{key[:40]}"
        if key not in READ_KEYS:
            yield _note(place, Text("This is read by nobody here. It is kept."))
        for pattern in (how.after_text, how.before_text, how.separator) if how else ():
            try:
                check_pattern(pattern)
            except BadPattern as bad:
                yield Finding(place, bad.what, check="dialect")


# ---- the definition ----


def _drafted(definition: Dialect) -> DraftedFlow | None:
    stage = stage_of(definition, OPT_OUT)
    if stage is None or stage.opt_out_type != _FORM:
        return None
    number = definition.steps.index(stage)
    where = f"steps[{number}].actions"
    return draft_opt_out(stage.actions, where=where, hosts=hosts_of(definition), source=SOURCE)


def _linted(
    make: Callable[[Flow | None, Search | None], Broker], flow: Flow | None, search: Search | None
) -> tuple[Broker, list[Finding]]:
    """Return it with its form and its search where these pass every check; and what is wrong."""
    lost: list[Finding] = []
    whole = make(flow, search)
    found = _wrong(whole)
    if found and any(each.where.startswith("search") for each in found):
        lost += (each for each in found if each.where.startswith("search"))
        search = None
        whole = make(flow, search)
        found = _wrong(whole)
    if found and whole.flow:
        lost += found
        whole = make(None, search)
        found = _wrong(whole)
    lost = [each for each in lost if each not in found]  # what is still wrong is said once
    return whole, [*(replace(each, warning=True, check="dialect") for each in lost), *found]


def _wrong(broker: Broker) -> list[Finding]:
    """Return what stands against a definition: lint's errors, and what its file could not hold."""
    found = [each for each in lint(broker) if not each.warning]
    return found or [*_not_to_be_kept(broker)]


def _not_to_be_kept(broker: Broker) -> Iterator[Finding]:
    """Yield what the file's own schema refuses: selectors that are not plain letters."""
    for placed in walk_steps(broker):
        for _where, name, text in texts_in(placed.where, placed.step):
            look = LOOKS.get(name)
            if text and look and not re.search(look.pattern, text):
                yield Finding(placed.where, Text("It is not {look}.", look=look.words))


def _with(drafted: DraftedFlow | None, flow: Flow | None) -> DraftedFlow | None:
    """Return the opt-out with this form; without one a person goes through it by hand."""
    return replace(drafted, flow=flow) if drafted else None


def _broker(
    definition: Dialect,
    named: tuple[Slug, Family],
    drafted: DraftedFlow | None,
    search: Search | None,
    on: date,
) -> Broker:
    slug, family = named
    hosts = hosts_of(definition)
    flow = drafted.flow if drafted else None
    mirrors = tuple(
        f"{each.name} ({each.url})"
        for each in definition.mirror_sites
        if each.removed_at is None or _day(each.removed_at) > on
    )
    return Broker(
        slug=slug,
        name=definition.name,
        kind=BrokerKind.PEOPLE_SEARCH,
        parent=family.parent or "",
        clears=family.clears,
        holds=_holds(definition),
        hosts=hosts,
        captcha=_robot_checks(definition),
        mail_domains=hosts[:1],
        apart=mirrors,
        grade=Grade.DRAFTED,
        facts=tuple(_facts(definition, family, mirrors)),
        unknown=("Whom it serves, and what it does with a request",),
        channel=(_channel(definition, family, drafted, hosts),),
        flow={FLOW: flow} if flow else {},
        search=replace(search, looks=looks_in(definition.scheduling_config)) if search else None,
        sources=(_source(definition, on),),
    )


def _source(definition: Dialect, on: date) -> Source:
    what = f"DuckDuckGo's definition of this site, version {definition.version or '?'}, Apache-2.0"
    return Source(key=SOURCE, what=what, read_on=on)


def _facts(definition: Dialect, family: Family, mirrors: tuple[str, ...]) -> Iterator[str]:
    hours = definition.scheduling_config
    yield f"From DuckDuckGo's definition, turned into ours by a program [{SOURCE}]"
    if hours.confirm_opt_out_scan and hours.maintenance_scan:
        often = "" if hours.max_attempts < 0 else f", at most {hours.max_attempts} times"
        yield (
            f"DuckDuckGo's program looks again {hours.confirm_opt_out_scan:g} hours after a "
            f"request and every {hours.maintenance_scan:g} hours then; after an error it waits "
            f"{hours.retry_error:g} hours{often}. We look no more often than everywhere: each look "
            f"tells the site the name [{SOURCE}]"
        )
    if definition.parent:
        yield f"It belongs to {family.parent_name or definition.parent} [{SOURCE}]"
    if mirrors:
        yield f"The same records may show on: {'; '.join(mirrors)} [{SOURCE}]"


def _holds(definition: Dialect) -> tuple[Holding, ...]:
    keys = [
        key
        for _where, action in placed_actions(definition)
        if isinstance(action, Extract)
        for key, how in action.profile.items()
        if how is not None
    ]
    held = (_HOLDS[key] for key in keys if key in _HOLDS)
    return tuple(dict.fromkeys((Holding.NAME, *held)))


def _robot_checks(definition: Dialect) -> tuple[str, ...]:
    """Return the robot checks that its steps name."""
    words = " ".join(
        f"{action.selector} {action.captcha_type}"
        if isinstance(action, LearnCaptcha | SolveCaptcha)
        else " ".join(each.selector for each in getattr(action, "expectations", ()))
        for _where, action in placed_actions(definition)
    ).lower()
    named = tuple(name for word, name in _CHECKS.items() if word in words)
    return named or (tuple(_CHECKS.values()) if is_robot_check(words) else ())


def _channel(
    definition: Dialect, family: Family, drafted: DraftedFlow | None, hosts: tuple[str, ...]
) -> Channel:
    url = definition.opt_out_url if _is_on(definition.opt_out_url, hosts) else ""
    if drafted is None:
        return _elsewhere(definition, family)
    if drafted.flow is None and not url:
        return _elsewhere(definition, family)
    by_hand = drafted.flow is None
    fields = drafted.gives if drafted.flow is None else fields_of_flow(drafted.flow)
    return Channel(
        right=Right.OPT_OUT,
        by=(By.PORTAL,) if by_hand else (By.WEB,),
        basis=(Basis.POLICY,),
        url=url,
        flow="" if by_hand else FLOW,
        guide=_guide(drafted) if by_hand else (),
        discloses=fields,
        eligible=Eligible.UNCLEAR,
        conflict=(
            Conflict(
                about="eligibility",
                says=(f"DuckDuckGo's definition does not say who may ask [{SOURCE}]",),
                ask="Look whether the page takes requests from people like you.",
            ),
        ),
        confirmation=_confirmation(drafted),
        will_not_reach="Other sites, and copies that others made.",
        pitfalls=tuple(_pitfalls(drafted)),
        confidence=Confidence.UNVERIFIED,
        sources=(SOURCE,),
    )


def _confirmation(drafted: DraftedFlow) -> str:
    if drafted.mails_link:
        return "email-link"
    return "email-code" if drafted.mails_code else "none"


def _guide(drafted: DraftedFlow) -> tuple[str, ...]:
    named = ", ".join(each.value.replace("_", " ") for each in drafted.gives)
    steps = [f"Fill in only what the page needs: {named}." if named else "Find your own record."]
    steps.append("Choose only a row that is yours. If none is yours, stop.")
    if drafted.mails_link:
        steps.append("Open the link that they mail you, soon.")
    return (*steps, "Never make anything up: what is not true harms your request.")


def _pitfalls(drafted: DraftedFlow) -> Iterator[str]:
    yield "A program turned this from DuckDuckGo's definition: nobody here tried it"
    for note in drafted.notes:
        if note.warns:
            yield note.what.english()


def _elsewhere(definition: Dialect, family: Family) -> Channel:
    name = family.parent_name or definition.parent
    instead = (
        f"Ask {name}: a request there is meant to clear this site too. Then look here again."
        if name
        else "DuckDuckGo's definition gives no way to ask. Look at the site's own privacy page."
    )
    return Channel(
        right=Right.OPT_OUT,
        by=(By.NONE,),
        basis=(Basis.POLICY,),
        instead=instead,
        eligible=Eligible.UNCLEAR,
        will_not_reach="Copies that others made.",
        confidence=Confidence.UNVERIFIED,
        sources=(SOURCE,),
    )


def _is_on(url: str, hosts: tuple[str, ...]) -> bool:
    try:
        return host_allowed(host_of(url), hosts)
    except BadAddress:
        return False


def _day(milliseconds: int) -> date:
    """Return the day of one of their times; what no calendar has is the first day of theirs."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).date()
    except (OverflowError, ValueError, OSError):
        return date(1970, 1, 1)
