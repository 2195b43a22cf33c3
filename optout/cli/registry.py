"""What `optout broker` says about companies that only stand in a state's list."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from optout.cli import output
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.text import Text

if TYPE_CHECKING:
    from optout.catalog.registry import Entry, Filing
    from optout.cli.output import Shown
    from optout.model.broker import Broker, Declared
    from optout.workflows.import_registry import Imported, Named

MOST_NAMED: Final = 12
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
    output.show(Text("None of them is in a plan. Look them up: optout broker list --registry"))


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
        Text(
            "Fell out: {count} rows. What was left out, and why:",
            count=sum(done.fallen.values()),
        )
    )
    fallen = {**done.fallen, **done.dropped}
    output.bullets(
        f"{fallen[name]} {sentence(why)}" for name, why in _FELL_OUT.items() if name in fallen
    )
    output.show(
        Text(
            "Counts that several companies filed alike, to the last figure: {count}",
            count=done.group_figures,
        )
    )
    output.show(
        Text("Described here by hand, which goes first: {count}", count=len(set(done.described)))
    )


def list_entries(*, to_government: bool, abroad: bool, name: str, json: bool) -> None:
    """List the companies that only stand in the registry, never one we describe ourselves."""
    from optout.catalog.brokers import list_brokers
    from optout.catalog.registry import folder_for, folders_by_name, is_abroad
    from optout.workflows.import_registry import look_up_entries

    folders = folders_by_name(list_brokers())
    found = [
        entry
        for entry in look_up_entries()
        if not entry.gone
        and is_abroad(entry) == abroad
        and (not to_government or _TO_GOVERNMENT & set(entry.newest().sold_to))
        and name.casefold() in _names(entry)
        and folder_for(entry, folders) is None
    ]
    if json:
        output.emit([_brief(entry) for entry in found])
        return
    _show_rows(found)
    output.show(Text("Companies: {count}", count=len(found)))
    output.show(Text("For looking up only: nobody here has looked at them, and no plan asks them."))


def _show_rows(found: Sequence[Entry]) -> None:
    """Print a table where the screen has room for it, else a line or two each."""
    if not session().plain and shutil.get_terminal_size().columns < _WIDE:
        output.bullets(_in_short(entry) for entry in found)
        return
    columns = (Text("short name"), Text("company"), Text("sold to"), Text("filed for"))
    output.table(columns, (_row(entry) for entry in found))


def _in_short(entry: Entry) -> str:
    slug, name, sold, year = _row(entry)
    return f"{name} ({slug}), {year}" + (f": {sold}" if sold else "")


def _names(entry: Entry) -> str:
    newest = entry.newest()
    return " ".join((entry.slug, newest.name, newest.trades_as, *newest.hosts)).casefold()


def _row(entry: Entry) -> tuple[Shown, ...]:
    newest = entry.newest()
    sold = [to for to in newest.sold_to if to in _TO_GOVERNMENT]
    return (entry.slug, newest.name, _words(_SOLD_TO, sold), newest.year)


def _words(known: Mapping[str, Text], names: Iterable[str]) -> str:
    return ", ".join(sentence(known[name]) for name in names if name in known)


def _brief(entry: Entry) -> dict[str, object]:
    newest = entry.newest()
    return {
        "slug": entry.slug,
        "name": newest.name,
        "trades_as": newest.trades_as,
        "hosts": newest.hosts,
        "country": newest.country,
        "sold_to": newest.sold_to,
        "filed_for": [filing.year for filing in entry.filings],
    }


def show_entry(
    slug: str, *, json: bool, told: Callable[[Declared], Iterator[tuple[Text, Shown]]]
) -> bool:
    """Show a company of the registry; False where the registry does not hold it either."""
    from optout.workflows.import_registry import look_up_entries

    entry = next((each for each in look_up_entries() if each.slug == slug), None)
    if entry is None:
        return False
    if json:
        output.emit(entry)
        return True
    newest = entry.newest()
    output.show(f"{newest.name} ({entry.slug})")
    output.show(
        Text("For looking up only: nobody here has looked at this company, and no plan asks it.")
    )
    output.facts([*_facts(entry, newest), *told(newest.declared), *_cautions(newest)])
    output.show(
        Text(
            "Ask it only if it probably has you: a request tells it your name. The way: {command}",
            command="optout request",
        )
    )
    return True


def folder_of_entry(slug: str, brokers: Iterable[Broker]) -> str | None:
    """Return the folder that describes a company of the registry under another short name."""
    from optout.catalog.registry import described_in
    from optout.workflows.import_registry import look_up_entries

    entry = next((each for each in look_up_entries() if each.slug == slug), None)
    return described_in(entry, brokers) if entry else None


def _facts(entry: Entry, newest: Filing) -> Iterator[tuple[Text, Shown]]:
    if entry.gone:
        yield Text("Gone"), Text("not in the newest list any more")
    yield Text("Also called"), newest.trades_as
    yield Text("Sites"), ", ".join(newest.hosts)
    yield Text("Their page on asking"), ", ".join(newest.pages)
    yield Text("E-mail"), newest.email
    yield Text("Phone"), newest.phone
    yield Text("Address"), ", ".join((*newest.lines, newest.country))
    yield Text("Filed for"), ", ".join(str(filing.year) for filing in entry.filings)
    yield Text("They say they collect"), _words(_COLLECTS, newest.collects)
    others = [to for to in newest.sold_to if to not in _TO_GOVERNMENT]
    yield Text("They say they also sold to"), _words(_SOLD_TO, others)
    yield Text("Credit-report law, in their words"), newest.declared.fcra
    yield Text("Bank privacy law, in their words"), newest.declared.glba


def _cautions(newest: Filing) -> Iterator[tuple[Text, Shown]]:
    yield (
        Text("The counts are about"),
        Text("{year}, as the headings of the list say", year=newest.counted_in),
    )
    if newest.group_figure:
        yield Text("Careful"), Text("sister companies filed the same counts: a figure of a group")
    if newest.dropped:
        yield Text("Left out"), Text("a contact that looks like a person's own")
