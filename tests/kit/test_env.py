"""The environment: every mistake at once, in words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seonmul.kit.env import BadEnvironment, Environment
from tests.house.source import ROOT


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Environment:
    for name in list(os.environ):
        if name.startswith("LOAN_"):
            monkeypatch.delenv(name)
    return Environment()


def test_defaults_and_given_values(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOAN_PORT", "8001")
    monkeypatch.setenv("LOAN_DEBUG", "1")
    monkeypatch.setenv("LOAN_HOSTS", " a.example, ,b.example ")
    monkeypatch.setenv("LOAN_NAME", "선물 #$HOME")
    assert env.number("LOAN_PORT", "port", 8000) == 8001
    assert env.number("LOAN_OTHER_PORT", "port", 8000) == 8000
    assert env.flag("LOAN_DEBUG", "debug", False) is True
    assert env.flag("LOAN_QUIET", "quiet", False) is False
    assert env.items("LOAN_HOSTS", "hosts") == ["a.example", "b.example"]
    assert env.items("LOAN_NO_HOSTS", "hosts") == []
    assert env.text("LOAN_NAME", "name", "x") == "선물 #$HOME"
    assert env.secret("LOAN_SECRET", "secret", "of the demo") == "of the demo"
    env.check()


def test_all_mistakes_are_told_at_once(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOAN_PORT", "eighty")
    monkeypatch.setenv("LOAN_DEBUG", "perhaps")
    monkeypatch.setenv("LOAN_KEY_FILE", "/no/such/file")
    env.number("LOAN_PORT", "port", 8000)
    env.flag("LOAN_DEBUG", "debug", False)
    env.secret("LOAN_SECRET", "signs links", None)
    env.secret("LOAN_KEY", "opens boxes", None)
    env.text("LOAN_URL", "where we are")
    with pytest.raises(BadEnvironment) as bad:
        env.check()
    assert str(bad.value).splitlines() == [
        "The environment is not usable:",
        "  - LOAN_PORT must be a whole number",
        "  - LOAN_DEBUG must be 1 or 0",
        "  - LOAN_SECRET is missing: signs links",
        "  - LOAN_KEY_FILE names a file that cannot be read",
        "  - LOAN_KEY is missing: opens boxes",
        "  - LOAN_URL is missing: where we are",
        "See .env.example.",
    ]
    assert isinstance(bad.value, SystemExit), "a clear sentence, no traceback"


@pytest.mark.parametrize("given", ["", "   "])
def test_an_empty_secret_is_a_missing_one(
    env: Environment, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """`SECRET_KEY=` as the example file has it must not count as a key."""
    monkeypatch.setenv("LOAN_SECRET", given)
    env.secret("LOAN_SECRET", "signs links", None)
    with pytest.raises(BadEnvironment, match="LOAN_SECRET is missing"):
        env.check()


def test_an_empty_number_or_flag_is_its_default(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOAN_PORT", "")
    monkeypatch.setenv("LOAN_DEBUG", "")
    assert env.number("LOAN_PORT", "port", 8000) == 8000
    assert env.flag("LOAN_DEBUG", "debug", True) is True
    env.check()


def test_a_secret_may_be_mounted_as_a_file(
    env: Environment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("LOAN_SECRET_FILE", str(tmp_path / "secret"))
    assert env.secret("LOAN_SECRET", "signs links", None) == "from the file"
    monkeypatch.setenv("LOAN_SECRET", "given")
    assert env.secret("LOAN_SECRET", "signs links", None) == "given", "the value itself comes first"
    env.check()


def test_the_example_names_every_variable_and_no_secret(env: Environment) -> None:
    env.text("LOAN_URL", "where we are", "http://127.0.0.1")
    env.secret("LOAN_SECRET", "signs links", "generated")
    env.flag("LOAN_DEBUG", "debug pages", False)
    assert env.example() == (
        "# where we are\n# LOAN_URL=http://127.0.0.1\n\n"
        "# signs links\nLOAN_SECRET=\n\n"
        "# debug pages\n# LOAN_DEBUG=0\n"
    )


def test_outside_the_demo_the_platform_does_not_start_without_secrets() -> None:
    """X1: no secret has a working default."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", "import seonmul.config.settings"],
        env=clean | {"PYTHONPATH": str(ROOT / "src"), "DATABASE_URL": "postgresql://nobody@127.0.0.1/none"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "INDEX_KEY", "SOLAPI_API_SECRET", "WEBHOOK_SECRET"):
        assert f"{name} is missing" in done.stderr
