"""What a practice site shows in place of its results, as its switches say."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from optout.sample.markup import Html, joined, render
from optout.sample.switches import Switch
from optout.sample.web import Call, Company, Reply

MANY: Final = 10_001


def instead_of_results(company: Company, call: Call) -> Reply | None:
    """Return the page that stands in the way of any results; None: nothing does."""
    if Switch.BOT_WALL in company.switches and not _passed(call):
        sent = {**call.query, **dict(call.form), "passed": "yes"}
        boxes = joined([render("hidden_box.html", name=name, value=sent[name]) for name in sent])
        return company.page(
            "wall.html", page="wall", method=call.method.lower(), action=call.path, boxes=boxes
        )
    if Switch.SESSION_EXPIRES in company.switches:
        text = "Your session has expired. Please start again."
        return company.page("notice.html", page="done", title="Sorry", text=text)
    if Switch.EMPTY_PAGE in company.switches:
        return company.page("notice.html", page="done", title="Results", text="")
    return None


def _passed(call: Call) -> bool:
    return "yes" in (call.one("passed"), call.query.get("passed", ""))


def spoilt_rows(rows: list[Html], switches: Collection[Switch], *, nameless: Html) -> Html:
    """Return the rows as the switches build them."""
    if Switch.NAMELESS_ROW in switches:
        rows = [nameless, *rows]
    if Switch.MANY_ROWS in switches:
        rows = [*rows, *[nameless] * (MANY - len(rows))]
    whole = joined(rows)
    if Switch.CHANGED_RESULTS in switches:
        return Html(whole.replace('class="', 'class="new-'))
    return whole
