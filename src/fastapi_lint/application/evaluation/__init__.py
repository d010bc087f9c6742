"""The abstract interpreter: what the code makes when it is imported and called, without running it."""
