"""`seonmul worker`: runs jobs until it is told to stop; a job that runs then is finished first."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from django.conf import settings
from procrastinate import App
from procrastinate.contrib.django import app

if TYPE_CHECKING:
    from procrastinate.contrib.django.django_connector import DjangoConnector

_POLL_SECONDS = 1.0  # retries and jobs for later start at a poll


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: WORKER_CONCURRENCY and SECONDS_STALLED say it."""


def run(args: argparse.Namespace) -> int:
    """Run jobs."""
    asyncio.run(_work())
    return 0


async def _work() -> None:
    async with _app_of_worker().open_async() as worker_app:
        await worker_app.run_worker_async(
            concurrency=settings.WORKER_CONCURRENCY,
            fetch_job_polling_interval=_POLL_SECONDS,
            update_heartbeat_interval=max(1.0, settings.SECONDS_STALLED / 3),
            stalled_worker_timeout=settings.SECONDS_STALLED,
        )


def _app_of_worker() -> App:
    """Return an app with a connector of its own for fetching; tasks keep the site's app.

    The queue's own command swaps the connector of the site's app, and a job queued by a running task would then
    be inserted outside of that task's transaction.
    """
    connector: DjangoConnector = app.connector  # type: ignore[assignment]
    apart = App(
        connector=connector.get_worker_connector(),
        import_paths=app.import_paths,
        worker_defaults=app.worker_defaults,
    )
    apart.tasks, apart.periodic_registry = app.tasks, app.periodic_registry
    return apart
