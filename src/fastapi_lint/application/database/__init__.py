"""Sessions, and the queries that functions send through them."""
