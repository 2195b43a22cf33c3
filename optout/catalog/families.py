"""Who belongs to whom, in one small file, so that showing one company reads one definition.

`families.json` beside the definitions is made from them, by `python -m optout.catalog.families`,
and holds only companies that belong to others. A test says when it is old.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from optout.catalog.brokers import list_brokers
from optout.model.broker import Broker, Slug
from optout.rules.families import Branch, Kin, family_of, in_a_family
from optout.shipped import shipped

FILE: Final = "families.json"


def find_family(broker: Broker, *, folder: Path | None = None) -> tuple[Branch, ...]:
    """Return the family around one company; what cannot be read counts as no family."""
    return family_of(broker, read_families(folder or shipped("brokers")))


def read_families(folder: Path) -> tuple[Kin, ...]:
    """Return everybody in the file; nobody where it is missing or damaged, for it only draws."""
    try:
        rows = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return tuple(_kin(row) for row in rows)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()


def _kin(row: dict[str, object]) -> Kin:
    return Kin(
        slug=Slug(str(row["slug"])),
        name=str(row["name"]),
        parent=str(row.get("parent", "")),
        clears=_texts(row.get("clears", [])),
        hosts=_texts(row.get("hosts", [])),
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(str, value))


def written(brokers: tuple[Broker, ...]) -> str:
    """Return what the file has to say about these companies, one a line."""
    rows = [
        {key: value for key, value in asdict(kin).items() if value}
        for kin in sorted(in_a_family(brokers), key=lambda kin: kin.slug)
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n"


def main() -> None:
    """Write the file anew."""
    folder = shipped("brokers")
    (folder / FILE).write_text(written(list_brokers()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
