"""A linter that reads a FastAPI code base as the application FastAPI would make of it."""

__version__ = "0.1.0"
