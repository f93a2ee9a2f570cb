"""The composition root, which joins all apps: settings, environment variables, ASGI and URLs."""
