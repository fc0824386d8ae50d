# Sourced by the other commands: finds Python, gets uv, installs what the lock file says.
# Nothing is assumed but Debian and Python 3.11; every failure says what to do.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
uv_version="$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' "$root/bin/lib/uv.txt")"
export PYTHONPATH="$root/src${PYTHONPATH:+:$PYTHONPATH}"
# Where modules may not be kept compiled, each process that starts compiles all of them again.
unset PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$root/.venv"
# Machines behind a proxy trust what their system trusts, not only what the tools bring.
if [ -r /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
    export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}"
fi
python="$root/.venv/bin/python"

say() { printf '  %s\n' "$*"; }
fail() { printf 'doorstep: %s\n' "$*" >&2; exit 1; }

# Where tools and caches go: the usual cache, or the checkout for a user without a home.
find_cache() {
    cache="${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/doorstep"
    if ! mkdir -p "$cache" 2>/dev/null || [ ! -w "$cache" ]; then
        cache="$root/.tools"
        mkdir -p "$cache" 2>/dev/null || fail "$root cannot be written: clone it as the user who runs it."
        export UV_CACHE_DIR="$cache/uv-cache" npm_config_cache="$cache/npm-cache" HOME="$cache"
    fi
}

find_python() {
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3 /usr/bin/python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            system_python="$("$candidate" -c 'import sys; print(sys.executable)')"
            return
        fi
    done
    fail "Python 3.11 or later is needed: apt-get install python3"
}

# Runs as root, through sudo when that asks nothing; fails where neither is there.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

apt_install() {
    command -v apt-get >/dev/null || return 1
    can_be_root || return 1
    say "installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -qq update >/dev/null || return 1
    as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
        apt-get -qq install -y --no-install-recommends "$@" >/dev/null || return 1
}

find_uv() {
    uv="$cache/uv-$uv_version/bin/uv"
    if [ -x "$uv" ]; then return; fi
    if command -v uv >/dev/null && [ "$(uv --version | cut -d' ' -f2)" = "$uv_version" ]; then
        uv="$(command -v uv)"
        return
    fi
    find_python
    say "installing uv $uv_version"
    local making="$cache/uv-$uv_version.$$"
    trap 'rm -rf "$making"' EXIT
    make_venv "$making"
    "$making/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --only-binary :all: -r "$root/bin/lib/uv.txt" ||
        fail "uv could not be installed: is there a way to the package index (proxy, certificates)?"
    "$making/bin/uv" --version >/dev/null || fail "uv does not run on this machine."
    # Another start may have won the race; either of the two will do.
    mv -T "$making" "$cache/uv-$uv_version" 2>/dev/null || true
    trap - EXIT
    rm -rf "$making"
}

# Bare Debian has Python without ensurepip; its venv package brings it.
make_venv() {
    "$system_python" -m venv "$1" >/dev/null 2>&1 && return
    rm -rf "$1"
    if apt_install python3-venv ca-certificates; then
        find_python
        "$system_python" -m venv "$1" >/dev/null 2>&1 && return
        rm -rf "$1"
    fi
    if "$system_python" -m pip --version >/dev/null 2>&1; then
        "$system_python" -m venv --without-pip "$1"
        "$system_python" -m pip --python "$1/bin/python" install --quiet pip && return
    fi
    fail "Python's venv is missing. As root: apt-get install python3-venv ca-certificates   Then run this again."
}

# Installs the locked packages with these options; packages of other groups stay.
sync() {
    [ -x "$python" ] || say "installing packages (a minute, once)"
    find_python
    find_uv
    "$uv" sync --quiet --locked --inexact --python "$system_python" --project "$root" "$@" ||
        fail "The packages could not be installed; the lines above say why."
}

# Builds the pages' scripts when their sources changed; Node comes as a package, only then.
build_assets() {
    if ! "$python" "$root/frontend/build.py" --check; then
        say "building the pages' scripts"
        sync --no-dev --group assets
        "$python" "$root/frontend/build.py" || fail "The scripts could not be built; the lines above say why."
    fi
}

find_cache
