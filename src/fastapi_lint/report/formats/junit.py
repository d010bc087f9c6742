"""JUnit's XML: a suite for each file, in which every diagnostic is a test that failed.

A test's name has no line number, so that a service which follows tests over time follows it too.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.diagnostics import Diagnostic
    from fastapi_lint.report.run import Run

_PROGRAM = "fastapi-lint"
_NO_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(run: Run) -> str:
    """The document. Of a clean run it has one test, which passed: services take no test for a mistake."""
    number = str(len(run.diagnostics))
    suites = ET.Element("testsuites", name=_PROGRAM, tests=number, failures=number, errors="0")
    for path, found in groupby(run.diagnostics, key=lambda diagnostic: diagnostic.path):
        _suite(suites, _text(run.in_repository(path)), list(found))
    if not run.diagnostics:
        suites.set("tests", "1")
        suite = ET.SubElement(suites, "testsuite", name=_PROGRAM, tests="1", failures="0", errors="0")
        ET.SubElement(suite, "testcase", name="no diagnostics", classname=_PROGRAM, time="0")
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _suite(suites: ET.Element, path: str, found: Sequence[Diagnostic]) -> None:
    number = str(len(found))
    suite = ET.SubElement(suites, "testsuite", name=path, tests=number, failures=number, errors="0")
    seen: Counter[str] = Counter()
    for diagnostic in found:
        name = f"{diagnostic.code} {diagnostic.name}"
        if diagnostic.symbol:
            name += f" in {_text(diagnostic.symbol)}"
        seen[name] += 1
        case = ET.SubElement(
            suite,
            "testcase",
            name=name if seen[name] == 1 else f"{name} ({seen[name]})",
            classname=path.removesuffix(".py").replace("/", "."),
            file=path,
            line=str(diagnostic.span.line),
            time="0",
        )
        message = _text(diagnostic.message)
        failure = ET.SubElement(case, "failure", type=diagnostic.severity.value, message=message)
        failure.text = f"{path}:{diagnostic.span.line}:{diagnostic.span.column}: {diagnostic.code} {message}"
        if diagnostic.help:
            failure.text += f"\nhelp: {_text(diagnostic.help)}"


def _text(text: str) -> str:
    """Text on one line without the characters that no XML document can hold."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", one_line(text))
