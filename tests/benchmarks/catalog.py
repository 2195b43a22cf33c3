"""1,500 definitions loaded and validated, against the bare parser reading the same files."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from optout.catalog.brokers import DEFINITION, list_brokers
from optout.catalog.findings import BadDefinition
from optout.shipped import shipped
from tests.benchmarks.ratio import held, medians, milliseconds, told

AT_MOST = 3
DEFINITIONS = 1_500
BATCHES = 10  # a folder each round, the warm one included: each side reads every definition once
BATCH = DEFINITIONS // BATCHES
ONE = "lexisnexis-risk"
# Runs one command, and then names every definition that it opened.
WATCHED = """
import atexit, sys
opened = []
sys.addaudithook(lambda event, told: opened.append(str(told[0])) if event == "open" else None)
atexit.register(lambda: print(*(f for f in opened if f.endswith("broker.toml")), file=sys.stderr))
from optout.cli.main import main
main(sys.argv[1:])
"""


def make_batch(folder: Path, first: int) -> Path:
    """Write copies of the shipped definitions, each under a slug of its own."""
    originals = sorted(shipped("brokers").glob(f"*/{DEFINITION}"))
    for number in range(first, first + BATCH):
        original = originals[number % len(originals)]
        copy = folder / f"copy-{number}" / DEFINITION
        copy.parent.mkdir(parents=True)
        named, renamed = f'slug = "{original.parent.name}"', f'slug = "{copy.parent.name}"'
        copy.write_text(original.read_text(encoding="utf-8").replace(named, renamed, 1), "utf-8")
    return folder


def parse(folder: Path) -> None:
    """Read every file with the standard library's parser, and do nothing with it."""
    read = [tomllib.loads(path.read_text("utf-8")) for path in folder.glob(f"*/{DEFINITION}")]
    assert len(read) == BATCH


def load(folder: Path) -> None:
    """Load and validate every definition as the program does."""
    problems: list[BadDefinition] = []
    assert len(list_brokers(folders=(folder,), problems=problems)) == BATCH
    assert not problems


def opened_by_show() -> list[str]:
    """Return the definitions that `broker show` opens."""
    command = [sys.executable, "-c", WATCHED, "broker", "show", ONE]
    done = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return done.stderr.decode().split()


def reads_one_file() -> bool:
    """Print how many definitions `broker show` opens; say whether it is one."""
    opened = opened_by_show()
    good = [Path(path).parent.name for path in opened] == [ONE]
    told(
        f"optout broker show {ONE}: definitions opened: {len(opened)}, at most 1",
        verdict="ok" if good else "FAIL",
    )
    return good


def main() -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    with tempfile.TemporaryDirectory(prefix="optout-bench-") as place:
        batches = [make_batch(Path(place) / str(n), n * BATCH) for n in range(BATCHES)]
        to_parse, to_load = iter(batches), iter(batches)
        size = sum(path.stat().st_size for path in Path(place).rglob(DEFINITION))
        bare, loaded = medians(
            [lambda: parse(next(to_parse)), lambda: load(next(to_load))], rounds=BATCHES - 1
        )
    told(f"{DEFINITIONS} definitions of {size / DEFINITIONS / 1024:.0f} KiB on average")
    told(f"all of them, from the median of {BATCHES} batches: {milliseconds(loaded * BATCHES)}")
    good = [
        held(f"{BATCH} definitions", loaded, bare, AT_MOST, against="tomllib alone"),
        reads_one_file(),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
