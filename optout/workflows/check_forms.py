"""Hold the web forms of definitions against the pages that they are for, and propose repairs.

Read-only: a page is opened behind the fence, nothing is typed, chosen or pressed, and no request
with a body leaves. The example page is opened the same way, reaching nobody, to know what each
step meant. One definition or page that cannot be read never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from optout.browser.fence import Fence
from optout.browser.open_form import OpenForm, not_read, open_form
from optout.browser.read_form import LARGEST_PAGE, LOAD_SECONDS, PageNotRead
from optout.browser.rehearsal import Rehearsal
from optout.browser.window import Window
from optout.catalog.asset_hosts import list_host_groups
from optout.catalog.brokers import DEFINITION, folder_of, load_broker
from optout.catalog.examples import (
    PAGES_FILE,
    Answer,
    Examples,
    NoExample,
    load_examples,
)
from optout.catalog.repair import Mended, mend, moved_pages
from optout.errors import OptoutError, Refused, WrongUsage
from optout.model.broker import Broker, Source
from optout.model.change import Compared, Mend, Rewrite
from optout.model.flow import Flow, Open
from optout.model.look import Look
from optout.rules.form_changes import compare, only_proved
from optout.rules.held_steps import placed
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.rules.mend_flow import with_rewrites
from optout.text import Text
from optout.workflows.fences import fence_for

FenceFor = Callable[[Broker], Fence]
NOTHING: Final = Compared()
SOURCE_KEY: Final = "PAGE{day:%y%m%d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChecked:
    """One page of a company, and what changed for the flows that open it."""

    url: str
    flows: tuple[str, ...]
    compared: Compared = NOTHING
    not_reached: Text | None = None  # why it could not be looked at
    has_example: bool = True

    @property
    def is_changed(self) -> bool:
        """Say whether anything is different."""
        return bool(self.compared.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One company's forms."""

    slug: str
    pages: tuple[PageChecked, ...] = ()
    problem: OptoutError | None = None  # the definition cannot be read, or not be tried
    mended: Mended | None = None
    mended_pages: Mended | None = None  # which address answers with which example page

    @property
    def is_changed(self) -> bool:
        """Say whether anything is different."""
        return any(page.is_changed for page in self.pages)

    @property
    def not_reached(self) -> bool:
        """Say whether something could not be looked at at all."""
        return self.problem is not None or any(page.not_reached for page in self.pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page that somebody saved, held against the definition instead of the live one."""

    file: Path
    flow: str = ""  # whose page it is, where the company has several


def check_forms(
    slugs: Sequence[str],
    *,
    window: Window,
    on: date,
    saved: SavedPage | None = None,
    fence_of: FenceFor | None = None,
    folders: Sequence[Path] | None = None,
    seconds: float = LOAD_SECONDS,
) -> Iterator[Checked]:
    """Yield what became of the forms of each company, one after another."""
    checking = _Checking(window, on, saved, fence_of or fence_for, seconds)
    for slug in slugs:
        try:
            folder = folder_of(slug, folders=folders, samples=True)
            yield checking.company(load_broker(folder / DEFINITION), folder)
        except WrongUsage:
            raise
        except OptoutError as error:
            yield Checked(slug=slug, problem=error)


@dataclass(frozen=True, slots=True)
class _Checking:
    window: Window
    on: date
    saved: SavedPage | None
    fence_of: FenceFor
    seconds: float

    def company(self, broker: Broker, folder: Path) -> Checked:
        text = (folder / DEFINITION).read_text(encoding="utf-8")
        pages = _pages_of(broker, self.saved)
        checked = tuple(self._page(broker, folder, url, flows) for url, flows in pages.items())
        mends = [m for page in checked for each in page.compared.changes for m in each.mends]
        source = self._source(broker, checked)
        return Checked(
            slug=broker.slug,
            pages=checked,
            mended=mend(text, mends, source) if mends and source else None,
            mended_pages=_moved(folder, mends),
        )

    def _source(self, broker: Broker, pages: Sequence[PageChecked]) -> Source | None:
        """Return what the changed steps were read from: a page that nobody looked at yet."""
        key = SOURCE_KEY.format(day=self.on)
        known = next((each for each in broker.sources if each.key == key), None)
        changed = [page.url for page in pages if page.is_changed]
        if known is not None or not changed:
            return known
        what = "Its form, as a program read it; nobody looked yet"
        url = changed[0] if _is_plain(changed[0]) else ""
        return Source(key=key, what=what, url=url, read_on=self.on)

    def _page(
        self, broker: Broker, folder: Path, url: str, flows: Mapping[str, Flow]
    ) -> PageChecked:
        names = tuple(flows)
        if "{" in url:
            why = Text("Its address carries personal data: nobody opens it without a person.")
            return PageChecked(url=url, flows=names, not_reached=why)
        examples = _examples(folder)
        try:
            now = self._look(broker, examples, url, flows)
        except PageNotRead as error:
            return _unread(broker, url, flows, error)
        before = self._before(broker, examples, url, flows)
        compared = compare(flows, before, now, opened=url, hosts=broker.hosts)
        mends = [each for change in compared.changes for each in change.mends]
        if any(isinstance(each, Rewrite) for each in mends):
            again = self._again(broker, examples, url, with_rewrites(flows, mends))
            compared = only_proved(compared, flows, before, again)
        return PageChecked(url=url, flows=names, compared=compared, has_example=before is not None)

    def _look(
        self, broker: Broker, examples: Examples | None, url: str, flows: Mapping[str, Flow]
    ) -> Look:
        with self._fence(broker, examples, url, flows) as fence, self._open(url, fence) as form:
            return form.look(flows)

    def _again(
        self, broker: Broker, examples: Examples | None, url: str, flows: Mapping[str, Flow]
    ) -> Look:
        """Try every repair on the page itself: what does not work there is not proposed."""
        try:
            return self._look(broker, examples, url, flows)
        except PageNotRead as error:
            return not_read(error)

    def _before(
        self, broker: Broker, examples: Examples | None, url: str, flows: Mapping[str, Flow]
    ) -> Look | None:
        """Return the look at the example: what each step meant."""
        if examples is None or examples.answer("GET", url) is None:
            return None
        try:
            with (
                Rehearsal(broker.hosts, examples.answer) as fence,
                self._open(url, fence) as form,
            ):
                return form.look(flows)
        except PageNotRead:
            return None

    def _open(self, url: str, fence: Fence) -> AbstractContextManager[OpenForm]:
        return open_form(
            url, fence=fence, window=self.window, captchas=_captchas(), seconds=self.seconds
        )

    def _fence(
        self, broker: Broker, examples: Examples | None, url: str, flows: Mapping[str, Flow]
    ) -> Fence:
        if self.saved is None:
            return self.fence_of(broker)
        content = _read_saved(self.saved.file)
        frames = {step.in_frame for flow in flows.values() for _p, step in placed(flow)} - {None}

        def answer(method: str, asked: str) -> Answer | None:
            of_example = examples.answer(method, asked) if examples else None
            framed = any(host_allowed(_host(asked), [frame]) for frame in frames if frame)
            if method == "GET" and (framed if frames else _same(asked, url)):
                return Answer(media_type="text/html; charset=utf-8", content=content)
            return of_example if frames else None

        return Rehearsal(broker.hosts, answer)


def _unread(broker: Broker, url: str, flows: Mapping[str, Flow], error: PageNotRead) -> PageChecked:
    """Tell a page that is gone from one that did not let itself be looked at."""
    compared = compare(flows, None, not_read(error), opened=url, hosts=broker.hosts)
    why = None if compared.changes else error.what
    return PageChecked(url=url, flows=tuple(flows), compared=compared, not_reached=why)


def _pages_of(broker: Broker, saved: SavedPage | None) -> Mapping[str, dict[str, Flow]]:
    """Return the address that each flow opens first, with all flows that open it."""
    pages: dict[str, dict[str, Flow]] = {}
    for name, flow in broker.flow.items():
        first = next((s.url for s in flow.leg[0].steps if isinstance(s, Open)), "")
        if first and (saved is None or saved.flow in {"", name}):
            pages.setdefault(first.partition("#")[0], {})[name] = flow
    if saved is not None and len(pages) != 1:
        raise WrongUsage(
            Text("Say which form this page is of: {flows}", flows=", ".join(broker.flow) or "-"),
            hint=Text("Add: --flow NAME"),
        )
    return pages


def _examples(folder: Path) -> Examples | None:
    try:
        return load_examples(folder / "examples")
    except NoExample:
        return None


def _moved(folder: Path, mends: Sequence[Mend]) -> Mended | None:
    """Return the list of example pages with the addresses that moved."""
    moved = {m.old: m.new for m in mends if isinstance(m, Rewrite) and m.key == "url"}
    file = folder / "examples" / PAGES_FILE
    if not moved or not file.is_file():
        return None
    return moved_pages(file.read_text(encoding="utf-8"), moved)


def _read_saved(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_PAGE:
            raise Refused(
                Text("{file} is larger than any form.", file=file.name),
                hint=Text("Save the page alone, without its pictures."),
            )
        return file.read_bytes()
    except OSError as error:
        raise WrongUsage(
            Text("{file} cannot be read ({why}).", file=file.name, why=error.strerror or "?")
        ) from None


def _captchas() -> Mapping[str, Sequence[str]]:
    groups = list_host_groups()
    return {name: group.hosts for name, group in groups.items() if group.kind == "captcha"}


def _same(one: str, other: str) -> bool:
    return one.partition("?")[0].partition("#")[0] == other.partition("?")[0].partition("#")[0]


def _host(url: str) -> str:
    try:
        return host_of(url)
    except BadAddress:
        return ""


def _is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable()


def write_mended(checked: Checked, folder: Path) -> None:
    """Write the mended files, each whole or not at all."""
    for mended, file in (
        (checked.mended, folder / DEFINITION),
        (checked.mended_pages, folder / "examples" / PAGES_FILE),
    ):
        if mended is None or not mended.is_changed:
            continue
        if file.read_text(encoding="utf-8") != mended.before:
            raise Refused(
                Text("{file} was changed meanwhile.", file=file.name),
                known=Text("It was left as it is."),
                hint=Text("Check again: optout broker check {slug}", slug=checked.slug),
            )
        beside = file.with_suffix(".new")
        beside.write_text(mended.after, encoding="utf-8")
        beside.replace(file)
