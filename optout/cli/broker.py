"""`optout broker`: what we know about companies, and what each would learn from a request."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli import output
from optout.cli.broker_family import brand_facts, family_json, family_lines, show_family
from optout.cli.broker_list import Sort, Wanted, brief, in_order, show_list
from optout.cli.commands import Commands, Json
from optout.cli.plain import sentence
from optout.errors import WrongUsage
from optout.i18n import _, entry
from optout.model.words import BrokerKind, By, Grade, Holding, Right
from optout.rules.no_way import told_instead
from optout.text import Text, as_written
from optout.words import word, words

if TYPE_CHECKING:
    from optout.catalog.findings import BadDefinition
    from optout.cli.output import Shown
    from optout.model.broker import Broker, Channel, Contact, Declared
    from optout.rules.families import Branch

noun = Commands(_("Look up companies: what they hold, how to ask, what they would learn."))

Slugs = Annotated[
    list[str] | None, typer.Argument(metavar="[COMPANY]...", help=_("Short names; none: all."))
]


@noun.command(
    "list",
    example="optout broker list\n"
    "optout broker list --sells-to-government --by post\n"
    "optout broker list --holds home_address --sort danger\n"
    "optout broker list --registry --name acme\n"
    "optout broker list --json",
)
def list_(
    *,
    kind: Annotated[BrokerKind | None, typer.Option(help=_("Only this kind of company."))] = None,
    right: Annotated[Right | None, typer.Option(help=_("Only where this can be asked."))] = None,
    by: Annotated[By | None, typer.Option(help=_("Only where it can be asked this way."))] = None,
    grade: Annotated[Grade | None, typer.Option(help=_("Only those checked so far."))] = None,
    holds: Annotated[
        list[Holding] | None,
        typer.Option("--holds", help=_("Only those that have this on people. Can be repeated.")),
    ] = None,
    sort: Annotated[Sort | None, typer.Option(help=_("In this order; else by short name."))] = None,
    sells_to_government: Annotated[
        bool,
        typer.Option("--sells-to-government", help=_("Only those that declared it themselves.")),
    ] = False,
    samples: Annotated[
        bool, typer.Option("--samples", help=_("The made-up companies of the demo too."))
    ] = False,
    name: Annotated[str, typer.Option("--name", help=_("Only where the name holds this."))] = "",
    registry: Annotated[
        bool,
        typer.Option("--registry", help=_("Those that only stand in lists: nobody looked.")),
    ] = False,
    country: Annotated[
        str,
        typer.Option(
            "--country", metavar="NAME", help=_("With --registry: where you live, if not the US.")
        ),
    ] = "",
    json: Json = False,
) -> None:
    """List the companies in the catalog."""
    if registry:
        _check_known_of_a_registry(kind, right, by, grade, holds or None, sort)
        from optout.cli.registry import list_entries

        list_entries(to_government=sells_to_government, country=country, name=name, json=json)
        return
    if country:
        raise WrongUsage(
            Text("Only the lists have companies by country."),
            hint=Text("Add --registry: optout broker list --registry --country NAME"),
        )
    from optout.catalog.brokers import list_brokers
    from optout.workflows.places import catalog_folders
    from optout.workflows.truth import live_checks

    wanted = Wanted(
        kind=kind,
        right=right,
        by=by,
        grade=grade,
        holds=tuple(holds or ()),
        to_government=sells_to_government,
        name=name,
    )
    problems: list[BadDefinition] = []
    known = list_brokers(folders=catalog_folders(), samples=samples, problems=problems)
    found = in_order(filter(wanted.fits, known), sort or Sort.SHORT_NAME)
    if json:
        output.emit([brief(broker) for broker in found])
    else:
        show_list(found)
        if any(broker.local for broker in found):
            own = sum(broker.local for broker in found)
            output.show(Text("Your own files among them, not ours: {count}", count=own))
        output.show(live_checks(tuple(broker for broker in known if not broker.local)))
    for bad in problems:
        print(sentence(bad.what), file=sys.stderr)


@noun.command(
    example="optout broker show lexisnexis-risk\n"
    "optout broker show lexisnexis-risk --right delete\n"
    "optout broker show lexisnexis-risk --all"
)
def show(
    slug: Annotated[
        str, typer.Argument(metavar="COMPANY", help=_("Its short name, as in: optout broker list"))
    ],
    *,
    right: Annotated[Right | None, typer.Option(help=_("Everything about asking this."))] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("All that is known, over several screens."))
    ] = False,
    json: Json = False,
) -> None:
    """Show one company: what to ask, on what ground, what they learn, what to watch out for."""
    from optout.catalog.brokers import NoSuchBroker, check_not_retired, find_broker
    from optout.workflows.places import catalog_folders, own_definitions

    try:
        broker = find_broker(slug, folders=catalog_folders(), samples=True)
    except NoSuchBroker:
        check_not_retired(slug, own_definitions())
        if _show_from_registry(slug, json=json):
            return
        raise
    if right is not None and not json:
        _show_right(broker, right)
        return
    from optout.catalog.families import find_family

    family = find_family(broker)
    if json:
        from optout.workflows.look_up import is_group_figure

        more = {"family": family_json(family), "group_figure": is_group_figure(broker)}
        output.emit({**_as_json(broker), **more})
    elif everything:
        _show_broker(broker, family)
    else:
        from optout.cli.broker_screen import show_screen

        show_screen(broker, family)


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"


class ListKind(StrEnum):
    """A list that can be imported."""

    CA_REGISTRY = "ca-registry"
    LISTS = "lists"
    DUCKDUCKGO = "duckduckgo"


@noun.command(
    "import",
    example="optout broker import ca-registry registry.csv\n"
    "optout broker import lists merged.csv\n"
    "optout broker import duckduckgo definitions/",
)
def import_(
    kind: Annotated[
        ListKind,
        typer.Argument(metavar="LIST", help=_("What it is: ca-registry, lists or duckduckgo")),
    ],
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help=_("A list as a CSV file; definitions as JSON, or their folder.")
        ),
    ],
    *,
    fewer: Annotated[
        bool, typer.Option("--fewer", help=_("Even if it has far fewer companies than before."))
    ] = False,
    json: Json = False,
) -> None:
    """Read a list of companies, to look them up: California's, or the merged one of other lists.

    Nobody is asked, and no plan grows. It says what is new, changed and gone, and what fell out.

    duckduckgo: its definitions become files of your own, and it says what they cannot do here.
    """
    if kind is ListKind.DUCKDUCKGO:
        from optout.cli.import_dialects import import_files

        import_files([Path(file) for file in files], json=json)
        return
    from optout.cli.registry import import_file, import_lists_file

    if len(files) > 1:
        raise WrongUsage(Text("One list at a time."))
    read = import_file if kind is ListKind.CA_REGISTRY else import_lists_file
    read(Path(files[0]), fewer=fewer, json=json)


@noun.command(
    example="optout broker new https://privacy.example.com/your-choices --practice\n"
    "optout broker new https://www.acme.example/opt-out --slug acme"
)
def new(
    url: Annotated[
        str, typer.Argument(metavar="URL", help=_("The page with the form, as in your browser."))
    ],
    *,
    slug: Annotated[
        str, typer.Option("--slug", help=_("Its short name; else made from the company's name."))
    ] = "",
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="FOLDER", help=_("Where to write it; else brokers/.")),
    ] = None,
    practice: Annotated[
        bool,
        typer.Option(
            "--practice",
            help=_(
                "Only for https://privacy.example.com/your-choices, a made-up page: nothing is "
                "opened."
            ),
        ),
    ] = False,
) -> None:
    """Describe a new company from its form: read the page, ask what it does not say, write files.

    Nothing is typed or sent on the page. You get broker.toml and an example to try it on.
    """
    from optout.cli.new_definition import draft

    draft(url, slug=slug, into=into, practice=practice)


@noun.command(example="optout broker lint\noptout broker lint lexisnexis-risk --format github")
def lint(
    slugs: Slugs = None,
    *,
    form: Annotated[
        Format, typer.Option("--format", help=_("For people, for a review, or for a program."))
    ] = Format.TEXT,
    json: Json = False,
) -> None:
    """Check what is written about companies, and tell every mistake with its repair."""
    from optout.cli.definitions import show_lint

    show_lint(slugs or (), "json" if json else form.value)


@noun.command(
    example="optout broker check\n"
    "optout broker check lexisnexis-risk --write\n"
    "optout broker check spokeo --page saved.html"
)
def check(
    slugs: Slugs = None,
    *,
    page: Annotated[
        Path | None,
        typer.Option("--page", metavar="FILE", help=_("A page that you saved, not the live one.")),
    ] = None,
    flow: Annotated[
        str, typer.Option("--flow", metavar="NAME", help=_("With --page: which form it is of."))
    ] = "",
    write: Annotated[
        bool, typer.Option("--write", help=_("Ask whether to write the repair into the file."))
    ] = False,
    seconds: Annotated[
        int, typer.Option("--seconds", min=1, max=300, help=_("How long a page may take to load."))
    ] = 30,
    json: Json = False,
) -> None:
    """See whether the pages of web forms changed, and what to write instead.

    Each page is opened behind the fence and only read: nothing is typed, chosen, pressed or sent.
    What comes after a press or a mail is told as not seen. It ends with 0 if nothing changed, with
    1 if something did, and with 3 if a page could not be looked at.
    """
    from optout.cli.check_definitions import check as check_pages
    from optout.workflows.check_forms import SavedPage

    saved = SavedPage(file=page, flow=flow) if page is not None else None
    check_pages(slugs or (), saved=saved, write=write, json=json, seconds=seconds)


@noun.command(
    "try",
    example="optout broker try spokeo\n"
    "optout broker try ./brokers/acme --right delete\n"
    "optout broker try spokeo --live",
)
def try_(
    company: Annotated[
        str,
        typer.Argument(metavar="COMPANY", help=_("Its short name, or the folder it lies in.")),
    ],
    *,
    right: Annotated[
        Right | None, typer.Option(help=_("Only this request; else every form."))
    ] = None,
    live: Annotated[
        bool,
        typer.Option("--live", help=_("On the company's page; nothing that is typed is sent.")),
    ] = False,
    visible: Annotated[
        bool, typer.Option("--visible", help=_("Show the browser window, and wait at the end."))
    ] = False,
    json: Json = False,
) -> None:
    """Fill in the forms with an invented person, and show what would be sent where.

    It uses the example pages, and nothing leaves this computer. No locked folder is needed.
    """
    from optout.cli.try_definition import show_try

    show_try(company, right, live=live, visible=visible, json=json)


@noun.command(example="optout broker diff main\noptout broker diff ../before --json")
def diff(
    base: Annotated[
        str, typer.Argument(metavar="BASE", help=_("A git revision, or a folder, to compare with."))
    ],
    *,
    json: Json = False,
) -> None:
    """Show what a change lets out: which field newly goes where."""
    from optout.cli.definitions import show_diff

    show_diff(base, json=json)


@noun.command(example="optout broker schema > brokers/schema.json")
def schema() -> None:
    """Print what broker.toml may hold, in the form that editors read."""
    from optout.cli.definitions import show_schema

    show_schema()


noun.elsewhere("extract", "extract")


def _check_known_of_a_registry(*filters: object) -> None:
    """Refuse what only a description by hand can answer."""
    if any(each is not None for each in filters):
        raise WrongUsage(
            Text("The lists do not say that."),
            hint=Text("With --registry go --name, --sells-to-government and --country."),
        )


def _show_from_registry(slug: str, *, json: bool) -> bool:
    from optout.catalog.brokers import list_brokers
    from optout.cli.registry import folder_of_entry, show_entry

    folder = folder_of_entry(slug, list_brokers())
    if folder is not None:
        raise WrongUsage(
            Text("That company is described here by hand."),
            hint=Text("Its short name here: {slug}", slug=folder),
        )
    return show_entry(slug, json=json, told=_told_the_registry)


def _listed(texts: Iterable[Text | str]) -> str:
    return ", ".join(sentence(each) if isinstance(each, Text) else each for each in texts)


def _as_json(broker: Broker) -> dict[str, object]:
    whole = output.jsonable(broker)
    assert isinstance(whole, dict)
    return whole


def _show_broker(broker: Broker, family: Sequence[Branch]) -> None:
    """Show all of it; the details of each right stand behind `--right`."""
    output.show(f"{entry(broker.name)} ({broker.slug})")
    output.facts(_facts(broker))
    show_family(family_lines(broker, family))
    output.show()
    columns = (Text("ask them to"), Text("how"), Text("you give"), Text("minutes"))
    output.table(columns, (_channel_row(channel) for channel in broker.channel))
    if instead := told_instead(broker):
        output.show(Text("What can be done: {words}", words=instead))
    _show_list(Text("What we know:"), broker.facts)
    _show_list(Text("What is not known:"), broker.unknown)
    output.show(
        Text(
            "All about one of these: optout broker show {slug} --right {right}",
            slug=broker.slug,
            right=broker.channel[0].right.value,
        )
    )


def _facts(broker: Broker) -> Iterator[tuple[Text, Shown]]:
    yield Text("What it is"), word(broker.kind)
    yield Text("They hold"), _listed(words(broker.holds))
    yield Text("They sell it as"), _listed(map(entry, broker.products))
    yield from brand_facts(broker)
    yield Text("They pass data on to"), ", ".join(broker.feeds)
    yield Text("They sell to"), output.written(broker.sells_to)
    yield Text("Their claim about the law"), output.written(broker.legal_status)
    if broker.search is not None:
        from optout.cli.broker_screen import looked_again

        yield Text("Looking again"), looked_again(broker.search)
    yield Text("Your data can go only to"), _listed(broker.hosts)
    yield Text("Checked?"), word(broker.grade)
    yield Text("Seen on"), broker.verified_on
    if broker.local:
        yield Text("Careful"), Text("this description is your own file, not ours")
    if broker.declared is not None:
        yield from _told_the_registry(broker.declared)
        from optout.cli.registry import group_figure_caution
        from optout.workflows.look_up import is_group_figure

        yield from group_figure_caution(is_group=is_group_figure(broker))


def _told_the_registry(told: Declared) -> Iterator[tuple[Text, Shown]]:
    """Say what a company filed: its own count, checked by nobody (SAFETY 4)."""
    yield (
        Text("Filed for {year} in the {registry}", year=told.year, registry=told.registry),
        Text("the company's own words and counts, checked by nobody; your state may differ"),
    )
    for sold, to in (
        (told.sold_to_federal_government, Text("Sold to the federal government")),
        (told.sold_to_state_governments, Text("Sold to other state governments")),
        (told.sold_to_law_enforcement, Text("Sold to law enforcement")),
        (told.collects_citizenship, Text("Collects citizenship")),
    ):
        if sold is not None:
            yield to, Text("yes") if sold else Text("no")
    for right, count in told.counts.items():
        yield (
            Text("Asked to {right}", right=word(right)),
            Text(
                "{received} times; done {granted}, in part {part}, refused {denied}",
                received=count.received,
                granted=count.granted,
                part=count.granted_in_part,
                denied=count.denied,
            ),
        )


def _channel_row(channel: Channel) -> tuple[Shown, ...]:
    return (
        word(channel.right),
        _listed(words(channel.by)),
        _listed(words(channel.discloses)) or Text("nothing"),
        None if channel.by == (By.NONE,) else channel.minutes,
    )


def _show_right(broker: Broker, right: Right) -> None:
    channels = [channel for channel in broker.channel if channel.right is right]
    if not channels:
        raise WrongUsage(
            Text("We know no way to ask {company} for that.", company=broker.called()),
            hint=Text("See what can be asked: optout broker show {slug}", slug=broker.slug),
        )
    output.show(f"{entry(broker.name)} ({broker.slug})")
    output.facts([(Text("Checked?"), word(broker.grade))])
    for channel in channels:
        output.show()
        _show_channel(channel)


def _show_channel(channel: Channel) -> None:
    from optout.cli.broker_screen import disagreement

    output.facts(_channel_facts(channel))
    _show_list(Text("What to do:"), channel.guide)
    _show_list(Text("Put in with it:"), channel.enclose)
    _show_list(Text("They want to be sure it is you:"), channel.verification)
    _show_list(Text("You would sign or tick:"), channel.attests)
    _show_list(Text("Watch out:"), channel.pitfalls)
    _show_list(Text("What can get harder afterwards:"), channel.harder_afterwards)
    for conflict in channel.conflict:
        _show_list(disagreement(conflict), (*conflict.says, conflict.ask))


def _channel_facts(channel: Channel) -> Iterator[tuple[Text, Shown]]:
    yield Text("Ask them to"), word(channel.right)
    yield Text("They call it"), channel.title
    yield Text("How"), _listed(words(channel.by))
    yield Text("Page"), channel.url
    yield from _addresses(channel)
    yield Text("On the ground of"), _listed(words(channel.basis))
    yield Text("Who can use it"), output.written(channel.eligibility) or word(channel.eligible)
    yield Text("Who may ask"), _listed(words(channel.who_may_ask))
    yield Text("You give them"), _listed(words(channel.discloses)) or Text("nothing")
    if channel.answers_in_days is not None:
        counted, basis = channel.answers_in_days, as_written(channel.answers_basis or "?")
        days = Text("{days} ({basis})", days=counted, basis=basis)
        yield Text("Days until they answer"), days
    yield Text("Takes you"), Text("{minutes} min.", minutes=channel.minutes)
    yield Text("What it will not reach"), output.written(channel.will_not_reach)
    yield Text("Instead"), output.written(channel.instead)
    yield Text("How sure we are"), word(channel.confidence)


def _addresses(channel: Channel) -> Iterator[tuple[Text, Shown]]:
    if channel.email is not None:
        yield Text("E-mail"), _sure(channel.email.email, channel.email)
    if channel.post is not None:
        yield Text("Address"), _sure(", ".join(channel.post.lines), channel.post)
    if channel.phone is not None:
        number, hours = channel.phone.number, as_written(channel.phone.hours)
        yield Text("Phone"), Text("{number} {hours}", number=number, hours=hours)


def _sure(address: str, contact: Contact) -> Shown:
    """Mark an address that must be checked before it is used (SAFETY 5)."""
    from optout.model.words import Confidence

    if contact.confidence in {Confidence.CONFIRMED, Confidence.ONE_SOURCE}:
        return address
    return Text(
        "{address} ({confidence}; check it first: {check})",
        address=address,
        confidence=word(contact.confidence),
        check=as_written(contact.check),
    )


def _show_list(title: Text, entries: Iterable[str]) -> None:
    entries = [entry for entry in entries if entry]
    if entries:
        output.show(title)
        output.bullets(map(as_written, entries))
