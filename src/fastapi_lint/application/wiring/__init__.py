"""Applications, routers, routes and dependencies, as FastAPI would register them."""
