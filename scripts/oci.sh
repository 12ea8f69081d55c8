#!/usr/bin/env bash
# Packs trees of a distribution into one archive of an image for containers, without a daemon and without root:
#   scripts/oci.sh OUT.oci.tar TREE...     (TREE: target/release/solebox-VERSION-linux-x64, ...-linux-arm64)
# The archive is an OCI image layout (image-spec 1.1); with one tree it also has what "docker load" asks for. Two
# runs give the same bytes. Each image has two layers: what Debian's C library and its kin need, from packages that
# packaging/oci/*.sha256 names, and the tree. There is no shell in it.
# Packages are fetched from $SOLEBOX_DEBIAN (default: Debian's own mirror), or from Debian's archive of
# everything where they have gone, and kept in target/oci/debs, so that the next run needs no network.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
(($# >= 2)) || {
  echo "usage: scripts/oci.sh OUT.oci.tar TREE..." >&2
  exit 2
}
fail() {
  echo "oci: $*" >&2
  exit 1
}
for tool in tar gzip sha256sum dpkg-deb curl; do command -v "$tool" >/dev/null || fail "there is no $tool"; done
out=$1
shift
debs=target/oci/debs
mkdir -p "$debs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
layout=$work/layout blobs=$work/layout/blobs/sha256
mkdir -p "$blobs"
umask 022
# Whom processes in a container are; no user of the machine around it.
user=10001
# Everything in it has the time that the tree has, which is none of this build's.
epoch=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$1/LICENSE")}
created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)

digest() { sha256sum "$1" | cut -d ' ' -f 1; }
# blob FILE MEDIA-TYPE [MORE]: moves it in, and prints its descriptor.
blob() {
  local sum size
  sum=$(digest "$1") size=$(stat -c %s "$1")
  mv "$1" "$blobs/$sum"
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%s%s}' "$2" "$sum" "$size" "${3-}"
}
# pack FILE FOLDER NAME... [OPTION...]: adds what is there to a tar; the same files give the same bytes.
pack() {
  local file=$1 folder=$2
  shift 2
  tar -rf "$file" -C "$folder" --format=gnu --sort=name --mtime="@$epoch" --numeric-owner --mode=u=rwX,go=rX \
    --owner=0 --group=0 --no-xattrs --no-acls --no-selinux "$@"
}

