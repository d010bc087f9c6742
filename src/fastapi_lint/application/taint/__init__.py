"""Where values go that must not go just anywhere: what a client sent, what is secret, what failed."""
