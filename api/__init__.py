"""The JSON API below /api/v1/, and the OpenAPI document that describes it."""
