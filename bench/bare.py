"""What a redeem could cost at least: a view with one UPDATE on the same server. Only for `bench.tills`."""

from __future__ import annotations

import json
import os

import django
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def take(request: HttpRequest) -> HttpResponse:
    """Take one won of a voucher by its id, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bench_till SET rest_won = rest_won - 1 WHERE id = %s", [json.loads(request.body)["id"]]
        )
    return HttpResponse("{}", content_type="application/json")


def _bare() -> WSGIHandler:
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seonmul.config.settings")
    django.setup()
    settings.ROOT_URLCONF, settings.MIDDLEWARE = "bench.bare", []
    return WSGIHandler()


urlpatterns = [path("take", take)]
application = _bare()
