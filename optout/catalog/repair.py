"""A definition's file with its mends written in: its other lines, comments and order stay.

Each mend is written into the line where its step stands and then proved: the file must read as the
definition with exactly that change. What cannot be written so is left out and told.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from optout.catalog.asset_hosts import list_host_groups
from optout.catalog.files import load_text
from optout.catalog.findings import BadDefinition
from optout.catalog.lines import Path, line_of
from optout.catalog.lint import lint
from optout.model.broker import Broker, Source
from optout.model.change import AddCaptcha, DropStep, Mend, NewStep, Rewrite
from optout.model.fields import Field
from optout.model.flow import Flow, Step, When
from optout.model.words import Grade
from optout.rules.flows import fields_of_flow
from optout.rules.mend_flow import new_steps_at, restepped, rewritten
from optout.text import Text

_STRING: Final = r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
_SOURCED: Final = ("label", "into", "press", "option", "in_frame", "url", "element")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A definition's file before and after."""

    before: str
    after: str
    broker: Broker | None = None  # what `after` says, of a definition
    left_out: tuple[Mend, ...] = ()  # could not be written without touching something else

    @property
    def is_changed(self) -> bool:
        """Say whether there is anything to write."""
        return self.before != self.after

    def diff(self, name: str) -> str:
        """Return the change as a unified diff."""
        lines = (self.before.splitlines(keepends=True), self.after.splitlines(keepends=True))
        return "".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}"))


def mend(text: str, mends: Sequence[Mend], source: Source) -> Mended:
    """Return the file with these mends; `source` is named by each step that was changed."""
    writing = _Writing(text)
    for each in dict.fromkeys(_rewrites(mends)):
        writing.rewrite(each, source)
    writing.new_and_dropped([m for m in mends if isinstance(m, NewStep | DropStep)], source)
    for group in dict.fromkeys(m.group for m in mends if isinstance(m, AddCaptcha)):
        writing.add_captcha(group)
    if writing.text != text:
        writing.disclose_what_is_used()
        writing.grade_again()
        if _is_named(writing.broker, source.key):
            writing.add_source(source)
    if _breaks_a_rule(_read(text), writing.broker):
        return Mended(
            before=text, after=text, broker=_read(text) or writing.broker, left_out=tuple(mends)
        )
    return Mended(
        before=text, after=writing.text, broker=writing.broker, left_out=tuple(writing.left_out)
    )


def moved_pages(text: str, moved: Mapping[str, str]) -> Mended | None:
    """Return a list of example pages (`pages.toml`) that answers at new addresses."""
    now = text
    for old, new in moved.items():
        bare, place = old.partition("#")[0], new.partition("#")[0]
        now = now.replace(f"url = {_quoted(bare)}\n", f"url = {_quoted(place)}\n")
    return None if now == text else Mended(before=text, after=now)


def _rewrites(mends: Sequence[Mend]) -> Iterator[Rewrite]:
    return (each for each in mends if isinstance(each, Rewrite) and each.old != each.new)