# package PATH SHA256: prints the file, fetched if it is not there.
package() {
  local file=$debs/${1##*/} from
  if [[ ! -f $file ]]; then
    for from in "${SOLEBOX_DEBIAN:-http://deb.debian.org/debian}" "https://snapshot.debian.org/archive/debian/20261130T000000Z"; do
      curl -sfL -m 120 --connect-timeout 10 -o "$work/deb" "$from/$1" || continue
      [[ $(digest "$work/deb") == "$2" ]] || fail "$from/$1 is not what packaging/oci names (SHA-256)"
      mv "$work/deb" "$file"
      break
    done
    [[ -f $file ]] || fail "$1 could not be fetched; packaging/oci says how to name newer packages"
  fi
  [[ $(digest "$file") == "$2" ]] || fail "$file is not what packaging/oci names (SHA-256): delete it"
  echo "$file"
}
# base ARCH FOLDER: what there is below a program: libraries, the locale, users, licences; and the list of packages
# where scanners for holes look.
base() {
  local sum path file all=$work/all root=$2 name
  rm -rf "$all"
  mkdir -p "$all" "$root"/{dev,etc/solebox,proc,run,sys,tmp,usr/{bin,lib,libexec,share/doc},var/lib/{dpkg/status.d,solebox}}
  while read -r sum path; do
    file=$(package "$path" "$sum")
    dpkg-deb -x "$file" "$all"
    name=$(dpkg-deb -f "$file" Package)
    dpkg-deb -f "$file" >"$root/var/lib/dpkg/status.d/$name"
  done <"packaging/oci/$1.sha256"
  cp -a "$all"/{bin,lib,sbin} "$root/"
  [[ ! -L $all/lib64 ]] || cp -a "$all/lib64" "$root/"
  [[ ! -d $all/usr/lib64 ]] || cp -a "$all/usr/lib64" "$root/usr/"
  local libraries
  libraries=$(compgen -G "$all/usr/lib/*-linux-gnu")
  cp -a "$libraries" "$root/usr/lib/"
  # Translations between character sets, and what only debuggers and loaders of old programs look at.
  rm -rf "$root/usr/lib/${libraries##*/}"/{gconv,audit,libc_malloc_debug.so*,libmemusage.so*,libpcprofile.so*}
  mkdir -p "$root/usr/lib/locale" "$root/usr/share/common-licenses"
  cp -a "$all/usr/lib/locale/C.utf8" "$root/usr/lib/locale/"
  cp -a "$all/usr/share/common-licenses/." "$root/usr/share/common-licenses/"
  for file in "$all"/usr/share/doc/*; do
    if [[ -L $file ]]; then
      cp -a "$file" "$root/usr/share/doc/"
    elif [[ -f $file/copyright ]]; then
      mkdir "$root/usr/share/doc/${file##*/}"
      cp "$file/copyright" "$root/usr/share/doc/${file##*/}/"
    fi
  done
  cp "$all/usr/lib/os-release" "$root/usr/lib/"
  cp "$all/etc/debian_version" "$root/etc/"
  ln -s ../usr/lib/os-release "$root/etc/os-release"
  printf 'root:x:0:0:root:/nonexistent:/nonexistent\nsolebox:x:%s:%s:Solebox:/var/lib/solebox:/nonexistent\n' $user $user >"$root/etc/passwd"
  printf 'root:x:0:\nsolebox:x:%s:\n' $user >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  cp packaging/oci/serve.conf "$root/etc/solebox/"
}
# program TREE FOLDER: the tree as it is, and what starts it without a shell. The kernel hands a script to what its
# first line names, here Java itself, whose options are in a file; io.solebox.app.ScriptMain takes it from there.
program() {
  local root=$2 home=/usr/lib/solebox
  mkdir -p "$root"/usr/{bin,lib,libexec}
  cp -a "$1" "$root$home"
  [[ -f $root$home/lib/runtime/lib/security/cacerts && ! -L $root$home/lib/runtime/lib/security/cacerts ]] ||
    fail "$1: its runtime has no certificates of authorities (lib/runtime/lib/security/cacerts)"
  printf '#!%s/lib/runtime/bin/java @/usr/libexec/solebox.args\n' $home >"$root/usr/bin/solebox"
  chmod 755 "$root/usr/bin/solebox"
  {
    cat "$root$home/lib/jvm.args"
    printf -- '-Dsolebox.dist=%s\n-Xlog:disable\n-Xlog:all=error:stderr:none\n' $home
    printf -- '-m io.solebox.app/io.solebox.app.ScriptMain\n'
  } >"$root/usr/libexec/solebox.args"
}
# layer TAR: compresses it; prints its descriptor. The digest of the tar itself is in $work/diff.
layer() {
  digest "$1" >"$work/diff"
  gzip -n "$1"
  blob "$1.gz" application/vnd.oci.image.layer.v1.tar+gzip
}
# What containers are started with, and what the image says of itself.
config() {
  local arch=$1 version=$2 diffs=$3
  cat <<END
{"created":"$created","architecture":"$arch","os":"linux","config":{"User":"$user:$user","ExposedPorts":{"8443/tcp":{}},"Env":["PATH=/usr/bin","HOME=/var/lib/solebox","SOLEBOX_HOME=/var/lib/solebox","XDG_CACHE_HOME=/var/lib/solebox/cache","TMPDIR=/var/lib/solebox","LC_ALL=C.UTF-8","NVIDIA_VISIBLE_DEVICES=all","NVIDIA_DRIVER_CAPABILITIES=compute,utility"],"Entrypoint":["/usr/bin/solebox"],"Cmd":["serve","@/etc/solebox/serve.conf"],"Volumes":{"/var/lib/solebox":{}},"WorkingDir":"/var/lib/solebox","StopSignal":"SIGTERM","Labels":{"org.opencontainers.image.title":"Solebox","org.opencontainers.image.description":"Private language models, offline","org.opencontainers.image.version":"$version","org.opencontainers.image.licenses":"Apache-2.0","org.opencontainers.image.created":"$created"}},"rootfs":{"type":"layers","diff_ids":[$diffs]},"history":[{"created":"$created","comment":"Debian's C library and its kin"},{"created":"$created","comment":"Solebox $version"}]}
END
}
# image TREE: prints its manifest's descriptor; the names of its blobs are in $work/config and $work/layers.
image() {
  local tree=${1%/} name arch version base_layer program_layer diffs settings
  name=${tree##*/}
  case $name in
    solebox-*-linux-x64) arch=amd64 ;;
    solebox-*-linux-arm64) arch=arm64 ;;
    *) fail "$name: a tree is named solebox-VERSION-linux-x64 or -arm64" ;;
  esac
  version=${name#solebox-} version=${version%-linux-*}
  echo "$version" >"$work/version"
  rm -rf "$work/base" "$work/program"
  base "$arch" "$work/base"
  pack "$work/base.tar" "$work/base" --exclude=./tmp --exclude=./var/lib/solebox .
  pack "$work/base.tar" "$work/base" --mode=1777 ./tmp
  pack "$work/base.tar" "$work/base" --mode=0750 --owner=$user --group=$user ./var/lib/solebox
  base_layer=$(layer "$work/base.tar")
  diffs="\"sha256:$(<"$work/diff")\""
  program "$tree" "$work/program"
  pack "$work/program.tar" "$work/program" ./usr
  program_layer=$(layer "$work/program.tar")
  diffs+=",\"sha256:$(<"$work/diff")\""
  config "$arch" "$version" "$diffs" >"$work/config.json"
  digest "$work/config.json" >"$work/config"
  printf '%s %s' "$base_layer" "$program_layer" | grep -o 'sha256:[0-9a-f]*' | cut -d : -f 2 >"$work/layers"
  settings=$(blob "$work/config.json" application/vnd.oci.image.config.v1+json)
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s,%s]}' \
    "$settings" "$base_layer" "$program_layer" >"$work/manifest.json"
  blob "$work/manifest.json" application/vnd.oci.image.manifest.v1+json \
    ",\"platform\":{\"architecture\":\"$arch\",\"os\":\"linux\"}@NAMES@"
}

