"""Money from outside and back."""