class _Writing:
    """A file while it is being mended: its text, and what the text says."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.broker = load_text(text.encode(), Broker)
        self.left_out: list[Mend] = []

    def rewrite(self, change: Rewrite, source: Source) -> None:
        """Write another value for a key of a step."""
        wanted = self._with_flow(change.flow, rewritten(self.broker.flow[change.flow], change))
        if not self._take(self._rewritten(change), wanted):
            self.left_out.append(change)
            return
        if change.key == "url":
            self._rewrite_channels(change)
        if change.key in _SOURCED:
            self._name_source(change, source.key)

    def _name_source(self, change: Rewrite, key: str) -> None:
        step = step_at(self.broker.flow[change.flow], change.place)
        if step.source and step.source != key:
            named = replace(change, key="source", old=step.source, new=key)
            wanted = self._with_flow(change.flow, rewritten(self.broker.flow[change.flow], named))
            self._take(self._rewritten(named), wanted)

    def _rewritten(self, change: Rewrite) -> Iterator[str]:
        line = line_of(self.text, _path(change.flow, change.place))
        return (
            iter(())
            if line is None
            else _on_line(self.text, line, change.key, change.old, change.new)
        )

    def _rewrite_channels(self, change: Rewrite) -> None:
        """Follow with the address that people are shown."""
        for at, channel in enumerate(self.broker.channel):
            if channel.flow == change.flow and channel.url == change.old:
                channels = list(self.broker.channel)
                channels[at] = replace(channel, url=change.new)
                line = line_of(self.text, ("channel", at, "url"))
                if line is not None:
                    texts = _on_line(self.text, line, "url", change.old, change.new)
                    self._take(texts, replace(self.broker, channel=tuple(channels)))

    def new_and_dropped(self, mends: Sequence[NewStep | DropStep], source: Source) -> None:
        """Write new steps, and take out those that find nothing any more."""
        for flow, place, new, keeps_old in new_steps_at(mends):
            sourced = [{**keys, "source": source.key} for keys in new]
            steps = restepped(self.broker.flow[flow], place, sourced, keeps_old=keeps_old)
            texts = self._with_lines(_path(flow, place), sourced, keeps_old=keeps_old)
            if not self._take(texts, self._with_flow(flow, steps)):
                self.left_out += [m for m in mends if m.flow == flow and _place(m) == place]

    def _with_lines(
        self, path: Path, new: Sequence[Mapping[str, str]], *, keeps_old: bool
    ) -> Iterator[str]:
        line = line_of(self.text, path)
        if line is None:
            return
        lines = self.text.splitlines(keepends=True)
        indent = re.match(r"\s*", lines[line - 1])
        written = [f"{indent[0] if indent else ''}{_step(keys)},\n" for keys in new]
        yield "".join([*lines[: line - 1], *written, *lines[line - 1 if keeps_old else line :]])

    def add_captcha(self, group: str) -> None:
        """Name a robot check that the maintainers' list knows."""
        known = list_host_groups()
        if group in self.broker.captcha:
            return
        wanted = replace(self.broker, captcha=(*self.broker.captcha, group))
        if group not in known or not self._take(self._with_captcha(group), wanted):
            self.left_out.append(AddCaptcha(group=group))

    def _with_captcha(self, group: str) -> Iterator[str]:
        lines = self.text.splitlines(keepends=True)
        if (line := line_of(self.text, ("captcha",))) is not None and self.broker.captcha:
            lines[line - 1] = re.sub(r"\](?=[^\]]*$)", f', "{group}"]', lines[line - 1])
            yield "".join(lines)
        elif (line := line_of(self.text, ("hosts",))) is not None:
            end = next(at for at in range(line - 1, len(lines)) if "]" in lines[at])
            yield "".join([*lines[: end + 1], f'captcha = ["{group}"]\n', *lines[end + 1 :]])

    def disclose_what_is_used(self) -> None:
        """Let `discloses` say what the mended forms give away."""
        for at, channel in enumerate(self.broker.channel):
            if channel.flow not in self.broker.flow:
                continue
            used = fields_of_flow(self.broker.flow[channel.flow])
            if set(used) == set(channel.discloses):
                continue
            told = _in_order(channel.discloses, used)
            channels = list(self.broker.channel)
            channels[at] = replace(channel, discloses=told)
            wanted = replace(self.broker, channel=tuple(channels))
            self._take(self._with_discloses(at, told), wanted)

    def grade_again(self) -> None:
        """Let nobody rely on what was seen before: what changed has to be looked at again."""
        if self.broker.grade not in {Grade.VERIFIED, Grade.TESTED}:
            return
        text = re.sub(r'(?m)^grade\s*=\s*"[a-z]+"', 'grade = "drafted"', self.text, count=1)
        text = re.sub(r"(?m)^verified_on\s*=[^\n]*\n", "", text, count=1)
        drafted = replace(self.broker, grade=Grade.DRAFTED, verified_on=None)
        self._take(iter([text]), drafted)

    def _with_discloses(self, channel: int, fields: Sequence[Field]) -> Iterator[str]:
        line = line_of(self.text, ("channel", channel, "discloses"))
        if line is None:
            return
        lines = self.text.splitlines(keepends=True)
        rest = "".join(lines[line - 1 :])
        listed = ", ".join(f'"{field.value}"' for field in fields)
        written = re.sub(r"discloses\s*=\s*\[[^\]]*\]", f"discloses = [{listed}]", rest, count=1)
        yield "".join([*lines[: line - 1], written])

    def add_source(self, source: Source) -> None:
        """Say at the end of the file what the changed steps were read from."""
        if any(each.key == source.key for each in self.broker.sources):
            return
        rows = {"key": source.key, "what": source.what, "url": source.url}
        written = "".join(f"{key} = {_quoted(value)}\n" for key, value in rows.items() if value)
        text = f"{self.text.rstrip()}\n\n[[sources]]\n{written}read_on = {source.read_on}\n"
        self._take(iter([text]), replace(self.broker, sources=(*self.broker.sources, source)))

    def _with_flow(self, name: str, flow: Flow) -> Broker:
        return replace(self.broker, flow={**self.broker.flow, name: flow})

    def _take(self, texts: Iterator[str], wanted: Broker) -> bool:
        """Take the first writing that reads exactly as wanted."""
        for text in texts:
            if (read := _read(text)) == wanted and read is not None:
                self.text, self.broker = text, read
                return True
        return False


