#!/usr/bin/env bash
# Makes a release of what ./solebox has built: a folder with Java and everything in it, and its archive, in
# target/release. The same sources, JDK and compilers give the same bytes.
#   ./solebox dist [--arch x64|arm64] [--jdk DIR] [--out DIR] [--key FILE] [--plain]
#     --arch   of the machine that is to run it; otherwise of this one
#     --jdk    a JDK 25 of that architecture, with its folder jmods; otherwise the one that runs this, or for
#              another architecture Debian's, which is fetched into target/jdk
#     --out    otherwise target/release
#     --plain  leaves the archive uncompressed, which is quick
#     --key    signs the sums, with a key of `solebox keys make` or of OpenSSL; without one they are not signed
# Called by ./solebox, which finds a JDK and builds first.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=scripts/java.sh
source scripts/java.sh
export LC_ALL=C TZ=UTC
dist=app/target/dist

fail() {
  echo "solebox dist: $1" >&2
  exit 1
}
usage() {
  echo "usage: ./solebox dist [--arch x64|arm64] [--jdk DIR] [--out DIR] [--key FILE] [--plain]" >&2
  exit 2
}

case $(uname -m) in
  x86_64) own=x64 ;;
  aarch64) own=arm64 ;;
  *) own=$(uname -m) ;;
esac
arch=$own out=target/release jdk="" key="" ending=tar.xz
while (($#)); do
  [[ $1 != --plain ]] || { ending=tar && shift && continue; }
  (($# > 1)) || usage
  case $1 in
    --arch) arch=$2 ;;
    --jdk) jdk=$2 ;;
    --out) out=$2 ;;
    --key) key=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[[ $arch == x64 || $arch == arm64 ]] || fail "there are releases for x64 and arm64, and not for '$arch'"

[[ -z $key || -r $key ]] || fail "there is no key $key that could be read"
find_jdk
find_maven
version=$(sed -nE '/<artifactId>solebox-parent</,$ s|.*<version>(.*)</version>.*|\1|p' pom.xml | head -n 1)
# The time of all files: that of the last commit, or the one that the packager names.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH
name=solebox-$version-linux-$arch
mkdir -p "$out"
tree=$out/$name
rm -rf "$tree"
mkdir -p "$tree"/{bin,lib,licences}

