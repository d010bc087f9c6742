"""Configuration: what `fastapi-lint.toml` or a table of pyproject.toml says, as one frozen value."""

from __future__ import annotations

from fastapi_lint.config.judging import Version
from fastapi_lint.config.model import INCLUDED, Config
from fastapi_lint.config.reading import BASELINE, OWN_FILE, PROJECT_FILE, find_root, load, marks_project, read
from fastapi_lint.config.settings import LEVELS, Level, Option, Settings
from fastapi_lint.config.wording import ConfigurationError

__all__ = [
    "BASELINE",
    "INCLUDED",
    "LEVELS",
    "OWN_FILE",
    "PROJECT_FILE",
    "Config",
    "ConfigurationError",
    "Level",
    "Option",
    "Settings",
    "Version",
    "find_root",
    "load",
    "marks_project",
    "read",
]
