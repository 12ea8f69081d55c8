#!/bin/sh
# Captures a machine for solebox doctor --bundle FILE, as solebox doctor --collect does, on one without Java:
# what its checks read, with stand-ins for serial numbers, MAC addresses, UUIDs, IP addresses and the names of
# hosts and users. Needs a POSIX shell, awk, od, tar and gzip (those of busybox do). As root it reads more.
#   collect.sh [--yes] [--root FOLDER] FILE.tar.gz
#     --yes     writes without asking; what it holds is listed all the same
#     --root    captures a folder that holds a machine's files, and what its tools said
set -eu
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin

fail() {
  echo "collect.sh: $1" >&2
  exit 2
}

root=/ yes=false file=
while [ $# -gt 0 ]; do
  case $1 in
    --yes) yes=true ;;
    --root)
      [ $# -gt 1 ] || fail "--root needs a folder"
      root=$2
      shift
      ;;
    -*) fail "usage: collect.sh [--yes] [--root FOLDER] FILE.tar.gz" ;;
    *) file=$1 ;;
  esac
  shift
done
[ -n "$file" ] || fail "usage: collect.sh [--yes] [--root FOLDER] FILE.tar.gz"
[ ! -e "$file" ] || fail "$file is there already; name another"
$yes || [ -t 0 ] || fail "nobody can be asked whether it may be written; --yes says so"
case $file in
  /*) ;;
  *) file=$PWD/$file ;;
esac
for tool in awk od tar gzip; do
  command -v "$tool" >/dev/null || fail "$tool is not there"
done

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
trap 'exit 1' HUP INT TERM
tree=$stage/tree
mkdir "$tree"
: >"$stage/unread"
cd "$root" || fail "$root is no folder"
root=$(pwd -P)
[ "$root" = / ] || root=$root/

# The same lines as wanted.txt of the module hardware: a folder, and names in it.
wanted() {
  cat <<'END'
proc cmdline cpuinfo device-tree iomem meminfo modules version
proc/sys/kernel osrelease tainted
proc/driver/nvidia params version
proc/driver/nvidia/gpus/* information
etc os-release
usr/lib os-release
etc/modprobe.d *.conf
etc/solebox hardware.properties
sys/class/dmi/id bios_date bios_vendor bios_version board_name board_vendor product_family product_name product_version sys_vendor
sys/firmware/devicetree/base compatible model
sys/firmware/acpi pm_profile
sys/firmware/efi fw_platform_size
sys/firmware/efi/efivars SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
sys/kernel/security lockdown
sys/bus/pci/devices/* aer_dev_correctable aer_dev_fatal aer_dev_nonfatal boot_vga class config current_link_speed current_link_width device driver enable iommu_group local_cpulist max_link_speed max_link_width numa_node power_state resource resource[0-9]_resize revision sriov_numvfs sriov_totalvfs subsystem_device subsystem_vendor vendor
sys/kernel/iommu_groups/* type
sys/kernel/iommu_groups/*/devices *
sys/class/iommu *
sys/module/nvidia srcversion taint version
sys/module/nvidia/parameters *
sys/module/nouveau refcnt srcversion version
sys/module/nova_core refcnt srcversion version
sys/module/amdgpu refcnt srcversion version
sys/class/hwmon/* curr*_* device fan*_* in*_* name power*_* pwm* temp*_*
sys/class/thermal/thermal_zone* temp trip_point_*_temp trip_point_*_type type
sys/class/powercap/intel-rapl* energy_uj max_energy_range_uj name
sys/class/nvme/nvme* firmware_rev model state
sys/bus/w1/devices/* conv_time features resolution temperature w1_slave
sys/devices/system/cpu online possible
sys/devices/system/node/node* cpulist distance
sys/kernel/mm/transparent_hugepage enabled
END
}

# What the program's names give away; s/// for each sensor on a 1-wire bus, whose name is its number.
number=0
for at in sys/bus/w1/devices/*; do
  name=${at##*/}
  case $name in
    [0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f])
      number=$((number + 1))
      printf 's/%s/%s-%012d/g\n' "$name" "${name%%-*}" "$number"
      ;;
  esac
