"""What handlers answer: bodies, models, statuses, and what they make on the way."""
