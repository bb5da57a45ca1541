"""Inquiries: what members ask, what staff answer, and the matter that is decided beside it. H3

Refuses to know how a notice is worded and how a page looks. Nouns: inquiry, word, attachment.
"""
