"""What accounts store beside Django's users: API keys."""
