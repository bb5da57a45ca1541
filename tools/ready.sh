# Sourced by ./run and ./test: the ground they stand on. Needs $top. Prints little, and errors in full.

say() { printf '%s\n' "$*" >&2; }

# Packages of the system: install them where that is allowed, otherwise name them and stop.
# have_packages CHECK PACKAGE...: CHECK is a command that succeeds once they are there.
have_packages() {
    check=$1
    shift
    $check && return 0
    root=
    if [ "$(id -u)" -ne 0 ]; then
        root="sudo -n"
        $root true 2>/dev/null || root=none
    fi
    if [ "$root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
        say "시스템 패키지가 필요합니다 / these system packages are missing: $*"
        say "관리자에게 설치를 부탁해 주세요 / install them and start again: sudo apt-get install $*"
        return 1
    fi
    say "시스템 패키지를 설치합니다 / installing: $*"
    log=$(mktemp)
    if ! { $root apt-get update && $root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null || ! $check; then
        cat "$log" >&2
        rm -f "$log"
        say "설치하지 못했습니다 / could not be installed: $*"
        return 1
    fi
    rm -f "$log"
}

# The first Python 3.11 that can make virtual environments, in $python.
find_python() {
    python=
    folders=$PATH:/usr/bin:/usr/local/bin
    IFS=:
    for folder in $folders; do
        for name in python3.11 python3; do
            if [ -x "$folder/$name" ] && "$folder/$name" -c \
                'import sys, venv, ensurepip; sys.exit(not ensurepip.version() or sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then
                python=$folder/$name
                unset IFS
                return 0
            fi
        done
    done
    unset IFS
    return 1
}

# One virtual environment at a time; an older one whose Python has gone is made anew.
make_venv() {
    venv=$top/.venv
    "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && return 0
    have_packages find_python python3.11 python3.11-venv || return 1
    say "가상 환경을 만듭니다 / making .venv with $python"
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

# install_lock NAME: what requirements/NAME.lock pins, unless exactly that is installed already.
install_lock() {
    lock=$top/requirements/$1.lock
    marker=$venv/$1.lock.sha256
    sum=$(sha256sum <"$lock")
    [ -f "$marker" ] && [ "$(cat "$marker")" = "$sum" ] && return 0
    say "패키지를 설치합니다(1분쯤) / installing requirements/$1.lock, about a minute"
    log=$(mktemp)
    if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --no-deps -r "$lock" >"$log" 2>&1; then
        grep -v '^WARNING: Location' "$log" >&2
        rm -f "$log"
        say "패키지를 설치하지 못했습니다 / could not install requirements/$1.lock"
        return 1
    fi
    rm -f "$log"
    printf '%s\n' "$sum" >"$marker"
}

# The project itself is not built, so that nothing unpinned is fetched: a path and a command.
link_project() {
    for packages in "$venv"/lib/python3.*/site-packages; do
        printf '%s\n' "$top/src" >"$packages/seonmul.pth"
    done
    cat >"$venv/bin/seonmul" <<'COMMAND'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -P -m seonmul.cli.main "$@"
COMMAND
    chmod 755 "$venv/bin/seonmul"
}

# make_ready LOCK...: all of it; two at the same time wait for each other.
make_ready() {
    {
        flock 9
        make_venv || return 1
        for one in "$@"; do install_lock "$one" || return 1; done
        link_project
    } 9<"$top"
}