done >"$stage/sensors"

neutral_path() {
  if [ -s "$stage/sensors" ]; then
    printf '%s\n' "$1" | sed -f "$stage/sensors"
  else
    printf '%s\n' "$1"
  fi
}

# --- what is captured -----------------------------------------------------------------------------
room_for() {
  case $1 in
    */*) [ -d "$tree/${1%/*}" ] || mkdir -p "$tree/${1%/*}" ;;
  esac
}

keep_link() {
  kept=$(neutral_path "$1")
  room_for "$kept"
  [ -L "$tree/$kept" ] || ln -s "$(neutral_path "$(readlink "$1")")" "$tree/$kept"
}

unread() { printf '%s: %s\n' "$(neutral_path "$1")" "$2" >>"$stage/unread"; }

# What of a file is kept: of what the owner says, nothing of the plug, its address, user and password's file.
content() {
  case $1 in
    *hardware.properties) [ -r "$1" ] && awk '$0 !~ /^[ \t]*plug/' "$1" ;;
    *) cat "$1" ;;
  esac
}

keep_file() {
  kept=$(neutral_path "$1")
  room_for "$kept"
  if ! content "$1" >"$tree/$kept" 2>/dev/null; then
    rm -f "$tree/$kept"
    if [ -r "$1" ]; then unread "$1" "cannot be read"; else unread "$1" "root is needed"; fi
    return 0
  fi
  case $1 in
    */config) without_serial "$tree/$kept" ;;
  esac
}

# Zeros where PCI extended capability 0003h has a serial number, which of a network card is its MAC address.
without_serial() {
  at=$(od -An -v -tx1 "$1" | awk '
    function hex(s,   i, n) {
      n = 0
      for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
      return n
    }
    { for (i = 1; i <= NF; i++) byte[size++] = $i }
    END {
      at = 256
      for (i = 0; i < 480 && at >= 256 && at + 12 <= size; i++) {
        if (byte[at + 1] byte[at] == "0003") { print at + 4; exit }
        at = hex(byte[at + 3] substr(byte[at + 2], 1, 1))
        at -= at % 4
      }
    }')
  [ -z "$at" ] || dd if=/dev/zero of="$1" bs=1 seek="$at" count=8 conv=notrunc 2>/dev/null
}

# Where a folder really lies, from the root; empty outside of it.
real() {
  there=$(cd -P -- "$1" 2>/dev/null && pwd -P) || there=
  case $there in
    "$root"*) printf '%s\n' "${there#"$root"}" ;;
  esac
}

keep_folder() {
  [ ! -L "$1" ] || keep_link "$1"
  [ -d "$1" ] || return 0
  here=$(real "$1")
  [ -n "$here" ] || return 0
  # Names are patterns, which must not meet the files of another folder first.
  set -f
  for name in $2; do
    set +f
    for each in "$here"/$name; do
      if [ -L "$each" ]; then keep_link "$each"; elif [ -e "$each" ]; then keep_file "$each"; fi
    done
  done
  set +f
}

wanted | while read -r folder names; do
  for at in $folder; do
    keep_folder "$at" "$names"
  done
done

# --- what tools say -------------------------------------------------------------------------------
deadline=
! timeout 1 true 2>/dev/null || deadline="timeout 20"

# said FILE COMMAND...: keeps what a command says, as far as it says anything.
said() {
  kept=$tree/$1 name=$1
  shift
  [ ! -s "$kept" ] || return 0
  command -v "$1" >/dev/null || return 0
  code=0
  $deadline "$@" >"$kept" 2>&1 </dev/null || code=$?
  [ "$code" != 0 ] || return 0
  if grep -q 'Operation not permitted\|Permission denied' "$kept"; then
    unread "$name" "root is needed"
    rm -f "$kept"
  elif [ ! -s "$kept" ] || [ "$code" = 124 ]; then
    unread "$name" "cannot be read"
    rm -f "$kept"
  fi
}

