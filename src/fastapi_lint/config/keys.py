"""The keys of the configuration: what each means, how its value is judged, what an editor may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fastapi_lint.config import judging
from fastapi_lint.config.settings import LEVELS
from fastapi_lint.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.config.judging import Written

Schema = dict[str, Any]

_FLAG: Final[Schema] = {"type": "boolean"}
_STRINGS: Final[Schema] = {"type": "array", "items": {"type": "string"}}
_SELECTORS: Final[Schema] = {"type": "array", "items": {"$ref": "#/definitions/rule"}}
_NAMES: Final[Schema] = {
    "type": "array",
    "items": {"type": "string", "pattern": r"^[^\W\d]\w*(\.[^\W\d]\w*)*$"},
}
_SEVERITY: Final[Schema] = {"enum": [each.value for each in Severity]}
_VERSION: Final[Schema] = {"type": "string", "pattern": r"^\d{1,6}(\.\d{1,6}){0,3}$"}


class Key(NamedTuple):
    """One key. `says` are whole sentences of Markdown; `default` and `example` are written as in TOML."""

    judge: Callable[[Written], Any]
    schema: Schema
    says: str
    default: str
    example: str
    field: str = ""
    """The field of `Config`, where it isn't the key with underscores."""


EXTEND: Final = "extend"
RULES: Final = "rules"

