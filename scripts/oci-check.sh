#!/usr/bin/env bash
# Packs the distribution's trees into images for containers, and holds those against programs that others wrote:
# umoci unpacks one, which reckons its digests anew, skopeo reads it as containers' engines do, and runc runs it.
# Prints a line per check that begins with ok, FAILED or SKIPPED, and "oci-check: done" at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
skip() {
  echo "SKIPPED $1 ($2)"
  echo "oci-check: done"
  exit 0
}
trees=()
for tree in target/release/solebox-*-linux-{x64,arm64}; do [[ ! -d $tree ]] || trees+=("$tree"); done
((${#trees[@]})) || skip "container images" "there is no tree in target/release: ./solebox dist"
for tool in umoci skopeo node; do command -v "$tool" >/dev/null || skip "container images" "there is no $tool"; done
work=$(mktemp -d)
space=solebox-oci-$$
started=()
finish() {
  ((${#started[@]} == 0)) || runc delete -f "$space" 2>/dev/null
  ip netns delete "$space" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
# verdict NAME DETAIL COMMAND...: ok if the command succeeds.
verdict() {
  local name=$1 detail=$2
  shift 2
  if "$@"; then echo "ok container image: $name"; else echo "FAILED container image: $name ($detail)"; fi
}
# until_true COMMAND...: waits for it, a minute at most.
until_true() {
  for _ in $(seq 600); do
    "$@" && return
    sleep 0.1
  done
  return 1
}
said() { tail -c 300 "$1" | tr '\n' ' '; }

# --- what is in the file --------------------------------------------------------------------------
image=target/release/$(basename "${trees[0]}").oci.tar
scripts/oci.sh "$work/again" "${trees[@]:0:1}" >"$work/digest2" 2>"$work/err2" &
scripts/oci.sh "$image" "${trees[@]:0:1}" >"$work/digest" 2>"$work/err"
wait
! grep -q 'could not be fetched' "$work/err" || skip "container images" "$(said "$work/err")"
verdict "packed twice, the same bytes" "$(cat "$work"/digest*) $(said "$work/err") $(said "$work/err2")" \
  test -s "$work/digest" -a "$(cut -d ' ' -f 1 "$work/digest")" = "$(cut -d ' ' -f 1 "$work/digest2")"
rm -f "$work/again"
for transport in oci docker; do
  skopeo inspect "$transport-archive:$image" >"$work/inspect" 2>"$work/err"
  verdict "skopeo reads it as an archive of $transport" "$(said "$work/err")" grep -q '"Digest"' "$work/inspect"
done
mkdir "$work/layout"
tar -xf "$image" -C "$work/layout"
reference=$(sed -n 's/.*"org.opencontainers.image.ref.name":"\([^"]*\)".*/\1/p' "$work/layout/index.json")
umoci unpack --rootless --image "$work/layout:$reference" "$work/bundle" 2>"$work/err"
code=$?
verdict "umoci unpacks it, and finds every digest right" "$(said "$work/err")" test $code = 0
root=$work/bundle/rootfs
find "$root" \( -name '*sh' -o -name busybox -o -name apt -o -name dpkg -o -name perl\* \) -perm /111 -type f >"$work/found"
verdict "there is no shell in it" "$(said "$work/found")" test ! -s "$work/found"
find "$root" -type f \( -perm /6000 -o -perm /022 \) >"$work/found"
verdict "nothing takes another's rights, or can be written by others" "$(said "$work/found")" test ! -s "$work/found"
missing=""
for file in LICENSE NOTICE licences sbom.cdx.json; do [[ -e $root/usr/lib/solebox/$file ]] || missing+=" $file"; done
while read -r name; do
  [[ -f $root/usr/share/doc/$name/copyright ]] || missing+=" $name's copyright"
done < <(ls "$root/var/lib/dpkg/status.d")
verdict "licences of all, and what it is made of, are in it" "$missing" test -z "$missing"
if ((${#trees[@]} == 2)); then
  both=target/release/$(basename "${trees[0]%-linux-x64}")-linux.oci.tar
  scripts/oci.sh "$both" "${trees[@]}" >/dev/null 2>"$work/err"
  for architecture in amd64 arm64; do
    skopeo --override-arch "$architecture" inspect "oci-archive:$both" >"$work/inspect" 2>>"$work/err"
    verdict "both architectures in one: $architecture" "$(said "$work/err")" \
      grep -q "\"Architecture\": \"$architecture\"" "$work/inspect"
  done
else
  echo "SKIPPED container image: both architectures in one (there is one tree: ${trees[*]##*/})"
fi

# --- as a container -------------------------------------------------------------------------------
# What an engine adds: a root that cannot be written, a volume, memory at /tmp, a network with nothing but itself in it.
cat >"$work/settings.js" <<'END'
const fs = require('fs')
const [, , file, volume, space] = process.argv
const settings = JSON.parse(fs.readFileSync(file))
settings.root.readonly = true
settings.process.terminal = false
for (const kind of Object.keys(settings.process.capabilities)) settings.process.capabilities[kind] = []
settings.mounts = settings.mounts.filter(mount => !['/var/lib/solebox', '/sys/fs/cgroup'].includes(mount.destination))
settings.mounts.push({ destination: '/var/lib/solebox', type: 'none', source: volume, options: ['bind', 'rw', 'nosuid', 'nodev'] })
settings.mounts.push({ destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'noexec', 'mode=1777'] })
settings.linux.namespaces.find(each => each.type === 'network').path = '/var/run/netns/' + space
fs.writeFileSync(file, JSON.stringify(settings))
END
# Unpacked with owners this time, which takes root.
run() {
  rm -rf "$work/bundle"
  command -v runc >/dev/null && command -v ip >/dev/null && ip netns add "$space" 2>/dev/null &&
    ip -n "$space" link set lo up && umoci unpack --image "$work/layout:$reference" "$work/bundle" 2>"$work/err" &&
    cp -a "$root/var/lib/solebox" "$work/volume" &&
    node "$work/settings.js" "$work/bundle/config.json" "$work/volume" "$space" || return 1
  (cd "$work/bundle" && exec runc run "$space") >"$work/out" 2>"$work/err" </dev/null &
  started+=($!)
}
asks() { ip netns exec "$space" curl -sk -m 60 "$@"; }
inside() { runc exec "$space" /usr/bin/solebox "$@"; }
if [[ $(uname -m) != x86_64 || ${trees[0]} != *-x64 ]]; then
  echo "SKIPPED container image: as a container (the tree is not for this machine)"
elif ! run; then
  echo "SKIPPED container image: as a container (it takes root, runc and ip: $(said "$work/err"))"
else
  until_true grep -q 'is ready' "$work/err"
  verdict "it serves, from a root that cannot be written" "$(said "$work/err") $(said "$work/out")" grep -q 'is ready' "$work/err"
  users=$(for process in $(runc ps -f json "$space" | tr -d '[]' | tr , ' '); do stat -c %u "/proc/$process"; done | sort -u)
  verdict "whoever runs in it is nobody outside" "$users" test "$users" = 10001
  asks -f -o /dev/null -w '%{http_code}' https://127.0.0.1:8443/readyz >"$work/code"
  verdict "it is ready, by the path that probes ask" "$(cat "$work/code")" grep -q 200 "$work/code"
  asks -o /dev/null -w '%{http_code}' https://127.0.0.1:8443/v1/models >"$work/code"
  verdict "nobody without an account is let in" "$(cat "$work/code")" grep -q 401 "$work/code"
  inside users add carol --role admin --json >"$work/user" 2>&1
  key=$(inside keys add carol --json 2>"$work/user" | sed -n 's/.*"key": *"\([^"]*\)".*/\1/p')
  asks https://127.0.0.1:8443/v1/chat/completions -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
    -d '{"model":"solebox-guide","messages":[{"role":"user","content":"What is Solebox?"}],"max_tokens":8}' >"$work/answer"
  verdict "it answers a question" "$(said "$work/answer") $(said "$work/user")" grep -q '"finish_reason"' "$work/answer"
  inside airgap prove >"$work/prove" 2>&1
  verdict "the air gap holds in it" "$(said "$work/prove")" grep -q 'signed by' "$work/prove"
  began=$SECONDS
  runc kill "$space" TERM
  wait "${started[0]}"
  code=$?
  verdict "SIGTERM ends it" "code $code after $((SECONDS - began)) s" test $code -le 143 -a $((SECONDS - began)) -le 10
fi
echo "oci-check: done"
