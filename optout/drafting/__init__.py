"""Letters: templates and facts to text, text to PDF."""
