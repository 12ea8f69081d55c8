#!/usr/bin/env bash
# The Debian package as a machine meets it: installed, upgraded, removed and purged in a clean Debian, and its services
# under a systemd of their own, held to what they may. scripts/deb-check.sh [TREE]; without one, the tree that
# ./solebox dist has left in target/release. Prints a line per check that begins with ok, FAILED or SKIPPED, and
# "deb-check: done" at the end. Needs root, dpkg-deb and mmdebstrap, once the network for a Debian (target/deb), and
# systemd-nspawn for the part with services.
set -uo pipefail
cd "$(dirname "$0")/.."
skip() {
  echo "SKIPPED the Debian package ($1)"
  echo "deb-check: done"
  exit 0
}
((EUID == 0)) || skip "a clean Debian to install it in takes root"
for tool in dpkg-deb readelf mmdebstrap unshare; do command -v "$tool" >/dev/null || skip "there is no $tool"; done
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -f $keys ]] || skip "there are no keys for packages of Debian's"
case $(uname -m) in x86_64) arch=x64 deb=amd64 ;; aarch64) arch=arm64 deb=arm64 ;; *) skip "there is no package for $(uname -m)" ;; esac
tree=${1:-$(compgen -G "target/release/solebox-*-linux-$arch" | head -n 1)}
[[ -x $tree/bin/solebox ]] || skip "there is no tree to pack; ./solebox dist makes one"

