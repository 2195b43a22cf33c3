"""What `optout broker` says about companies that only stand in lists: nobody looked at them."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from optout.cli import output
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.text import Counted, Text

if TYPE_CHECKING:
    from optout.catalog.registry import Filing
    from optout.cli.output import Shown
    from optout.model.broker import Broker, Declared
    from optout.workflows.import_lists import ImportedLists
    from optout.workflows.import_registry import Imported, Named
    from optout.workflows.look_up import LookedUp

MOST_NAMED: Final = 12
_LOOK_UP: Final = Text("None of them is in a plan. Look them up: optout broker list --registry")
_WIDE: Final = 110  # their short names are long: a table needs that much
_FELL_OUT: Final = MappingProxyType(
    {
        "nameless": Text("rows without a name that can be used"),
        "no-contact": Text("rows without any way to reach the company"),
        "filed-twice": Text("rows of a company that stood there already: put together"),
        "email": Text("e-mail addresses that look like a person's: dropped"),
        "phone": Text("phone numbers that go with a person or cannot be read: dropped"),
        "page": Text("cells for their page that hold no web address"),
        "count": Text("counts that are no numbers"),
    }
)
_ROWS_FELL_OUT: Final = MappingProxyType(
    {
        "hint-only": Text("rows that come from lists we may not copy from: only that it exists"),
        "described": Text("rows of companies that are described here by hand, which goes first"),
        "no-contact": Text("rows with no page, no desk's e-mail and no address to ask at"),
        "maybe-a-person": Text("rows whose name may be a person's"),
        "retired": Text("rows of companies that are gone"),
        "nameless": Text("rows without a name that can be used"),
    }
)
_CELLS_FELL_OUT: Final = MappingProxyType(
    {
        "email": Text("e-mail addresses that look like a person's, or that mail came back from"),
        "phone": Text("phone numbers that may be a person's, or cannot be read"),
        "address": Text("postal addresses in care of somebody, or that cannot be used"),
        "page": Text("pages whose address is unusable or hides where it leads"),
    }
)
_WANTS: Final = MappingProxyType(
    {
        "id": Text("a copy of your ID"),
        "account": Text("an account there"),
        "captcha": Text("a robot check"),
        "email-check": Text("a link that comes by e-mail"),
        "phone-check": Text("a code that comes by phone"),
    }
)
_PARTS: Final = MappingProxyType(
    {
        "name": Text("name"),
        "trades_as": Text("other name"),
        "hosts": Text("sites"),
        "pages": Text("page to ask"),
        "email": Text("e-mail"),
        "phone": Text("phone"),
        "lines": Text("address"),
        "country": Text("country"),
        "collects": Text("what it collects"),
        "sold_to": Text("whom it sold to"),
        "declared": Text("what it told about laws, and its counts"),
        "asked_who_got_it": Text("its counts"),
        "dropped": Text("what was dropped"),
        "also": Text("other names"),
        "owner": Text("who owns it"),
        "kinds": Text("kind"),
        "registered": Text("states' lists"),
        "wants": Text("what they ask for"),
        "sources": Text("where it is from"),
        "left_ddg_on": Text("whether it may be gone"),
    }
)
_COLLECTS: Final = MappingProxyType(
    {
        "minors": Text("data of children"),
        "account_logins": Text("account logins"),
        "government_ids": Text("government ID numbers"),
        "citizenship": Text("citizenship or immigration status"),
        "union_membership": Text("union membership"),
        "sexual_orientation": Text("sexual orientation"),
        "gender_identity": Text("gender identity"),
        "biometrics": Text("biometrics"),
        "precise_location": Text("exact location"),
        "reproductive_health": Text("reproductive health"),
    }
)
_SOLD_TO: Final = MappingProxyType(
    {
        "foreign_actor": Text("a foreign actor, as the list calls it"),
        "federal_government": Text("the federal government"),
        "state_governments": Text("other states' governments"),
        "law_enforcement": Text("law enforcement"),
        "genai_developer": Text("makers of artificial intelligence"),
    }
)
_TO_GOVERNMENT: Final = frozenset({"federal_government", "state_governments", "law_enforcement"})


def import_file(path: Path, *, fewer: bool, json: bool) -> None:
    """Import one file, and say everything it did."""
    from optout.workflows.import_registry import import_ca_registry
    from optout.workflows.places import registry_folder

    done = import_ca_registry(path, folder=registry_folder(), fewer=fewer)
    if json:
        output.emit(done)
        return
    output.show(Text("California's list for {year}: {rows} rows.", year=done.year, rows=done.rows))
    output.show(Text("Companies kept to be looked up: {count}", count=done.kept))
    _tell_compared(done)
    _tell_fallen(done)
    output.show(_LOOK_UP)


def import_lists_file(path: Path, *, fewer: bool, json: bool) -> None:
    """Import the merged list, and say everything it did."""
    from optout.workflows.import_lists import import_lists
    from optout.workflows.places import registry_folder

    done = import_lists(path, folder=registry_folder(), fewer=fewer)
    if json:
        output.emit(done)
        return
    output.show(Text("Rows read: {rows}. Each is counted once:", rows=done.rows))
    output.bullets(_where_rows_went(done))
    output.show(Text("Left out of the rows that were taken:"))
    output.bullets(_counted(done.dropped, _CELLS_FELL_OUT))
    if done.first:
        output.show(Text("This is the first import: all of them are new."))
    elif not done.wrote:
        output.show(Text("The same as at the last import: nothing was changed."))
    else:
        output.show(Text("Held against the last import:"))
        _tell_names(Text("new"), done.new)
        _tell_names(Text("changed"), done.changed)
        _tell_names(Text("gone"), done.gone)
    output.show(_LOOK_UP)


def _where_rows_went(done: ImportedLists) -> Iterator[str]:
    abroad = Text(", {count} of them abroad: shown only to people there", count=done.abroad)
    yield f"{done.own} {sentence(Text('companies to be looked up'))}{sentence(abroad)}"
    yield f"{done.joined} {sentence(Text('rows joined with a company of California’s list'))}"
    if done.twice:
        yield f"{done.twice} {sentence(Text('rows of a company that had one already'))}"
    yield from _counted(done.fallen, _ROWS_FELL_OUT)


def _counted(counts: Mapping[str, int], words: Mapping[str, Text]) -> Iterator[str]:
    for name, why in words.items():
        if counts.get(name):
            yield f"{counts[name]} {sentence(why)}"


def _tell_compared(done: Imported) -> None:
    if done.compared_with is None:
        output.show(Text("This is the first import: all of them are new."))
        return
    if not done.wrote:
        output.show(Text("The same as at the last import: nothing was changed."))
        return
    output.show(Text("Held against the list for {year}:", year=done.compared_with))
    _tell_names(Text("new"), done.new)
    _tell_names(Text("changed"), done.changed)
    _tell_names(Text("gone"), done.gone)


def _tell_names(title: Text, names: Collection[Named]) -> None:
    output.show(f"{sentence(title)}: {len(names)}")
    output.bullets(_named(each) for each in list(names)[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        output.show(Text("and {count} more: add --json", count=len(names) - MOST_NAMED))


def _named(each: Named) -> str:
    what = ", ".join(sentence(_PARTS[part]) for part in each.what if part in _PARTS)
    return f"{each.name} ({each.slug})" + (f": {what}" if what else "")


def _tell_fallen(done: Imported) -> None:
    output.show(
        Counted(
            "Fell out: 1 row. What was left out, and why:",
            "Fell out: {count} rows. What was left out, and why:",
            count=sum(done.fallen.values()),
        )
    )
    output.bullets(_counted({**done.fallen, **done.dropped}, _FELL_OUT))
    output.show(
        Text(
            "Counts that several companies filed alike, to the last figure: {count}",
            count=done.group_figures,
        )
    )
    output.show(
        Text("Described here by hand, which goes first: {count}", count=len(set(done.described)))
    )


def list_entries(*, to_government: bool, country: str, name: str, json: bool) -> None:
    """List the companies that only stand in lists, never one we describe ourselves."""
    from optout.catalog.brokers import list_brokers
    from optout.catalog.registry import folders_by_name
    from optout.workflows.look_up import described_at, look_up_all

    place = _in_full(country)
    folders = folders_by_name(list_brokers())
    fitting = [
        each
        for each in look_up_all()
        if not each.gone
        and (not to_government or _TO_GOVERNMENT & set(each.sold_to))
        and name.casefold() in _names(each)
        and described_at(each, folders) is None
    ]
    found = [each for each in fitting if each.is_for_people_in(place)]
    if json:
        output.emit([_brief(each) for each in found])
        return
    _show_rows(found)
    output.show(Text("Companies: {count}", count=len(found)))
    if len(fitting) > len(found):
        output.show(
            Text(
                "Left out, because they are in other countries: {count}. If you live in one of "
                "them: --country NAME",
                count=len(fitting) - len(found),
            )
        )
    output.show(Text("For looking up only: nobody here has looked at them, and no plan asks them."))


def _in_full(country: str) -> str:
    """Return a country's name as the lists write it; what is no country is refused in words."""
    if not country:
        return ""
    from optout.workflows.facts import country_code
    from optout.workflows.import_lists import country_in_full

    return country_in_full(country_code(country))


