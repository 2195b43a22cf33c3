"""Is this listing the person? The rule case by case; how often it is right is counted elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from optout.model.listing import Verdict
from optout.model.match import Known, Match, Shown, Side
from optout.rules.matching import judge, judge_read, read_known

ON = date(2026, 11, 22)
SAME, UNSURE, OTHER = Verdict.SAME, Verdict.UNSURE, Verdict.OTHER
HOME, PHONE = ("Denver CO",), ("303-555-0101",)


def known(name: str = "Jordan Sample", **more: Any) -> Known:  # noqa: ANN401 - each by its name
    return Known(**{"name": name, "born": 1984, "places": HOME, "phones": PHONE, **more})


def shown(name: str = "Jordan Sample", **more: Any) -> Shown:  # noqa: ANN401 - each by its name
    return Shown(**{"name": name, "age": 42, "places": HOME, "phones": PHONE, **more})


def verdict(ours: str, theirs: str, **more: Any) -> Verdict:  # noqa: ANN401 - each by its name
    return judge(known(ours), shown(theirs, **more), ON).verdict


def said(match: Match, side: Side | None = None) -> str:
    return " ".join(str(r.says) for r in match.reasons if side in {None, r.side})


@pytest.mark.parametrize(
    ("row", "person", "wanted"),
    [
        ("Johnny Goldsmith", "John Smith", {OTHER}),
        ("John Aaron-Smith", "John Smith", {UNSURE}),
        ("Johnathan Q. Smith", "John Smith", {SAME, UNSURE}),
        ("Jack Smith", "John Smith", {SAME, UNSURE}),
        ("José García", "Jose Garcia", {SAME}),
        ("Ana Munoz", "Ana Muñoz", {SAME}),
        ("Maria Lopez", "Maria Lopez Hernandez", {SAME, UNSURE}),
        ("Maria L Hernandez", "Maria Lopez Hernandez", {SAME, UNSURE}),
        ("Maria Lopez-Hernandez", "Maria Lopez Hernandez", {SAME}),
        ("Maria Lopez Hernandez", "Maria Lopez", {UNSURE}),
        ("Nguyen Van Anh", "Anh Van Nguyen", {SAME}),
        ("Mohammed Ali", "Muhammad Ali", {UNSURE}),
        ("John Smith Jr", "John Smith", {SAME, UNSURE}),
        ("Smith, John", "John Smith", {SAME}),
        ("J Smith", "John Smith", {UNSURE}),
        ("J.R. Smith", "John R. Smith", {UNSURE}),
        ("J.R. Smith", "J.R. Smith", {SAME}),
        ("JR Smith", "J.R. Smith", {SAME}),
        ("John Xavier Smith", "John Quincy Smith", {OTHER}),
        ("John Cole", "John Robert Cole", {SAME}),
    ],
)
def test_the_table_of_what_the_best_peer_gets_wrong(
    row: str, person: str, wanted: set[Verdict]
) -> None:
    """With age, place and phone agreeing; and without them nobody is `same`, nor is `other`."""
    assert verdict(person, row) in wanted
    alone = judge(Known(name=person), Shown(name=row), ON).verdict
    assert alone is (OTHER if wanted == {OTHER} else UNSURE)


@pytest.mark.parametrize(
    ("person", "row", "wanted"),
    [
        ("Robert Hollis", "Bob Hollis", SAME),
        ("Bob Hollis", "Robert Hollis", SAME),
        ("Francisco Peña", "Pancho Pena", SAME),
        ("Aleksandr Volkov", "Sasha Volkov", SAME),
        ("Oluwaseun Adeyemi", "Seun Adeyemi", SAME),
        ("Beth Crane", "Liz Crane", UNSURE),
        ("Juan Mora", "John Mora", UNSURE),
        ("Yusuf Karam", "Yousef Karam", UNSURE),
        ("Jianguo Zhao", "Chien-kuo Chao", UNSURE),
        ("Jianguo Zhao", "赵建国", UNSURE),
        ("Ji-hoon Park", "박지훈", UNSURE),
        ("Oksana Shevchuk", "Оксана Шевчук", UNSURE),
        ("Anna Petrova", "Anna Petrov", SAME),
        ("Anna Nováková", "Anna Novak", SAME),
        ("Volodymyr Kovalenko", "Vladimir Kovalenko", UNSURE),
        ("Angela Reyes", "Angel Reyes", UNSURE),
        ("Gabriela Mora", "Gabriel Mora", OTHER),
        ("Maria Lopez", "Mario Lopez", OTHER),
        ("Hassan Karam", "Hussein Karam", OTHER),
        ("Tim Hollis", "Tom Hollis", OTHER),
        ("Dina Hollis", "Tina Hollis", OTHER),
        ("Juan de la Cruz", "Juan Delacruz", SAME),
        ("Juan de la Cruz", "De La Cruz, Juan", SAME),
        ("Omar Al-Masri", "Omar Masri", SAME),
        ("Omar Al-Masri", "ALMASRI, OMAR", SAME),
        ("Pieter van der Berg", "Pieter Vanderberg", SAME),
        ("Min-jun Kim", "Kim Minjun", SAME),
        ("Min-jun Kim", "Min Jun Kim", SAME),
        ("Lan Thi Nguyen", "Lan Van Nguyen", OTHER),
        ("Maria Elena Lopez", "Maria Isabel Lopez", OTHER),
        ("Maria E Lopez", "Maria Isabel Lopez", OTHER),
        ("Luis Hollis", "Dr. Luis Hollis, MD", SAME),
        ("Luis Hollis", "Luis (Lucho) Hollis", SAME),
        ("FNU Suharto", "Suharto", UNSURE),
        ("Jordan Sample", "Jordon Sample", UNSURE),
        ("Jordan Sample", "Jordan Smaple", UNSURE),
        ("Jordan Sample", "Jordan", UNSURE),
        ("Jordan Sample", "Sample", UNSURE),
        ("Jordan Sample", "Robin Sample", OTHER),
        ("Jordan Sample", "Robin Example", OTHER),
        ("Pat O'Malley", "Pat OMalley", SAME),
        ("Pat O'Malley", "Pat O Malley", SAME),
        ("Ann St. Clair", "Ann St Clair", SAME),
        ("José Luis García Mendoza", "GARCIA MENDOZA JOSE LUIS", SAME),
        ("Nguyễn Thị Minh Khai", "Minh Khai Nguyen", SAME),
        ("Trần Văn Đức", "Duc Tran", SAME),
        ("María de los Ángeles Pérez", "Ma de los Angeles Perez", SAME),
        ("Juan Carlos Mora", "JC Mora", UNSURE),
        ("Juan Carlos Mora", "Carlos Mora", UNSURE),
        ("Sukhwinder Dhillon", "Sukh Dhillon", UNSURE),
        ("DeShawn Booker", "Shawn Booker", UNSURE),
        ("Stephen Hollis", "Steven Hollis", UNSURE),
        ("Yevgeniy Petrenko", "Eugene Petrenko", UNSURE),
        ("Yesenia Mora", "Jesenia Mora", UNSURE),
        ("Guadalupe Hernandez", "Guadlupe Hernadez", UNSURE),
        ("Nguyen Van Anh", "Nguyen Van Hung", OTHER),
        ("Kim Min-jun", "Kim Min-seo", OTHER),
        ("Robert Hollis", "Robert Hollis, 45", SAME),
        ("Robert Hollis", "Robert Crane AKA Robert Hollis", SAME),
        ("Robert Q Hollis Jr", "Hollis Jr, Robert Q", SAME),
        ("Juan Garcia Mora", "Juan Garcia y Mora", SAME),
        ("Jose Maria de la Torre", "Jose M Delatorre", SAME),
    ],
)
def test_names_as_people_write_them(person: str, row: str, wanted: Verdict) -> None:
    assert verdict(person, row) is wanted


@pytest.mark.parametrize(
    ("born", "age", "wanted"),
    [
        (date(1984, 11, 22), 42, SAME),
        (date(1984, 11, 22), 43, SAME),
        (date(1984, 11, 22), 41, SAME),
        (date(1984, 11, 22), 44, OTHER),
        (date(1984, 11, 22), 40, OTHER),
        (date(1984, 11, 23), 43, OTHER),  # 41 until tomorrow
        (1984, 43, SAME),
        (1984, 41, SAME),
        (1984, 44, OTHER),
        (1984, 40, OTHER),
        (None, 71, SAME),
        (1984, None, SAME),
        (1984, 999, SAME),  # no age that anybody has
    ],
)
def test_two_years_are_another_person_and_no_age_is_none(
    born: date | int | None, age: int | None, wanted: Verdict
) -> None:
    """The place and the phone agree in each; the age alone decides."""
    assert judge(known(born=born), shown(age=age), ON).verdict is wanted


def test_early_in_the_year_both_ages_of_a_year_of_birth_count() -> None:
    def on(day: date, age: int) -> Verdict:
        return judge(known(born=1984), shown(age=age), day).verdict

    assert [on(date(2026, 3, 1), age) for age in (39, 40, 43, 44)] == [OTHER, SAME, SAME, OTHER]
    assert [on(date(2026, 8, 1), age) for age in (40, 41, 43, 44)] == [OTHER, SAME, SAME, OTHER]


@pytest.mark.parametrize(
    ("born", "wanted"), [(1984, SAME), (1985, UNSURE), (1986, OTHER), (1982, OTHER)]
)
def test_a_year_of_birth_that_is_shown_counts_like_an_age(born: int, wanted: Verdict) -> None:
    listing = shown(age=None, born=born, phones=())
    assert judge(known(born=date(1984, 5, 5)), listing, ON).verdict is wanted


def test_it_takes_two_kinds_of_fact() -> None:
    bare: dict[str, Any] = {"age": None, "places": (), "phones": ()}
    for one in ({"age": 42}, {"places": HOME}, {"phones": PHONE}):
        assert judge(known(), shown(**{**bare, **one}), ON).verdict is UNSURE
    assert judge(known(), shown(**{**bare, "age": 42, "places": HOME}), ON).verdict is SAME


@pytest.mark.parametrize(
    ("written", "is_home"),
    [
        ("Denver, CO", True),
        ("DENVER COLORADO", True),
        ("Denver, Colorado 80202", True),
        ("100 Example Street, Denver, CO 80202", True),
        ("Denver, PA", False),
        ("Denver, CO, USA", True),
        ("7 Sample Road, Denver, CO", True),
        ("Aurora CO", False),
        ("CO", False),
        ("", False),
    ],
)
def test_places_are_read_as_they_are_written(written: str, *, is_home: bool) -> None:
    match = judge(known(), shown(age=None, places=(written,)), ON)
    assert (match.verdict is SAME) is is_home


def test_places_abroad_are_their_city_and_not_their_country() -> None:
    ours = known(places=("Guadalajara, Jalisco, Mexico",), phones=())
    same, other = "GUADALAJARA, JALISCO, MEXICO", "Tijuana, Mexico"
    assert judge(ours, shown(places=(same,)), ON).verdict is SAME
    assert judge(ours, shown(places=(other,)), ON).verdict is UNSURE


@pytest.mark.parametrize(
    ("written", "is_theirs"),
    [
        ("(303) 555-0101", True),
        ("+1 303.555.0101", True),
        ("1-303-555-0101 x12", True),
        ("303-555-0101 ext. 12", True),
        ("555-0101", False),
        ("303-555-0102", False),
        ("", False),
    ],
)
def test_phones_are_read_as_they_are_written(written: str, *, is_theirs: bool) -> None:
    match = judge(known(), shown(age=None, phones=(written,)), ON)
    assert (match.verdict is SAME) is is_theirs


def test_a_city_without_its_state_helps_but_not_beside_an_age_alone() -> None:
    assert judge(known(), shown(age=None, places=("Denver",)), ON).verdict is SAME
    assert judge(known(), shown(places=("Denver",), phones=()), ON).verdict is UNSURE


def test_a_stranger_of_that_name_age_and_city_is_left_to_a_person() -> None:
    """The phone or the relatives are others; where they are not told, it is the person."""
    assert judge(known(), shown(phones=()), ON).verdict is SAME
    assert judge(known(), shown(phones=("303-555-0199",)), ON).verdict is UNSURE
    family = known(relatives=("Robin Sample",))
    assert judge(family, shown(phones=(), relatives=("Kim Sample",)), ON).verdict is UNSURE


def test_another_house_in_one_city_leaves_it_open() -> None:
    ours = known(places=("100 Example Street, Denver, CO 80202",), phones=())
    there = judge(ours, shown(places=("100 Example St Apt 3, Denver, CO",)), ON)
    elsewhere = judge(ours, shown(places=("7 Sample Road, Denver, CO",)), ON)
    assert (there.verdict, elsewhere.verdict) == (SAME, UNSURE)


def test_former_names_and_places_count_as_the_persons() -> None:
    ours = known("Ana Hollis", aliases=("Ana Muñoz",), places=("Denver CO", "Tampa FL"))
    match = judge(ours, shown("Ana Munoz", places=("Tampa, FL",), phones=()), ON)
    assert match.verdict is SAME
    assert "former name" in said(match)
    assert verdict("Ana Hollis", "Ana Munoz", places=("Tampa FL",), phones=()) is OTHER


def test_a_name_that_friends_use_goes_with_the_last_names() -> None:
    ours = known("Guadalupe Ríos Mora", aliases=("Lulis",))
    assert judge(ours, shown("Lulis Rios Mora"), ON).verdict is SAME
    assert judge(known("Guadalupe Ríos Mora"), shown("Lulis Rios Mora"), ON).verdict is OTHER


def test_another_last_name_is_asked_about_where_all_else_is_theirs() -> None:
    ours = known("Ana Hollis", relatives=("Kim Hollis",))
    assert judge(ours, shown("Ana Crane"), ON).verdict is UNSURE
    assert judge(ours, shown("Ana Crane", phones=()), ON).verdict is OTHER
    assert judge(ours, shown("Ana Crane", age=None), ON).verdict is OTHER
    assert judge(known("John Smith"), shown("John Goldsmith", phones=()), ON).verdict is OTHER
    two = known("Maria Lopez Mora", phones=())
    assert judge(two, shown("Maria Lopez Garcia"), ON).verdict is OTHER


def test_a_father_and_a_son_are_told_apart_by_age_only() -> None:
    son = known("Jordan Sample Jr")
    assert judge(son, shown(), ON).verdict is SAME
    assert judge(son, shown(age=None), ON).verdict is UNSURE
    assert judge(son, shown("Jordan Sample Sr"), ON).verdict is OTHER
    assert judge(son, shown("Jordan Sample III"), ON).verdict is OTHER
    assert judge(son, shown("Jordan Sample II", age=None), ON).verdict is SAME
    assert judge(known(), shown(age=None, relatives=("Jordan Sample Jr",)), ON).verdict is UNSURE
    ours = known(relatives=("Jordan Sample",))
    assert judge(ours, shown(age=None), ON).verdict is UNSURE


def test_a_sister_who_shares_the_first_of_two_names_may_be_the_one_who_is_shown() -> None:
    """Even the age says little between two sisters, and nothing between twins."""
    ours = known("Maria Jose Crane", relatives=("Maria Ines Crane",))
    assert judge(ours, shown("Maria Crane"), ON).verdict is UNSURE
    assert judge(ours, shown("Maria Jose Crane"), ON).verdict is SAME
    assert judge(known("Maria Jose Crane"), shown("Maria Crane"), ON).verdict is SAME


def test_the_two_orders_of_two_given_names_may_be_father_and_son() -> None:
    assert verdict("Abebe Bekele", "Bekele Abebe", age=None) is UNSURE
    assert verdict("Abebe Bekele", "Bekele Abebe") is SAME


def test_where_either_word_can_be_a_first_name_the_order_needs_more() -> None:
    assert verdict("Thomas James", "James Thomas", phones=()) is UNSURE
    assert verdict("Thomas James", "James Thomas") is SAME
    assert verdict("Thomas James", "James, Thomas", phones=()) is SAME  # a comma tells


def test_a_spanish_last_name_in_the_middle_is_no_middle_name() -> None:
    assert verdict("Maria Lopez Hollis", "Maria Hollis", phones=()) is UNSURE
    assert verdict("Maria Jane Hollis", "Maria Hollis", phones=()) is SAME


def test_relatives_are_compared_by_their_whole_names() -> None:
    ours = known(relatives=("Rosa Mora", "Carlos Sample"))
    bare: dict[str, Any] = {"age": None, "phones": ()}
    assert judge(ours, shown(relatives=("ROSA L. MORA",), **bare), ON).verdict is SAME
    assert judge(ours, shown(relatives=("Elsa Mora", "Mora"), **bare), ON).verdict is UNSURE


def test_an_email_supports_like_a_phone() -> None:
    ours = known(emails=("Jordan@example.com",))
    bare: dict[str, Any] = {"age": None, "phones": ()}
    assert judge(ours, shown(emails=("jordan@example.com ",), **bare), ON).verdict is SAME
    assert judge(ours, shown(emails=("jordan@",), **bare), ON).verdict is UNSURE


def test_another_name_that_a_listing_shows_is_compared_too() -> None:
    assert verdict("Ana Muñoz", "Ana Hollis", other_names=("Ana Munoz",)) is SAME


def test_scripts_that_cannot_be_compared_are_left_to_a_person() -> None:
    match = judge(known("Taro Yamada"), shown("山田太郎"), ON)
    assert match.verdict is UNSURE
    assert "scripts" in said(match)
    alone = judge(Known(name="Taro Yamada"), Shown(name="山田太郎"), ON)
    assert alone.verdict is OTHER


@pytest.mark.parametrize("name", ["", "   ", "???", "-", ",", "\u200b"])
def test_a_listing_without_a_name_is_left_to_a_person(name: str) -> None:
    assert judge(known(), shown(name), ON).verdict is UNSURE
    assert judge(known(name), shown(), ON).verdict is UNSURE


def test_the_reasons_say_what_agrees_and_what_contradicts() -> None:
    match = judge(known(), shown(age=60), ON)
    assert said(match, Side.CONTRADICTS) == "The ages are 18 years apart."
    assert said(match, Side.AGREES) == (
        "The name is the same. Both name Denver CO. A phone number is the same."
    )


def test_the_reason_against_a_name_is_the_nearest_one() -> None:
    match = judge(known("Jordan B Sample", aliases=("Pat Example",)), shown("Jordan A Sample"), ON)
    assert said(match) == "The names in the middle differ."
    assert said(judge(known(), shown("Robin Dunn"), ON)) == "The names differ."


def test_a_person_who_was_read_once_is_judged_alike() -> None:
    sought = read_known(known())
    for listing in (shown(), shown(age=70), shown("Robin Sample")):
        assert judge_read(sought, listing, ON) == judge(known(), listing, ON)


def test_what_is_compared_does_not_print_itself() -> None:
    assert "Jordan" not in f"{known()!r} {shown()!r} {read_known(known())!r}"


@pytest.mark.parametrize(
    ("person", "row", "wanted"),
    [
        ("Andrew Sample", "Andrea Sample", UNSURE),  # the package of short names has each of these
        ("Emil Sample", "Emily Sample", UNSURE),
        ("Louis Sample", "Louise Sample", UNSURE),
        ("Ernest Sample", "Ernestine Sample", UNSURE),
        ("Patrick Sample", "Peter Sample", UNSURE),
        ("Robert Sample", "Bill Sample", OTHER),
        ("Robert Sample", "Bob Sample", SAME),
        ("Michael Sample", "Mike Sample", SAME),
        ("Elizabeth Sample", "Beth Sample", SAME),
        ("Jonathan Sample", "Jon Sample", SAME),
    ],
)
def test_a_brother_and_a_sister_are_not_each_others_short_names(
    person: str, row: str, wanted: Verdict
) -> None:
    """The household's phone and home are the same, and twins have one age."""
    assert verdict(person, row) is wanted


