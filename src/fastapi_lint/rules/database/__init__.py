"""Chapter 4: sessions, queries and transactions."""
