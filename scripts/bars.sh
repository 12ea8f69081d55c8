#!/usr/bin/env bash
# The BAR lab: an arm64 kernel in QEMU meets a device with a BAR of 32 GiB, with room for it, without, plugged in behind a
# bridge whose window is too small, and with an IOMMU. The guest has no Java: it captures itself with scripts/collect.sh, and
# ./solebox doctor diagnoses that here. QEMU has no such GPU, so the guest lays a V100's ids over those of the device; its BARs
# and what the kernel says of them are real. Prints a line per check that begins with ok, FAILED or SKIPPED, and
# "bars: done" at the end. Needs qemu-system-aarch64 and cpio, and once the network, for a kernel and a busybox of Debian's.
set -uo pipefail
cd "$(dirname "$0")/.."
lab=target/bars
mkdir -p "$lab"

skip() {
  echo "SKIPPED the BAR lab: $1"
  echo "bars: done"
  exit 0
}
command -v qemu-system-aarch64 >/dev/null || skip "there is no qemu-system-aarch64"
command -v cpio >/dev/null || skip "there is no cpio"
command -v socat >/dev/null || command -v python3 >/dev/null || skip "there is neither socat nor python3, to plug a device in"
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip "packages of Debian's cannot be fetched here"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -f $keys ]] || skip "there are no keys for packages of Debian's"

