"""`rule` and `rules`: what the pages say."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fastapi_lint.cli import completion
from fastapi_lint.cli.leaving import Refusal
from fastapi_lint.cli.options import colour_option, table_format
from fastapi_lint.cli.streams import look, print_report

if TYPE_CHECKING:
    from fastapi_lint.report.look import Colour


@click.command(short_help="Explain a rule.")
@click.argument("code", shell_complete=completion.rules)
@colour_option
def rule(code: str, colour: Colour) -> None:
    """Print the page of the rule CODE, which may be its name as well."""
    from fastapi_lint.report.page import page as laid_out
    from fastapi_lint.rules.pages import page

    text = page(code)
    if text is None:
        raise Refusal(f"there is no rule `{code}`{_suggestion(code)}")
    print_report(laid_out(text, look(colour)))


_DIGITS = str.maketrans("OIL", "011")
"""Letters that are typed for digits."""


def _suggestion(code: str) -> str:
    from difflib import get_close_matches

    from fastapi_lint.rules.pages import catalogue

    known = [word for rule in catalogue() for word in (rule.code, rule.name)]
    meant = code[:3].upper() + code[3:].upper().translate(_DIGITS)
    close = [meant] if meant in known else get_close_matches(code.upper(), known, n=1)
    close = close or get_close_matches(code.lower(), known, n=1)
    return f": did you mean `{close[0]}`?" if close else ": `fastapi-lint rules` lists them all"


@click.command(short_help="List the rules.")
@click.option("--checklist", is_flag=True, help="List what is asked instead, with the rules that see to it.")
@table_format
@colour_option
def rules(output_format: str, colour: Colour, *, checklist: bool) -> None:
    """List the rules."""
    from fastapi_lint.rules.pages import catalogue

    if checklist:
        _print_checklist(output_format, colour)
        return
    if output_format == "json":
        from fastapi_lint.report.json_text import of_records

        print_report(of_records(catalogue()))
        return
    from fastapi_lint.report.table import table

    print_report(
        table(
            ("code", "name", "level", "severity", "fix", "summary"),
            [(r.code, r.name, r.level, r.severity, r.fix or "", r.summary) for r in catalogue()],
            look(colour),
        )
    )


def _print_checklist(output_format: str, colour: Colour) -> None:
    from fastapi_lint.rules import checklist
    from fastapi_lint.rules.pages import catalogue

    seen_to = checklist.seen_to(catalogue())
    if output_format == "json":
        from fastapi_lint.report.json_text import array

        records = (
            {
                "item": item.number,
                "chapter": item.chapter,
                "asks": item.asks,
                "rules": [rule.code for rule in rules],
                "unchecked": item.unchecked if not rules else "",
            }
            for item, rules in seen_to.items()
        )
        print_report(array(records))
        return
    from fastapi_lint.report.table import table

    rows = [
        (item.number, item.asks, " ".join(rule.code for rule in rules) or f"none: {item.unchecked}")
        for item, rules in seen_to.items()
    ]
    print_report(table(("item", "asks", "rules"), rows, look(colour)))
