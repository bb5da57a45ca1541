"""The staff's console: one queue of all that waits, members and companies, catalogue, settings, staff, audit log. B

Decides nothing itself: every decision is an action of the app it belongs to, by whoever works here.
Nouns: kind (of what waits), matter (one opened), desk (the queue as one person sees it), power (what a role may).
"""
