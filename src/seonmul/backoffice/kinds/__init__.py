"""One file for each kind of thing that waits for staff."""