def _show_rows(found: Sequence[LookedUp]) -> None:
    """Print a table where the screen has room for it, else a line or two each."""
    if not session().plain and shutil.get_terminal_size().columns < _WIDE:
        output.bullets(_in_short(each) for each in found)
        return
    columns = (Text("short name"), Text("company"), Text("sold to"), Text("stands in"))
    output.table(columns, (_row(each) for each in found))


def _in_short(each: LookedUp) -> str:
    slug, name, sold, lists = _row(each)
    return f"{name} ({slug}), {lists}" + (f": {sold}" if sold else "")


def _names(each: LookedUp) -> str:
    return " ".join((each.slug, each.name, *each.also, *each.hosts)).casefold()


def _row(each: LookedUp) -> tuple[str, str, str, str]:
    sold = [to for to in each.sold_to if to in _TO_GOVERNMENT]
    return (each.slug, each.name, _words(_SOLD_TO, sold), _stands_in(each))


def _stands_in(each: LookedUp) -> str:
    """Return in few words which list has it: a state's before anybody else's."""
    from optout.catalog.registry_lists import SOURCES

    if each.filed:
        return sentence(Text("California {year}", year=each.filed.year))
    if each.listing is None:
        return ""
    if each.listing.registered:
        return ", ".join(each.listing.registered)
    return ", ".join(SOURCES[name].template.partition(" (")[0] for name in each.listing.sources[:1])


