"""The languages people read: English in the code, others in `<language>/LC_MESSAGES`."""
