"""Tags as popular taggers write them, each after the mapping in its own documentation."""
