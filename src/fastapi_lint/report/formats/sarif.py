"""SARIF 2.1.0, for code scanning services and viewers.

The first line of a span is its region: services show a result in a pull request only if all of its region is
part of the change. Results hold no source. GitHub knows results again by a hash that its upload action makes
of the lines, and complains about any other under that name, so that ours has a name of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi_lint.diagnostics import Severity
from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from fastapi_lint.diagnostics import Diagnostic, Edit, Fix, Note, Span
    from fastapi_lint.report.run import RulePage, Run

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://fastapi-lint.readthedocs.io/"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "fastapiLintFingerprint/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PRECISION = {"default": "very-high"}  # of the others: high; the documentation says how it was measured
_LONGEST_DESCRIPTION = 1024


def report(run: Run) -> str:
    """The log, with one run in it."""
    results = [*run.diagnostics, *run.silenced, *run.known]
    suppressions = [
        *([None] * len(run.diagnostics)),
        *(_suppression("inSource", reason) for reason in run.reasons),
        *([_suppression("external", "in the baseline")] * len(run.known)),
    ]
    rules = {item.code: item for item in sorted(results, key=lambda item: item.code)}
    indices = {code: index for index, code in enumerate(rules)}
    failures = [{"level": "error", "message": {"text": one_line(failure)}} for failure in run.failures]
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "fastapi-lint",
                        "version": run.version,
                        "semanticVersion": run.version,
                        "informationUri": _HOME,
                        "rules": [_rule(item, run.page(code)) for code, item in rules.items()],
                    }
                },
                "invocations": [
                    {"executionSuccessful": not failures, "toolExecutionNotifications": failures}
                ],
                "originalUriBaseIds": {
                    _ROOT: {
                        "description": {"text": "The top of the repository, or where the program was run."}
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(item, mark, indices[item.code], run, suppression)
                    for item, mark, suppression in zip(results, run.fingerprints, suppressions, strict=True)
                ],
            }
        ],
    }
    return f"{json.dumps(log, indent=2)}\n"


def _rule(example: Diagnostic, page: RulePage | None) -> dict[str, Any]:
    """What the log says of a rule, one of whose diagnostics is `example`."""
    rule: dict[str, Any] = {"id": example.code, "name": _pascal(example.name), "helpUri": example.url}
    if page is None:
        return rule
    properties: dict[str, Any] = {"precision": _PRECISION.get(page.level, "high"), "tags": ["fastapi"]}
    if page.security_severity is not None:
        properties["security-severity"] = page.security_severity
        properties["tags"] += ["security", *(f"external/cwe/cwe-{number:03}" for number in page.weaknesses)]
    guide = f"{page.summary}\n\n{page.why}\n\n## Example\n\n{page.example}\n\n## Better\n\n{page.better}"
    return {
        **rule,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": page.summary[:_LONGEST_DESCRIPTION]},
        "help": {
            "text": f"{page.summary}\n\n{page.why}\n\n{example.url}",
            "markdown": f"{guide}\n\n[Exemptions and limits]({example.url})",
        },
        "defaultConfiguration": {"level": _LEVELS[Severity(page.severity)]},
        "properties": properties,
    }


def _result(
    diagnostic: Diagnostic, fingerprint: str, rule_index: int, run: Run, suppression: dict[str, str] | None
) -> dict[str, Any]:
    """One result, and what suppresses it, if anything does."""
    message = one_line(diagnostic.message)
    if diagnostic.help:
        message += f"; {one_line(diagnostic.help)}"
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": message.replace("](", "] (")},  # which would be a link to a related location
        "locations": [_location(diagnostic, run)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    if diagnostic.symbol:
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": diagnostic.symbol}]
    if diagnostic.notes:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": one_line(note.message)}, **_location(note, run)}
            for number, note in enumerate(diagnostic.notes, 1)
        ]
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix, run)]
    if suppression is not None:
        result["suppressions"] = [suppression]
    return result


def _suppression(kind: str, reason: str) -> dict[str, str]:
    return {"kind": kind, **({"justification": one_line(reason)} if reason else {})}


def _location(place: Diagnostic | Note, run: Run) -> dict[str, Any]:
    region = _region(run.first_line(place.path, place.span))
    return {"physicalLocation": {"artifactLocation": _artifact(place.path, run), "region": region}}


def _artifact(path: str, run: Run) -> dict[str, str]:
    shown = run.in_repository(path)
    uri = quote(shown, errors="surrogateescape")
    return {"uri": f"file://{uri}"} if shown.startswith("/") else {"uri": uri, "uriBaseId": _ROOT}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(fix: Fix, run: Run) -> dict[str, Any]:
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    return {
        "description": {"text": one_line(fix.title)},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path, run),
                "replacements": [
                    {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.replacement}}
                    for edit in edits
                ],
            }
            for path, edits in by_path.items()
        ],
    }


def _pascal(name: str) -> str:
    """`missing-response-model` as SARIF writes names: `MissingResponseModel`."""
    return "".join(part.capitalize() for part in name.split("-"))
