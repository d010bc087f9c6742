"""The language server: what `fastapi-lint check` says, in editors, about code that isn't saved yet.

Only this package knows pygls and lsprotocol, which are an extra. `documents.py` has no protocol in it: it
asks the engine about what is open. `serving.py` speaks the protocol, the other modules translate.
"""
