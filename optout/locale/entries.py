"""Compile what companies' and laws' files say in another language into the file that is read.

    python -m optout.locale.entries          compile
    python -m optout.locale.entries --new    print what has no Spanish yet, ready to be filled in

What one company says stands beside its definition, in `broker.es.toml`; what several say, in
`brokers/words.es.toml`; what the laws say, in `letters/es/`. As with the other catalog, a test
compiles again and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.catalog.translations import (
    BESIDE,
    LANGUAGE,
    read_translation,
    sentences_of_broker,
    sentences_of_law,
)
from optout.i18n import ENTRIES, LOCALE_DIR
from optout.locale import catalog
from optout.shipped import shipped

SHARED: Final = f"words.{LANGUAGE}.toml"
SAMPLES: Final = Path(__file__).parent.parent / "sample" / "brokers"
COMPILED: Final = LOCALE_DIR / LANGUAGE / "LC_MESSAGES" / f"{ENTRIES}.mo"


def all_sentences() -> dict[str, str]:
    """Return every shipped sentence that is to be translated, with the first place it is from."""
    places: dict[str, str] = {}
    for folder in (SAMPLES, shipped("brokers")):
        for broker in list_brokers(folders=(folder,)):
            for sentence in sentences_of_broker(broker):
                places.setdefault(sentence, broker.slug)
    for law in list_laws().values():
        for sentence in sentences_of_law(law):
            places.setdefault(sentence, law.id)
    return places


def all_files() -> tuple[Path, ...]:
    """Return every shipped file of translations."""
    brokers, laws = shipped("brokers"), shipped("letters") / LANGUAGE
    beside = (*SAMPLES.glob(f"*/{BESIDE}"), *brokers.glob(f"*/{BESIDE}"))
    return (brokers / SHARED, *sorted(beside), *sorted(laws.glob("*.toml")))


def all_translations() -> dict[str, str]:
    """Return every shipped sentence that is translated; a test says that each has one Spanish."""
    return {said.en: said.es for path in all_files() for said in read_translation(path)}


def compiled() -> bytes:
    """Return the file that the program reads."""
    header = f"Language: {LANGUAGE}\nContent-Type: text/plain; charset=UTF-8\n"
    spoken = {catalog.Message(en): (es,) for en, es in all_translations().items()}
    return catalog.compiled({catalog.Message(""): (header,), **spoken})


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    COMPILED.write_bytes(compiled())
    if "--new" in arguments:
        known = all_translations()
        for sentence, place in all_sentences().items():
            if sentence not in known:
                sys.stdout.write(f'# {place}\n[[words]]\nen = {_quoted(sentence)}\nes = ""\n\n')


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


if __name__ == "__main__":
    main(sys.argv[1:])
