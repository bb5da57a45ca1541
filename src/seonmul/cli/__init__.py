"""Commands for people and for tests: up, send, prove, doctor, demo. Calls the same actions as the pages."""
