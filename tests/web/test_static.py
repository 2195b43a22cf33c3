"""What the page loads comes with the package, unchanged, and from nowhere else."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import optout.web

WEB = Path(optout.web.__file__).parent
HTMX_2_0_11 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"


def test_htmx_is_what_its_maker_published() -> None:
    content = (WEB / "static" / "htmx.min.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == HTMX_2_0_11


def test_no_template_names_another_host_or_carries_a_script_or_style_of_its_own() -> None:
    pages = "".join(each.read_text("utf-8") for each in (WEB / "templates").glob("*.html"))
    assert not re.findall(r"https?://| style=| on\w+=", pages)
    assert re.findall(r"<script[^>]*>", pages) == [
        f'<script src="/static/{name}.js" defer>' for name in ("htmx.min", "page", "copy")
    ]
    assert "|safe" not in pages.replace(" ", "")
