"""Samples of audio, and what made them: see `recipe.sh`."""
