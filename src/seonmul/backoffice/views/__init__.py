"""Pages of the console, one file a topic."""
