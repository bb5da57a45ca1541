"""NHN Cloud SMS v3.0, a carrier of text messages, one request a message. What is known of it: docs/providers/nhn.md."""
