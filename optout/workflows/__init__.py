"""One file for each thing a person does: read, ask, write the intention, act, write the outcome."""
