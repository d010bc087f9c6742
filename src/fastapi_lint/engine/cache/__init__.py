"""What earlier runs found out, kept in a directory: data that is believed only if it is whole and ours.

Nothing here can make a run fail or change what it says: what can't be read, isn't whole or was written by
another version counts as absent. See `docs/decisions/0002-cache.md`.
"""
