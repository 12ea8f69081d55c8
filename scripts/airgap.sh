#!/usr/bin/env bash
# Holds the air gap against witnesses that know nothing of Solebox: strace, and a capture in a network namespace.
# Prints a line per check that begins with ok, FAILED or SKIPPED, and "airgap: done" at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
# Another way to start it, for trying this without a distribution.
read -ra solebox <<<"${SOLEBOX:-./solebox}"
work=$(mktemp -d)
server="" capture=""
finish() {
  [[ -z $server ]] || kill "$server" 2>/dev/null
  [[ -z $capture ]] || kill "$capture" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
export SOLEBOX_HOME=$work/home
unset SOLEBOX_DEBUG SOLEBOX_AIR_GAP SOLEBOX_OFFLINE

# verdict NAME DETAIL COMMAND...: ok if the command succeeds.
verdict() {
  local name=$1 detail=$2
  shift 2
  if "$@"; then echo "ok $name"; else echo "FAILED $name ($detail)"; fi
}
# start COMMAND...: begins a server, waits for its model, and says its address in $url.
start() {
  "$@" >"$work/out" 2>"$work/err" &
  server=$!
  for _ in $(seq 300); do
    grep -q 'is ready' "$work/err" && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  url=$(grep -o 'http://[^ ]*' "$work/out")
}
# The process that listens: strace and the namespace stand before it.
stop() {
  local pid
  pid=$(pgrep -f -- "--state $work/state" | while read -r each; do
    [[ $(readlink "/proc/$each/exe") == */java ]] && echo "$each"
  done | head -n 1)
  kill -TERM "${pid:-$server}" 2>/dev/null
  wait "$server"
  code=$?
  server=""
}
# Asks for an answer, and for what would connect. INSIDE: how to get to where the server is.
ask() {
  "${inside[@]}" curl -s -m 20 "$url/v1/chat/completions" -H 'Content-Type: application/json' \
    -d '{"model":"tiny","messages":[{"role":"user","content":"hi"}],"max_tokens":3}' >"$work/answer"
  "${inside[@]}" curl -s -m 20 "$url/version" >"$work/version"
  "${inside[@]}" curl -s -m 20 "$url/api/pull" -H 'Content-Type: application/json' \
    -d '{"model":"hf.co/nobody/nothing"}' >"$work/pull"
  "${inside[@]}" curl -s -m 60 -X POST "$url/admin/airgap/prove" >"$work/proof"
}
# What a server must do all the same, named after where it runs.
serves() {
  verdict "$1: it says so" "$(head -c 300 "$work/err" | tr '\n' ' ')" grep -q '^Air-gapped: ' "$work/err"
  verdict "$1: /version says so" "$(cat "$work/version")" grep -q '"air_gap":true' "$work/version"
  verdict "$1: an answer" "$(head -c 300 "$work/answer")" grep -q '"finish_reason":"length"' "$work/answer"
  verdict "$1: a pull is refused with the reason" "$(head -c 300 "$work/pull")" grep -q 'air-gapped' "$work/pull"
  "${solebox[@]}" airgap verify "$work/proof" --state "$work/state" >"$work/verified" 2>&1
  verdict "$1: from inside, it proves so and signs it" "$(tail -n 3 "$work/verified" | tr '\n' ' ')" grep -q '^signed by' "$work/verified"
  verdict "$1: every way that it tried is held" "$(grep 'WENT THROUGH' "$work/verified" | head -n 3)" grep -q 'held: all' "$work/verified"
}

model=$work/tiny.gguf
"${solebox[@]}" synth tiny-bpe --type Q4_K_M --out "$model" >/dev/null 2>"$work/err" || cat "$work/err"
serve=(serve "$model" --port 0 --device cpu --state "$work/state" --air-gap)

# --- under strace -------------------------------------------------------------------------------
if ! command -v strace >/dev/null; then
  echo "SKIPPED under strace (there is none: sudo apt install strace)"
elif ! strace -f -o /dev/null true 2>/dev/null; then
  echo "SKIPPED under strace (processes may not be traced here)"
else
  inside=()
  start strace -f -qq -o "$work/trace" \
    -e trace=seccomp,connect,sendto,sendmsg,sendmmsg,socket,execve,fork,vfork,clone,clone3,io_uring_setup \
    "${solebox[@]}" "${serve[@]}"
  ask
  serves strace
  stop
  # What the JVM's own start asked is over when the filter is there.
  sed -n '/seccomp(SECCOMP_SET_MODE_FILTER.*= 0/,$p' "$work/trace" >"$work/after"
  verdict "strace: the filter is installed" "$(tail -n 3 "$work/trace")" test -s "$work/after"
  # Calls that succeeded: sendto without an address writes to an accepted connection.
  grep -E '(connect|sendmsg|sendmmsg|execve|fork|vfork|io_uring_setup)\(.*= [0-9]|sendto\(.*sin6?_addr.*= [0-9]' \
    "$work/after" >"$work/went"
  verdict "strace: nothing connects, sends to an address, or runs another program" \
    "$(head -n 3 "$work/went" | tr '\n' ' ')" test ! -s "$work/went"
  grep -E 'socket\(.*= [0-9]' "$work/after" | grep -vE 'AF_INET6?, SOCK_STREAM|AF_UNIX, SOCK_STREAM' >"$work/went"
  verdict "strace: no socket but TCP's" "$(head -n 3 "$work/went" | tr '\n' ' ')" test ! -s "$work/went"
fi

# --- in a network of its own ----------------------------------------------------------------------
# A network with one card that leads nowhere (dummy) and a way to everywhere through it; what would leave is
# captured there.
space=solebox-airgap-$$
namespace() {
  ip netns add "$space" 2>/dev/null || return 1
  inside=(ip netns exec "$space")
  "${inside[@]}" ip link set lo up &&
    "${inside[@]}" ip link add card type veth peer name other &&
    "${inside[@]}" ip link set card arp off &&
    "${inside[@]}" ip link set card up && "${inside[@]}" ip link set other up &&
    "${inside[@]}" ip address add 10.99.0.1/24 dev card &&
    "${inside[@]}" ip route add default via 10.99.0.2 dev card
}
# Packets on the card, but those with which the kernel itself begins IPv6 on a new one (ICMPv6, some behind a
# hop-by-hop header).
packets() { tcpdump -n -r "$work/capture" 'not icmp6 and not (ip6 and ip6[6] == 0)' 2>/dev/null | wc -l; }
capture() {
  rm -f "$work/capture"
  "${inside[@]}" tcpdump -Z root -n -U -i card -w "$work/capture" 2>"$work/tcpdump" &
  capture=$!
  for _ in $(seq 100); do
    grep -q 'listening on' "$work/tcpdump" && break
    sleep 0.1
  done
}
# Waits until a packet sent now has been captured, so that all before it have.
settle() {
  "${inside[@]}" bash -c 'echo end >/dev/udp/10.99.0.3/9' 2>/dev/null
  for _ in $(seq 50); do
    (($(tcpdump -n -r "$work/capture" 'udp and dst host 10.99.0.3' 2>/dev/null | wc -l) > 0)) && break
    sleep 0.1
  done
  kill "$capture"
  wait "$capture" 2>/dev/null
  capture=""
}
if ! command -v ip >/dev/null || ! command -v tcpdump >/dev/null; then
  echo "SKIPPED in a network namespace (it takes ip and tcpdump: sudo apt install iproute2 tcpdump)"
elif ! namespace; then
  echo "SKIPPED in a network namespace (it may not be made here; root may)"
  ip netns delete "$space" 2>/dev/null
else
  trap 'finish; ip netns delete "$space" 2>/dev/null' EXIT
  far=(pull http://10.99.0.2:9/m.gguf --sha256 "$(printf '%064d' 0)")
  # What the capture is worth: without the gap, the same pull is seen.
  capture
  "${inside[@]}" "${solebox[@]}" "${far[@]}" >/dev/null 2>&1 &
  pull=$!
  for _ in $(seq 100); do
    (($(packets) > 0)) && break
    sleep 0.1
  done
  kill "$pull" 2>/dev/null
  wait "$pull" 2>/dev/null
  settle
  verdict "namespace: the capture sees what leaves without a gap" "$(packets) packets" test "$(packets)" -gt 1
  capture
  start "${inside[@]}" "${solebox[@]}" "${serve[@]}"
  ask
  serves namespace
  "${inside[@]}" "${solebox[@]}" "${far[@]}" --air-gap >/dev/null 2>"$work/pull"
  verdict "namespace: pull is refused" "$(cat "$work/pull")" grep -q 'air-gapped' "$work/pull"
  stop
  verdict "namespace: SIGTERM ends it with 0" "exit code $code" test "$code" = 0
  settle
  # The one that settles it is there.
  verdict "namespace: 0 packets leave" "$(($(packets) - 1)) packets" test "$(packets)" = 1
fi
echo "airgap: done"