def _words(known: Mapping[str, Text], names: Iterable[str]) -> str:
    return ", ".join(sentence(known[name]) for name in names if name in known)


def _brief(each: LookedUp) -> dict[str, object]:
    return {
        "slug": each.slug,
        "name": each.name,
        "also": each.also,
        "hosts": each.hosts,
        "country": each.country,
        "sold_to": each.sold_to,
        "filed_for": [filing.year for filing in each.entry.filings] if each.entry else [],
        "registered": each.listing.registered if each.listing else (),
        "sources": each.listing.sources if each.listing else (),
    }


def show_entry(
    slug: str, *, json: bool, told: Callable[[Declared], Iterator[tuple[Text, Shown]]]
) -> bool:
    """Show a company of the lists; False where no list holds it either."""
    from optout.workflows.look_up import look_up

    each = look_up(slug)
    if each is None:
        return False
    if json:
        output.emit({"slug": each.slug, "filed": each.entry, "listed": each.listing})
        return True
    output.show(f"{each.name} ({each.slug})")
    output.show(
        Text("For looking up only: nobody here has looked at this company, and no plan asks it.")
    )
    output.facts(_facts(each))
    if each.filed:
        output.facts([*_filed(each.filed), *told(each.filed.declared), *_cautions(each.filed)])
    output.facts(_provenance(each))
    if way := _way(each):
        output.show(
            Text(
                "Ask it only if it probably has you: a request tells it your name. The way: "
                "{command}",
                command=way,
            )
        )
    return True


