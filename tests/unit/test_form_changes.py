"""Which box is which, which option is which, and what is written for it: no page is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from optout.catalog import repair
from optout.catalog.brokers import DEFINITION, folder_of
from optout.model.broker import Source
from optout.model.change import AddCaptcha, Change, ChangeKind, DropStep, NewStep, Rewrite
from optout.model.fields import Field
from optout.model.flow import Fill, Flow, Leg, Open, Submit
from optout.model.form import Box, BoxKind, Button, Choice, SeenPage
from optout.model.look import Hit, Look, Place, Reached, StepSeen
from optout.rules.form_changes import compare
from optout.rules.option_changes import compare_options
from optout.rules.same_boxes import pair_boxes

URL = "https://privacy.example.com/optout"
SOURCE = Source(key="PAGE261122", what="Its form", url=URL, read_on=date(2026, 11, 22))


def text(label: str = "", name: str = "", **more: object) -> Box:
    into = f"input[name='{name}']" if name else "input"
    labels = (label,) if label else ()
    return Box(kind=BoxKind.TEXT, labels=labels, name=name, into=into, **more)  # type: ignore[arg-type]


SAME = [
    (text("First name", "fn"), text("Given name", "fn")),
    (text("First name", "fn"), text("First name", "input_7")),
    (text("E-mail", "mail"), text("Your e-mail address", "contact")),
    (text("Zip *", "zip"), text("zip:", "zip")),
    (text("Who asks", "who"), text("Who asks for this, please", "who")),
    (text("15 + 3 =", "sum"), text("2 + 9 =", "sum")),
]
# A form builder numbers its boxes; the seventh may ask for something else after a change.
OTHERS = [
    (text("Phone", "input_7"), text("Date of birth", "input_7")),
    (text("Phone", "input_7"), text("Details", "input_7")),
    (text("E-mail", "a"), text("Confirm e-mail", "a")),
    (text("Phone", "a"), text("Phone of your agent", "a")),
    (text("Last name", "name2"), text("Social Security number", "name2")),
    (text("State", "state"), Box(kind=BoxKind.CHECKBOX, labels=("State",), name="state")),
]
# The same kind of thing, and another person's, place's or time's, or a paper's.
SOMEBODY_ELSES = [
    ("Email", "Representative's email"),
    ("Email", "Email of your employer"),
    ("Email", "Emergency contact email"),
    ("Email", "Parent email"),
    ("Email", "E-mail of the man who follows me"),
    ("Name", "Name of the person who stalks you"),
    ("Last name", "Mother's maiden last name"),
    ("Last name", "Roommate's last name"),
    ("First name", "Spouse first name"),
    ("First name", "Abuser first name"),
    ("Date of birth", "Place of birth"),
    ("City", "City of birth"),
    ("ZIP", "ZIP code of birth"),
    ("State", "State ID number"),
    ("State", "State of your immigration case"),
    ("Current", "Previous address"),
    ("Current address", "Previous address"),
    ("Street address", "Billing street address"),
    ("Address", "Address of relative"),
    ("Home phone", "Work phone"),
    ("Phone", "Phone of the person you complain about"),
    ("Phone number", "Phone number of an abuser"),
    ("Profile link", "LinkedIn profile"),
]
# Control: other words for one's own; a repair may follow these.
ONES_OWN = [
    ("Email", "Requester's email"),
    ("Email", "Email address where we can reach you"),
    ("First name", "First name (as on your ID)"),
    ("Last name", "Legal last name"),
    ("Date of birth", "Your birth date"),
    ("City", "City of residence"),
    ("State", "State or territory"),
    ("Address", "Home street address"),
    ("Phone", "Phone for this request"),
]


@pytest.mark.parametrize(("before", "now"), SAME)
def test_a_box_that_was_renamed_is_the_same_box(before: Box, now: Box) -> None:
    assert pair_boxes([before], [now]).sure == {0: 0}


@pytest.mark.parametrize(("before", "now"), OTHERS)
def test_a_box_that_asks_for_something_else_is_another_box(before: Box, now: Box) -> None:
    assert pair_boxes([before], [now]).sure == {}


@pytest.mark.parametrize("renamed", ["mine", "theirs"])
@pytest.mark.parametrize(("before", "now"), SOMEBODY_ELSES)
def test_a_box_that_is_somebody_elses_now_is_never_surely_the_same(
    before: str, now: str, renamed: str
) -> None:
    assert pair_boxes([text(before, "mine")], [text(now, renamed)]).sure == {}
    assert pair_boxes([text(now, "mine")], [text(before, renamed)]).sure == {}


@pytest.mark.parametrize("renamed", ["mine", "theirs"])
@pytest.mark.parametrize(("before", "now"), ONES_OWN)
def test_other_words_for_ones_own_stay_the_same_box(before: str, now: str, renamed: str) -> None:
    assert pair_boxes([text(before, "mine")], [text(now, renamed)]).sure == {0: 0}


def test_a_legend_or_a_name_may_say_whose_a_box_is() -> None:
    mine = text("Email", "email", group=("Contact",), section="About you")
    assert pair_boxes([mine], [replace(mine, name="mail2")]).sure == {0: 0}
    for theirs in (
        replace(mine, group=("Your representative",)),
        replace(mine, section="About your spouse"),
        replace(mine, name="spouse_email"),
    ):
        assert pair_boxes([mine], [theirs]).sure == {}
    inside = text("", "email", hint="Enter your email")
    assert pair_boxes([inside], [replace(inside, hint="Enter email")]).sure == {0: 0}
    assert pair_boxes([inside], [replace(inside, hint="Representative's email")]).sure == {}


def test_boxes_that_changed_places_keep_their_meaning() -> None:
    before = [text("First name", "input_1"), text("Last name", "input_2")]
    now = [text("Last name", "input_1"), text("First name", "input_2")]
    assert pair_boxes(before, now).sure == {0: 1, 1: 0}


def options(*words: str) -> tuple[Choice, ...]:
    return tuple(Choice(words=each, value=f"v{at}") for at, each in enumerate(words))


def test_an_option_is_renamed_only_where_it_still_asks_the_same() -> None:
    before = options("Delete my data", "Do not sell my data")
    touched = compare_options(before, options("Delete my data now", "Do not sell my data"))
    assert [(old.words, new.words) for old, new in touched.renamed] == [
        ("Delete my data", "Delete my data now")
    ]
    turned = compare_options(before, options("Delete my data", "Do sell my data"))
    assert (turned.renamed, len(turned.gone), len(turned.new)) == ((), 1, 1)
    traded = compare_options(before, options("Access my data", "Do not sell my data"))
    assert (traded.renamed, len(traded.gone), len(traded.new)) == ((), 1, 1)


def test_what_the_form_sends_tells_short_options_apart_and_nothing_more() -> None:
    before = (Choice(words="PA", value="PA"), Choice(words="United States", value="1"))
    touched = (Choice(words="PA (new)", value="PA"), Choice(words="United States", value="1"))
    assert [old.words for old, _new in compare_options(before, touched).renamed] == ["PA"]
    traded = (Choice(words="PA", value="PA"), Choice(words="Canada", value="1"))
    assert compare_options(before, traded).renamed == ()


# ---- a whole page ----

FILL = Fill(field=Field.PHONE, label="Phone", into="input[name='input_7']", source="SEEN")
FLOW = Flow(
    leg=(
        Leg(
            steps=(
                Open(url=URL, source="SEEN"),
                FILL,
                Submit(press="Send", expect="Received", source="SEEN"),
            )
        ),
    )
)


def look(box: Box, phone: Hit, by_words: Hit | None = None) -> Look:
    page = SeenPage(url=URL, boxes=(box,), buttons=(Button(words="Send", sends=True),))
    sends = StepSeen(whole=Hit(count=1, button=0), by_words=Hit(count=1, button=0))
    steps: dict[Place, StepSeen] = {
        (0, 1): StepSeen(whole=phone, by_words=by_words or phone, by_into=phone),
        (0, 2): sends,
    }
    return Look(reached=Reached.YES, page=page, steps={"opt-out": steps})


THERE, NOWHERE = Hit(count=1, box=0), Hit()


def test_a_selector_that_finds_something_else_now_is_no_place_for_a_phone_number() -> None:
    before = look(text("Phone", "input_7"), THERE)
    now = look(text("Date of birth", "input_7", is_required=True), THERE, NOWHERE)
    told = compare({"opt-out": FLOW}, before, now, opened=URL, hosts=["privacy.example.com"])
    kinds = {change.kind for change in told.changes}
    assert kinds == {ChangeKind.BOX_GONE, ChangeKind.REQUIRED_NEW}
    gone = next(change for change in told.changes if change.kind is ChangeKind.BOX_GONE)
    assert (gone.stops, gone.look, gone.mends) == (True, True, ())


def held(was: str, now: Box, field: Field) -> tuple[Change, ...]:
    """Compare a page with one box, whose step finds it by its name still, or not at all."""
    step = Fill(field=field, label=was, into="input[name='mine']", source="SEEN")
    flow = Flow(leg=(Leg(steps=(FLOW.leg[0].steps[0], step, FLOW.leg[0].steps[2])),))
    finds = THERE if now.name == "mine" else NOWHERE
    seen = look(now, finds, NOWHERE)
    before = look(text(was, "mine"), THERE)
    told = compare({"opt-out": flow}, before, seen, opened=URL, hosts=["privacy.example.com"])
    return told.changes


ASKED = {"Email": Field.EMAIL, "Last name": Field.LAST_NAME, "Phone": Field.PHONE}


@pytest.mark.parametrize("renamed", ["mine", "theirs"])
@pytest.mark.parametrize(("was", "now"), [each for each in SOMEBODY_ELSES if each[0] in ASKED])
def test_a_step_is_never_led_to_somebody_elses_box(was: str, now: str, renamed: str) -> None:
    changes = held(was, text(now, renamed), ASKED[was])
    gone, *_new = changes
    assert (gone.kind, gone.stops, gone.look) == (ChangeKind.BOX_GONE, True, True)
    assert "another person" in gone.means.english()
    assert not any(each.mends for each in changes)


def test_a_step_follows_a_box_that_still_asks_for_the_same() -> None:
    changes = held("Email", text("Your email", "theirs", called="Your email"), Field.EMAIL)
    mends = [mend for each in changes for mend in each.mends]
    assert [mend.new for mend in mends if isinstance(mend, Rewrite)] == [
        "Your email",
        "input[name='theirs']",
    ]
    assert not any(each.look for each in changes)


def test_a_step_whose_box_may_want_another_field_is_left_to_a_person() -> None:
    """The words are alike, and what the box wants now is not the field that is typed."""
    for renamed in ("mine", "theirs"):
        changes = held("Name", text("Names", renamed), Field.LAST_NAME)
        assert [each.mends for each in changes] == [()] * len(changes)
        assert any(each.look for each in changes)


@pytest.mark.parametrize(("whose", "steps"), [("", 2), ("Spouse ", 0), ("Agent's ", 0)])
def test_a_name_is_split_only_into_ones_own(whose: str, steps: int) -> None:
    fill = Fill(field=Field.FULL_NAME, label="Full name", source="SEEN")
    flow = Flow(leg=(Leg(steps=(FLOW.leg[0].steps[0], fill, FLOW.leg[0].steps[2])),))
    before = look(text("Full name", "full"), THERE)
    now = look(text(f"{whose}first name", "first"), NOWHERE)
    assert now.page is not None
    boxes = (*now.page.boxes, text(f"{whose}last name", "last"))
    split = replace(now, page=replace(now.page, boxes=boxes))
    told = compare({"opt-out": flow}, before, split, opened=URL, hosts=["privacy.example.com"])
    mends = [mend for each in told.changes for mend in each.mends]
    assert len([mend for mend in mends if isinstance(mend, NewStep)]) == steps


def test_an_unchanged_page_is_told_so_and_steps_behind_a_press_are_not() -> None:
    same = look(text("Phone", "input_7"), THERE)
    told = compare({"opt-out": FLOW}, same, same, opened=URL, hosts=["privacy.example.com"])
    assert (told.changes, len(told.found), told.not_seen) == ((), 2, ())
    hidden = look(text("Phone", "input_7"), NOWHERE)
    told = compare({"opt-out": FLOW}, hidden, hidden, opened=URL, hosts=["privacy.example.com"])
    assert [step for step in told.not_seen if "phone" in step]


def test_without_an_example_only_the_steps_are_judged() -> None:
    now = look(text("Telephone", "input_8"), NOWHERE)
    told = compare({"opt-out": FLOW}, None, now, opened=URL, hosts=["privacy.example.com"])
    assert [change.kind for change in told.changes] == [ChangeKind.NOT_FOUND]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_told_and_never_mended(status: int) -> None:
    now = Look(reached=Reached.NO, status=status)
    told = compare({"opt-out": FLOW}, None, now, opened=URL, hosts=["privacy.example.com"])
    assert [(change.kind, change.mends) for change in told.changes] == [(ChangeKind.GONE, ())]


# ---- the file ----


@pytest.fixture(scope="module")
def spokeo() -> str:
    return (folder_of("spokeo") / DEFINITION).read_text(encoding="utf-8")


def rewrite(key: str, old: str, new: str) -> Rewrite:
    return Rewrite(flow="opt-out", place=(0, 2), key=key, old=old, new=new)


def test_only_the_lines_of_the_change_are_other_lines(spokeo: str) -> None:
    into = rewrite("into", "input[name='url']", "input[name='link']")
    mended = repair.mend(spokeo, [into], SOURCE)
    changed = [line for line in mended.diff("x").splitlines() if line[:1] in "+-"][2:]
    assert [line[0] for line in changed].count("-") == 1
    assert "input[name='link']" in mended.after
    assert 'key = "PAGE261122"' in mended.after
    assert mended.left_out == ()
    assert not mended.broker or mended.broker.grade == "drafted"


@pytest.mark.parametrize(
    "words", ['"]\nhosts = ["evil.example.org"]\n#', 'a" }, { do = "open', "\\"]
)
def test_the_words_of_a_page_stay_words(words: str, spokeo: str) -> None:
    mended = repair.mend(spokeo, [rewrite("label", "Enter URL here", words)], SOURCE)
    assert mended.broker is not None
    step = repair.step_at(mended.broker.flow["opt-out"], (0, 2))
    assert isinstance(step, Fill)
    assert step.label in {words, "Enter URL here"}
    assert "evil.example.org" not in mended.broker.hosts
    assert len(mended.broker.flow["opt-out"].leg[0].steps) == 7


def test_steps_are_put_in_and_taken_out_and_discloses_follows(spokeo: str) -> None:
    keys = {"do": "ask_person", "reason": "doubt", "say": "Fill in your cat's name yourself."}
    mended = repair.mend(
        spokeo,
        [
            NewStep(flow="opt-out", before=(0, 5), keys=keys),
            DropStep(flow="opt-out", place=(0, 3)),
            AddCaptcha(group="hcaptcha"),
        ],
        SOURCE,
    )
    assert mended.broker is not None
    assert "hcaptcha" in mended.broker.captcha
    assert [step.do for step in mended.broker.flow["opt-out"].leg[0].steps] == [
        "open", "wait_for", "fill", "ask_person", "ask_person", "submit", "capture",
    ]  # fmt: skip
    assert mended.broker.channel[0].discloses == (Field.LISTING_URL,)


def test_what_was_verified_before_a_change_is_drafted_again(spokeo: str) -> None:
    verified = spokeo.replace('grade = "drafted"', 'grade = "verified"\nverified_on = 2026-11-01')
    assert verified != spokeo
    into = rewrite("into", "input[name='url']", "input[name='link']")
    mended = repair.mend(verified, [into], SOURCE)
    assert 'grade = "drafted"' in mended.after
    assert "verified_on" not in mended.after
    assert repair.mend(verified, [], SOURCE).after == verified


def test_what_cannot_be_written_is_left_out_and_told(spokeo: str) -> None:
    wrong = rewrite("into", "input[name='nobody']", "input[name='link']")
    mended = repair.mend(spokeo, [wrong], SOURCE)
    assert (mended.after, mended.left_out) == (spokeo, (wrong,))
    unknown = repair.mend(spokeo, [AddCaptcha(group="a-stranger")], SOURCE)
    assert (unknown.after, len(unknown.left_out)) == (spokeo, 1)
