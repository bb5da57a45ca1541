"""Pages of members, one topic a file. Each finds its row among those the member sees and calls one action."""
