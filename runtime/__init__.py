"""Basic code that every app may import and that imports no app. Has no models and no HTTP."""
