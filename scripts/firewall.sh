#!/usr/bin/env bash
# Holds the image's packet filter (os/nftables.conf) against a capture, in a network of two namespaces: the box, and
# the network that it stands in. Prints a line per check that begins with ok, FAILED or SKIPPED, and "firewall: done"
# at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
skip() {
  echo "SKIPPED the packet filter ($1)"
  echo "firewall: done"
  exit 0
}
for tool in ip nft tcpdump node curl; do command -v "$tool" >/dev/null || skip "there is no $tool"; done
id systemd-network >/dev/null 2>&1 || skip "here is no user systemd-network, whom the rules name"
work=$(mktemp -d)
box=solebox-box-$$ lan=solebox-lan-$$
started=()
finish() {
  ((${#started[@]} == 0)) || kill "${started[@]}" 2>/dev/null
  ip netns delete "$box" 2>/dev/null
  ip netns delete "$lan" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
in_box() { ip netns exec "$box" "$@"; }
in_lan() { ip netns exec "$lan" "$@"; }
# The card's other end answers for every address there is, so that nothing stays here for want of a neighbour.
network() {
  ip netns add "$box" 2>/dev/null && ip netns add "$lan" 2>/dev/null || return 1
  ip -n "$box" link add card type veth peer name other netns "$lan" &&
    ip -n "$box" link set lo up && ip -n "$box" link set card up && ip -n "$lan" link set other up &&
    ip -n "$box" address add 10.99.0.1/24 dev card && ip -n "$lan" address add 10.99.0.2/24 dev other &&
    ip -n "$box" address add fd99::1/64 dev card nodad && ip -n "$lan" address add fd99::2/64 dev other nodad &&
    ip -n "$box" route add default via 10.99.0.2 && ip -n "$box" route add default via fd99::2 &&
    # Whoever is not root may take the port of DHCP's clients here: what holds him must be the rules.
    in_box sh -c 'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start' && in_box nft list ruleset >/dev/null
}
network || skip "networks of one's own and rules for them may not be made here; root may"

# verdict NAME DETAIL COMMAND...: ok if the command succeeds.
verdict() {
  local name=$1 detail=$2
  shift 2
  if "$@"; then echo "ok $name"; else echo "FAILED $name ($detail)"; fi
}
# until_true COMMAND...: waits for it, ten seconds at most.
until_true() {
  for _ in $(seq 100); do
    "$@" && return
    sleep 0.1
  done
  return 1
}
# Two ports that answer whoever connects.
cat >"$work/server.js" <<'END'
for (const port of [443, 22]) require('net').createServer(socket => socket.end('hello')).listen(port, '::')
END
# Every way out of a program without rights: over both protocols, to names' servers, clocks, neighbours and everybody.
cat >"$work/ways.js" <<'END'
const dgram = require('dgram')
const net = require('net')
for (const host of ['10.99.0.2', '192.0.2.7', 'fd99::2', '2001:db8::7'])
  net.connect(443, host).on('error', () => {})
for (const [host, port] of [['10.99.0.2', 53], ['192.0.2.7', 53], ['fd99::2', 53], ['192.0.2.7', 123],
  ['2001:db8::7', 853], ['224.0.0.251', 5353], ['ff02::fb%card', 5353], ['ff02::1%card', 9], ['10.99.0.255', 9],
  ['255.255.255.255', 9]]) {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('error', () => {})
  socket.bind(() => { socket.setBroadcast(true); socket.send('x', port, host, () => {}) })
}
setTimeout(() => process.exit(), 300)
END
# lease.js 4|6: what a client of DHCP sends.
cat >"$work/lease.js" <<'END'
const six = process.argv[2] === '6'
const socket = require('dgram').createSocket(six ? 'udp6' : 'udp4')
const [from, to, host] = six ? [546, 547, 'ff02::1:2%card'] : [68, 67, '255.255.255.255']
socket.bind(from, () => { socket.setBroadcast(true); socket.send('x', to, host, () => process.exit()) })
END

# What left the box, but for ARP and the neighbour discovery and group reports with which IPv6 begins.
mac=$(ip -n "$box" -br link show card | awk '{ print $3 }')
leaving="ether src $mac and not arp and not (icmp6 and ip6[40] >= 133 and ip6[40] <= 136) and not (ip6 and ip6[6] == 0)"
seen() { tcpdump -n -r "$work/capture" "$leaving and ($1)" 2>/dev/null | wc -l; }
some() { (($(seen "$1") > 0)); }
# What nobody asked for: all but answers of the port.
unasked='not (tcp and src port 443)'
begin() {
  # Not by in_lan: a function in the background is a process of its own, and that would be killed.
  rm -f "$work/capture" "$work/tcpdump"
  ip netns exec "$lan" tcpdump -Z root -n -U --immediate-mode -i other -w "$work/capture" 2>"$work/tcpdump" &
  capture=$!
  started+=("$capture")
  until_true grep -qs 'listening on' "$work/tcpdump"
}
# Ends a capture with a question to the box, whose answer is behind all that left before.
end() {
  answer=$(in_lan curl -s --http0.9 -m 5 http://10.99.0.1:443)
  until_true some 'tcp and src port 443 and tcp[tcpflags] & tcp-fin != 0'
  kill "$capture"
  wait "$capture" 2>/dev/null
}
try() { in_box setpriv --reuid 65534 --regid 65534 --clear-groups node "$work/ways.js"; }
refused() { in_box nft -j list counter inet solebox refused_out | grep -o '"packets": *[0-9]*' | grep -o '[0-9]*$'; }
chmod 755 "$work"

ip netns exec "$box" node "$work/server.js" &
started+=($!)
until_true in_box curl -s --http0.9 -o /dev/null http://10.99.0.1:443

begin && try && end
verdict "packet filter: without it, the capture sees ways out" "$(seen "$unasked")" test "$(seen "$unasked")" -ge 12

verdict "packet filter: the rules can be loaded" "see above" in_box nft -f os/nftables.conf
begin && try && end
verdict "packet filter: an answer to who connects" "$answer" test "$answer" = hello
verdict "packet filter: nothing leaves but that" "$(seen "$unasked") packets" test "$(seen "$unasked")" = 0
verdict "packet filter: it counts what it refused" "$(refused)" test "$(refused)" -ge 12
answer=$(in_lan curl -s --http0.9 -m 5 'http://[fd99::1]:443')
verdict "packet filter: an answer over IPv6, with neighbour discovery" "$answer" test "$answer" = hello

begin
in_lan curl -s --http0.9 -m 1 http://10.99.0.1:22 >"$work/other"
in_lan curl -s --http0.9 -m 1 'http://[fd99::1]:22' >>"$work/other"
end
verdict "packet filter: no other port answers, not even with a refusal" "$(seen "$unasked") packets" \
  test "$(seen "$unasked")" = 0 -a ! -s "$work/other"

begin
for family in 4 6; do in_box setpriv --reuid 65534 --regid 65534 --clear-groups node "$work/lease.js" "$family" 2>"$work/other"; done
end
verdict "packet filter: nobody sends from the ports of DHCP's clients" "$(seen "$unasked") packets" test "$(seen "$unasked")" = 0
begin
for family in 4 6; do in_box setpriv --reuid systemd-network --clear-groups node "$work/lease.js" "$family"; done
end
verdict "packet filter: but the network daemon, who asks for a lease" "$(seen udp) packets" test "$(seen udp)" = 2

in_box nft -f os/nftables-open.conf
begin && try && end
verdict "packet filter: opened on purpose, it lets out" "$(seen "$unasked")" test "$(seen "$unasked")" -ge 12
in_box nft -f os/nftables.conf
begin && try && end
verdict "packet filter: closed again" "$(seen "$unasked") packets" test "$(seen "$unasked")" = 0
echo "firewall: done"
