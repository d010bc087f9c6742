"""Rules about what routes declare: their models, statuses, methods and paths."""
