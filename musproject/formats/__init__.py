"""How dates look where Django writes them, the administration above all."""
