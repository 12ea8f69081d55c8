#!/usr/bin/env bash
# Packs trees of the distribution as Debian packages, without root: scripts/deb.sh OUT TREE...
# A tree is a folder solebox-VERSION-linux-x64 or -arm64 as ./solebox dist makes it; it goes into the package as it is.
# The same tree gives the same bytes: owners, times and order hang on no machine. Times are those of SOURCE_DATE_EPOCH, or
# of the last commit. Needs dpkg-deb, readelf and the JDK's jimage.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "$0")")")
files=$root/packaging/debian
(($# >= 2)) || { echo "usage: scripts/deb.sh OUT TREE..." >&2; exit 2; }
# shellcheck source=scripts/java.sh
source "$root/scripts/java.sh"
find_jdk
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
out=$(realpath "$1")
shift
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "solebox: $1" >&2
  exit 1
}

# What programs and libraries of a tree ask of the system, by the packages that have it. One that nobody has thought of
# is an error here, not at somebody's first start.
depends() {
  local tree=$1 machine=$2 inside=$work/inside needed glibc soname program programs packages=()
  rm -rf "$inside"
  mkdir "$inside"
  # Some lie in the runtime's image of modules, where there is one, beside those for other systems.
  [[ ! -f $tree/lib/runtime/lib/modules ]] ||
    "$JAVA_HOME/bin/jimage" extract --dir "$inside" --include 'regex:.*\.so' "$tree/lib/runtime/lib/modules"
  find "$inside" -type d \( -iname '*musl*' -o -iname '*android*' \) -prune -exec rm -rf {} +
  # The libraries of screens and loudspeakers are loaded by nobody here.
  mapfile -t programs < <(find "$tree" "$inside" -type f \( -name '*.so' -o -perm -u+x \) \
    ! -name libawt_xawt.so ! -name libjawt.so ! -name libsplashscreen.so ! -name libjsound.so)
  needed=""
  for program in "${programs[@]}"; do
    # Others are scripts, or of another processor.
    [[ $(readelf -hW "$program" 2>/dev/null) != *"$machine"* ]] || needed+=$(readelf -dVW "$program")$'\n'
  done
  while read -r soname; do
    # The tree's own.
    [[ -z $(find "$tree" -name "$soname" -print -quit) ]] || continue
    case $soname in
      libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | libutil.so.1 | ld-linux-*) ;;
      libz.so.1) packages+=("zlib1g (>= 1:1.2)") ;;
      libstdc++.so.6) packages+=(libstdc++6) ;;
      libgcc_s.so.1) packages+=(libgcc-s1) ;;
      libfreetype.so.6) packages+=(libfreetype6) ;;
      libharfbuzz.so.0) packages+=(libharfbuzz0b) ;;
      liblcms2.so.2) packages+=(liblcms2-2) ;;
      libjpeg.so.62) packages+=(libjpeg62-turbo) ;;
      *) fail "$tree needs $soname, and no package is known for it; see depends in scripts/deb.sh" ;;
    esac
  done < <(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$needed" | sort -u)
  glibc=$(grep -o 'Name: GLIBC_2\.[0-9]*' <<<"$needed" | sed 's/.*GLIBC_//' | sort -uV | tail -n 1)
  [[ -n $glibc ]] || fail "$tree has no programs that a C library could be told of"
  packages=("libc6 (>= $glibc)" "${packages[@]}")
  printf '%s, ' "${packages[@]}" | sed 's/, $//'
}

pack() {
  local tree=$1 name version arch machine package size depends
  name=$(basename "$tree")
  [[ $name =~ ^solebox-(.+)-linux-(x64|arm64)$ ]] || fail "$tree is not called solebox-VERSION-linux-ARCH"
  # What comes before a release must be older than it.
  version=${BASH_REMATCH[1]/-SNAPSHOT/\~snapshot}
  [[ $version != *-* ]] || fail "'$version' has a dash, which begins a revision of Debian's"
  arch=${BASH_REMATCH[2]/x64/amd64}
  [[ -x $tree/bin/solebox ]] || fail "$tree has no bin/solebox"
  package=$work/package
  rm -rf "$package"
  mkdir -p "$package"/{DEBIAN,etc/solebox,usr/{bin,lib/{systemd/system,sysusers.d,tmpfiles.d},share/doc/solebox,share/lintian/overrides}}
  cp -a "$tree" "$package/usr/lib/solebox"
  ln -s ../lib/solebox/bin/solebox "$package/usr/bin/solebox"
  cp "$root"/app/src/main/dist/systemd/solebox*.{service,path} "$package/usr/lib/systemd/system/"
  cp "$root/app/src/main/dist/systemd/solebox.sysusers.conf" "$package/usr/lib/sysusers.d/solebox.conf"
  cp "$root/app/src/main/dist/systemd/solebox.tmpfiles.conf" "$package/usr/lib/tmpfiles.d/solebox.conf"
  cp "$files/serve.conf" "$package/etc/solebox/"
  cp "$files/copyright" "$root"/docs/cli.md "$root"/docs/install.md "$root"/docs/security.md "$package/usr/share/doc/solebox/"
  cp "$files/lintian-overrides" "$package/usr/share/lintian/overrides/solebox"
  changelog "$version" | gzip -9n >"$package/usr/share/doc/solebox/changelog.gz"
  # Whoever unpacked the tree may have had a mask of their own, and other owners.
  chmod -R u=rwX,go=rX "$package"
  cp "$files"/{postinst,prerm,postrm} "$package/DEBIAN/"
  chmod 755 "$package"/DEBIAN/*
  install -m 644 "$files/templates" "$package/DEBIAN/"
  (cd "$package" && find etc -type f -printf '/%p\n' | LC_ALL=C sort) >"$package/DEBIAN/conffiles"
  (cd "$package" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$package/DEBIAN/md5sums"
  size=$(du -sk --apparent-size --exclude=DEBIAN "$package" | cut -f 1)
  case $arch in amd64) machine=X86-64 ;; arm64) machine=AArch64 ;; esac
  depends=$(depends "$tree" "$machine")
  sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$arch/; s/@SIZE@/$size/; s/@DEPENDS@/$depends/" \
    "$files/control" >"$package/DEBIAN/control"
  find "$package" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  # One thread: how many there are must not decide about bytes. xz would take minutes for a tenth less.
  dpkg-deb --root-owner-group -Zzstd -z9 --threads-max=1 --build "$package" "$out/solebox_${version}_$arch.deb" >/dev/null
  echo "$out/solebox_${version}_$arch.deb"
}

changelog() {
  cat <<END
solebox ($1) stable; urgency=medium

  * Built from the tree of the distribution.

 -- The Solebox developers <solebox@localhost>  $(date -Ru -d "@$SOURCE_DATE_EPOCH")
END
}

for tree in "$@"; do pack "$(realpath "$tree")"; done