lab=$PWD/target/deb
base=$lab/trixie.tar
mkdir -p "$lab"
work=$(mktemp -d "$lab/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root

# verdict NAME DETAIL COMMAND...: ok if the command succeeds.
verdict() {
  local name=$1 detail=$2
  shift 2
  if "$@"; then echo "ok $name"; else echo "FAILED $name ($detail)"; fi
}
# does NAME COMMAND...: the same of a command whose words are the detail; they stay in $work/said.
does() {
  local name=$1
  shift
  if "$@" >"$work/said" 2>&1; then echo "ok $name"; else echo "FAILED $name ($(said))"; fi
}
not() { ! "$@"; }
# inside COMMAND...: in the clean Debian, without a network and without a systemd that runs.
inside() {
  unshare --mount --pid --fork --net sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$root" \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}
# there PATH...: whether all of these are in it.
there() {
  local path
  for path in "$@"; do [[ -e $root$path || -L $root$path ]] || return 1; done
}
said() { tail -n 5 "$work/said" | tr '\n' ' '; }

# --- a clean Debian, once -----------------------------------------------------------------------------------
if [[ ! -s $base ]]; then
  # From where this machine has its own packages.
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
    sed -n 's|^\([^ ]*/debian/*\) main$|\1|p' | head -n 1)
  timeout 300 mmdebstrap --quiet --variant=minbase --include=systemd --architectures="$deb" trixie "$work/base.tar" \
    "deb [signed-by=$keys] ${mirror:-http://deb.debian.org/debian/} trixie main" >"$lab/base.log" 2>&1 ||
    skip "a Debian could not be fetched; target/deb/base.log says why"
  mv "$work/base.tar" "$base"
fi
mkdir "$root"
tar -xf "$base" -C "$root" || skip "$base cannot be unpacked; remove it"

# --- packages -------------------------------------------------------------------------------------------------
# An older one, of a program that only says so, and with a file that the newer one does not have; made twice, by people
# with other habits.
older=$work/solebox-0.0.1-linux-$arch
mkdir -p "$older"/{bin,lib/runtime/lib}
printf '#!/bin/sh\necho older\n' >"$older/bin/solebox"
chmod 755 "$older/bin/solebox"
cp "$tree/lib/runtime/lib/libjli.so" "$older/lib/runtime/lib/"
: >"$older/left-behind"
does "a package is made" scripts/deb.sh "$work/once" "$older"
find "$older" -exec touch -d '3 days ago' {} + && chmod -R go-rwx "$older"
(umask 077 && TZ=Asia/Tokyo scripts/deb.sh "$work/twice" "$older" >/dev/null 2>&1)
verdict "packed twice, the same bytes" "$(sha256sum "$work"/*/*.deb)" cmp -s "$work"/{once,twice}/solebox_0.0.1_"$deb".deb
does "the package of ${tree##*/}" scripts/deb.sh "$work" "$tree"
new=$(compgen -G "$work/solebox_*_$deb.deb") || {
  echo "deb-check: done"
  exit 0
}
echo "It has $(($(stat -c %s "$new") / 1000000)) MB."
if command -v lintian >/dev/null; then
  does "lintian has nothing to say" lintian --allow-root --fail-on error,warning "$new"
else
  echo "SKIPPED lintian (it is not installed)"
fi

# --- installed, upgraded --------------------------------------------------------------------------------------
cp "$work/once/"*.deb "$root/srv/older.deb"
mv "$new" "$root/srv/newer.deb"
does "installed where no systemd runs" inside dpkg -i /srv/older.deb
verdict "a user without a shell has the data alone" "$(inside getent passwd solebox)" \
  inside sh -c '[ "$(getent passwd solebox | cut -d: -f 6-7)" = /var/lib/solebox:/usr/sbin/nologin ] &&
    [ "$(stat -c %U:%G:%a /var/lib/solebox)" = solebox:solebox:750 ] && [ -z "$(find /etc /usr -user solebox)" ]'
is_enabled() { [[ $(inside systemctl is-enabled "$1") == "$2" ]]; }
verdict "the server is enabled, and the scout is not" "see systemctl is-enabled" \
  eval 'is_enabled solebox.service enabled && is_enabled solebox-power.service enabled && is_enabled solebox-scout.service disabled'
echo '--parallel 2' >>"$root/etc/solebox/serve.conf"
inside systemctl disable solebox-power.service >/dev/null 2>&1
inside install -D -o solebox -g solebox /etc/hostname /var/lib/solebox/models/mine.gguf
does "upgraded" inside dpkg -i /srv/newer.deb
verdict "the changed settings are kept" "$(said)" grep -qx -e '--parallel 2' "$root/etc/solebox/serve.conf"
verdict "what was disabled stays so" "see systemctl is-enabled" is_enabled solebox-power.service disabled
verdict "a file of the older version is gone" left-behind not there /usr/lib/solebox/left-behind
inside solebox --version >"$work/said" 2>&1
verdict "solebox --version" "$(said)" grep -q '^solebox [0-9]' "$work/said"
inside runuser -u solebox -- solebox run --temperature 0 -n 12 -p 'What is Solebox?' >"$work/said" 2>&1
verdict "a question is answered as the service's user" "$(said)" grep -q '^Solebox is' "$work/said"
inside runuser -u solebox -- solebox run mine -p x >"$work/said" 2>&1
verdict "commands of this user are about the server's data" "$(said)" grep -q /var/lib/solebox/models/mine.gguf "$work/said"

# --- units ------------------------------------------------------------------------------------------------------
does "systemd understands the units" inside sh -c 'systemd-analyze verify /usr/lib/systemd/system/solebox*.service'
# score UNIT: how exposed it is by systemd-analyze security, 0 to 10.
score() { inside systemd-analyze security --offline=true --no-pager "$1" 2>/dev/null | sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p'; }
for unit in "$root"/usr/lib/systemd/system/solebox*.service; do
  unit=${unit#"$root"}
  exposed=$(score "$unit")
  # Those of root do what the server may not.
  most=1.5
  grep -q '^User=solebox' "$root$unit" || most=10
  verdict "${unit##*/} has an exposure of ${exposed:-nothing that could be read}, and may have $most" "systemd-analyze security" \
    awk -v is="${exposed:-99}" -v most="$most" 'BEGIN { exit !(is <= most) }'
done

# --- services -----------------------------------------------------------------------------------------------------
scripts/deb-services.sh "$root"

# --- removed, purged ------------------------------------------------------------------------------------------------
does "removed" inside dpkg -r solebox
verdict "removing keeps data and settings" "$(said)" there /var/lib/solebox/models/mine.gguf /etc/solebox/serve.conf
verdict "removing leaves no program" "$(find "$root/usr/lib/solebox" "$root/usr/bin/solebox" 2>/dev/null | head -n 3)" \
  not there /usr/lib/solebox
does "purged" inside dpkg -P solebox
verdict "purging takes the settings" "$(ls -A "$root/etc/solebox" 2>&1)" not there /etc/solebox
verdict "purging keeps models, unasked" "$(said)" there /var/lib/solebox/models/mine.gguf
verdict "purging says what was kept and where" "$(said)" grep -q 'were kept in /var/lib/solebox' "$work/said"
inside dpkg -i /srv/newer.deb >"$work/said" 2>&1
verdict "installed again" "$(said)" there /var/lib/solebox/models/mine.gguf /etc/solebox/serve.conf
inside sh -c 'echo solebox solebox/purge-data boolean true | debconf-set-selections && dpkg -P solebox' >"$work/said" 2>&1
verdict "purging takes models where that was asked" "$(said)" not there /var/lib/solebox
echo "deb-check: done"