KEYS: Final[dict[str, Key]] = {
    EXTEND: Key(
        judging.text,
        {"type": "string"},
        "Another configuration, relative to this file: its values hold for the keys that this one leaves "
        "out. Its patterns are taken relative to this project.",
        "none",
        'extend = "../pyproject.toml"',
    ),
    "level": Key(
        judging.level,
        {"enum": list(LEVELS)},
        "Which rules run. Those of `default` are right at least 19 times in 20 and worth a failing build; "
        "`strict` adds rules of style and design, `pedantic` everything that can be said. A few rules also "
        "say more at the higher levels; their pages tell.",
        '"default"',
        'level = "strict"',
    ),
    "select": Key(
        judging.selectors,
        _SELECTORS,
        "The rules that run, whatever their level, instead of those of the level. A rule is named by its "
        "code (`FAL101`), by the beginning of its code (`FAL1`, `FAL`) or by its name "
        "(`missing-response-model`).",
        "those of the level",
        'select = ["FAL3", "n-plus-one-query"]',
    ),
    "extend-select": Key(
        judging.selectors,
        _SELECTORS,
        "Rules that run besides those of the level or of `select`, whatever their level.",
        "[]",
        'extend-select = ["untyped-response-model"]',
    ),
    "ignore": Key(
        judging.selectors,
        _SELECTORS,
        "Rules that don't run. Where `select` or `extend-select` and `ignore` disagree, the longer selector "
        'decides: `select = ["FAL3"]` with `ignore = ["FAL301"]` runs the chapter without that rule.',
        "[]",
        'ignore = ["delete-without-204"]',
    ),
    "severity": Key(
        judging.severities,
        {
            "type": "object",
            "propertyNames": {"$ref": "#/definitions/rule"},
            "additionalProperties": _SEVERITY,
        },
        "By rule, how much what it reports matters: `error`, `warning` or `info`. That changes colours, the "
        "formats of CI systems and, with `fail-on`, the exit status; never whether a rule runs.",
        "each rule's own",
        '[tool.fastapi-lint.severity]\nFAL1 = "info"\nhardcoded-secret = "warning"',
    ),
    "fail-on": Key(
        judging.severity,
        _SEVERITY,
        "The lowest severity that makes a run fail: with `error`, warnings are printed and the exit status "
        "is 0.",
        '"info"',
        'fail-on = "error"',
    ),
    "baseline": Key(
        judging.file,
        {"type": "string"},
        "A file, relative to this one, that says which diagnostics are known and not reported; "
        "`fastapi-lint baseline create` writes it.",
        "`fastapi-lint-baseline.toml`, if it is there",
        'baseline = "fastapi-lint-baseline.toml"',
    ),
    "per-file-ignores": Key(
        judging.ignores_by_pattern,
        {"type": "object", "additionalProperties": _SELECTORS},
        "By pattern, as in a .gitignore and relative to the project: rules that say nothing in the files "
        "that it matches. The files are still read, and other files' rules still know what is in them.",
        "{}",
        '[tool.fastapi-lint.per-file-ignores]\n"app/legacy/**" = ["FAL1"]',
    ),
    "require-reason": Key(
        judging.flag,
        _FLAG,
        "Whether every comment that silences rules has to say why. One that doesn't still silences, and is a "
        "FAL001 of its own.",
        "false",
        "require-reason = true",
    ),
    "include": Key(
        judging.patterns,
        _STRINGS,
        "Patterns, as in a .gitignore, of the files that are read. Files that are named on the command line "
        "are always read.",
        '["*.py"]',
        'include = ["app/**/*.py", "*.pyw"]',
    ),
    "exclude": Key(
        judging.patterns,
        _STRINGS,
        "Patterns, as in a .gitignore, of files and directories that aren't read, instead of the usual ones: "
        "virtual environments, caches, builds. Nothing is known of what is in them, so a route that they "
        "register doesn't exist.",
        "virtual environments, caches, builds",
        'exclude = ["generated/"]',
    ),
    "extend-exclude": Key(
        judging.patterns,
        _STRINGS,
        "Patterns besides those. `!pattern` takes back what an earlier one excludes.",
        "[]",
        'extend-exclude = ["*_pb2.py"]',
    ),
    "force-exclude": Key(
        judging.flag,
        _FLAG,
        "Whether files that are named on the command line are excluded as well, as hooks want it.",
        "false",
        "force-exclude = true",
    ),
    "respect-gitignore": Key(
        judging.flag,
        _FLAG,
        "Whether what git ignores isn't read.",
        "true",
        "respect-gitignore = false",
    ),
    "src": Key(
        judging.directories,
        _STRINGS,
        "Directories, relative to the file, that imports are resolved from.",
        "found by looking at the project",
        'src = ["backend"]',
    ),
    "target-fastapi": Key(
        judging.version,
        _VERSION,
        "The oldest FastAPI that the project runs on. Rules that don't hold for it don't run.",
        "what a lock file or the requirements say, else the newest",
        'target-fastapi = "0.110"',
    ),
    "target-pydantic": Key(
        judging.version,
        _VERSION,
        "The same of Pydantic.",
        "what a lock file or the requirements say, else the newest",
        'target-pydantic = "2.7"',
    ),
    "session-types": Key(
        judging.dotted_names,
        _NAMES,
        "Classes whose objects are database sessions or connections of one request, where that can't be seen "
        "from a library that is known: their methods that are named like those of SQLAlchemy's session do "
        "the same.",
        "[]",
        'session-types = ["app.db.UnitOfWork"]',
    ),
    "session-factories": Key(
        judging.dotted_names,
        _NAMES,
        "Functions, classes and objects that open a database session when they are called.",
        "[]",
        'session-factories = ["app.db.open_session"]',
    ),
    "auth-dependencies": Key(
        judging.dotted_names,
        _NAMES,
        "Dependencies that verify who calls, where that can't be seen from their code: a library without a "
        "table, a check in compiled code or behind a network.",
        "[]",
        'auth-dependencies = ["company_auth.require_user"]',
    ),
    "public-routes": Key(
        judging.routes,
        {"type": "array", "items": {"type": "string", "pattern": "^([A-Z]+ )?/"}},
        "Routes that anybody may call: full paths as served, in which `*` stands for anything, each after a "
        "method if only that is meant. `# fastapi-lint: public` on a route says the same.",
        "[]",
        'public-routes = ["POST /signup", "/webhooks/*"]',
    ),
    "blocking-calls": Key(
        judging.dotted_names,
        _NAMES,
        "Functions and methods that block the event loop, besides those that are known.",
        "[]",
        'blocking-calls = ["company_sdk.Client.fetch"]',
    ),
    RULES: Key(
        judging.rule_options,
        {},
        "By rule, options that only it has.",
        "{}",
        "",
        "rule_options",
    ),
}
"""All keys, in the order of the documentation."""
