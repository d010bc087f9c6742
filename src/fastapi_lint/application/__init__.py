"""Phase two: what the files of a project mean together, linked into what FastAPI would see."""

from __future__ import annotations

from fastapi_lint.application.bodies import Body, CallMeaning, Chain, Raised, Step, status_of
from fastapi_lint.application.functions import Function
from fastapi_lint.application.linked import Application, link
from fastapi_lint.application.modules import Module
from fastapi_lint.application.wiring.routes import Route

__all__ = [
    "Application",
    "Body",
    "CallMeaning",
    "Chain",
    "Function",
    "Module",
    "Raised",
    "Route",
    "Step",
    "link",
    "status_of",
]
