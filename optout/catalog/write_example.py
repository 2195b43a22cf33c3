"""The example pages of a drafted definition: what was read of a form, as pages of our own making.

Nothing that was typed is in them, no script of the company, nobody's e-mail or phone. A few lines
of script of ours stand in for what a company's scripts did: lists that open, a next step, a robot
check that a person ticks.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from optout.catalog.checks.examples import MAIL, PHONE, SSN
from optout.catalog.examples import PAGES_FILE
from optout.catalog.safe_markup import safe_markup
from optout.catalog.stand_ins import frame_script, scripts_for

FORM_FILE: Final = "form.html"
FRAME_FILE: Final = "frame.html"
SENT_FILE: Final = "form.submitted.html"
_OUR_OWN: Final = """
  An example of our own making, not a copy. Made from the form at
  {url}, as it was read on {on}.

  As read: the boxes, their words, names, choices and order; boxes that nobody sees stay hidden.
  Assumed: the page after the form was sent, and the address that it is sent to.
  Robot checks and boxes that only a person may answer are stand-ins.
"""
_STYLE: Final = """\
    body { font: 16px/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
    label, legend { display: block; margin-top: .7rem; }
    [hidden] { display: none !important; }
    .by-hand { border: 1px solid #888; padding: 1rem; margin: 1rem 0; max-width: 22rem; }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMarkup:
    """What was kept of one state of a form: the page itself, or a frame in it."""

    title: str
    heading: str
    markup: Sequence[str]  # one a state of the form


def example_files(
    url: str,
    page: ReadMarkup,
    *,
    sent_from: str,
    answered_in: Mapping[str, str],
    expect: str,
    on: date,
) -> Mapping[str, str]:
    """Return the files of `examples/` by name.

    `sent_from` is the address that the form itself has: the page's, or that of a frame in it.
    """
    above = f"<!--{_OUR_OWN.format(url=_plain(url), on=on.isoformat())}-->"
    form = _form_page(page, answered_in.items(), above)
    files = {FORM_FILE: form}
    if sent_from != url:
        files = {FORM_FILE: _page_around(page, sent_from, above), FRAME_FILE: form}
    files[SENT_FILE] = _whole("Request sent", f"  <h1>{html.escape(expect)}</h1>\n", above)
    files[PAGES_FILE] = _pages(url, sent_from)
    return files


def without_people(markup: str) -> str:
    """Put made-up addresses and numbers where a page names somebody's."""
    markup = "\n".join(line.strip() for line in markup.splitlines() if line.strip())
    found = MAIL.sub("privacy@example.com", markup)
    found = PHONE.sub("303-555-0100", found)
    return SSN.sub("", found)


def _form_page(page: ReadMarkup, checks: Iterable[tuple[str, str]], above: str) -> str:
    states = "\n".join(
        f'    <div data-step="{at}"{" hidden" if at > 1 else ""}>\n{_kept(markup)}\n'
        f"{_robot_checks(checks) if at == len(page.markup) else ''}    </div>"
        for at, markup in enumerate(page.markup, start=1)
    )
    heading = f"  <h1>{_shown(page.heading)}</h1>\n"
    form = f'{heading}  <form method="post">\n{states}\n  </form>\n'
    return _whole(page.title, form + scripts_for(form), above)


def _kept(markup: str) -> str:
    return without_people(safe_markup(markup))


def _robot_checks(checks: Iterable[tuple[str, str]]) -> str:
    return "".join(
        '      <p class="by-hand"><label><input type="checkbox" data-by-hand="captcha"> '
        "I am not a robot (stand-in)</label>"
        f"<textarea {attribute} data-answer hidden></textarea></p>\n"
        for _name, attribute in checks
    )


def _page_around(page: ReadMarkup, frame: str, above: str) -> str:
    """Return the page that shows the form in a frame; a script of ours gives its address."""
    return _whole(page.title, f"  <h1>{_shown(page.heading)}</h1>\n{frame_script(frame)}", above)


def _whole(title: str, body: str, above: str) -> str:
    return (
        f'<!doctype html>\n{above}\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n'
        f"  <title>{_shown(title)} (example)</title>\n  <style>\n{_STYLE}\n  </style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )


def _shown(text: str) -> str:
    return html.escape(without_people(text))


def _plain(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl().replace("--", "- -")


def _pages(url: str, sent_from: str) -> str:
    answers = [(url, "", FORM_FILE)]
    if sent_from != url:
        answers.append((sent_from, "", FRAME_FILE))
    answers.append((sent_from, "POST", SENT_FILE))
    pages = "".join(
        f'\n[[page]]\nurl = "{address}"\n'
        + (f'method = "{method}"\n' if method else "")
        + f'file = "{name}"\n'
        for address, method, name in answers
    )
    return f"# Which page answers which address. Made from what was read of the form.\n{pages}"
