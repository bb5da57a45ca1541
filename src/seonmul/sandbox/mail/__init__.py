"""A mail server and everybody's mailbox: SMTP at a port of its own, an inbox for people under /mail.

What an address begins with decides what becomes of a mail to it (fates.py). What it took is on disk before it answers.
Nouns: mail, fate, bounce (a mail that comes back later).
"""
