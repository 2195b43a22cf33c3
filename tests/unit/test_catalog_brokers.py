"""Finding definitions: one file for one broker, folders in order, a bad one never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from optout.catalog import brokers
from optout.catalog.asset_hosts import (
    NoSuchHostGroup,
    asset_hosts,
    captcha_hosts,
    list_host_groups,
    shared_hosts,
)
from optout.catalog.brokers import (
    NoSuchBroker,
    find_broker,
    find_retired,
    folder_of,
    list_brokers,
    list_retired,
    load_broker,
)
from optout.catalog.examples import NoExample, examples_of, load_examples
from optout.catalog.files import load_file
from optout.catalog.findings import BadDefinition
from optout.errors import WrongUsage

PAPER = """
slug = "{slug}"
name = "{name}"
kind = "other"
holds = ["name"]
mail_domains = ["example.com"]
grade = "drafted"

[[channel]]
right = "opt-out"
by = ["email"]
basis = ["policy"]
discloses = ["full_name", "email"]
eligible = "anyone"
will_not_reach = "Copies."
confidence = "one-source"
sources = ["SEEN"]

[channel.email]
email = "privacy@example.com"
confidence = "one-source"
sources = ["SEEN"]

[[sources]]
key = "SEEN"
what = "The page"
read_on = 2026-11-02
"""


def add(root: Path, slug: str, *, name: str = "Example", text: str = PAPER) -> Path:
    (root / slug).mkdir(parents=True)
    path = root / slug / "broker.toml"
    path.write_text(text.format(slug=slug, name=name), encoding="utf-8")
    return path


def test_a_broker_is_found_by_its_slug_with_the_hash_of_its_file(tmp_path: Path) -> None:
    path = add(tmp_path, "one")
    broker = find_broker("one", folders=[tmp_path])
    assert broker.slug == "one"
    assert broker.sha256 == load_broker(path).sha256
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert find_broker("one", folders=[tmp_path]).sha256 != broker.sha256


def test_finding_one_reads_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(tmp_path, "one")
    add(tmp_path, "two", text="not toml at all")
    read: list[str] = []

    def counting(path: Path, root: type) -> tuple[object, str]:
        read.append(path.parent.name)
        return load_file(path, root)

    monkeypatch.setattr(brokers, "load_file", counting)
    find_broker("one", folders=[tmp_path])
    assert read == ["one"]


def test_a_bad_definition_is_told_and_never_stops_the_others(tmp_path: Path) -> None:
    add(tmp_path, "bad", text="slug = 3")
    add(tmp_path, "good")
    add(tmp_path, "worse", text="= =")
    problems: list[BadDefinition] = []
    assert [b.slug for b in list_brokers(folders=[tmp_path], problems=problems)] == ["good"]
    assert [problem.file for problem in problems] == ["bad/broker.toml", "worse/broker.toml"]
    assert [b.slug for b in list_brokers(folders=[tmp_path])] == ["good"]


def test_of_two_folders_with_a_slug_the_first_wins(tmp_path: Path) -> None:
    add(tmp_path / "mine", "one", name="Mine")
    add(tmp_path / "theirs", "one", name="Theirs")
    folders = [tmp_path / "mine", tmp_path / "theirs"]
    assert find_broker("one", folders=folders).name == "Mine"
    assert [broker.name for broker in list_brokers(folders=folders)] == ["Mine"]


def test_only_definitions_from_elsewhere_are_local(tmp_path: Path) -> None:
    add(tmp_path, "one")
    assert find_broker("one", folders=[tmp_path]).local
    assert not any(broker.local for broker in list_brokers(samples=True))


def test_a_definition_of_ones_own_must_pass_every_check_before_it_is_used(tmp_path: Path) -> None:
    add(tmp_path, "one", text=PAPER.replace('"full_name", "email"', '"full_name"'))
    assert list_brokers(folders=[tmp_path])  # it can be looked at
    with pytest.raises(BadDefinition, match="discloses"):
        find_broker("one", folders=[tmp_path])


def test_samples_come_only_when_asked_for() -> None:
    assert not any(broker.sample for broker in list_brokers())
    assert any(broker.sample for broker in list_brokers(samples=True))
    with pytest.raises(NoSuchBroker):
        find_broker("sample-risk-data")
    assert find_broker("sample-risk-data", samples=True).sample


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "a" * 5000,
        ".",
        "..",
        "../brokers/x",
        "/etc",
        "x/../../y",
        "retired",
        "nothing-like-it",
        "\0",
    ],
)
def test_no_slug_leads_out_of_the_catalog(slug: str) -> None:
    with pytest.raises(NoSuchBroker) as caught:
        find_broker(slug)
    assert isinstance(caught.value, WrongUsage)
    assert caught.value.exit_code == 2


def test_a_slip_of_the_finger_gets_the_nearest_name() -> None:
    with pytest.raises(NoSuchBroker, match="lexisnexis-risk"):
        find_broker("lexisnexis-rsik")


def test_the_folder_of_a_broker_holds_its_file(tmp_path: Path) -> None:
    path = add(tmp_path, "one")
    assert folder_of("one", folders=[tmp_path]) == path.parent


def test_a_company_that_is_gone_still_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "retired").mkdir()
    (tmp_path / "retired" / "gone.toml").write_text(
        'slug = "gone"\nname = "Gone, Inc."\nreason = "closed in 2025"\n'
        'redirect_to = "other"\nretired_on = 2025-03-01\n',
        encoding="utf-8",
    )
    found = find_retired("gone", folder=tmp_path)
    assert found is not None
    assert (found.name, found.redirect_to) == ("Gone, Inc.", "other")
    assert find_retired("never-was", folder=tmp_path) is None
    assert list_retired(folder=tmp_path) == {"gone"}
    monkeypatch.setattr(brokers, "shipped", lambda _name: tmp_path)
    with pytest.raises(NoSuchBroker, match=r"Gone, Inc\. is gone: closed in 2025 Use other"):
        find_broker("gone")


def test_hosts_are_lent_by_name_and_for_their_purpose() -> None:
    assert "www.google.com" in captcha_hosts(["google-recaptcha"])
    assert asset_hosts(["google-fonts", "google-fonts"]) == (
        "fonts.googleapis.com",
        "fonts.gstatic.com",
    )
    assert asset_hosts([]) == ()
    with pytest.raises(NoSuchHostGroup):
        asset_hosts(["google-recaptcha"])  # it may be posted to
    with pytest.raises(NoSuchHostGroup):
        captcha_hosts(["evil"])


def test_the_maintainers_file_is_in_order() -> None:
    groups = list_host_groups()
    assert {group.kind for group in groups.values()} == {"asset", "captcha"}
    for name, group in groups.items():
        assert group.hosts, name
        assert group.why, name
        assert not set(group.hosts) & shared_hosts(), name


def test_examples_answer_for_the_listed_addresses_and_for_nothing_else() -> None:
    examples = examples_of(find_broker("lexisnexis-risk"))
    page = "https://consumer.risk.lexisnexis.com/request"
    answer = examples.answer("GET", f"{page}?x=1#privacy")
    assert answer is not None
    assert answer.media_type.startswith("text/html")
    posted = examples.answer("POST", page)
    assert posted is not None
    assert posted.content != answer.content
    for method, url in (
        ("PUT", page),
        ("GET", page.replace("https", "http")),
        ("GET", page.replace("consumer", "www")),
        ("GET", f"{page}/../request"),
        ("GET", "https://consumer.risk.lexisnexis.com/pages.toml"),
    ):
        assert examples.answer(method, url) is None


def test_without_a_page_there_is_nothing_to_try_a_form_on(tmp_path: Path) -> None:
    with pytest.raises(NoExample):
        load_examples(tmp_path)
    with pytest.raises(NoExample):
        examples_of(find_broker("relx-lexisnexis"))
