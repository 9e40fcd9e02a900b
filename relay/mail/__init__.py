"""Mail: the message, the way it leaves, and what comes back."""
