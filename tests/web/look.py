"""Looks at a screen as everybody must be able to use it: small, large, dark, still, in Spanish."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from playwright.sync_api import Page as Tab
from playwright.sync_api import ViewportSize

from tests.e2e.spot_english import english_in

AXE: Final = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
PHONE: Final[ViewportSize] = {"width": 320, "height": 700}
TWICE: Final[ViewportSize] = {"width": 640, "height": 700}  # with letters of twice the size
SAYS: Final = """() => {
  const seen = document.body.cloneNode(true);
  for (const each of seen.querySelectorAll('pre, script, style, [lang=en]')) each.remove();
  document.body.append(seen);
  const said = seen.innerText;
  seen.remove();
  return said;
}"""


def check(tab: Tab) -> None:
    """Fail where a screen shuts somebody out, or is wider than a small phone."""
    assert wrong_with(tab) == []
    if tab.evaluate("document.documentElement.lang") == "es":
        said = without_letters(tab)
        assert english_in(said) == []
        assert english_in(f"{said}\nNothing was sent.") != [], "the control"


def wrong_with(tab: Tab) -> list[str]:
    """Return what is wrong with a screen on a phone, with large letters, in the dark, and still."""
    size = tab.viewport_size or PHONE
    try:
        tab.set_viewport_size(PHONE)
        tab.evaluate(AXE)
        found = [*_shuts_out(tab), *_too_wide(tab, "on a phone")]
        tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
        dark = _shuts_out(tab, "{runOnly: ['color-contrast']}")
        found += [f"in the dark: {each}" for each in dark]
        found += _moves(tab)
        tab.set_viewport_size(TWICE)
        tab.evaluate("document.documentElement.style.fontSize = '200%'")
        found += _too_wide(tab, "with large letters")
    finally:
        tab.evaluate("document.documentElement.style.fontSize = ''")
        tab.emulate_media(color_scheme="light", reduced_motion="no-preference")
        tab.set_viewport_size(size)
    return found


def _shuts_out(tab: Tab, options: str = "{}") -> list[str]:
    found = tab.evaluate(f"axe.run({options})")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


def _too_wide(tab: Tab, when: str) -> list[str]:
    width = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{when} it is {width} too wide"] if width > 0 else []


def _moves(tab: Tab) -> list[str]:
    moving = tab.evaluate(
        "document.getAnimations().length || "
        "getComputedStyle(document.documentElement).scrollBehavior !== 'auto'"
    )
    return ["it moves"] if moving else []


def without_letters(tab: Tab) -> str:
    """Return what a person reads, but for letters and companies' own words, which stay English."""
    return str(tab.evaluate(SAYS))
