"""Chapter 5: errors and logging."""
