"""Who did what, when, to which row. Rows are only ever added; the database refuses the rest.

Refuses to know what the acts mean. No personal data: ids, codes and counts only.
Nouns: act.
"""
