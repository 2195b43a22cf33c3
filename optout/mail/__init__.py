"""Mail messages, composed for the person to send."""
