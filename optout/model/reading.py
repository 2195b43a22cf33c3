"""How one thing is read from a row of results: which elements, and which part of their words.

A selector is XPath if it is `.` or begins with `/`, `./` or `(`; anything else is CSS.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one thing is read from a row: which elements, and which part of their words."""

    selector: str = ""
    find_elements: bool = False  # all that fit, not only the first
    after_text: str = ""  # words, or /pattern/, or /pattern/i
    before_text: str = ""  # words, or /pattern/, or /pattern/i
    separator: str = ""  # between the entries of a list: words, or /pattern/
    attribute: str = ""  # this attribute instead of the words
    source: str = ""  # "pageUrl": the address of the page itself
    identifier_type: str = ""  # param, path, hash
    identifier: str = ""
    city: Reading | None = None  # only in lists of places: a place is read in two parts
    state: Reading | None = None  # beside `city`
