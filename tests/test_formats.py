"""The output formats, of diagnostics made by hand: snapshots hold the text, published schemas its form."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from fastapi_lint.diagnostics import Diagnostic, Edit, Fix, Note, Severity, Span, secret_spans
from fastapi_lint.report.formats import FORMATS, report
from fastapi_lint.report.look import Look, look_of
from fastapi_lint.report.run import RulePage, Run
from fastapi_lint.report.summary import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_snapshot.plugin import Snapshot

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
SECRET = "correct horse"  # noqa: S105 - which no report may show
FILES = {
    "app/items.py": 'from fastapi import APIRouter\n\n@router.post("/items")\n'
    "def create_item(item: ItemIn):\n    return service.create(\n        item,\n    )\n",
    "app/main.py": "app = FastAPI()\napp.include_router(items.router)\n",
    "app/settings.py": f'PASSWORD = "{SECRET}"; DEBUG = True\n',
}
TALLY = Tally(files=38, routes=112, suppressed=1)


def source_line(path: str, line: int) -> str | None:
    lines = FILES.get(path, "").split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else None


def diagnostic(span: tuple[int, int, int, int] = (3, 2, 3, 13), **changes: Any) -> Diagnostic:
    values: dict[str, Any] = {
        "code": "FAL101",
        "name": "missing-response-model",
        "severity": Severity.WARNING,
        "message": "`POST /items` answers with a body but declares no response model",
        "help": "declare what it returns, with `response_model=` or a return annotation",
        "path": "app/items.py",
        "span": Span(*span),
        "symbol": "create_item",
    }
    return Diagnostic(**values | changes)


def found() -> list[Diagnostic]:
    fix = Fix("annotate the return", "unsafe", (Edit("app/items.py", Span(4, 31, 4, 31), " -> Item"),))
    return [
        diagnostic(notes=(Note("its router is included here", "app/main.py", Span(2, 1, 2, 19)),), fix=fix),
        diagnostic((5, 12, 7, 6), code="FAL402", name="other-rule", severity=Severity.INFO, help=""),
        diagnostic(
            (1, 12, 1, 27),
            code="FAL303",
            name="hardcoded-secret",
            severity=Severity.ERROR,
            message="`PASSWORD` is written into the source",
            help="read it from the environment",
            path="app/settings.py",
            symbol="",
            sensitive=True,
        ),
        diagnostic(
            (1, 29, 1, 34),
            code="FAL318",
            name="debug-enabled",
            message="100%, a|b: *it*\n_is_ <on>",
            path="app/settings.py",
            symbol="",
        ),
    ]


def page(code: str) -> RulePage | None:
    """What the page of the secret rule says; the others have none."""
    if code != "FAL303":
        return None
    return RulePage(
        code="FAL303",
        name="hardcoded-secret",
        severity="error",
        level="default",
        summary="A password, key or token is written into the source.",
        why="Everybody who can read the repository has it.",
        example="```python\nPASSWORD = ...\n```",
        better="Read it from the environment.",
        security_severity="8.2",
        weaknesses=(798, 89),
    )


def run_of(diagnostics: Sequence[Diagnostic], **changes: Any) -> Run:
    values: dict[str, Any] = {
        "tally": TALLY,
        "source_line": source_line,
        "version": "1.2.3",
        "page": page,
        "silenced": [diagnostic(code="FAL103", name="create-without-201")],
        "reasons": ["clients expect\n200"],
        "failures": ["rule FAL999 failed on file app/main.py: KeyError: 'x'"],
    }
    values |= changes
    values["reasons"] = [*values["reasons"], ""][: len(values["silenced"])]
    values.setdefault("secrets", secret_spans([*diagnostics, *values["silenced"]]))
    return Run(diagnostics=diagnostics, **values)


def sarif(run: Run) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(report("sarif", run))
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


# Every format


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_text(name: str, snapshot: Snapshot) -> None:
    snapshot.snapshot_dir = Path(__file__).parent / "snapshots" / "test_formats"
    snapshot.assert_match(report(name, run_of(found())), f"{name}.txt")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_text_of_a_clean_run(name: str) -> None:
    text = report(name, run_of([], silenced=[], failures=[]))
    expected = {
        **dict.fromkeys(("concise", "grouped", "json-lines", "github", "pylint"), ""),
        **dict.fromkeys(("json", "gitlab"), "[]\n"),
        "full": "All checks passed: 38 files, 112 routes (1 suppressed by comments)\n",
    }
    assert text == expected.get(name, text)
    if name == "markdown":
        assert "**fastapi-lint**: All checks passed" in text


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_secret(name: str) -> None:
    assert SECRET not in report(name, run_of(found()))
    silent = run_of([found()[3]], silenced=[found()[2]])
    assert SECRET not in report(name, silent), "one that a comment suppresses, in the frame of a neighbour"


@pytest.mark.parametrize("name", ["concise", "grouped", "github", "json-lines", "pylint"])
def test_a_diagnostic_takes_one_line(name: str) -> None:
    odd = diagnostic(message="two\nlines\r\n\u2028of\x1b[31m text", path="a\nb.py")
    lines = report(name, run_of([odd])).splitlines()
    assert len(lines) == (2 if name == "grouped" else 1)
    assert "\x1b" not in "".join(lines)


# Fingerprints


def moved(text: str) -> Any:
    return lambda _path, line: text.split("\n")[line - 1]


def marks_of(diagnostics: Sequence[Diagnostic], text: str) -> tuple[str, ...]:
    return run_of(diagnostics, silenced=[], source_line=moved(text)).fingerprints


def test_a_fingerprint_survives_moves_indentation_and_new_names_of_files() -> None:
    before = marks_of([diagnostic((1, 1, 1, 5))], "call( a )")
    after = marks_of([diagnostic((3, 9, 3, 13), path="elsewhere.py")], "\n\n        call(  a )  ")
    assert before == after


@pytest.mark.parametrize(
    ("changes", "text"),
    [({"code": "FAL102"}, "call()"), ({"symbol": "other"}, "call()"), ({}, "call(b)")],
    ids=["rule", "symbol", "code"],
)
def test_a_fingerprint_tells_apart(changes: dict[str, str], text: str) -> None:
    assert marks_of([diagnostic((1, 1, 1, 5))], "call()") != marks_of(
        [diagnostic((1, 1, 1, 5), **changes)], text
    )


def test_what_nothing_tells_apart_is_counted() -> None:
    twice = [diagnostic((1, 1, 1, 5)), diagnostic((2, 1, 2, 5))]
    marks = marks_of(twice, "call()\ncall()")
    assert len(set(marks)) == 2
    assert marks[:1] == marks_of(twice[:1], "call()\ncall()")


def test_a_fingerprint_holds_no_secret() -> None:
    leak = diagnostic((1, 7, 1, 15), sensitive=True)
    marks = marks_of([leak], 'key = "secret" # a')
    assert marks == marks_of([diagnostic((1, 7, 1, 17), sensitive=True)], 'key = "another1" # a')
    assert marks != marks_of([leak], 'kex = "secret" # a')


# SARIF


def test_sarif_is_valid_whatever_there_is_to_say() -> None:
    sarif(run_of(found()))
    assert sarif(run_of([], silenced=[], failures=[]))["results"] == []


def test_sarif_describes_the_rules_that_have_results() -> None:
    run = sarif(run_of(found()))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["FAL101", "FAL103", "FAL303", "FAL318", "FAL402"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    (secrets,) = [rule for rule in rules if rule["id"] == "FAL303"]
    assert secrets["help"]["text"].startswith(
        "A password, key or token is written into the source.\n\nEverybody "
    )
    assert "## Example\n\n```python" in secrets["help"]["markdown"]
    assert secrets["defaultConfiguration"] == {"level": "error"}
    assert secrets["properties"] == {
        "precision": "very-high",
        "security-severity": "8.2",
        "tags": ["fastapi", "security", "external/cwe/cwe-798", "external/cwe/cwe-089"],
    }


def test_sarif_messages_hold_no_links_by_accident() -> None:
    result = sarif(run_of([diagnostic(message="`list[str](x)` is odd")]))["results"][0]
    assert result["message"]["text"].startswith("`list[str] (x)` is odd; ")


def test_sarif_regions_are_on_one_line() -> None:
    regions = [
        location["physicalLocation"]["region"]
        for result in sarif(run_of(found()))["results"]
        for location in [*result["locations"], *result.get("relatedLocations", [])]
    ]
    assert all(region["startLine"] == region["endLine"] for region in regions)
    # Three lines of source: the region goes to the end of the first.
    assert {"startLine": 5, "startColumn": 12, "endLine": 5, "endColumn": 27} in regions


def test_sarif_marks_what_comments_suppress() -> None:
    *spoken, silenced = sarif(run_of(found()))["results"]
    assert silenced["suppressions"] == [{"kind": "inSource", "justification": "clients expect 200"}]
    (result,) = sarif(run_of([], reasons=[""]))["results"]
    assert result["suppressions"] == [{"kind": "inSource"}]
    assert not any("suppressions" in result for result in spoken)


def test_sarif_results_have_fingerprints_of_their_own() -> None:
    results = sarif(run_of([*found(), *found()]))["results"]
    marks = {result["partialFingerprints"]["fastapiLintFingerprint/v1"] for result in results}
    assert len(marks) == len(results)


@pytest.mark.parametrize(
    ("path", "directory", "repository", "expected"),
    [
        ("app/a b%ü.py", "/work/shop", None, ("app/a%20b%25%C3%BC.py", "%SRCROOT%")),
        ("app/a.py", "/work/shop/api", "/work/shop", ("api/app/a.py", "%SRCROOT%")),
        ("/work/shop/web/a.py", "/work/shop/api", "/work/shop", ("web/a.py", "%SRCROOT%")),
        ("/elsewhere/a.py", "/work/shop", "/work/shop", ("file:///elsewhere/a.py", None)),
        ("a.py", "/elsewhere", "/work/shop", ("a.py", "%SRCROOT%")),
    ],
)
def test_sarif_paths_are_relative_to_the_repository(
    path: str, directory: str, repository: str | None, expected: tuple[str, str | None]
) -> None:
    run = run_of([diagnostic(path=path)], directory=directory, repository=repository)
    artifact = sarif(run)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert (artifact["uri"], artifact.get("uriBaseId")) == expected


def test_sarif_says_whether_the_run_was_whole() -> None:
    (invocation,) = sarif(run_of(found()))["invocations"]
    assert not invocation["executionSuccessful"]
    assert "KeyError" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert sarif(run_of(found(), failures=[]))["invocations"][0]["executionSuccessful"]


# GitHub and GitLab


def test_github_annotations_come_with_the_most_severe_first() -> None:
    lines = report("github", run_of(found())).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::warning", "::notice"]


def test_github_annotations_are_escaped() -> None:
    odd = diagnostic(path="a,b:c%.py", message="100% sure: a, b")
    (line,) = report("github", run_of([odd])).splitlines()
    assert "file=a%2Cb%3Ac%25.py,line=3,endLine=3,col=2,endColumn=13::" in line
    assert line.endswith("::a,b:c%25.py:3:2: FAL101 100%25 sure: a, b")


def test_gitlab_wants_unique_fingerprints_and_plain_relative_paths() -> None:
    issues = json.loads(report("gitlab", run_of([*found(), *found()])))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 8
    for issue in issues:
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not issue["location"]["path"].startswith((".", "/"))
        assert issue["location"]["lines"]["begin"] > 0
        assert issue["description"]
        assert issue["check_name"]


# JUnit


def test_junit_counts_its_tests_and_names_each_once() -> None:
    suites = ET.fromstring(report("junit", run_of([*found()[:1], *found()])))  # noqa: S314 - written here
    assert suites.tag == "testsuites"
    for suite in suites:
        cases = suite.findall("testcase")
        assert suite.get("tests") == suite.get("failures") == str(len(cases))
        assert len({case.get("name") for case in cases}) == len(cases)
        assert not any(re.search(r":\d+", case.get("name") or "") for case in cases)


def test_junit_of_a_clean_run_has_a_test_that_passed() -> None:
    suites = ET.fromstring(report("junit", run_of([])))  # noqa: S314
    assert [case.findall("failure") for case in suites.iter("testcase")] == [[]]


def test_junit_is_xml_whatever_a_message_holds() -> None:
    odd = diagnostic(message="\x00 \ufffe <a> & ]]> \ud800 \x85 \U0001f680", path='a"<b>.py')
    suites = ET.fromstring(report("junit", run_of([odd])))  # noqa: S314
    (failure,) = suites.iter("failure")
    assert failure.get("message") == "\ufffd \ufffd <a> & ]]> \ufffd \U0001f680"


# Markdown


def test_markdown_escapes_what_is_not_code() -> None:
    text = report("markdown", run_of([diagnostic(message="a|b <i> *c* `d|*e*`", path="a|`b.py")]))
    assert r"| `a\|b.py:3` | a\|b &lt;i> \*c\* `d\|*e*` |" in text


def test_markdown_fits_into_a_comment() -> None:
    text = report("markdown", run_of(found()[:1] * 1000))
    assert len(text) < 65_000
    shown = text.count("\n| warning |")
    assert text.endswith(f"\n\n… and {1000 - shown} more.\n")


# Links on terminals


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "links"),
    [
        ({"TERM": "xterm"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM_PROGRAM": "vscode"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal", "VTE_VERSION": "7000"}, False),
        ({"VTE_VERSION": "7000"}, True),
        ({"VTE_VERSION": "3000"}, False),
        ({"VTE_VERSION": "odd"}, False),
        ({"WT_SESSION": "1"}, True),
        ({"WT_SESSION": "1", "FORCE_HYPERLINK": "0"}, False),
        ({"WT_SESSION": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
    ],
)
def test_links_are_for_terminals_that_show_them(environment: dict[str, str], *, links: bool) -> None:
    assert look_of(Terminal(), "auto", environment).links is links


@pytest.mark.parametrize("name", ["concise", "grouped", "full"])
def test_a_code_is_a_link_to_its_page(name: str) -> None:
    address = "https://fastapi-lint.readthedocs.io/en/latest/rules/missing-response-model/"
    look = Look(colour=True, terminal=True, links=True)
    assert address in report(name, run_of([diagnostic()], look=look))
    coloured = report(name, run_of([diagnostic()], look=Look(colour=True, terminal=True)))
    assert address not in coloured
    assert "\x1b[1;33m" in coloured
