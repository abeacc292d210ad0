#!/usr/bin/env bash
# Usage: scripts/install-deps.sh build|test|bench
#
# Installs what building, testing or benchmarking Holdfast needs on Debian or Ubuntu; a Swift toolchain is expected.
# Does nothing, and needs no network, when all of it is there. The only place that names system packages.
set -euo pipefail
cd "$(dirname "$0")/.."

build=(libzstd-dev libssl-dev libsqlite3-dev libarchive-dev libfuse3-dev libpq-dev pkg-config make git)
# The demo and the tests make file systems, access lists and attributes, compare with the system's own tools, and keep catalogs in
# a PostgreSQL of their own.
test=(acl attr e2fsprogs curl fuse3 jq mount openssl postgresql procps python3 python3-venv)
bench=(restic borgbackup time wrk)

case "${1:-}" in
build) wanted=("${build[@]}") ;;
test) wanted=("${build[@]}" "${test[@]}") ;;
bench) wanted=("${build[@]}" "${test[@]}" "${bench[@]}") ;;
*)
    sed -n '2,5p' "$0" >&2
    exit 2
    ;;
esac

if ! command -v swift >/dev/null; then
    echo "install-deps: no swift on PATH: install a Swift 6.2 or later toolchain first (https://swift.org/install)" >&2
    exit 1
fi

missing=()
for package in "${wanted[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
done

if ((${#missing[@]} > 0)); then
    echo "install-deps: installing ${missing[*]}"
    as_root=()
    if ((EUID != 0)); then as_root=(sudo); fi
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 update -qq
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if [[ $1 != build ]]; then
    requirements=Tests/EndToEnd/requirements.txt
    stamp=.venv/installed-requirements
    if ! cmp -s "$requirements" "$stamp"; then
        echo "install-deps: making .venv with the clients that the end-to-end tests drive"
        rm -rf .venv
        python3 -m venv .venv
        .venv/bin/pip install --quiet --disable-pip-version-check -r "$requirements"
        cp "$requirements" "$stamp"
    fi
fi
