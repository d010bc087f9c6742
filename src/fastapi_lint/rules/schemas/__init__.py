"""Rules about what comes in and what goes out: parameters, bodies, models."""
