"""Definitions and laws: `brokers/` and `letters/laws/` read into the model, checked, compared."""
