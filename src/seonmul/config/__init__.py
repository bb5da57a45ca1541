"""The only place that knows everything: settings, addresses, server and worker entry.

Adapters are loaded by the names given here; nothing imports this package.
"""
