"""The composition root: settings, the environment they come from, ASGI and URLs."""
