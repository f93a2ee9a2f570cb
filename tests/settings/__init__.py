"""What starts mus, and what keeps it from starting."""
