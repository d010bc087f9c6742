"""Who calls and who may: credentials, checks, guards and secrets."""
