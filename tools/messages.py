"""The English interface: collect Korean sentences, list what lacks English, compile.

python tools/messages.py             collect into locale/en (needs gettext), list what lacks English, compile
python tools/messages.py --missing   list only; Python only
python tools/messages.py --check     fail when English is missing, does not fit its Korean, or is not compiled

Korean is the source language: the sentence in the code is its own key. Marked are `_("...")` and gettext in Python,
`{% trans %}` and `{% blocktrans %}` in templates.
"""

from __future__ import annotations

import argparse
import ast
import gettext
import os
import re
import string
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "src" / "seonmul"
PO = HOUSE / "locale" / "en" / "LC_MESSAGES" / "django.po"

_MARKS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}
_CALL = re.compile(r"\b(?:_|n?gettext|n?pgettext)\(")
_PERCENT = re.compile(r"%(?:\((?P<name>[\w.]+)\))?[sd]")
#: Korean grammar (이/가) that English does not have.
_KOREAN_ONLY = {"%(particle)s"}


def wanted() -> dict[str, str]:
    """Every marked sentence of the code, and the first file that has it."""
    found: dict[str, str] = {}
    for file in sorted(HOUSE.rglob("*")):
        if file.suffix == ".py" and "migrations" not in file.parts:
            sentences = _of_python(file.read_text("utf-8"))
        elif file.suffix == ".html":
            sentences = _of_template(file.read_text("utf-8"))
        else:
            continue
        for sentence in sentences:
            found.setdefault(sentence, file.relative_to(ROOT).as_posix())
    return found


def _of_python(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            # pgettext says its context first
            sentence = node.args[1 if name.startswith("pgettext") and len(node.args) > 1 else 0]
            if name in _MARKS and isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
                yield sentence.value


def _of_template(source: str) -> Iterator[str]:
    from django.utils.translation.template import templatize

    code = templatize(source)
    for call in _CALL.finditer(code):
        yield from _of_python(_balanced(code[call.start() :]))


def _balanced(code: str) -> str:
    """The call at the start of `code`, up to its last bracket; the rest of a template is no Python."""
    depth = 0
    lines = code.splitlines(keepends=True)
    for token in tokenize.generate_tokens(StringIO(code).readline):
        depth += {"(": 1, ")": -1}.get(token.string, 0)
        if token.string == ")" and not depth:
            row, column = token.end
            return "".join(lines[: row - 1]) + lines[row - 1][:column]
    raise ValueError("a call without an end")


def english(text: str) -> dict[str, tuple[str, ...]]:
    """Read a catalogue: sentence -> its translations (two where there is a plural). What is fuzzy does not count."""
    found = {}
    for block in re.split(r"\n{2,}", text):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        parts: dict[str, str] = {}
        keyword = ""
        for line in lines:
            if not line.startswith('"'):
                keyword, _, line = line.partition(" ")
            parts[keyword] = parts.get(keyword, "") + ast.literal_eval(line)
        is_fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines())
        if parts.get("msgid") and not is_fuzzy:
            found[parts["msgid"]] = tuple(value for name, value in parts.items() if name.startswith("msgstr"))
    return found


def missing() -> list[str]:
    """Marked sentences that have no English, with their file."""
    known = english(PO.read_text("utf-8"))
    return [f"{file}: {one}" for one, file in wanted().items() if not all(known.get(one, ("",)))]


def misfits() -> list[str]:
    """Translations that lose or invent a place such as {most:,}, %(count)s or #{...}; places that cannot be filled."""
    wrong = [f"a dotted name is never filled in: {one}" for one in wanted() if re.search(r"%\(\w+\.", one)]
    for korean, translations in english(PO.read_text("utf-8")).items():
        here = places(korean) - _KOREAN_ONLY
        for one in filter(None, translations):
            # a singular may leave its number out
            if not places(one) <= here or (len(translations) == 1 and places(one) != here):
                wrong.append(f"{korean} -> {one}")
    return wrong


def places(text: str) -> set[str]:
    """What a sentence has filled in, as it is written there."""
    try:
        braces = {f"{{{name}:{spec}}}" for _, name, spec, _ in string.Formatter().parse(text) if name}
    except ValueError:  # not a format at all, such as a text with a single brace
        braces = set(re.findall(r"\{[^{}]*\}", text))
    return braces | {found[0] for found in _PERCENT.finditer(text)}


def stale() -> list[str]:
    """Sentences whose compiled English is not that of the catalogue."""
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    def now(korean: str, forms: int) -> tuple[str, ...]:
        if forms == 1:
            return (compiled.gettext(korean),)
        return tuple(compiled.ngettext(korean, korean, number) for number in range(1, forms + 1))

    known = english(PO.read_text("utf-8")).items()
    return [korean for korean, forms in known if all(forms) and forms != now(korean, len(forms))]


def _collect() -> None:
    """Bring the catalogue up to date with the code; dates are left out, so that nothing changes by itself."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("SEONMUL_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seonmul.config.settings")
    import django
    from django.core.management import call_command
    from django.core.management.commands import makemessages

    django.setup()
    # a guess from a similar sentence looks translated and is wrong
    makemessages.Command.msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    os.chdir(HOUSE)
    call_command("makemessages", locale=["en"], add_location="file", no_obsolete=True, verbosity=0)
    text = re.sub(r'^"P(OT-Creation|O-Revision)-Date:.*\n', "", PO.read_text("utf-8"), flags=re.MULTILINE)
    PO.write_text(text, "utf-8")


def _compile() -> None:
    subprocess.run(["msgfmt", "-o", str(PO.with_suffix(".mo")), str(PO)], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--missing", action="store_true", help="list what lacks English")
    parser.add_argument("--check", action="store_true", help="fail when something is wrong")
    args = parser.parse_args()
    if not args.missing and not args.check:
        _collect()
        _compile()
    troubles = {"no English": missing()}
    if not args.missing:
        troubles |= {"places differ": misfits(), "not compiled": stale()}
    for trouble, sentences in troubles.items():
        for sentence in sentences:
            print(f"{trouble}: {sentence}")
    print(f"{len(wanted()):,} sentences, {sum(map(len, troubles.values())):,} to do")
    return 1 if any(troubles.values()) and not args.missing else 0


if __name__ == "__main__":
    sys.exit(main())
