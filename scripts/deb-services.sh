#!/usr/bin/env bash
# Boots a Debian in which the package is installed, in a container that shares no network with this machine, and holds
# the services that run there to what their units say: scripts/deb-services.sh ROOT. Of scripts/deb-check.sh, whose lines
# these are.
set -uo pipefail
root=$1
skip() {
  echo "SKIPPED the services of the package ($1)"
  exit 0
}
command -v systemd-nspawn >/dev/null || skip "there is no systemd-nspawn"
trap 'rm -f "$root/usr/local/sbin/probe" "$root/etc/systemd/system/probe.service"
  rm -f "$root/etc/systemd/system/multi-user.target.wants/probe.service"' EXIT

cat >"$root/usr/local/sbin/probe" <<'END'
#!/bin/bash
exec >/probe.out 2>/probe.err
verdict() {
  local name=$1
  shift
  if "$@"; then echo "ok $name"; else echo "FAILED $name (in the container)"; fi
}
# Of HTTP, what it takes.
ask() {
  exec 3<>/dev/tcp/127.0.0.1/8080 || return
  printf '%s HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "${#2}" "$2" >&3
  timeout 60 cat <&3
  exec 3>&-
}
until_it_listens() {
  for _ in $(seq 300); do
    (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null && return
    sleep 0.1
  done
  return 1
}
answers() {
  ask 'POST /v1/chat/completions' \
    '{"model":"solebox-guide","messages":[{"role":"user","content":"What is Solebox?"}],"temperature":0,"max_tokens":12}' |
    grep -a 'Solebox is'
}
main() { systemctl show -p MainPID --value solebox.service; }
has() { grep -qE "^$1:[[:space:]]+$2\$" "/proc/$(main)/status"; }
# as_it COMMAND...: in the file system as the server sees it, by somebody who may otherwise do everything.
as_it() { nsenter -t "$(main)" -m -- "$@" 2>&1; }

verdict "service: it runs, and listens" until_it_listens
verdict "service: a question is answered" answers
verdict "service: its user is solebox" has Uid "$(printf "$(id -u solebox)\t%.0s" 1 2 3)$(id -u solebox)"
verdict "service: it has no capabilities, and can get none" eval 'has CapEff 0+ && has CapBnd 0+ && has CapAmb 0+ && has NoNewPrivs 1'
verdict "service: its system calls are filtered" has Seccomp 2
verdict "service: it writes its state" test -s /var/lib/solebox/server/server.db
verdict "service: it writes nowhere else" eval '! as_it touch /usr/x && ! as_it touch /etc/solebox/x && ! as_it touch /var/x'
mkdir -p /home/somebody
verdict "service: it sees no homes" eval '! as_it ls /home/somebody && ! as_it test -e /root/.bashrc'
verdict "service: the scout does not run" eval '! systemctl is-active --quiet solebox-scout.service'
before=$(main)
dpkg -i /srv/newer.deb
verdict "service: an upgrade starts it anew" eval 'until_it_listens && [[ $(main) != "$before" && $(main) != 0 ]]'
install -D -m 644 /usr/lib/solebox/systemd/air-gap.conf /etc/systemd/system/solebox.service.d/air-gap.conf
systemctl daemon-reload && systemctl restart solebox.service
verdict "service with air-gap.conf: it answers, and says so" eval 'until_it_listens && ask "GET /version" "" | grep -a "\"air_gap\":true" && answers'
install -D /dev/stdin /etc/systemd/system/solebox.service.d/prove.conf <<<'[Service]
Type=oneshot
Restart=no
ExecStart=
ExecStart=/usr/bin/solebox airgap prove'
systemctl stop solebox.service && systemctl daemon-reload
verdict "service with air-gap.conf: the air gap is proved inside" systemctl start solebox.service
rm /etc/systemd/system/solebox.service.d/prove.conf
systemctl daemon-reload && systemctl restart solebox.service
# A filter of packets that nobody passes; whether this kernel has one shows a unit that does nothing else.
printf '[Service]\nType=oneshot\nIPAddressDeny=any\nExecStart=/bin/bash -c "exec 3<>/dev/tcp/127.0.0.1/8080"\n' >/run/systemd/system/reach.service
printf '[Service]\nIPAddressAllow=\n' >/etc/systemd/system/solebox.service.d/zz-nobody.conf
systemctl daemon-reload
until_it_listens
if timeout 10 systemctl start reach.service; then
  echo "SKIPPED service with air-gap.conf: nobody is answered who is not named (this kernel filters no packets by unit)"
else
  systemctl restart solebox.service
  listens() { for _ in $(seq 300); do grep -q ':1F90 0*:0000 0A' /proc/net/tcp /proc/net/tcp6 && return; sleep 0.1; done; return 1; }
  verdict "service with air-gap.conf: nobody is answered who is not named" eval 'listens && ! timeout 5 bash -c "exec 3<>/dev/tcp/127.0.0.1/8080"'
fi
systemctl stop solebox.service
verdict "service: it ends when it is told to, without an error" eval '[[ $(systemctl show -p Result --value solebox.service) == success ]]'
journalctl --no-pager -u solebox.service >&2
echo "end"
END
chmod 755 "$root/usr/local/sbin/probe"
cat >"$root/etc/systemd/system/probe.service" <<'END'
[Unit]
After=solebox.service
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/probe
ExecStopPost=/usr/bin/systemctl --no-block poweroff
END
ln -sf ../probe.service "$root/etc/systemd/system/multi-user.target.wants/probe.service"
rm -f "$root/probe.out"
# What a container may call lists older versions without Landlock, which the air gap stands on.
timeout 180 systemd-nspawn --quiet --directory="$root" --machine="solebox-deb-$$" --boot --register=no --keep-unit \
  --private-network --kill-signal=SIGRTMIN+3 \
  --system-call-filter='landlock_create_ruleset landlock_add_rule landlock_restrict_self' >"$root/boot.log" 2>&1 </dev/null
[[ -e $root/probe.out ]] || skip "no systemd boots in a container here: $(tail -n 2 "$root/boot.log" | tr '\n' ' ')"
grep -a '^ok \|^FAILED \|^SKIPPED ' "$root/probe.out"
if [[ $(tail -n 1 "$root/probe.out") != end ]] || grep -q '^FAILED' "$root/probe.out"; then
  cp "$root/probe.err" target/deb/services.log
  echo "FAILED service: see target/deb/services.log"
fi