def step_at(flow: Flow, place: Sequence[int]) -> Step:
    """Return the step at a place."""
    found = flow.leg[place[0]].steps[place[1]]
    for at in place[2:]:
        assert isinstance(found, When)  # nothing else has further places
        found = found.steps[at]
    return found


def _read(text: str) -> Broker | None:
    try:
        return load_text(text.encode(), Broker)
    except BadDefinition:
        return None


def _breaks_a_rule(before: Broker | None, after: Broker) -> bool:
    """Say whether lint would refuse something that it did not refuse before."""
    if before is None:
        return True
    return bool(_wrong(after) - _wrong(before))


def _wrong(broker: Broker) -> Counter[tuple[str, Text]]:
    """Count what lint refuses; where it stands changes with each new step."""
    return Counter((found.check, found.what) for found in lint(broker) if not found.warning)


def _is_named(broker: Broker, key: str) -> bool:
    return any(
        step.source == key
        for flow in broker.flow.values()
        for leg in flow.leg
        for step in leg.steps
    )


def _path(flow: str, place: Sequence[int]) -> Path:
    inner: tuple[str | int, ...] = ()
    for at in place[1:]:
        inner = (*inner, "steps", at)
    return ("flow", flow, "leg", place[0], *inner)


def _place(mend: NewStep | DropStep) -> tuple[int, ...]:
    return mend.before if isinstance(mend, NewStep) else mend.place


def _on_line(text: str, line: int, key: str, old: str, new: str) -> Iterator[str]:
    """Yield the text with `key = "old"` written anew, once for each place on the line it may be."""
    lines = text.splitlines(keepends=True)
    here = lines[line - 1]

    def put(changed: str) -> str:
        return "".join([*lines[: line - 1], changed, *lines[line:]])

    if not old:
        for found in re.finditer(
            r"(?=, (?:source|assumed|within_seconds) = )|(?= ?\},?\s*$)", here
        ):
            at = found.start()
            yield put(f"{here[:at]}, {key} = {_quoted(new)}{here[at:]}")
        return
    for found in re.finditer(rf"(,?\s*)\b{re.escape(key)}(\s*=\s*)({_STRING})", here):
        if tomllib.loads(f"v = {found[3]}")["v"] != old:
            continue
        written = f"{found[1]}{key}{found[2]}{_quoted(new)}" if new else ""
        yield put(here[: found.start()] + written + here[found.end() :])


def _step(keys: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {_quoted(value)}" for key, value in keys.items()) + " }"


def _quoted(text: str) -> str:
    """Write a TOML string. JSON's escapes are TOML's, and letters stay as they are."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _in_order(told: Sequence[Field], used: Sequence[Field]) -> tuple[Field, ...]:
    """Keep the order that was there; what is new stands where it is first used."""
    kept = [field for field in told if field in used]
    for at, field in enumerate(used):
        if field not in kept:
            after = next((kept.index(one) + 1 for one in reversed(used[:at]) if one in kept), 0)
            kept.insert(after, field)
    return tuple(kept)
