"""What functions do: their bodies evaluated, with the value of every expression and the effects of calls.

An effect is followed through calls of the project to the library call that has it, and the chain is kept
for messages: `read_orders → OrderService.load → session.execute`. What a call does where the project ends
is in the library tables.
"""

from __future__ import annotations

from fastapi_lint.application.bodies.evaluating import Bodies
from fastapi_lint.application.bodies.exceptions import status_of
from fastapi_lint.application.bodies.shown import Body, CallMeaning, Chain, Raised, Step

__all__ = ["Bodies", "Body", "CallMeaning", "Chain", "Raised", "Step", "status_of"]
