#!/usr/bin/env bash
# Usage: scripts/throwaway-postgres.sh until-eof
#        scripts/throwaway-postgres.sh make DIRECTORY
#        scripts/throwaway-postgres.sh serve DIRECTORY [SETTING=VALUE…]
#
# A PostgreSQL server for tests, in a directory of its own. `until-eof` makes one in a new directory, says `ready DIRECTORY`, and removes
# it all when its input ends: it goes with whoever started it, however that ended. `make` makes the files; `serve` is the server itself
# (kill it as you like, and start it again). It listens on DIRECTORY/.s.PGSQL.5432; the user is holdfast, and needs no password there.
# Its version is said on standard error. It compares text as people do, not by bytes, so that tests show that the catalog does not rely on that.
set -euo pipefail

# Version 15 is what is promised to be tested; without it, the newest there is.
programs=$(pg_config --bindir 2>/dev/null || true)
for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V) /usr/lib/postgresql/15/bin; do
    if [[ -x "$folder/initdb" ]]; then programs=$folder; fi
done
if [[ ! -x "$programs/initdb" ]]; then
    echo "throwaway-postgres: PostgreSQL's server is not installed; scripts/install-deps.sh test installs it" >&2
    exit 1
fi

# PostgreSQL refuses to run as root.
as_postgres=()
if ((EUID == 0)); then as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups --); fi

make() {
    echo "throwaway-postgres: $("$programs/postgres" --version)" >&2
    mkdir -p "$1"
    if ((EUID == 0)); then chown postgres:postgres "$1"; fi
    (cd "$1" && "${as_postgres[@]}" "$programs/initdb" -D "$1/data" -U holdfast --auth=trust --no-sync -E UTF8 \
        --locale=C --locale-provider=icu --icu-locale=en-US >"$1/initdb.log" 2>&1) || {
        cat "$1/initdb.log" >&2
        exit 1
    }
}

serve() {
    local folder=$1 settings=()
    shift
    for setting in "$@"; do settings+=(-c "$setting"); done
    cd "$folder"
    # Files need not outlive the machine; they outlive the server, which is what tests kill.
    exec "${as_postgres[@]}" "$programs/postgres" -D "$folder/data" -c listen_addresses= \
        -c unix_socket_directories="$folder" -c fsync=off -c full_page_writes=off -c shared_buffers=32MB \
        -c max_connections=200 "${settings[@]}"
}

case "${1:-}" in
make) make "$2" ;;
serve) serve "${@:2}" ;;
until-eof)
    folder=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-pg.XXXXXX")
    server=
    end() {
        if [[ -n "$server" ]]; then kill -QUIT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
        rm -rf "$folder"
    }
    trap end EXIT
    make "$folder"
    (serve "$folder" </dev/null >"$folder/server.log" 2>&1) &
    server=$!
    for _ in {1..600}; do
        if "$programs/pg_isready" -q -h "$folder" -U holdfast; then break; fi
        if ! kill -0 "$server" 2>/dev/null; then
            cat "$folder/server.log" >&2
            exit 1
        fi
        sleep 0.1
    done
    echo "ready $folder"
    cat >/dev/null || true
    ;;
*)
    sed -n '2,9p' "$0" >&2
    exit 2
    ;;
esac
