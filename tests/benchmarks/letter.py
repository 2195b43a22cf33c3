"""A letter as PDF, from facts to file, against the bare typst call on the same page and words.

Every letter is another one: typst remembers what it has set, and would answer from memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count, islice
from pathlib import Path

import typst

from optout.catalog.laws import find_law
from optout.drafting.letter import Ask, LetterInput, draft_letter
from optout.drafting.pdf import _letter_page, letter_pdf  # the bare call sets the same page
from optout.model.fields import Field
from optout.model.words import Right
from optout.shipped import shipped
from tests.benchmarks.ratio import held, medians, told

AT_MOST = 1.5
ROUNDS = 20
OURS, BARE = 50, 10  # letters a round; with the warm one, more than a thousand of ours
FLAT = 1.1  # memory after a thousand letters against memory after the first hundred
MANY = 10_000
LAW = find_law("us-co-cpa")
LAYOUT = shipped("letters") / "layout"


def facts(number: int) -> LetterInput:
    """Return what one person's letter says: an ordinary page with one right."""
    name = f"Jordan {number} Sample"
    return LetterInput(
        asks=(Ask(right=Right.OPT_OUT, law=LAW),),
        broker_name="Sample Data, Inc.",
        broker_lines=(
            "Sample Data, Inc.",
            "Attn: Privacy Requests",
            "200 Example Street",
            "Denver, CO 80202",
        ),
        full_name=name,
        state="CO",
        values={
            Field.FULL_NAME: name,
            Field.STREET: f"{number} Example Street",
            Field.CITY: "Denver",
            Field.STATE: "CO",
            Field.ZIP: "80202",
        },
        reference=f"{number:04}-Q2MX",
        date=date(2026, 11, 23),
        reply_lines=("P.O. Box 142", "Denver, CO 80201"),
    )


def bare_call() -> Callable[[str], object]:
    """Return typst's own call with one compiler kept, and nothing of ours around it."""
    compiler = typst.Compiler(root=str(LAYOUT))
    main = (LAYOUT / "letter.typ").read_bytes()

    def call(words: str) -> object:
        files = {"main.typ": main, "words.json": words.encode()}
        return compiler.compile(  # type: ignore[type-var] # its stubs leave several files out
            files, format="pdf", pdf_standards="ua-1"
        )

    return call


def words_of(number: int) -> str:
    """Return what typst is given for one letter."""
    page = _letter_page(draft_letter(facts(number)), large_print=False)
    return json.dumps(page, ensure_ascii=False)


def resident() -> int:
    """Return this process's memory in KiB now; where the system does not tell, the most so far."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * 4
    import resource  # noqa: PLC0415 - not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def is_flat(memory: list[int]) -> bool:
    """Print how memory grew after the first hundred letters; say whether it stayed flat."""
    early, last = memory[1], memory[-1]
    good = last / early <= FLAT
    told(
        f"memory after {len(memory) * OURS} letters: {last // 1024} MiB ="
        f" {last / early:.2f} x after {2 * OURS} ({early // 1024} MiB), at most {FLAT:g} x",
        verdict="ok" if good else "FAIL",
    )
    return good


def main() -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    numbers, memory = count(1), []
    prepared: Iterator[str] = map(words_of, count(1_000_000))
    ready = list(islice(prepared, (ROUNDS + 1) * BARE))
    call = bare_call()

    def ours() -> None:
        for number in islice(numbers, OURS):
            letter_pdf(draft_letter(facts(number)))
        memory.append(resident())

    def bare() -> None:
        for _ in range(BARE):
            call(ready.pop())

    for_ours, for_bare = medians([ours, bare], rounds=ROUNDS, at_most=40)
    letter, limit = for_ours / OURS, for_bare / BARE
    good = [
        held("a letter as PDF", letter, limit, AT_MOST, against="the bare typst call"),
        is_flat(memory),
    ]
    told(f"{1 / letter:.0f} letters a second in one process")
    told(
        f"extrapolated, not run: {MANY} letters in {MANY * letter:.0f} s in one process,"
        f" {MANY * letter / 2:.0f} s in two (to reach on a quiet machine: 30 s on two cores)"
    )
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
