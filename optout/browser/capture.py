"""Pictures of pages: whole for the vault, masked for anything that leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optout.browser.visit import while_loading

if TYPE_CHECKING:
    from playwright.async_api import FloatRect, Page

LARGEST: Final = 200 * 1024
WIDEST: Final = 1_280  # pixels
TALLEST: Final = 4_000
LONGEST_SECONDS: Final = 10.0
_QUALITIES: Final = (70, 45, 25, 10)
# A page without an end would take all memory there is: never more than this is drawn.
_TOP: Final[FloatRect] = {"x": 0, "y": 0, "width": WIDEST, "height": TALLEST}
# Everything a page can say is replaced: text, values, attributes that show, pictures, frames.
_MASK: Final = r"""() => {
  const hide = (text) => text.replace(/[^\s]/g, "x");
  const ATTRIBUTES = ["value", "placeholder", "title", "alt", "aria-label", "label", "summary"];
  const TYPED = "textarea, input:not([type=checkbox], [type=radio], [type=file])";
  const masked = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.data = hide(walker.currentNode.data);
    for (const el of root.querySelectorAll("*")) {
      if (el.shadowRoot) masked(el.shadowRoot);
      for (const name of ATTRIBUTES) {
        if (el.hasAttribute(name)) el.setAttribute(name, hide(el.getAttribute(name)));
      }
      if ("value" in el && typeof el.value === "string" && el.matches(TYPED)) {
        if (el.matches("input")) el.type = "text";
        el.value = hide(el.value);
      }
      el.style?.setProperty("background-image", "none", "important");
      if (el.matches("img, picture, svg, canvas, video, iframe, frame, object, embed")) {
        el.style.setProperty("visibility", "hidden", "important");
      }
    }
  };
  const style = document.createElement("style");
  style.textContent = "*::before, *::after { content: none !important; " +
    "background-image: none !important }";
  document.documentElement.append(style);
  masked(document);
}"""


async def take(page: Page) -> bytes:
    """Return a JPEG of the page, at most 200 KiB; b"" where there is nothing to take."""
    return await while_loading(_take(page), b"", seconds=LONGEST_SECONDS)


async def take_stuck(page: Page) -> bytes:
    """Return a JPEG of a page that waits for an answer: the waiting ends with it."""
    await while_loading(_stop_loading(page), None)
    return await take(page)


async def _stop_loading(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Page.stopLoading")
    await session.detach()


async def take_masked(page: Page) -> bytes:
    """Return a JPEG in which no word or picture can be read. The page is spoilt by it."""
    return await while_loading(_take_masked(page), b"", seconds=LONGEST_SECONDS)


async def _take_masked(page: Page) -> bytes:
    await page.evaluate(_MASK)
    return await _take(page)


async def _take(page: Page) -> bytes:
    """Return the top of the page, in the best quality that fits."""
    for quality in _QUALITIES:
        picture = await page.screenshot(type="jpeg", quality=quality, full_page=True, clip=_TOP)
        if len(picture) <= LARGEST:
            return picture
    picture = await page.screenshot(type="jpeg", quality=_QUALITIES[-1], scale="css")
    return picture if len(picture) <= LARGEST else b""
