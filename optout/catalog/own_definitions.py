"""The person's own folder of definitions, and those in it that were turned from DuckDuckGo's.

    <slug>/broker.toml               as everywhere
    retired/<slug>.toml              gone, but its old requests still find a name
    from_duckduckgo/<slug>.json      what it was turned from, byte for byte
    from_duckduckgo/LICENSE, NOTICE  these files stay theirs: Apache-2.0

Each file is replaced whole. What was turned can be turned again, so a half-done import is mended
by the next one; a definition that the person wrote is never touched.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from optout.catalog.brokers import DEFINITION, Retired
from optout.catalog.dialect import ReadDialect, load_dialect
from optout.catalog.findings import BadDefinition
from optout.catalog.write_definition import definition_text
from optout.model.broker import Broker, Slug

KEPT: Final = "from_duckduckgo"  # no short name has a `_`: never a company's folder
RETIRED: Final = "retired"
LICENCES: Final = ("LICENSE", "NOTICE")
ABOVE: Final = (
    "Turned by a program from DuckDuckGo's definition: from_duckduckgo/{slug}.json.",
    "Apache-2.0, Copyright DuckDuckGo; changed in form. An import writes this file anew.",
)
NOTICE: Final = """\
The JSON files in this folder are DuckDuckGo's definitions, unchanged.
Copyright DuckDuckGo. Licensed under the Apache License, Version 2.0:
http://www.apache.org/licenses/LICENSE-2.0

The broker.toml files that say so were made from them by a program and are under the same
licence. If you pass these files on, pass the licence and this notice on with them.
"""


def kept_dialects(folder: Path) -> Mapping[Slug, ReadDialect]:
    """Return what was imported before; a file that somebody broke counts as not there."""
    return dict(_kept(folder))


def _kept(folder: Path) -> Iterator[tuple[Slug, ReadDialect]]:
    kept = folder / KEPT
    for path in sorted(kept.glob("*.json")) if kept.is_dir() else ():
        try:
            yield Slug(path.stem), load_dialect(path)
        except BadDefinition:
            continue


def is_somebodys_own(folder: Path, slug: str) -> bool:
    """Say whether a definition of this short name stands there that no import wrote."""
    return (folder / slug / DEFINITION).exists() and not (folder / KEPT / f"{slug}.json").exists()


def has_licence(folder: Path) -> bool:
    """Say whether their licence lies beside their files."""
    return (folder / KEPT / LICENCES[0]).is_file()


def keep_dialect(folder: Path, slug: Slug, content: bytes) -> bool:
    """Keep their file as it came; say whether anything changed."""
    return _write(folder / KEPT / f"{slug}.json", content)


def keep_licences(folder: Path, given: Mapping[str, bytes]) -> bool:
    """Keep the licence and the notice beside their files; ours says whose they are."""
    notice = given.get("NOTICE", b"")
    licences = {
        "NOTICE": NOTICE.encode() + (b"\nTheir own notice:\n\n" + notice if notice else b"")
    }
    if "LICENSE" in given:
        licences["LICENSE"] = given["LICENSE"]
    if not notice and (folder / KEPT / "NOTICE").exists():
        del licences["NOTICE"]
    written = [_write(folder / KEPT / name, text) for name, text in licences.items()]
    return any(written)  # each is written, whichever changed


def keep_definition(folder: Path, broker: Broker) -> bool:
    """Write one definition; say whether anything changed."""
    above = [line.format(slug=broker.slug) for line in ABOVE]
    text = definition_text(broker, above=above)
    (folder / RETIRED / f"{broker.slug}.toml").unlink(missing_ok=True)
    return _write(folder / broker.slug / DEFINITION, text.encode())


def keep_retired(folder: Path, gone: Retired) -> bool:
    """Write that a company is gone, and take its definition away; say whether anything changed."""
    text = (
        f"slug = {_quoted(gone.slug)}\nname = {_quoted(gone.name)}\n"
        f"reason = {_quoted(gone.reason)}\nretired_on = {gone.retired_on.isoformat()}\n"
    )
    changed = _write(folder / RETIRED / f"{gone.slug}.toml", text.encode())
    definition = folder / gone.slug / DEFINITION
    if definition.exists():
        definition.unlink()
        if not any(definition.parent.iterdir()):
            definition.parent.rmdir()
        return True
    return changed


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write(path: Path, content: bytes) -> bool:
    """Replace a file whole, and only if it says something else."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True
