"""SOLAPI v4 under /solapi, as far as its documentation of 2022 and its SDKs tell (docs/providers/solapi.md).

A message's state is never written: it follows from the code decided at acceptance and from its group's times.
So sending and settling 100,000 messages is one row's work.
Nouns: group, message, code (the vendor's statusCode), report (what it posts to the product's webhook).
"""
