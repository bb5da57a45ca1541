"""`python -m bench`: measure, print JSON lines and a table, write docs/performance.md."""

from __future__ import annotations

import argparse
import json
import os
import platform as machine
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("SEONMUL_DEMO", "1")
os.environ.setdefault("SEONMUL_HOME", str(ROOT / "build" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seonmul.config.settings")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--order-runs", type=int, default=3)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument(
        "--messages", type=int, metavar="COUNT", help="only pictures and messages, so many; writes nothing"
    )
    parser.add_argument(
        "--history-of", type=int, metavar="COPIES", help="only the history, of so many copies; writes nothing"
    )
    parser.add_argument("--gift-page", action="store_true", help="only the gift page; writes nothing")
    arguments = parser.parse_args()
    import django

    django.setup()
    from bench import giftpage, history, issuing, ordering, paying, pictures, reading, sending, tills
    from bench.figure import Figure
    from seonmul.cli import prepare

    prepare.database()
    prepare.tables()
    prepare.demo_data()
    prepare.static_files()
    if arguments.gift_page:
        print(_table(giftpage.measure(arguments.runs)))
        return
    if arguments.history_of:
        print(_table(history.measure(arguments.pages, arguments.history_of)))
        return
    if arguments.messages:
        with tempfile.TemporaryDirectory() as folder:
            counts = dict.fromkeys(sending.COUNTS, arguments.messages)
            drawn = pictures.measure(arguments.runs, arguments.messages)
            print(_table([drawn, *sending.measure(Path(folder), arguments.runs, counts)]))
        return
    with tempfile.TemporaryDirectory() as folder:
        figures: list[Figure] = []
        memory = {}

        def told(*made: Figure) -> None:
            figures.extend(made)
            for figure in made:
                print(figure.line(), flush=True)

        told(reading.measure(Path(folder), arguments.runs), issuing.measure(arguments.runs))
        told(*paying.measure(arguments.runs))
        told(*history.measure(arguments.pages))
        told(*tills.measure(arguments.order_runs))
        told(*giftpage.measure(arguments.runs))
        told(pictures.measure(arguments.runs))
        told(*sending.measure(Path(folder), arguments.order_runs))
        for people in (10_000, 100_000):
            figure, memory[people] = ordering.measure(Path(folder), people, arguments.order_runs)
            told(figure)
    lines = [figure.line() for figure in figures]
    lines.append(json.dumps({"name": "peak memory in MB", "by_people": memory}))
    table = _table(figures) + "\n" + _memory(memory)
    print(table)
    _write(table, lines)


def _table(figures: list) -> str:
    head = "| figure | ours | limit | what the limit is | ratio | wanted | met |\n|---|---|---|---|---|---|---|\n"
    rows = [
        f"| {f.name} | {f.ours:g} {f.unit} | {f.limit:g} {f.unit} | {f.limit_is} | {f.ratio:g} | {f.wanted} | "
        f"{('yes' if f.is_met else 'no') if f.wanted != '-' else '-'} |"
        for f in figures
    ]
    return head + "\n".join(rows)


def _memory(memory: dict[int, dict[str, float]]) -> str:
    rows = []
    small, large = memory[10_000]["worker"], memory[100_000]["worker"]
    flat = abs(large / small - 1)
    rows.append(
        f"| worker's peak memory at 100,000 | {large:.0f} MB | {small:.0f} MB | at 10,000 | {large / small:.2f} | "
        f"< 300 MB, within 30 % | {'yes' if large < 300 and flat <= 0.3 else 'no'} |"
    )
    rows.append(
        f"| web's peak memory at 100,000 | {memory[100_000]['web']:.0f} MB | {memory[10_000]['web']:.0f} MB | "
        f"at 10,000 | {memory[100_000]['web'] / memory[10_000]['web']:.2f} | - | - |"
    )
    return "\n".join(rows)


def _write(table: str, lines: list[str]) -> None:
    from django.db import connection

    version = ".".join(map(str, divmod(connection.pg_version, 10_000)))  # type: ignore[attr-defined]
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        machine.processor(),
    )
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024 // 1024
    text = f"""# Performance

Written by `make bench` on {date.today()}: {os.cpu_count()} cores ({cpu}), {memory} GiB, Python {machine.python_version()},
PostgreSQL {version}, everything incl. the sandbox on this one machine. Medians; ours and its limit were measured in
turn within one run. A shared machine: treat differences under a third as noise.

{table}

An order is measured over HTTP, from the upload of an xlsx to the moment when the carrier has taken the last message:
upload, check, payment, issue, hand-over. Its limit is what the sandbox alone takes for the same messages.

Paying is what an order does to the books when it is paid (`ledger.hold`), by four threads, each transfer committed; the
bare transfer moves the same two balances and writes a transfer and two entries in one statement.

Pictures are vouchers as JPEGs of 640 x 900 pixels, drawn by a process on each core: code, digits and square of each; its limit
encodes the same finished pixels again and again. Messages are measured from queued to accepted, in one process without a queue.

The history is one company's: its own list of all copies and each filter, page after page from the first one on, and beside each page
one row read by its key; both are 99th percentiles of as many calls, in one process and one transaction.

The gift page is opened by a Chromium with a processor four times slower and nothing cached, on an ordinary mobile network (10 Mbit/s,
60 ms) and on a slow 4G (1.6 Mbit/s, 150 ms); the bare page is one answer of as many bytes as ours fetches until it is loaded.

Raw lines:

```json
{chr(10).join(lines)}
```
"""
    (ROOT / "docs" / "performance.md").write_text(text)


main()
