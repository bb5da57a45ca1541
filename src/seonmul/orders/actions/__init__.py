"""What is done with drafts and orders, one private file a topic. O1, O2, O6

Each verb is one transaction; parsing a sheet happens before it begins.
"""

from seonmul.orders.actions._drafts import begin, discard, save
from seonmul.orders.actions._lists import (
    Imported,
    add_one,
    add_rows,
    drop_rows,
    import_sheet,
    import_text,
    mend_row,
    one_each,
)
from seonmul.orders.actions._looking import recompute_tiers, see_numbers
from seonmul.orders.actions._paying import pay
from seonmul.orders.actions._placing import begin_sending, finish, place

__all__ = [
    "Imported",
    "add_one",
    "add_rows",
    "begin",
    "begin_sending",
    "discard",
    "drop_rows",
    "finish",
    "import_sheet",
    "import_text",
    "mend_row",
    "one_each",
    "pay",
    "place",
    "recompute_tiers",
    "see_numbers",
]
