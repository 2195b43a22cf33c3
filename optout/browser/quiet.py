"""Forgetting the variables that make a browser's driver tell what is typed."""

from __future__ import annotations

import os
from typing import Final

# Variables that make the driver or the browser print what is typed, keep its keys, run other
# code, or use another browser than the one we start.
LEAKY_VARIABLES: Final = (
    "DEBUG",
    "DEBUGP",
    "DEBUG_FILE",
    "DEBUG_COLORS",
    "PWDEBUG",
    "PWDEBUGIMPL",
    "NODE_OPTIONS",
    "NODE_DEBUG",
    "SSLKEYLOGFILE",
    "CHROMIUM_FLAGS",
    "CHROME_LOG_FILE",
    "SELENIUM_REMOTE_URL",
    "SELENIUM_REMOTE_CAPABILITIES",
    "SELENIUM_REMOTE_HEADERS",
    "PLAYWRIGHT_DISABLE_FORCED_CHROMIUM_PROXIED_LOOPBACK",
    "PLAYWRIGHT_NODEJS_PATH",
)


def forget_leaky_variables() -> None:
    """Remove them, for this process and for the browser that it starts."""
    for name in LEAKY_VARIABLES:
        os.environ.pop(name, None)
