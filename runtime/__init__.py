"""What every app stands on and what knows none of them: it has no models and no HTTP."""