# --- Java, with all modules in it -----------------------------------------------------------------
# Beside what the modules require: the charsets and the AWT without a screen that documents need, zip files as file
# systems, and what lies behind a ServiceLoader.
more=jdk.charsets,jdk.zipfs,jdk.unsupported,jdk.crypto.cryptoki,java.desktop,java.xml.crypto,java.sql
# foreign MACHINE: native code for other machines, as patterns: in SQLite's driver, and our kernels. What JLine has, 0.7 MB,
# stays: its folders are packages that its module promises.
foreign() {
  printf 'regex:%s,regex:%s' "/org\.xerial\.sqlitejdbc/org/sqlite/native/(?!Linux/$1/).*" \
    "/io\.solebox\.backend\.cpu/io/solebox/backend/cpu/native/linux-(?!$1/).*"
}
link() {
  local path=$dist/modules machine=x86_64 modules
  [[ $arch == x64 ]] || machine=aarch64
  [[ -z $jdk ]] || path=$jdk/jmods:$path
  # Ours and the libraries': with another JDK on the path, all that is on it would be too much.
  modules=$("$JAVA_HOME/bin/java" -p "$dist/modules" --list-modules 2>/dev/null | sed -n 's/[@ ].*file:.*//p' | paste -sd,)
  # Signatures of jars mean nothing in an image. No parameters of methods or names of variables are lost: traces keep lines.
  "$JAVA_HOME/bin/jlink" --module-path "$path" --add-modules "$modules,$more" --ignore-signing-information \
    --compress zip-0 --exclude-jmod-section man --exclude-jmod-section headers \
    --exclude-resources "$(foreign "$machine")" \
    --exclude-files '**.debuginfo,/java.desktop/lib/libawt_xawt.so,/java.desktop/lib/libsplashscreen.so' \
    --output "$tree/lib/runtime" >target/dist.log 2>&1 || fail "jlink: $(cat target/dist.log)"
}
# Debian's JDK of the other architecture, whose package has the folder jmods; nothing is installed.
fetch_jdk() {
  local debian=$1 folder=target/jdk/$1 suite=trixie source
  jdk=$(compgen -G "$folder/usr/lib/jvm/java-25-openjdk-*" | head -n 1) && [[ -d $jdk/jmods ]] && return 0
  command -v apt-get >/dev/null || fail "no JDK for $arch: --jdk names one that has a folder jmods"
  mkdir -p "$folder"/{lists/partial,cache/archives/partial,state}
  touch "$folder/status"
  # The mirror that this machine uses.
  source=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1 || true)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${source:-http://deb.debian.org/debian} $suite main" >"$folder/sources.list"
  local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$PWD/$folder/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State=$PWD/$folder/state"
    -o "Dir::State::lists=$PWD/$folder/lists" -o "Dir::State::status=$PWD/$folder/status" -o "Dir::Cache=$PWD/$folder/cache"
    -o "APT::Architecture=$debian" -o "APT::Architectures=$debian" -o APT::Sandbox::User=root)
  { "${apt[@]}" update && (cd "$folder" && "${apt[@]}" download openjdk-25-jdk-headless openjdk-25-jre-headless); } >target/dist.log 2>&1 ||
    fail "Debian's JDK for $arch could not be fetched: $(tail -n 3 target/dist.log)"
  for package in "$folder"/*.deb; do
    echo "solebox dist: with $(basename "$package")" >&2
    dpkg -x "$package" "$folder"
    rm "$package"
  done
  jdk=$(compgen -G "$folder/usr/lib/jvm/java-25-openjdk-*" | head -n 1)
  [[ -d $jdk/jmods ]] || fail "Debian's JDK for $arch has no jmods in it"
}
[[ $arch == "$own" || -n $jdk ]] || case $arch in
  x64) fetch_jdk amd64 ;;
  arm64) fetch_jdk arm64 ;;
esac
echo "solebox dist: linking Java and the modules for linux-$arch" >&2
link

# --- everything else ------------------------------------------------------------------------------
cp scripts/dist/solebox "$tree/bin/"
cp "$dist"/{jvm.args,launch.sh} "$tree/lib/"
cp "$dist"/{LICENSE,NOTICE} "$tree/"
mkdir "$tree/models"
cp "$dist/models/solebox-guide.gguf" "$tree/models/"
cp -r "$dist"/{reader,systemd} "$tree/"
# jlink ties equal texts together by links, and a bundle brings no links.
cp -rL "$tree/lib/runtime/legal" "$tree/licences/java"
rm -rf "$tree/lib/runtime/legal"

# --- what is in it --------------------------------------------------------------------------------
echo "solebox dist: listing what is in it" >&2
"$MVN" -B -q -Dquick -Dmaven.test.skip=true -pl app,reader -am compile \
  org.cyclonedx:cyclonedx-maven-plugin:makeBom >target/dist.log 2>&1 </dev/null || fail "$(tail -n 20 target/dist.log)"
jackson=("$dist"/modules/jackson-{annotations,core,databind}-*.jar)
"$JAVA_HOME/bin/java" -cp "$(IFS=:; echo "${jackson[*]}")" scripts/dist/Papers.java "$dist" "$tree" >target/dist.log 2>&1 ||
  fail "$(grep -m 1 Exception target/dist.log)"
cp "$tree/sbom.cdx.json" "$tree.cdx.json"

# --- the archive ----------------------------------------------------------------------------------
echo "solebox dist: packing $tree.$ending" >&2
chmod -R u=rwX,go=rX "$tree"
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
# Blocks of a fixed size: how many threads there are must not decide about bytes.
compress() {
  case $ending in
    tar.xz) xz -6 --block-size=24MiB -T2 ;;
    tar) cat ;;
  esac
}
tar -C "$out" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$name" |
  compress >"$tree.$ending.part"
mv "$tree.$ending.part" "$tree.$ending"
(cd "$out" && printf '%s\n' solebox-*.tar* solebox-*.cdx.json | xargs sha256sum >SHA256SUMS)
rm -f "$out/SHA256SUMS.sig"
if [[ -n $key ]]; then
  openssl dgst -sha256 -sign "$key" -out "$out/SHA256SUMS.sig" "$out/SHA256SUMS"
else
  echo "solebox dist: SHA256SUMS is not signed: --key names a key" >&2
fi
echo "$tree.$ending"
