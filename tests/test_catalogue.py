"""Rules are found by being there, and only those that are asked for are imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fastapi_lint.rules import catalogue, pages
from fastapi_lint.rules.base import Rule


def test_names_are_those_of_the_pages() -> None:
    assert catalogue.names() == {info.code: info.name for info in pages.catalogue()}


@pytest.mark.parametrize("name", sorted(catalogue._modules()))  # noqa: SLF001 - what there is to be found
def test_a_rule_is_loaded_by_its_name(name: str) -> None:
    rule = catalogue.load(name)
    assert rule is not None
    assert issubclass(rule, Rule)
    assert rule.name == name


def test_a_page_without_a_rule_loads_nothing() -> None:
    assert catalogue.load(catalogue.UNREADABLE) is None


def test_a_module_without_a_rule_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_modules", lambda: {"no-rule": "fastapi_lint.rules.comments"})
    with pytest.raises(LookupError, match="comments defines no rule"):
        catalogue.load("no-rule")


def test_listing_rules_imports_none_of_them() -> None:
    program = """
import sys
from fastapi_lint.rules import catalogue
assert catalogue.names()
loaded = [name for name in sys.modules if name.startswith("fastapi_lint.rules.") and name.count(".") > 2]
assert not loaded, loaded
assert "libcst" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