if [ "$root" = / ]; then
  said dmesg.txt dmesg
  said dmesg.txt journalctl -k -b 0 --no-pager -q
  said journal.txt journalctl -k -b -1 --no-pager -q
  said uname.txt uname -a
  said getconf-pagesize.txt getconf PAGESIZE
  said getconf-pagesize.txt awk '/^KernelPageSize/ { print $2 * 1024; exit }' /proc/self/smaps
  said lsmod.txt lsmod
  said lspci-nn.txt lspci -D -nn
  said lspci-vvv.txt lspci -D -nn -vvv
  said nvidia-smi.txt nvidia-smi
  said nvidia-smi-L.txt nvidia-smi -L
  said nvidia-smi-q.txt nvidia-smi -q
  said nvidia-smi-topo.txt nvidia-smi topo -m
  said dmidecode.txt dmidecode -t 39
  said modinfo-nvidia.txt modinfo nvidia
  said mokutil.txt mokutil --sb-state
  said systemctl.txt systemctl status nvidia-fabricmanager --no-pager -n 20
else
  for each in board-events.json board-status.json cuda.txt dmesg-before-reboot.txt dmesg.txt dmidecode.txt getconf-pagesize.txt hardware.properties journal.txt lsmod.txt lspci-nn.txt lspci-vvv.txt modinfo-nvidia.txt mokutil.txt nvbandwidth.txt nvidia-smi-L.txt nvidia-smi-q.txt nvidia-smi-topo-m.txt nvidia-smi-topo.txt nvidia-smi.txt p2pBandwidthLatencyTest.txt psu.txt smoke-last.json state-previous.json systemctl.txt uname.txt; do
    [ ! -e "$each" ] || keep_file "$each"
  done
fi

# --- stand-ins --------------------------------------------------------------------------------------
{
  for each in proc/sys/kernel/hostname etc/hostname; do
    [ ! -r "$each" ] || printf 'host %s\n' "$(cat "$each")"
  done
  for each in home/*; do
    [ ! -d "$each" ] || printf 'user %s\n' "${each##*/}"
  done
} >"$stage/names"
for at in sys/bus/w1/devices/*; do
  printf '%s\n' "${at##*/}"
done >"$stage/wires"

cd "$tree"
find . -type f | sed 's,^\./,,' | sort | grep -v -e '^sys/firmware/.*/model$' -e '^sys/firmware/.*/compatible$' \
  -e '^sys/firmware/efi/efivars/' -e '^sys/bus/pci/.*/config$' -e '^sys/devices/pci.*/config$' >"$stage/texts" || :
