"""REST for companies and for shops. Not built yet."""
