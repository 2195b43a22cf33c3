"""Turns the templates in `pages/` into pages: every value is escaped unless it is our own HTML."""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path
from string import Template

PAGES = Path(__file__).parent / "pages"


class Html(str):
    """Markup of our own making: put into a page as it is."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template((PAGES / name).read_text(encoding="utf-8"))


def render(template: str, /, **values: str) -> Html:
    """Fill one template; a value that is not `Html` is shown as text."""
    safe = {
        key: value if isinstance(value, Html) else html.escape(value)
        for key, value in values.items()
    }
    return Html(_template(template).substitute(safe))


def whole_page(template: str, /, *, company: str, page: str, **values: str) -> Html:
    """Return one complete page of a company, with the banner that says it is for practice."""
    body = render(template, **values)
    return render("frame.html", company=company, page=page, body=body)


def joined(parts: list[Html]) -> Html:
    """Return the parts one after another."""
    return Html("".join(parts))