@pytest.mark.parametrize(
    ("person", "row", "wanted"),
    [
        ("Tran Ngoc Lan", "Ngoc Tran", UNSURE),
        ("Ngoc Tran", "Tran Ngoc Lan", UNSURE),
        ("Xiao Hong Li", "Xiao Li", UNSURE),
        ("Kim Su Jin", "Su Kim", UNSURE),
        ("Lan Thi Nguyen", "Lan Nguyen", SAME),
        ("David Alan Lee", "David Lee", SAME),
        ("Xiao Hong Li", "Xiaohong Li", SAME),
    ],
)
def test_half_of_a_given_name_may_be_a_sisters(person: str, row: str, wanted: Verdict) -> None:
    assert verdict(person, row) is wanted


def test_a_short_name_for_him_and_her_beside_his_last_name_may_be_the_husband() -> None:
    assert verdict("Alexandra Petrova", "Sasha Petrov") is UNSURE
    assert verdict("Alexandra Petrova", "Sasha Petrova") is SAME
    assert verdict("Alexandra Petrova", "Alexandra Petrov") is SAME


@pytest.mark.parametrize(
    ("person", "row", "wanted"),
    [
        ("Venkata Iyer", "Venkat Iyer", UNSURE),
        ("Robert Sample", "Roberta Sample", OTHER),
        ("Oluwatobiloba Sample", "Tobi Sample", UNSURE),
        ("Ann St. John", "Ann Saint John", SAME),
        ("Keʻalohi Sample", "Kealohi Sample", SAME),
    ],
)
def test_more_ways_in_which_names_are_written(person: str, row: str, wanted: Verdict) -> None:
    assert verdict(person, row) is wanted


