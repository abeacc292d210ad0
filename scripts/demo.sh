#!/usr/bin/env bash
# Usage: HOLDFAST_BINARY=.build/debug/holdfast scripts/demo.sh
#
# The main job on the embedded defaults: a directory tree and a disk image are backed up through the HTTP interface,
# restored elsewhere, and compared byte for byte. Prints each step; leaves nothing behind and nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=$(realpath "${HOLDFAST_BINARY:-.build/debug/holdfast}")
# The server refuses variables of its prefix that are no settings.
unset HOLDFAST_BINARY
work=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-demo.XXXXXX")
server=

finish() {
    local code=$?
    if [[ -n $server ]] && kill -0 "$server" 2>/dev/null; then
        kill "$server"
        wait "$server" 2>/dev/null || true
    fi
    if ((code != 0)) && [[ -f $work/server.log ]]; then
        echo "demo: failed; the server's last lines:" >&2
        tail -n 20 "$work/server.log" >&2
    fi
    rm -rf "$work"
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

step() { printf '\n== %s\n' "$*"; }
holdfast() { "$binary" "$@"; }
json() { python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value[int(key)] if key.isdigit() else value[key]
print(value)' "$1"; }

step "1. Something worth keeping: a directory tree and a disk image with a file system"
mkdir -p "$work/data/tree/deep/er" "$work/restored"
cp -a /usr/share/doc/[a-l]* "$work/data/tree/" 2>/dev/null || true
printf 'kept' >"$work/data/tree/deep/er/file"
ln "$work/data/tree/deep/er/file" "$work/data/tree/hard-link"
ln -s deep/er/file "$work/data/tree/symbolic-link"
mkfifo "$work/data/tree/fifo"
printf 'x' >"$work/data/tree/"$'not-utf8-\xff-and\n-a-newline'
truncate -s 64M "$work/data/tree/sparse"
printf 'end' >>"$work/data/tree/sparse"
touch -d '2001-02-03 04:05:06.789012345' "$work/data/tree/deep/er/file"
chmod 0640 "$work/data/tree/deep/er/file"
truncate -s 256M "$work/data/disk.raw"
mkfs.ext4 -q -F -d "$work/data/tree/deep" "$work/data/disk.raw" 2>/dev/null
truncate -s 256M "$work/restored-disk.raw"
cp --sparse=always "$work/data/disk.raw" "$work/original.raw"
echo "tree: $(find "$work/data/tree" | wc -l) entries, $(du -sh --apparent-size "$work/data/tree" | cut -f1); image: 256 MiB"

step "2. The server, with nothing configured but where resources may lie"
"$binary" serve --data "$work/holdfast" --listen 127.0.0.1:0 --allow-root "$work" 2>"$work/server.log" &
server=$!
for _ in $(seq 300); do
    grep -q ' listening ' "$work/server.log" && break
    kill -0 "$server" 2>/dev/null || exit 1
    sleep 0.1
done
export HOLDFAST_CREDENTIALS=$work/holdfast/admin-credentials.json
endpoint=$(json endpoint <"$HOLDFAST_CREDENTIALS")
project=$(json project_id <"$HOLDFAST_CREDENTIALS")
curl -fsS "$endpoint/readyz"
echo

step "3. Resources and vaults"
holdfast resource register --type OS::Sfs::Turbo --name tree --location "file://$work/data/tree"
holdfast resource register --type OS::Cinder::Volume --name disk --location "file://$work/data/disk.raw"
holdfast vault create --name trees --type turbo --size 100 --resource tree
holdfast vault create --name disks --type disk --size 100 --resource disk

step "4. A restore point through plain HTTP: POST /v3/{project_id}/checkpoints"
login=$(python3 -c 'import json, sys
c = json.load(open(sys.argv[1]))
print(json.dumps({"auth": {"identity": {"methods": ["password"], "password": {"user": {
    "name": c["user_name"], "password": c["password"], "domain": {"id": c["domain_id"]}}}},
    "scope": {"project": {"id": c["project_id"]}}}}))' "$HOLDFAST_CREDENTIALS")
token=$(curl -fsS -o /dev/null -D - -H 'Content-Type: application/json' --data @- "$endpoint/v3/auth/tokens" <<<"$login" |
    tr -d '\r' | awk 'tolower($1) == "x-subject-token:" {print $2}')
vault=$(holdfast vault show trees -o json | json vault.id)
curl -fsS -H @- -H 'Content-Type: application/json' "$endpoint/v3/$project/checkpoints" \
    --data "{\"checkpoint\": {\"vault_id\": \"$vault\", \"parameters\": {\"name\": \"first\"}}}" \
    <<<"X-Auth-Token: $token" | tee "$work/checkpoint.json"
echo
operation=$(holdfast operation list --vault trees -o json | json operation_logs.0.id)
holdfast operation wait "$operation"
holdfast checkpoint show "$(json checkpoint.id <"$work/checkpoint.json")"

step "5. The same with the command line, for the disk image"
holdfast checkpoint create --vault disks --name first --wait

step "6. A second restore point: unchanged files are not read again, and nothing but metadata is stored"
holdfast checkpoint create --vault trees --name second --wait
holdfast operation list --vault trees -o json | python3 -c 'import json, sys
for log in json.load(sys.stdin)["operation_logs"]:
    info = log["extra_info"]["holdfast"]
    print("{}: read {read_bytes} bytes, stored {stored_bytes} bytes".format(log["extra_info"]["backup"]["backup_name"], **info))'

step "7. Restore both elsewhere"
backup=$(holdfast backup list --vault trees -o json | json backups.0.id)
holdfast backup restore "$backup" --destination "$work/restored/tree" --wait
holdfast resource register --type OS::Cinder::Volume --name other-disk --location "file://$work/restored-disk.raw"
backup=$(holdfast backup list --vault disks -o json | json backups.0.id)
holdfast backup restore "$backup" --target-resource other-disk --wait

step "8. Compare, byte for byte and name by name"
# Names, kinds, modes, owners, sizes, link counts and times; then contents.
listing() { (cd "$1" && find . -printf '%P %y %m %U:%G %s %n %l %T@\n' | LC_ALL=C sort); }
diff <(listing "$work/data/tree") <(listing "$work/restored/tree")
(cd "$work/data/tree" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) >"$work/sums"
(cd "$work/restored/tree" && sha256sum --quiet --check "$work/sums")
cmp "$work/original.raw" "$work/restored-disk.raw"
e2fsck -fn "$work/restored-disk.raw" >/dev/null 2>&1
echo "the tree came back exactly: $(wc -l <"$work/sums") files; the image came back bit for bit, and its file system is clean"
echo "holes came back as holes: $(du -k "$work/restored/tree/sparse" | cut -f1) KiB on disk for $(stat -c %s "$work/restored/tree/sparse") bytes"

step "9. Stop the server"
kill "$server"
wait "$server"
server=
echo "stopped cleanly; everything the demo made is removed"
