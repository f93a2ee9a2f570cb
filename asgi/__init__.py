"""Plain ASGI that every app may use: limits on requests, responses, access log. It has no models."""
