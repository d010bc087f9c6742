"""Chapter 9: structure and tests."""
