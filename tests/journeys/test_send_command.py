"""`seonmul send`: a real order from the command line, by its contract (exit status and one line of JSON)."""

from __future__ import annotations

import pytest

from tests.journeys.platform import Platform, delivered_numbers, sheet

pytestmark = pytest.mark.journey

KEYS = {
    "order", "people", "copies", "amount_won", "delivered", "failed", "pending", "results", "faults", "refusal",
}  # fmt: skip


def test_everybody_gets_one_and_the_books_are_clean(platform: Platform, tmp_path):
    status, said = platform.send(sheet(tmp_path / "staff.csv", delivered_numbers(30)), "--wait")
    assert (status, set(said)) == (0, KEYS)
    assert (said["people"], said["copies"], said["delivered"], said["failed"], said["pending"]) == (
        30,
        30,
        30,
        0,
        0,
    )
    assert said["results"] == {"delivered": 30} and said["faults"] == [] and said["refusal"] is None
    assert said["amount_won"] > 0 and platform.prove()["ok"]


def test_some_that_fail_are_counted_by_result(platform: Platform, tmp_path):
    numbers = ["01020005000", "01020003043", "01020013043", "01020003054"]
    status, said = platform.send(sheet(tmp_path / "a.csv", numbers), "--wait")
    assert status == 3
    assert said["results"] == {"delivered": 1, "power_off": 2, "spam": 1} and said["failed"] == 3


def test_rows_at_fault_stop_the_order_until_their_number_is_named(platform: Platform, tmp_path):
    file = sheet(tmp_path / "a.csv", ["01020005000", "010-2O88-1450", "02-345-6789"])
    status, said = platform.send(file, "--wait")
    assert (status, said["refusal"]["code"], said["order"]) == (2, "order_has_faults", None)
    assert [(fault["row"], fault["value"], fault["code"]) for fault in said["faults"]] == [
        (3, "010-2O88-1450", "phone_letter_for_digit"), (4, "02-345-6789", "phone_landline"),
    ]  # fmt: skip
    assert all(fault["text"] for fault in said["faults"])
    status, said = platform.send(file, "--leave-out", "2", "--wait")
    assert (status, said["delivered"], len(said["faults"])) == (0, 1, 2)


def test_a_dry_run_orders_nothing(platform: Platform, tmp_path):
    before = platform.sql("SELECT count(*) FROM orders_order")
    status, said = platform.send(sheet(tmp_path / "a.csv", delivered_numbers(3)), "--dry-run")
    assert (status, set(said), said["order"], said["copies"]) == (0, KEYS, None, 3)
    assert platform.sql("SELECT count(*) FROM orders_order") == before
    assert platform.sql(
        "SELECT count(*) FROM orders_draft WHERE file_name = %s", str(tmp_path / "a.csv")
    ) == [(0,)]


@pytest.mark.parametrize(
    ("more", "login", "code"),
    [
        (["--product", "NO-SUCH"], "hanbit", "product_not_on_list"),
        (["--sender", "16440000"], "hanbit", "sender_not_approved"),
        ([], "nobody", "login_unknown"),
        ([], "hanbit-approver", "order_not_a_buyer"),
        (["--text", "축하해요 😀"], "hanbit", "text_cannot_carry"),
        ([], "minsu", "sender_missing"),
    ],
)
def test_a_refused_order_says_why_and_exits_2(platform: Platform, tmp_path, more, login, code):
    status, said = platform.send(sheet(tmp_path / "a.csv", ["01020005000"]), *more, login=login)
    assert (status, said["refusal"]["code"], said["order"]) == (2, code, None) and said["refusal"]["text"]


def test_too_little_money_is_refused_also_in_a_dry_run(platform: Platform, tmp_path):
    file = sheet(tmp_path / "a.csv", delivered_numbers(60_000))
    for more in (["--dry-run"], []):
        status, said = platform.send(file, *more)
        assert (status, said["refusal"]["code"]) == (2, "balance_not_enough")


def test_files_that_are_no_sheets_are_refused(platform: Platform, tmp_path):
    (tmp_path / "cat.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n")
    for file, code in [
        (tmp_path / "cat.xlsx", "sheet_not_a_sheet"),
        (tmp_path / "none.xlsx", "file_unreadable"),
    ]:
        status, said = platform.send(file)
        assert (status, said["refusal"]["code"]) == (2, code)


def test_the_name_column_may_be_named_and_the_phone_gets_the_text(platform: Platform, tmp_path):
    (tmp_path / "a.csv").write_text("01020007777,부산,박하은\n", encoding="utf-8")
    status, _ = platform.send(tmp_path / "a.csv", "--name-column", "C", "--text", "#{이름} 님께", "--wait")
    assert status == 0
    text = platform.inside("messages?to=01020007777")[0]["text"]
    assert text.startswith("박하은 님께") and f"{platform.web}/g/" in text