# --- a kernel and a busybox, from an apt of their own: this machine's is left as it is -----------------------
fetch() {
  local apt=$PWD/$lab/apt image
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" || return
  # From where this machine has its own packages.
  apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
    sed -n "s|^\([^ ]* [^ ]* main\)\$|deb [signed-by=$keys] \1|p" >"$apt/sources.list"
  [[ -s $apt/sources.list ]] || return
  cat >"$apt/apt.conf" <<END
Dir::State::Lists "$apt/lists";
Dir::State::status "/dev/null";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
END
  (
    cd "$apt" || exit
    timeout 120 apt-get -qq -c apt.conf update || exit
    image=$(apt-cache -c apt.conf depends linux-image-cloud-arm64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
    timeout 300 apt-get -qq -c apt.conf download "$image" busybox-static || exit
    rm -rf root
    for package in ./*.deb; do dpkg-deb -x "$package" root || exit; done
  ) >"$lab/fetch.log" 2>&1 || return
  cp "$apt"/root/boot/vmlinuz-* "$lab/kernel" && cp "$apt/root/bin/busybox" "$lab/busybox"
}
[[ -s $lab/kernel && -s $lab/busybox ]] || fetch || skip "the kernel could not be fetched ($lab/fetch.log)"

# --- the guest ------------------------------------------------------------------------------------------------
guest=$lab/guest
rm -rf "$guest"
mkdir -p "$guest"/{bin,dev,proc,sys,tmp,ids}
cp "$lab/busybox" "$guest/bin/busybox"
ln -s busybox "$guest/bin/sh"
cp scripts/collect.sh "$guest/collect.sh"
cat >"$guest/init" <<'END'
#!/bin/sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
dmesg -n 1
echo "lab: ready"
device=
tries=0
while [ -z "$device" ] && [ "$tries" -lt 60 ]; do
  for each in /sys/bus/pci/devices/*; do
    if [ "$(cat "$each/device")" = 0x1110 ]; then device=$each; fi
  done
  [ -n "$device" ] || sleep 1
  tries=$((tries + 1))
done
sleep 1 # for the kernel to have told all
for id in vendor:0x10de device:0x1db5 class:0x030200; do
  echo "${id#*:}" >"/ids/${id%:*}"
  mount -o bind "/ids/${id%:*}" "$device/${id%:*}"
done
sh /collect.sh --yes /tmp/bundle.tar.gz >/tmp/said 2>&1 || cat /tmp/said
echo "lab: begin"
base64 /tmp/bundle.tar.gz
echo "lab: end"
poweroff -f
END
chmod +x "$guest/init"
(cd "$guest" && find . | cpio -o -H newc --quiet | gzip -1) >"$lab/initramfs" || skip "the guest could not be packed"

# boot NAME MACHINE SLOT: leaves NAME.tar.gz; where there is a SLOT, the device is plugged into it once the guest is up:
# root0, right below the host bridge, or down0, behind a switch.
boot() {
  local name=$1 machine=$2 slot=${3:-} console=$lab/$1.log monitor
  monitor=$(mktemp -u)
  local device=(-device ivshmem-plain,id=card,memdev=vram,bus=root0)
  [[ -z $slot ]] || device=(-monitor "unix:$monitor,server,nowait")
  [[ $slot != down0 ]] || device+=(-device x3130-upstream,id=up0,bus=root0
    -device xio3130-downstream,id=down0,bus=up0,chassis=2)
  rm -f "$lab/$name.tar.gz"
  timeout 180 qemu-system-aarch64 -accel tcg -machine "virt,$machine" -cpu cortex-a57 -m 512 -nodefaults \
    -display none -no-reboot -serial "file:$console" -kernel "$lab/kernel" -initrd "$lab/initramfs" \
    -append "console=ttyAMA0 panic=-1" -object memory-backend-ram,id=vram,size=32G,reserve=off \
    -device pcie-root-port,id=root0,bus=pcie.0,chassis=1 "${device[@]}" </dev/null >"$lab/$name.qemu" 2>&1 &
  local qemu=$!
  if [[ -n $slot ]]; then
    for _ in {1..240}; do
      kill -0 "$qemu" 2>/dev/null || break
      grep -q 'lab: ready' "$console" 2>/dev/null && break
      sleep 0.25
    done
    plug "$monitor" "$slot"
  fi
  wait "$qemu"
  tr -d '\r' <"$console" | sed -n '/^lab: begin/,/^lab: end/p' | grep -v '^lab:' | base64 -d >"$lab/$name.tar.gz" 2>/dev/null
  rm -f "$monitor"
  [[ -s $lab/$name.tar.gz ]]
}
plug() {
  local line="device_add ivshmem-plain,id=card,memdev=vram,bus=$2"
  if command -v socat >/dev/null; then
    { echo "$line"; sleep 1; } | socat - "UNIX-CONNECT:$1" >/dev/null
  else
    python3 -c 'import socket,sys,time
s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall((sys.argv[2]+"\n").encode()); time.sleep(1)' "$1" "$line"
  fi
}

# says CASE ID VERDICT: what the doctor says of a case.
says() {
  local json=$lab/$1.json
  if tr -d '\n ' <"$json" | grep -oE '"id":"[a-z0-9.]+","device":("[^"]*"|null),"verdict":"[a-z_]+"' |
    grep -qE "\"id\":\"$2\",.*\"verdict\":\"($3)\""; then
    echo "ok $1: $2 is $3"
  else
    echo "FAILED $1: $2 is not $3 ($json)"
  fi
}
diagnose() {
  if boot "$@"; then
    ./solebox doctor --bundle "$lab/$1.tar.gz" --json >"$lab/$1.json" 2>"$lab/$1.err"
    (($? < 2)) || echo "FAILED $1: the doctor cannot read the bundle ($lab/$1.err)"
  else
    echo "FAILED $1: the guest has captured nothing ($lab/$1.log)"
    return 1
  fi
}

if diagnose assigned highmem=on; then
  says assigned gpu.present ok
  says assigned gpu.bar.assigned ok
  says assigned gpu.bar.nospace ok
fi
if diagnose iommu highmem=on,iommu=smmuv3; then
  says iommu gpu.bar.assigned ok
  says iommu kernel.pagesize ok
  says iommu iommu.group 'ok|warn'
  says iommu smmu.faults ok
fi
if diagnose nospace highmem=off; then
  says nospace gpu.bar.nospace fail
  says nospace gpu.bar.assigned fail
  says nospace host.window fail
fi
# Linux says that there is no space, and then finds some, since it may make the bridge's window larger.
if diagnose plugged highmem=on root0; then
  says plugged gpu.bar.nospace ok
  says plugged gpu.bar.assigned ok
fi
# Those above a switch it may not: they are in use.
if diagnose behind highmem=on down0; then
  says behind gpu.bar.nospace fail
  says behind gpu.bar.assigned fail
  says behind bridge.window fail
fi
echo "bars: done"
