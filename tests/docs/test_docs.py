"""These pages say what is so: links lead somewhere, the rulebook is the code's, versions are the locked ones."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from tools import rulebook

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")

#: Written in parts, so that this file does not hold what it looks for.
_INDEXES = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb" + ".debian" + ".org",
]
#: Made on the spot, where git cannot say so.
_NOT_OURS = {".venv", ".seonmul", "build", "__pycache__"}
_MACHINES = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]


def tracked() -> list[Path]:
    """Every file that belongs to the project, also those that wait to be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):  # unpacked from an archive
        found = [path for path in ROOT.rglob("*") if not _NOT_OURS & set(path.relative_to(ROOT).parts)]
        return [path for path in found if path.is_file()]
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def broken(page: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    links = (unquote(link) for link in _LINK.findall(page.read_text("utf-8")))
    files = (link.partition("#")[0] for link in links if not re.match(r"[a-z]+:", link))
    return [file for file in files if file and not (page.parent / file).exists()]


def named(text: str) -> list[str]:
    """Hosts of package indexes, and folders of one machine, that a text names."""
    return [word for word in _INDEXES + _MACHINES if word in text.lower()]


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    assert broken(document) == []


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](page.md#top) [b](gone.md) [c](https://example.org) ![d](no%20picture.png)")
    assert broken(page) == ["gone.md", "no picture.png"]


def test_no_file_names_an_index_or_a_folder_of_one_machine() -> None:
    found = {}
    for path in tracked():
        try:
            words = named(path.read_text("utf-8"))
        except UnicodeDecodeError:
            continue  # a picture or a font
        if words:
            found[path.relative_to(ROOT).as_posix()] = words
    assert found == {}


def test_a_named_index_is_found() -> None:
    assert named("see https://" + _INDEXES[0] + "/simple and " + _MACHINES[0] + "x") == [
        _INDEXES[0],
        _MACHINES[0],
    ]
    assert named("the rest of the work/ and of root") == []


def test_the_rulebook_is_what_the_code_says() -> None:
    assert rulebook.BOOK.read_text("utf-8") == rulebook.book(), "run `python tools/rulebook.py`"


def test_the_rulebook_holds_every_kind_of_decision() -> None:
    """One of each kind, so that a reader that finds nothing is noticed. S5, M4"""
    book = rulebook.book()
    assert "| `why_not_resend(gift, may_buy, figures, at)` |" in book
    assert "| `gift_resent_enough` |" in book and "gifts/rules/_resending.py why_not_resend |" in book
    assert "| `row_copies` |" in book
    assert "| `resend_most` | 5 | 0 | 50 |" in book
    assert "| `SPEND_CODE_DIGITS` | `6` | members/rules/_spending.py | fixed, M4 |" in book
    assert (
        "| `paid` | 결제완료 | `sending`, `cancelled` |" in book
        and "| `waiting` | 승인 대기 | `paid`, `refused`, `cancelled` |" in book
    )
    assert "| `spam` | 스팸 차단 |" in book


def test_the_stack_is_the_locked_one() -> None:
    locks = "\n".join(path.read_text("utf-8") for path in (ROOT / "requirements").glob("*.lock"))
    record = (ROOT / "docs/decisions/0015-stack.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z][a-z0-9-]+) (\d[\d.]*) \|", record, re.MULTILINE)
    assert len(rows) > 15
    assert [
        row for row in rows if f"{row[0]}=={row[1]} " not in locks and f"{row[0]}=={row[1]}\n" not in locks
    ] == []


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text("utf-8")
    for record in sorted(folder.glob("[0-9]*.md")):
        number, title = record.read_text("utf-8").splitlines()[0].removeprefix("# ").split(". ", 1)
        assert f"| [{number}]({record.name}) | {title} |" in index
        assert record.name.startswith(number)
