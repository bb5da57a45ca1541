"""The address book: a buyer's people with labels and anniversaries, and drafts prepared for these. O12

Knows orders, into whose drafts it puts people. Refuses to know how a reminder is worded and how a page looks.
Nouns: person, label (tag or group), occasion, reminder.
"""
