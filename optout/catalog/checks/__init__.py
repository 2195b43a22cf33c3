"""One check a file: id, why, and a function that yields every finding with its repair."""
