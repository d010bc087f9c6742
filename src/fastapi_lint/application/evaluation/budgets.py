"""How much work evaluation may do, so that no code base makes linking long."""

STATEMENT_BUDGET = 20_000
"""How many statements one statement of a module may lead to before its calls are no longer entered."""
CALL_BUDGET = 400
"""How many statements one call may lead to without a route that comes of them.

What takes more is the program's own work, which has no part in its routes: it isn't followed again.
"""
BUDGET_PER_ROUTE = 400
"""How many more statements a route is worth."""
CALL_DEPTH = 40
"""How deep calls are followed while modules are run."""
RECURSION = 3
"""How often one function may be running at a time."""
EXAMPLES = 12
"""How many items of a long list are looked at to say what kind of thing it holds."""
LONGEST_LOOP = 400
"""Loops over more items than this are followed once."""
MOST_OVERRIDES = 4
"""How many subclasses an object is taken for of which only the base is known."""
