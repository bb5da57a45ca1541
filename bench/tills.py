"""Redeeming over HTTP with 1, 8 and 32 tills, beside a bare view with one UPDATE on the same server. V3

Ours has all in: key, throttle, the shop's own number, lock, rule, the change written down. Wanted: 99 of 100 answers within
50 ms with 8 tills. Each till keeps its connection and asks again as soon as it has its answer. What it asks is written before
the clock starts, and an answer is read from the bare socket: the tills share the cores with what they measure.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from uuid import UUID

from django.db import connection

from bench.figure import Figure, median
from seonmul.catalog.models import Product, ProductKind, Supplier
from seonmul.cli import roles
from seonmul.kit import clock, ids
from seonmul.vouchers import actions, queries, rules
from seonmul.vouchers.models import Voucher
from tests.journeys.platform import free_port, until

TILLS = (1, 8, 32)
MOST_MS = 50.0
REDEEMS = 2_000
VOUCHERS = 64
_STAFF = UUID(int=0)
#: One request of a till: its path, headers and body.
Ask = Callable[[int, int], tuple[str, dict[str, str], str]]


def measure(runs: int) -> list[Figure]:
    """A rate for each number of tills, and how long the slowest in a hundred took with 8."""
    at = clock.now()
    product = Product.objects.filter(kind=ProductKind.AMOUNT, supplier=Supplier.OWN).first()
    assert product is not None, "the demo has an amount voucher of our own issue"
    shop = actions.open_shop(product.brand_id, f"벤치 {ids.public_id()}", by=_STAFF, at=at)
    key = actions.make_shop_key(shop.id, "bench", by=_STAFF, at=at)
    until_ = rules.valid_until(at, 90)
    issued = actions.issue(product.id, VOUCHERS, rest_won=100_000_000, valid_until=until_, at=at)
    codes = [queries.code_of(one) for one in Voucher.objects.filter(id__in=issued)]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_till")  # of a run that was killed
        cursor.execute("CREATE TABLE bench_till (LIKE vouchers_voucher INCLUDING ALL)")
        cursor.execute("INSERT INTO bench_till SELECT * FROM vouchers_voucher WHERE id = ANY(%s)", [issued])
    day = clock.seoul_date(at).isoformat()

    def ours(till: int, number: int) -> tuple[str, dict[str, str], str]:
        body = {
            "code": codes[number % VOUCHERS], "terminal": f"T{till}", "business_day": day,
            "number": ids.public_id(), "amount_won": 1,
        }  # fmt: skip
        return "/pos/v1/redemptions", {"Authorization": f"Bearer {key}"}, json.dumps(body)

    def bare(till: int, number: int) -> tuple[str, dict[str, str], str]:
        return "/take", {}, json.dumps({"id": str(issued[number % VOUCHERS])})

    with Server("seonmul.config.wsgi:application") as site, Server("bench.bare:application") as least:
        found = [_figures(tills, runs, (site, ours), (least, bare)) for tills in TILLS]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_till")
    return [figure for pair in found for figure in pair]


def _figures(tills: int, runs: int, site: tuple[int, Ask], least: tuple[int, Ask]) -> list[Figure]:
    _run(*least, tills), _run(*site, tills)  # warm
    pairs = [(_run(*least, tills), _run(*site, tills)) for _ in range(runs)]
    limits, times = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    rates, bare_rates = [one[0] for one in times], [one[0] for one in limits]
    made = [
        Figure(
            f"redeeming with {tills} tills", "redeems/s", median(rates), median(bare_rates),
            "a bare view with one UPDATE", round(median(rates) / median(bare_rates), 2), "-", True, rates, bare_rates,
        )
    ]  # fmt: skip
    slow, bare_slow = [one[1] for one in times], [one[1] for one in limits]
    is_asked = tills == 8
    made.append(
        Figure(
            f"slowest of a hundred redeems with {tills} tills",
            "ms",
            median(slow),
            median(bare_slow),
            "a bare view with one UPDATE",
            round(median(slow) / median(bare_slow), 2),
            f"≤ {MOST_MS:g} ms" if is_asked else "-",
            not is_asked or median(slow) <= MOST_MS,
            slow,
            bare_slow,
        )
    )
    return made


def _written(path: str, headers: dict[str, str], body: str) -> bytes:
    """A request as it goes over the wire."""
    lines = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    } | headers
    head = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def _answer(line: socket.socket) -> bytes:
    """One answer, read as far as it says that it goes: of a length, or in chunks."""
    said = _more(line)
    while b"\r\n\r\n" not in said:
        said += _more(line)
    head, _, body = said.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
    while (len(body) < int(length)) if length else not body.endswith(b"0\r\n\r\n"):
        body += _more(line)
    return head + body


def _more(line: socket.socket) -> bytes:
    if not (came := line.recv(65_536)):
        raise ConnectionError("the server ended the connection")
    return came


def _run(port: int, ask: Ask, tills: int) -> tuple[float, float]:
    """(answers a second, milliseconds within which 99 of 100 came) of `REDEEMS` requests."""
    took: list[float] = []
    asked = [[_written(*ask(which, n)) for n in range(which, REDEEMS, tills)] for which in range(tills)]

    def till(which: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            for request in asked[which]:
                began = time.perf_counter()
                line.sendall(request)
                said = _answer(line)
                took.append(time.perf_counter() - began)
                assert said.startswith(b"HTTP/1.1 200"), said

    threads = [threading.Thread(target=till, args=[which]) for which in range(tills)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took) == REDEEMS
    rate = REDEEMS / (time.perf_counter() - began)
    return round(rate, 1), round(statistics.quantiles(took, n=100)[98] * 1_000, 2)


class Server:
    """The web server as production starts it, a process for each core, with another application and port."""

    def __init__(self, application: str) -> None:
        self.port = free_port()
        command = list(roles.web().command)
        command[-1] = application
        command[command.index("--port") + 1] = str(self.port)
        command[command.index("--workers") + 1] = str(os.cpu_count() or 1)
        self._process = subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": "src:."}, start_new_session=True
        )

    def __enter__(self) -> int:
        try:
            until(self._answers, seconds=60, what="the web server")
        except BaseException:
            self.__exit__()
            raise
        return self.port

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)

    def _answers(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/")
            return line.getresponse().status > 0
        except OSError:
            return False
