# Sourced by what tries the image: an emulated machine that starts it, and a person who sets it up from outside. Whoever
# sources this has set: lab, a folder; disk, what the machine starts from.
# Its settings are those of a slow machine: processors are emulated, one instruction after the other.
PATH=$PATH:/usr/sbin:/sbin
firmware=/usr/share/OVMF/OVMF_CODE_4M.fd
port=$((20000 + RANDOM % 20000))
mac=52:54:00:50:1e:b0
address=10.0.2.15 # which the emulator's network gives
password='long-enough-for-anybody-1'
machine=""
trap 'stop' EXIT

# Prints why nothing can be tried here; nothing where it can.
what_is_missing() {
  local tool
  for tool in qemu-system-x86_64 mmdebstrap mksquashfs mcopy mkfs.vfat sfdisk tcpdump curl openssl python3 dpkg-deb; do
    command -v "$tool" >/dev/null || { echo "there is no $tool"; return; }
  done
  [[ -f $firmware ]] || echo "there is no firmware for the emulated machine, of the package ovmf"
}

# verdict NAME DETAIL COMMAND...: ok if the command succeeds.
verdict() {
  local name=$1 detail=$2
  shift 2
  if "$@"; then echo "ok image: $name"; else echo "FAILED image: $name ($(tr '\n' ' ' <<<"$detail" | cut -c 1-500))"; fi
}
# wait_for SECONDS COMMAND...: until it succeeds, or the machine has ended.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) && kill -0 "$machine" 2>/dev/null || return 1
    sleep 1
  done
}

# new_disk IMAGE: as if it had been written to a larger disk, of a machine that has never started.
new_disk() {
  mv "$1" "$disk"
  truncate -s 6G "$disk"
  cp /usr/share/OVMF/OVMF_VARS_4M.fd "$lab/vars"
}
# start NAME: the machine; its console goes to NAME.console, its network card's packets to NAME.pcap. Java's best code
# would not pay for being made in an emulated machine. The processor has what the host's has.
start() {
  local name=$1
  console=$lab/$name.console capture=$lab/$name.pcap began=$SECONDS
  qemu-system-x86_64 -accel tcg,thread=multi -machine q35 -cpu max -smp 2 -m 2048 -display none -monitor none \
    -drive "if=pflash,format=raw,readonly=on,file=$firmware" -drive "if=pflash,format=raw,file=$lab/vars" \
    -drive "file=$disk,format=raw,if=virtio" -serial "file:$console" \
    -netdev "user,id=net,hostfwd=tcp:127.0.0.1:$port-:443" -device "virtio-net-pci,netdev=net,mac=$mac" \
    -object "filter-dump,id=dump,netdev=net,file=$capture" \
    -smbios "type=11,value=io.systemd.stub.kernel-cmdline-extra=systemd.setenv=JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1" \
    >"$lab/$name.qemu" 2>&1 &
  machine=$!
}
# The power is gone; what the machine has not written is lost.
stop() {
  [[ -n $machine ]] || return 0
  kill -KILL "$machine" 2>/dev/null
  wait "$machine" 2>/dev/null
  machine=""
}
took() { echo "   ($((SECONDS - began)) s after its start)"; }
on_console() { grep -aqsE "$1" "$console"; }
# The code of the screen as it is now.
code() { tr -d '\r ' <"$console" | grep -a -A 1 '^Pairingcode' | tail -n 1; }
last() { tail -c 400 "$console" | tr -c '[:print:]' ' '; }

# --- from outside, as a browser: by the box's address, believing its authority alone ---------------------------------
ask() {
  local path=$1
  shift
  curl -s -m 600 --cacert "$lab/ca.pem" --connect-to "$address:443:127.0.0.1:$port" -b "$lab/cookies" -c "$lab/cookies" \
    -H 'Content-Type: application/json' -H 'Sec-Fetch-Site: same-origin' "https://$address$path" "$@"
}
answers() { ask /health -f -m 10 -o /dev/null; }
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$2"; }
take_authority() { curl -sk -m 10 --connect-to "$address:443:127.0.0.1:$port" "https://$address/tls/ca.pem" -o "$lab/ca.pem"; }
# Of the authority that was taken, as the screen shows it: in two lines.
shows_fingerprint() {
  local print
  print=$(openssl x509 -in "$lab/ca.pem" -noout -fingerprint -sha256 2>/dev/null | sed 's/.*=//')
  [[ -n $print ]] && tr -d '\r \n' <"$console" | grep -aqF "$print"
}
# The steps of the page, answered with what the last one said.
set_up() {
  local token choice
  token=$(field token "$(ask /setup/pair -d "{\"code\": \"$(code)\"}")")
  for choice in '{"language": "en"}' "{\"name\": \"owner\", \"password\": \"$password\"}" \
    '{"host_name": "attic", "zone": "Europe/Berlin"}' '{"air_gap": true}'; do
    ask /setup/choose -H "Setup-Token: $token" -d "$choice" >/dev/null
  done
  ask /setup/finish -H "Setup-Token: $token" -d ''
}
sign_in() { ask /auth/sign-in -d "{\"name\": \"owner\", \"password\": \"$password\"}"; }
# request JSON: asks the machine for it; prints what became of it once that is known.
request() {
  local id
  id=$(field id "$(ask /admin/host/requests -d "$1")")
  [[ -n $id ]] && wait_for 300 ended "$id" && ask "/admin/host/requests/$id"
}
ended() { ask "/admin/host/requests/$1" | grep -qE '"state":"(done|failed)"'; }
# send FILE: an update, by the page's way.
send() { ask /admin/update/file -H 'Content-Type: application/octet-stream' --data-binary "@$1"; }
# runs SLOT VERSION: whether the slot's system runs, and counts.
runs() { ask /admin/update | grep -q "\"running\":{\"slot\":\"$1\",\"version\":\"[^\"]*\",\"state\":\"confirmed\""; }

# --- the disk from outside --------------------------------------------------------------------------------------------
entries() { mdir -b -i "$disk@@1M" ::EFI/Linux | tr -d '\r' | sed 's|.*/||'; }
# build_image DEB OPTION...: into $lab; the image's name on success. Its updates are those of the key "tester".
build_image() {
  local deb=$1
  shift
  rm -rf "$lab/unpacked"
  mkdir -p "$lab.home"
  dpkg-deb -x "$deb" "$lab/unpacked"
  # Kept, as the system is that is made with it.
  [[ -f $lab.home/keys/tester.key ]] || solebox keys make tester >/dev/null || return 1
  solebox keys show tester --pem >"$lab/tester.pub" || return 1
  timeout 900 "$(dirname "${BASH_SOURCE[0]}")/build" --deb "$deb" --kernel cloud --trust "$lab/tester.pub" --out "$lab" "$@"
}
# The program of that package, with a data folder of its own.
solebox() { SOLEBOX_HOME=$lab.home "$lab/unpacked/usr/lib/solebox/bin/solebox" "$@" 2> >(grep -v incubator >&2); }
# make_update VERSION ROOT: signed; its name.
make_update() {
  solebox update make --root "$2" --kernel "$(compgen -G "$lab/solebox-*.efi")" --arch x64 --key tester --version "$1" \
    --out "$lab/$1.update" >/dev/null && echo "$lab/$1.update"
}
