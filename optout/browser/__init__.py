"""Playwright behind a fence: the only code that opens web pages."""