manifests=()
for tree in "$@"; do
  manifest=$(image "$tree")
  manifests+=("$manifest")
done
reference=localhost/solebox:$(<"$work/version")
names=",\"annotations\":{\"io.containerd.image.name\":\"$reference\",\"org.opencontainers.image.ref.name\":\"$reference\"}"
printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
if ((${#manifests[@]} == 1)); then
  top=${manifests[0]//@NAMES@/$names}
  mapfile -t layers <"$work/layers"
  printf '[{"Config":"blobs/sha256/%s","RepoTags":["%s"],"Layers":["blobs/sha256/%s","blobs/sha256/%s"]}]' \
    "$(<"$work/config")" "$reference" "${layers[@]}" >"$layout/manifest.json"
else
  all=$(printf ',%s' "${manifests[@]//@NAMES@/}")
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' "${all#,}" >"$work/index.json"
  top=$(blob "$work/index.json" application/vnd.oci.image.index.v1+json "$names")
fi
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' "$top" >"$layout/index.json"
rm -f "$work/out.tar"
files=(oci-layout index.json blobs)
[[ ! -f $layout/manifest.json ]] || files+=(manifest.json)
pack "$work/out.tar" "$layout" "${files[@]}"
mv "$work/out.tar" "$out"
echo "$(digest "$out")  $out"
