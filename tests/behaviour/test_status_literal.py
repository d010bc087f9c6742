"""FAL122: the names that the fix writes are in Starlette, and stand for the same numbers."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from starlette import status

from fastapi_lint.rules.routes.status_literal import RENAMED


@pytest.mark.parametrize("number", [number for number in HTTPStatus if number not in RENAMED])
def test_a_status_has_the_constant_that_the_fix_names(number: HTTPStatus) -> None:
    assert getattr(status, f"HTTP_{number.value}_{number.name}") == number
