"""Models of what comes in and goes out: their fields, and what these say."""
