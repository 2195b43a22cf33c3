"""Playwright behind a fence: the only code that opens web pages."""

from optout.browser.quiet import forget_leaky_variables

# Playwright reads `DEBUG` when it is imported, and then prints every typed value. Nothing else
# imports it, so here is early enough; `Window` forgets them again before it starts a browser.
forget_leaky_variables()
