"""Write an answer, which is one structure of dicts, lists and scalars, as JSON or XML."""
