"""A linter that links a FastAPI code base into the application FastAPI would serve, and says where it goes wrong."""

__version__ = "0.1.0"
