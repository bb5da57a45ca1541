"""The console of the staff. Not built yet; its decisions will call the same actions as everyone."""
