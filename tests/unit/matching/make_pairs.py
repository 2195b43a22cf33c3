"""Makes the labelled pairs: python -m tests.unit.matching.make_pairs

Each function below makes one kind of pair from one invented person and so knows the answer.
"""

from __future__ import annotations

import json
import random
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TODAY, YEAR = "2026-11-22", 2026
FILES = {"tuned": HERE / "tuned.jsonl", "held": HERE / "held_back.jsonl"}
COLUMNS = [
    *("half", "culture", "given", "middle", "family", "second", "order", "short", "respelled"),
    *("script", "sibling", "opposite", "born", "city", "past", "elsewhere", "relatives"),
]


@dataclass(frozen=True)
class Invented:
    """One row of people.txt."""

    half: str
    culture: str
    given: str
    middle: str
    family: str
    second: str
    order: str
    short: str
    respelled: str
    script: str
    sibling: str
    opposite: str
    born: int
    city: str
    past: str
    elsewhere: str
    relatives: tuple[str, ...]
    number: int

    @property
    def name(self) -> str:
        return joined(self.given, self.middle, self.family, self.second)

    @property
    def surnames(self) -> str:
        return joined(self.family, self.second)

    @property
    def age(self) -> int:
        return YEAR - self.born

    def phone(self, which: int = 0) -> str:
        return f"{303 + self.number}-555-{100 + which * 31 + self.number % 30:04}"

    def subject(self, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        known = {
            "name": self.name,
            "aliases": [],
            "born": self.born,
            "places": [self.city, self.past],
            "phones": [self.phone()],
            "relatives": list(self.relatives),
        }
        return {**known, **changed}

    def listing(self, name: str = "", facts: str = "", **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Return a record with these facts: age, city, past city, telephone, relative."""
        shown: dict[str, Any] = {
            "name": name or self.name,
            "age": self.age if "a" in facts else None,
            "places": [self.city] * ("c" in facts) + [self.past] * ("p" in facts),
            "phones": [self.phone()] if "t" in facts else [],
            "relatives": [self.relatives[0]] if "r" in facts else [],
        }
        return {**shown, **changed}


Pair = tuple[dict[str, Any], dict[str, Any]]
Kind = Callable[[Invented, random.Random], Pair | None]
TRUE: list[tuple[Kind, int]] = []
FALSE: list[Kind] = []


def joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def true(facts: int) -> Callable[[Kind], Kind]:
    """Mark a kind whose pairs are one person, with so many kinds of fact beside the name."""

    def mark(kind: Kind) -> Kind:
        TRUE.append((kind, facts))
        return kind

    return mark


def false(kind: Kind) -> Kind:
    """Mark a kind whose pairs are two people."""
    FALSE.append(kind)
    return kind


def bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).replace("ł", "l").replace("đ", "d")
    return "".join(c for c in plain if not unicodedata.combining(c))


def two(draw: random.Random) -> str:
    return draw.choice(["ac", "at", "ar", "ct", "cr", "tr", "ap", "pt", "pr"])


def slip(word: str, draw: random.Random) -> str:
    """Write a word as a tired clerk would: two letters swapped, one lost, one doubled."""
    at = draw.randrange(1, len(word) - 2)
    how = draw.choice(["swap", "lose", "double"])
    if how == "swap" and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if how == "lose":
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


# One person ---------------------------------------------------------------------------------


@true(2)
def as_it_is(who: Invented, draw: random.Random) -> Pair:
    return who.subject(), who.listing(facts=two(draw))


@true(2)
def without_accents_in_capitals(who: Invented, draw: random.Random) -> Pair:
    return who.subject(), who.listing(bare(who.name).upper(), two(draw))


@true(2)
def family_name_first_with_comma(who: Invented, draw: random.Random) -> Pair:
    name = f"{who.surnames}, {joined(who.given, who.middle)}"
    return who.subject(), who.listing(bare(name), two(draw))


@true(2)
def family_name_first(who: Invented, draw: random.Random) -> Pair | None:
    if who.order != "E":
        return None
    return who.subject(), who.listing(joined(who.family, who.middle, who.given), two(draw))


@true(2)
def middle_left_out(who: Invented, draw: random.Random) -> Pair | None:
    if not who.middle:
        return None
    return who.subject(), who.listing(joined(who.given, who.surnames), two(draw))


@true(2)
def middle_initial(who: Invented, draw: random.Random) -> Pair | None:
    if not who.middle:
        return None
    name = joined(who.given, f"{who.middle[0].upper()}.", who.surnames)
    return who.subject(), who.listing(name, two(draw))


@true(2)
def second_surname_left_out(who: Invented, draw: random.Random) -> Pair | None:
    if not who.second:
        return None
    return who.subject(), who.listing(bare(joined(who.given, who.family)), two(draw))


@true(2)
def surnames_hyphened(who: Invented, draw: random.Random) -> Pair | None:
    if not who.second:
        return None
    name = f"{who.given} {who.family}-{who.second}"
    return who.subject(), who.listing(name, two(draw))


@true(2)
def hyphens_read_as_blanks_or_nothing(who: Invented, draw: random.Random) -> Pair | None:
    if "-" not in who.name:
        return None
    name = who.name.replace("-", draw.choice([" ", ""])).title()
    return who.subject(), who.listing(name, two(draw))


@true(2)
def particles_glued(who: Invented, draw: random.Random) -> Pair | None:
    if " " not in who.family:
        return None
    name = joined(who.given, who.family.replace(" ", "").title(), who.second)
    return who.subject(), who.listing(name, two(draw))


@true(2)
def short_name(who: Invented, draw: random.Random) -> Pair | None:
    if not who.short:
        return None
    return who.subject(), who.listing(joined(who.short, who.surnames), two(draw))


@true(2)
def short_name_told(who: Invented, draw: random.Random) -> Pair | None:
    if not who.short:
        return None
    told = who.subject(name=joined(who.short, who.surnames))
    return told, who.listing(joined(who.given, who.surnames), "ac" if draw.random() < 0.5 else "ar")


@true(2)
def respelled(who: Invented, draw: random.Random) -> Pair | None:
    return (who.subject(), who.listing(who.respelled, two(draw))) if who.respelled else None


@true(1)
def in_its_own_script(who: Invented, draw: random.Random) -> Pair | None:
    if not who.script:
        return None
    return who.subject(), who.listing(who.script, draw.choice("act"))


@true(2)
def former_name_told(who: Invented, draw: random.Random) -> Pair:
    maiden = joined(who.given, who.middle, "Sample")
    return who.subject(aliases=[maiden]), who.listing(joined(who.given, "Sample"), two(draw))


@true(3)
def former_name_not_told(who: Invented, _draw: random.Random) -> Pair:
    return who.subject(), who.listing(joined(who.given, "Sample"), "atr")


@true(2)
def moved(who: Invented, draw: random.Random) -> Pair:
    facts = draw.choice(["ar", "at", "tr"])
    return who.subject(), who.listing(facts=facts, places=[who.elsewhere])


@true(2)
def lived_there_before(who: Invented, draw: random.Random) -> Pair:
    listing = who.listing(facts=draw.choice(["ap", "pr", "pt"]))
    return who.subject(), {**listing, "places": [who.elsewhere, who.past]}


@true(3)
def everything(who: Invented, _draw: random.Random) -> Pair:
    return who.subject(), who.listing(facts="acptr")


@true(2)
def birthday_to_come(who: Invented, _draw: random.Random) -> Pair:
    return who.subject(born=f"{who.born}-12-24"), who.listing(facts="ac", age=who.age - 1)


@true(1)
def slip_in_given_name(who: Invented, draw: random.Random) -> Pair | None:
    if len(who.given) < 5 or not who.given.isalpha():
        return None
    name = joined(slip(who.given, draw), who.surnames)
    return who.subject(), who.listing(name, draw.choice(["ac", "at", "c", "r"]))


@true(1)
def slip_in_family_name(who: Invented, draw: random.Random) -> Pair | None:
    if len(who.family) < 5 or not who.family.isalpha():
        return None
    name = joined(who.given, slip(who.family, draw), who.second)
    return who.subject(), who.listing(name, draw.choice(["ac", "at", "c", "r"]))


@true(1)
def only_initial(who: Invented, draw: random.Random) -> Pair:
    return who.subject(), who.listing(f"{who.given[0]}. {who.surnames}", draw.choice("ctr"))


@true(1)
def known_by_middle_name(who: Invented, draw: random.Random) -> Pair | None:
    if not who.middle or who.culture in {"vietnamese", "ethiopian"}:
        return None
    return who.subject(), who.listing(joined(who.middle, who.surnames), draw.choice(["ac", "c"]))


@true(0)
def name_alone(who: Invented, _draw: random.Random) -> Pair:
    return who.subject(), who.listing()


@true(1)
def one_fact(who: Invented, draw: random.Random) -> Pair:
    return who.subject(), who.listing(facts=draw.choice("actr"))


@true(2)
def city_spelled_otherwise(who: Invented, _draw: random.Random) -> Pair:
    city, state = who.city.rsplit(" ", 1)
    city = bare(city).replace("Saint", "St.").replace("Fort", "Ft").replace("Mount", "Mt.")
    return who.subject(), who.listing(facts="t", places=[f"{city.upper()}, {state}"])


@true(2)
def suffix_left_out(who: Invented, draw: random.Random) -> Pair | None:
    if who.culture not in {"anglo", "latin-american"}:
        return None
    told = who.subject(name=f"{who.name} Jr.")
    return told, who.listing(facts=draw.choice(["ac", "ar", "at"]))


@true(1)
def title_and_phone_as_written_by_hand(who: Invented, _draw: random.Random) -> Pair:
    digits = who.phone().replace("-", "")
    phone = f"+1 ({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return who.subject(), who.listing(f"Dr. {who.name}", phones=[phone])


# Two people ---------------------------------------------------------------------------------


@false
def namesake_elsewhere(who: Invented, draw: random.Random) -> Pair:
    age = draw.choice([None, who.age + draw.randrange(3, 20)])
    return who.subject(), who.listing(age=age, places=[who.elsewhere], relatives=["Pat Example"])


@false
def namesake_of_another_age_here(who: Invented, draw: random.Random) -> Pair:
    age = who.age + draw.choice([-19, -7, -3, 3, 8, 24])
    return who.subject(), who.listing(facts="c", age=age)


@false
def namesake_of_that_age_here(who: Invented, draw: random.Random) -> Pair:
    """As like as a stranger can be; the phone and the relatives are others."""
    age = who.age + draw.choice([0, 1, -1])
    phones, relatives = [who.phone(2)], ["Robin Example", "Kim Example"]
    return who.subject(), who.listing(facts="c", age=age, phones=phones, relatives=relatives)


@false
def namesake_of_that_age_elsewhere(who: Invented, _draw: random.Random) -> Pair:
    return who.subject(), who.listing(facts="a", places=[who.elsewhere], phones=[who.phone(2)])


@false
def father_of_that_name(who: Invented, draw: random.Random) -> Pair:
    """The whole household agrees; the age does not."""
    age = who.age + draw.randrange(19, 35)
    return who.subject(), who.listing(facts="ctr", age=age)


@false
def father_without_age(who: Invented, draw: random.Random) -> Pair:
    """The son is a junior, the father shows the same house, phone and relatives."""
    told = who.subject(name=f"{who.name} Jr")
    return told, who.listing(draw.choice([who.name, f"{who.name} Sr"]), "ctr")


@false
def son_is_among_the_relatives(who: Invented, _draw: random.Random) -> Pair:
    """A listing without age, whose relatives name somebody called like the listing."""
    listing = who.listing(facts="ct", relatives=[f"{who.name} Jr", who.relatives[0]])
    return who.subject(), listing


@false
def junior_of_another_number(who: Invented, _draw: random.Random) -> Pair:
    told = who.subject(name=f"{who.name} III")
    return told, who.listing(f"{who.name} Jr.", "ct")


@false
def sibling(who: Invented, draw: random.Random) -> Pair:
    age = draw.choice([None, who.age + 1, who.age + 4])
    listing = who.listing(joined(who.sibling, who.surnames), "ctr", age=age)
    return who.subject(), listing


@false
def sibling_with_the_same_middle(who: Invented, _draw: random.Random) -> Pair | None:
    if not who.middle:
        return None
    return who.subject(), who.listing(joined(who.sibling, who.middle, who.surnames), "ctr")


@false
def another_middle(who: Invented, draw: random.Random) -> Pair | None:
    if not who.middle:
        return None
    other = draw.choice(["Xavier", "Zoe", "Quentin", "Wanda"])
    return who.subject(), who.listing(joined(who.given, other, who.surnames), two(draw))


@false
def another_middle_initial(who: Invented, draw: random.Random) -> Pair | None:
    if not who.middle:
        return None
    letter = draw.choice([c for c in "BHKTVZ" if c != bare(who.middle)[0].upper()])
    return who.subject(), who.listing(joined(who.given, letter, who.surnames), two(draw))


@false
def likeness_in_the_given_name(who: Invented, draw: random.Random) -> Pair:
    return who.subject(), who.listing(joined(who.opposite, who.surnames), two(draw))


@false
def spouse(who: Invented, draw: random.Random) -> Pair:
    spouse = draw.choice(["Dana", "Robin", "Yvette", "Ernst"])
    return who.subject(), who.listing(joined(spouse, who.family), "ctr", age=who.age)


@false
def had_that_phone_before(who: Invented, draw: random.Random) -> Pair:
    other = draw.choice(["Gail Norwood", "Ivo Kestner", "Bashir Lodi", "Noemi Prado"])
    return who.subject(), who.listing(other, "ct")


@false
def same_given_name_other_family(who: Invented, draw: random.Random) -> Pair:
    other = draw.choice(["Norwood", "Kestner", "Lodi", "Prado"])
    return who.subject(), who.listing(joined(who.given, other), "ac")


@false
def family_name_within_another(who: Invented, draw: random.Random) -> Pair:
    """Whole words only: Goldsmith is not Smith."""
    family = who.family.rsplit(" ", 1)[-1]
    glued = draw.choice([f"Wester{bare(family).lower()}", f"{family}ston"])
    return who.subject(), who.listing(joined(who.given, glued), "ac")


@false
def cousin_of_that_name(who: Invented, draw: random.Random) -> Pair | None:
    """The same given and first family name, the mother's family is another one."""
    if not who.second:
        return None
    name = joined(who.given, who.family, draw.choice(["Ibarra", "Zamora"]))
    return who.subject(), who.listing(name, "cr")


@false
def father_in_the_name_chain(who: Invented, _draw: random.Random) -> Pair | None:
    """The father's own name begins where the child's second word is."""
    if who.culture not in {"ethiopian", "arabic"} or not who.middle:
        return None
    return who.subject(), who.listing(joined(who.middle, who.family), "ctr", age=who.age + 27)


@false
def names_the_other_way_round(who: Invented, _draw: random.Random) -> Pair | None:
    """Where the family name is a given name too, the two orders are two people."""
    if who.culture != "ethiopian":
        return None
    told = who.subject(name=joined(who.given, who.middle))
    return told, who.listing(joined(who.middle, who.given), "cr")


def people() -> Iterator[Invented]:
    """Read people.txt."""
    rows = (HERE / "people.txt").read_text("utf-8").splitlines()
    for number, row in enumerate(rows):
        cells = [cell.strip().replace("-", "", cell.strip() == "-") for cell in row.split("|")]
        known: dict[str, Any] = dict(zip(COLUMNS, cells, strict=True))
        known |= {"born": int(known["born"]), "relatives": tuple(known["relatives"].split("; "))}
        yield Invented(number=number, **known)


def pairs(who: Invented) -> Iterator[dict[str, Any]]:
    """Make some of each sort for one person: the same ones whenever this is run."""
    draw = random.Random(who.number)
    kinds = [(kind, True, facts) for kind, facts in draw.sample(TRUE, 14)]
    kinds += [(kind, False, 0) for kind in draw.sample(FALSE, 11)]
    for kind, is_person, facts in kinds:
        made = kind(who, draw)
        if made is None:
            continue
        subject, listing = made
        name = kind.__name__.replace("_", " ")
        label = {"kind": name, "culture": who.culture, "is_person": is_person, "facts": facts}
        yield {**label, "subject": subject, "listing": listing, "today": TODAY}


def main() -> None:
    """Write both files and say how many pairs there are."""
    for half, path in FILES.items():
        made = [pair for who in people() if who.half == half for pair in pairs(who)]
        lines = [json.dumps(pair, ensure_ascii=False) for pair in made]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        yes = sum(pair["is_person"] for pair in made)
        sys.stdout.write(f"{path.name}: {yes} of one person, {len(made) - yes} of two\n")


if __name__ == "__main__":
    main()
