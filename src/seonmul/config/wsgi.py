"""The web process's entry."""

import gc
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seonmul.config.settings")
django.setup()


# a thread that has its answer from the database waits this long for one that only works: Python's own 5 ms, several times in
# each answer, made the slowest of many tills slower by a tenth
sys.setswitchinterval(0.001)


def _handler(middleware: list[str]) -> WSGIHandler:
    """Django with this middleware; it reads the setting once, when it is made."""
    usual, settings.MIDDLEWARE = settings.MIDDLEWARE, middleware
    try:
        return WSGIHandler()
    finally:
        settings.MIDDLEWARE = usual


_people, _machines = _handler(settings.MIDDLEWARE), _handler(settings.MIDDLEWARE_OF_MACHINES)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site; tills and providers, who ask in large numbers, go by less of what only people need."""
    of_machines = environ["PATH_INFO"].startswith(settings.PATHS_OF_MACHINES)
    return (_machines if of_machines else _people)(environ, start_response)


# every view is loaded before the first request waits for it; what is loaded now stays, so the collector need not walk
# through it at every full round: that took 0.15 s in the middle of some page
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
