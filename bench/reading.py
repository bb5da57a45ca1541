"""Reading and checking 100,000 rows, against the bare reader on the same file. Wanted: at most 3 times."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from bench.figure import Figure, median, seconds
from seonmul.kit import sheets
from seonmul.orders import lists

ROWS = 100_000
MOST = 3.0


def measure(folder: Path, runs: int) -> Figure:
    """Alternate bare and ours, after one warm-up of each."""
    file = book(folder / "rows.xlsx", ROWS)

    def bare() -> None:
        for _ in CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).iter_rows():
            pass

    def ours() -> None:
        sheet = sheets.read(file, file.name)
        seen: set[str] = set()
        doubles = 0
        for row in lists.check(lists.raw_rows(sheet, lists.columns_of(sheet))):
            doubles += row.cells.phone in seen
            seen.add(row.cells.phone)
        assert len(seen) == ROWS and doubles == 0

    bare()
    ours()
    pairs = [(seconds(bare), seconds(ours)) for _ in range(runs)]
    limits, times = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ratio = round(median(times) / median(limits), 2)
    return Figure(
        "reading and checking 100,000 rows", "s", median(times), median(limits), "bare reader", ratio,
        f"≤ {MOST:g}", ratio <= MOST, times, limits,
    )  # fmt: skip


_GIVEN = "김이박최정강조윤장임서연도하은지호유진우"


def book(path: Path, rows: int) -> Path:
    """A workbook like the template: a header, numbers in A, addresses in B, names in C; every cell differs."""
    made = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["휴대폰", "이메일", "이름"])
    for number in range(rows):
        sheet.write_string(number + 1, 0, f"010{2000 + number // 1000:04d}{5000 + number % 1000:04d}")
        sheet.write_string(number + 1, 1, f"staff{number}@firm.example")
        sheet.write_string(
            number + 1, 2, f"{_GIVEN[number % 20]}{_GIVEN[number // 20 % 20]}{_GIVEN[number // 400 % 20]}"
        )
    made.close()
    return path