def test_somebody_else_with_this_name_beside_theirs_is_left_to_a_person() -> None:
    """Sites put a household's names together."""
    assert verdict("Dale Sample", "Amy Sample", other_names=("Dale Sample",)) is UNSURE
    assert verdict("Dale Sample", "Dale Sample", other_names=("Amy Sample",)) is SAME


def test_a_brother_who_is_called_so_is_nearer_than_a_short_name() -> None:
    ours = known("John Sample", relatives=("Jack Sample",))
    assert judge(ours, shown("Jack Sample", age=43), ON).verdict is UNSURE
    assert judge(ours, shown("Jno Sample", age=43), ON).verdict is SAME


def test_places_are_one_kind_of_fact_however_many() -> None:
    """Two large cities are shared by many of one name; what differs then counts."""
    ours = known(places=("Denver CO", "Tampa FL"))
    both: dict[str, Any] = {"age": None, "places": ("Denver, CO", "Tampa, FL")}
    assert judge(ours, shown(**both, phones=("303-555-0199",)), ON).verdict is UNSURE
    assert judge(ours, shown(**both, phones=()), ON).verdict is SAME
    assert judge(ours, shown(**both), ON).verdict is SAME


@pytest.mark.parametrize("nothing", ["000-000-0000", "1234567890", "303-555-5555"])
def test_a_number_that_stands_for_none_is_no_phone(nothing: str) -> None:
    ours = known(phones=(nothing,))
    assert judge(ours, shown(age=None, phones=(nothing,)), ON).verdict is UNSURE


@pytest.mark.parametrize("nothing", ["N/A", "None", "Not available", "Mary", "Sample"])
def test_a_relative_without_a_whole_name_proves_nothing(nothing: str) -> None:
    ours = known(relatives=(nothing,))
    bare: dict[str, Any] = {"places": (), "phones": ()}
    assert judge(ours, shown(relatives=(nothing,), **bare), ON).verdict is UNSURE


def test_a_place_that_says_nothing_is_none() -> None:
    ours = known(places=("Unknown",))
    assert judge(ours, shown(age=None, places=("Unknown",)), ON).verdict is UNSURE


@pytest.mark.parametrize("age", [", 71", " - Age 71", " (71)", ", aged 71"])
def test_an_age_beside_the_name_is_an_age(age: str) -> None:
    assert verdict("Dale Sample", f"Dale Sample{age}", age=None) is OTHER
    assert verdict("Dale Sample", f"Dale Sample{age.replace('71', '42')}", age=None) is SAME
