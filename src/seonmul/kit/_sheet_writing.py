"""Write xlsx files of any length in flat memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from rustpy_xlsxwriter import FastExcel, Format

_MOST_CELL_CHARACTERS = 32_767
_TEXT = "@"


def write_xlsx(
    target: str | os.PathLike[str] | BinaryIO,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    text_columns: Iterable[int] = (),
    title: str = "Sheet1",
    second: tuple[str, Sequence[str]] | None = None,
) -> None:
    """Write rows under a bold header row into one sheet, drawing them one by one from ``rows``.

    Text goes into text cells whatever it begins with, so nothing becomes a formula. Columns named in
    ``text_columns`` (index from 0: phone numbers, codes) are text cells with the text format, so that Excel
    keeps leading zeros when people type into them. Numbers, dates and None (blank) stay what they are
    elsewhere. A title that occurs twice gets a number behind it. ``second``: a sheet behind it, with its title and
    sentences, one a row.
    """
    titles = _told_apart(header)
    as_text = frozenset(text_columns)
    formats = [Format().set_num_format(_TEXT) if n in as_text else Format() for n in range(len(titles))]
    name = os.fspath(target) if isinstance(target, (str, os.PathLike)) else target
    book = FastExcel(name, output_format="xlsx")
    records, bold = _records(titles, rows, as_text), Format().set_bold()
    book.sheet(title, records, column_formats=formats, header_format=bold)
    if second:
        heading, sentences = second
        book.sheet(
            heading, ({heading: one} for one in sentences), column_formats=[Format()], header_format=bold
        )
    book.save()


def _told_apart(header: Sequence[str]) -> list[str]:
    titles: list[str] = []
    for title in header:
        shown, again = title, 1
        while shown in titles:
            again += 1
            shown = f"{title} ({again})"
        titles.append(shown)
    return titles


def _records(
    titles: list[str], rows: Iterable[Sequence[object]], as_text: frozenset[int]
) -> Iterator[dict[str, object]]:
    for row in rows:
        record = {
            title: value[:_MOST_CELL_CHARACTERS] if isinstance(value, str) else value
            for title, value in zip(titles, row, strict=True)
        }
        for n in as_text:
            if (value := row[n]) is not None:
                record[titles[n]] = str(value)[:_MOST_CELL_CHARACTERS]
        yield record


def lock_xlsx(book: BinaryIO, target: BinaryIO, password: str) -> None:
    """Write a workbook locked with a password, as Excel does it (agile encryption, AES-256): it asks when it opens it."""
    from msoffcrypto.format.ooxml import OOXMLFile  # rarely needed, and slow to import

    OOXMLFile(book).encrypt(password, target)
