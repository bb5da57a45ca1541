"""Every text we write ourselves: hears news, owns the wording, queues letters at dispatch.

Refuses to decide anything. Nouns: notice.
"""