awk -v names="$stage/names" -v wires="$stage/wires" '
  function repeat(s, n,   r) { r = ""; while (n-- > 0) r = r s; return r }
  function number(kind, key) {
    if (!((kind, key) in numbers)) numbers[kind, key] = ++count[kind]
    return numbers[kind, key]
  }
  function word(c) { return c ~ /[0-9A-Za-z_]/ }
  function octets(between, n) { return sprintf("%02x%s%02x", int(n / 256), between, n % 256) }
  function digits(n, width) { return sprintf("%0" width "d", n) }

  # Names of hosts and users, in the order in which they become known.
  function telling(name) { return length(name) > 2 && name ~ /^[A-Za-z0-9._-]+$/ && !(name in common) }
  function host(name,   s, doubled) {
    sub(/[.].*/, "", name)
    if (!telling(name) || (("host name", name) in numbers)) return
    s = "host" number("host name", name)
    known[++knowns] = name "([.][A-Za-z][A-Za-z0-9-]*)*"
    standin[knowns] = s
    if (name ~ /-/) {
      doubled = name
      gsub(/-/, "--", doubled)
      known[++knowns] = doubled
      standin[knowns] = s
    }
  }
  function user(name) {
    if (!telling(name) || (("user name", name) in numbers)) return
    standin[++knowns] = "user" number("user name", name)
    gsub(/[.]/, "[.]", name)
    known[knowns] = name
  }

  function is_ipv6(s,   n, part, i) {
    n = split(s, part, ":")
    if (n != 8 || s ~ /::/) {
      return s ~ /::/ && s ~ /^(fe[89ab][0-9a-f]|f[cd][0-9a-f][0-9a-f]|[23][0-9a-f][0-9a-f][0-9a-f]):/
    }
    for (i = 1; i <= n; i++) if (part[i] == "" || length(part[i]) > 4) return 0
    return 1
  }
  function is_ipv4(s,   n, part, i) {
    n = split(s, part, ".")
    for (i = 1; i <= n; i++) {
      if (length(part[i]) > 3 || part[i] + 0 > 255 || (length(part[i]) > 1 && part[i] ~ /^0/)) return 0
    }
    return part[1] != "0" && part[1] != "127" && part[1] != "255"
  }
  function stands_for(kind, s,   key, between, n) {
    key = tolower(s)
    if (kind == "uuid") return "00000000-0000-0000-0000-" digits(number("UUID", key), 12)
    if (kind == "name") return substr(key, 1, 3) ".id-" number("device name", key)
    if (kind == "ipv6") return is_ipv6(key) ? "2001:db8::" number("IP address", key) : s
    if (kind == "eui64") return "device-" number("device id", key)
    if (kind == "mac") {
      gsub(/[:-]/, "", key)
      if (key == "000000000000" || key == "ffffffffffff") return s
      between = substr(s, 3, 1)
      return "02" repeat(between "00", 3) between octets(between, number("MAC address", key))
    }
    if (kind == "wire") return substr(key, 1, 3) digits(number("sensor id", key), 12)
    if (kind == "ipv4") {
      if (!is_ipv4(s)) return s
      n = number("IP address", s)
      return "198.18." int(n / 256) "." n % 256
    }
    if (kind == "id32") return digits(number("machine id", key), 32)
    if (kind == "short") return length(s) == 41 ? s : "UUID=id-" number("UUID", substr(s, 6))
    if (kind == "home") {
      key = substr(s, 7)
      if (key in common) return s
      user(key)
      return "/home/user" number("user name", key)
    }
    return kind
  }
  # Replaces all that is found, from left to right; where bound, only what is no piece of a word.
  function each(s, re, kind, bound,   out, before, left, right, next_one, at, len, found, instead) {
    out = before = ""
    while (match(s, re)) {
      at = RSTART
      len = RLENGTH
      found = substr(s, at, len)
      left = at > 1 ? substr(s, at - 1, 1) : before
      right = substr(s, at + len, 1)
      next_one = substr(s, at + len + 1, 1)
      instead = found
      if (!bound || !(word(left) || word(right) \
          || (kind == "ipv4" && (left == "." || (right == "." && next_one ~ /[0-9]/))))) {
        instead = stands_for(kind, found)
      }
      if (instead == found) len = 1
      out = out substr(s, 1, at - 1) (instead == found ? substr(found, 1, 1) : instead)
      before = substr(s, at + len - 1, 1)
      s = substr(s, at + len)
    }
    return out s
  }

  function serial(s,   head, rest, tail) {
    if (!match(s, /[Ss][Ee][Rr][Ii][Aa][Ll][ _]?[Nn][A-Za-z.]*[ \t]*:[ \t]*|(GUID|Asset Tag)[ \t]*:[ \t]*|^Serial[ \t]*:[ \t]*/)) return s
    head = substr(s, 1, RSTART + RLENGTH - 1)
    rest = substr(s, RSTART + RLENGTH)
    match(rest, /[ \t\r]*$/)
    tail = substr(rest, RSTART)
    rest = substr(rest, 1, RSTART - 1)
    if (rest == "" || rest == "N/A" || rest == "[N/A]" || rest == "0" || rest == "None" || rest == "Unknown") return s
    return head "serial-" number("serial number", rest) tail
  }
  function learn(s, re,   part, n) {
    if (!match(s, re)) return
    n = split(substr(s, 1, RLENGTH - 1), part, " ")
    host(part[n])
  }
  function line(path, s,   i) {
    if (path == "uname.txt") learn(s, "^Linux [^ ]+ ")
    learn(s, "^[A-Z][a-z][a-z] [ 0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9.]+ [^ ]+ ")
    learn(s, "^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[^ ]+ [^ ]+ ")
    s = each(serial(s), "UUID=[0-9A-Fa-f-]+", "short", 0)
    for (i = 1; i <= shapes; i++) s = each(s, expression[i], shape[i], 1)
    s = each(s, "/home/[^/ \t:,;\"\047\r]+", "home", 0)
    for (i = 1; i <= knowns; i++) s = each(s, known[i], standin[i], 1)
    return s
  }
  function add(kind, re) { shape[++shapes] = kind; expression[shapes] = re }

  BEGIN {
    h = "[0-9A-Fa-f]"
    add("uuid", repeat(h, 8) "-" repeat(h, 4) "-" repeat(h, 4) "-" repeat(h, 4) "-" repeat(h, 12))
    add("name", "(nqn|iqn|eui|naa|wwn)[.-][0-9A-Za-z.:_-]+")
    add("ipv6", h "*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*")
    add("eui64", h h repeat("-" h h, 7))
    add("mac", h h repeat("[:-]" h h, 5))
    add("wire", h h "-" repeat(h, 12))
    add("ipv4", "[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+")
    add("id32", repeat(h, 32))
    n = split("admin ai alarm arch box config cuda daemon data debian default desktop dev fedora gpu home host kernel laptop linux llm local localhost machine mail main ml model models node nova nouveau nvidia pci pcie raspberrypi rocky root server solebox sys system systemd test ubuntu unknown usb user users version", part, " ")
    for (i = 1; i <= n; i++) common[part[i]]
    while ((getline s < wires) > 0) each(s, expression[6], "wire", 1)
    while ((getline s < names) > 0) {
      rest = substr(s, 6)
      if (s ~ /^host /) { sub(/^[ \t]+/, "", rest); sub(/[ \t\r]+$/, "", rest); host(rest) } else user(rest)
    }
  }
  {
    lines = 0
    while ((getline s < $0) > 0) text[++lines] = line($0, s)
    close($0)
    printf "" > $0
    for (i = 1; i <= lines; i++) print text[i] > $0
    close($0)
  }
  END { for (kind in count) printf "%6d  %s\n", count[kind], kind > "/dev/stderr" }
' "$stage/texts" 2>"$stage/replaced"

[ ! -s "$stage/unread" ] || sort "$stage/unread" >not-read.txt

# --- asked, and written -------------------------------------------------------------------------------
echo "This is what $file would hold:"
find . ! -type d | sed 's,^\./,,' | sort | while read -r each; do
  if [ -L "$each" ]; then
    printf '%10s  %s\n' link "$each"
  else
    printf '%10d  %s\n' "$(wc -c <"$each")" "$each"
  fi
done
echo "Stand-ins, the same for the same thing:"
sort "$stage/replaced"
if ! $yes; then
  printf 'Write it? [y/N] '
  read -r answer || answer=
  case $answer in
    y | Y | yes) ;;
    *)
      echo "Nothing was written."
      exit 1
      ;;
  esac
fi
owner=
for each in "--owner=0 --group=0 --numeric-owner" "--uid 0 --gid 0" "--numeric-owner"; do
  # shellcheck disable=SC2086
  if tar -cf - $each ./ >/dev/null 2>&1; then
    owner=$each
    break
  fi
done
# shellcheck disable=SC2086
tar -cf - $owner ./ | gzip -n >"$file"
echo "Wrote $file."