def _way(each: LookedUp) -> str:
    """Return the command that asks it: by mail, else on its page, else by letter."""
    to = each.email or next((page for _kind, page in each.pages), "")
    if not to and not each.lines:
        return ""
    asked = f"optout request --to {shlex.quote(to or ', '.join((each.name, *each.lines)))}"
    return f"{asked} --company {shlex.quote(each.name)}" if to else asked


def folder_of_entry(slug: str, brokers: Iterable[Broker]) -> str | None:
    """Return the folder that describes a company of the lists under another short name."""
    from optout.catalog.registry import folders_by_name
    from optout.workflows.look_up import described_at, look_up

    each = look_up(slug)
    return described_at(each, folders_by_name(brokers)) if each else None


def _facts(each: LookedUp) -> Iterator[tuple[Text, Shown]]:
    from optout.catalog.registry_lists import PAGES

    if each.gone:
        yield Text("Gone"), Text("not in the newest list any more")
    if not each.is_for_people_in(""):
        yield Text("Only for people in"), each.country.title()
    yield Text("Also called"), "; ".join(each.also)
    yield Text("Sites"), ", ".join(each.hosts)
    for name, words in PAGES.items():
        yield words, ", ".join(page for kind, page in each.pages if kind == name)
    yield Text("E-mail"), each.email
    yield Text("Phone"), each.phone
    yield Text("Address"), ", ".join((*each.lines, each.country)) if each.lines else ""
    if each.listing:
        yield Text("They may ask for"), _words(_WANTS, each.listing.wants)
        yield Text("Belongs to"), each.listing.owner


def _filed(newest: Filing) -> Iterator[tuple[Text, Shown]]:
    yield Text("They say they collect"), _words(_COLLECTS, newest.collects)
    others = [to for to in newest.sold_to if to not in _TO_GOVERNMENT]
    yield Text("They say they also sold to"), _words(_SOLD_TO, others)
    yield Text("Credit-report law, in their words"), newest.declared.fcra
    yield Text("Bank privacy law, in their words"), newest.declared.glba


def _provenance(each: LookedUp) -> Iterator[tuple[Text, Shown]]:
    """Say where all of this is from, and what of it is doubtful or was left out."""
    from optout.catalog.registry_lists import SOURCES

    filed = each.entry.filings if each.entry else ()
    yield Text("In California's list for"), ", ".join(str(filing.year) for filing in filed)
    dropped = set(each.filed.dropped if each.filed else ())
    if each.listing:
        yield Text("In states' lists"), ", ".join(each.listing.registered)
        yield Text("Lists call it"), ", ".join(each.listing.kinds)
        yield Text("From"), "; ".join(_words(SOURCES, (name,)) for name in each.listing.sources)
        if each.listing.left_ddg_on:
            yield (
                Text("May be gone"),
                Text("DuckDuckGo took it off its list on {day}", day=each.listing.left_ddg_on),
            )
        yield Text("May be the same as"), each.listing.maybe
        dropped |= set(each.listing.dropped)
    if dropped & {"email", "phone"}:
        yield Text("Left out"), Text("a contact that looks like a person's own")


def _cautions(newest: Filing) -> Iterator[tuple[Text, Shown]]:
    yield (
        Text("The counts are about"),
        Text("{year}, as the headings of the list say", year=newest.counted_in),
    )
    yield from group_figure_caution(is_group=newest.group_figure)


def group_figure_caution(*, is_group: bool) -> Iterator[tuple[Text, Shown]]:
    """Yield that counts are those of several companies, where they are (SAFETY 4)."""
    if is_group:
        yield Text("Careful"), Text("sister companies filed the same counts: a figure of a group")
