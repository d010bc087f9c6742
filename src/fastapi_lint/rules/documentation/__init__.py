"""Rules about what the OpenAPI document says."""
