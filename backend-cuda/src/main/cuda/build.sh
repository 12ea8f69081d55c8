#!/bin/bash
# Compiles the kernels to PTX, over the committed files:      build.sh
# Compiles them aside and compares with the committed files:  build.sh --check
#
# modules.txt has a line per PTX file: its name and its source. formats.txt has a line per weight format:
# its name, its type in formats.cuh, and for formats that tensor cores multiply as they are from which
# architecture on; each gives three PTX files, embed_NAME, linear_NAME and matmul_NAME. flags.txt has the
# flags of all. Needs clang-19 (apt-get install --no-install-recommends clang-19) and no CUDA toolkit;
# an installed one is kept out by --cuda-path, since clang would change its defaults for it.
#
# What is compiled for sm_70 serves all GPUs, with lines that are comments before sm_90 (solebox.cuh); there is
# a file for sm_80 only where other code comes of it, for its tensor cores.
#
# A PTX file's first lines carry the SHA-256 of source, headers, flags and compiler version, in that
# order: PtxFilesTest computes it again, so that nobody commits one without the other.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
committed=$(realpath -m "$here/../resources/io/solebox/backend/cuda/ptx")
out=$committed
cd "$here"

compiler=${CLANG:-clang-19}
if ! command -v "$compiler" > /dev/null; then
  if [[ ${1:-} == --check ]]; then
    echo "build.sh: SKIPPED: there is no $compiler to compare with"
    exit 0
  fi
  echo "build.sh: $compiler is missing; apt-get install --no-install-recommends clang-19" >&2
  exit 1
fi
version=$("$compiler" --version | head -n 1)
if [[ ${1:-} == --check ]]; then
  recorded=$(sed -n 's|^// compiler ||p' "$committed/sm_70/norm.ptx")
  if [[ $version != "$recorded" ]]; then
    echo "build.sh: SKIPPED: the PTX is of $recorded, here is $version"
    exit 0
  fi
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi

# compile TARGET NAME SOURCE [DEFINES...]
compile() {
  local target=$1 name=$2 source=$3
  local flags hash
  flags="$(cat flags.txt) --cuda-gpu-arch=$target ${*:4}"
  hash=$( (cat "$source" ./*.cuh; printf '%s\n' "$flags" "$version") | sha256sum | cut -d ' ' -f 1)
  local file=$out/$target/$name.ptx
  # shellcheck disable=SC2086 # flags are words
  "$compiler" $flags -S "$source" -o "$file.tmp"
  {
    printf '// %s of %s\n// sha256 %s\n// compiler %s\n' "$name" "$source" "$hash" "$version"
    # Marks around inline PTX and the names of blocks are a third of the file.
    sed -e '/^[[:space:]]*\/\/[^@]/d' -e 's/[[:space:]]*\/\/ .*$//' -e '/^[[:space:]]*\/*$/d' "$file.tmp"
  } > "$file"
  rm "$file.tmp"
}
export -f compile
export out version compiler

# Of a file, what does not say for which target it is.
code() { sed -e '/^\/\/ /d' -e '/^\.target/d' "$1"; }

for target in sm_70 sm_80; do
  mkdir -p "$out/$target"
  rm -f "$out/$target"/*
done
# modules: NAME SOURCE [DEFINES...], a line per PTX file.
modules() {
  cat modules.txt
  local name type halves_from
  while read -r name type halves_from; do
    echo "embed_$name embed.cu -DFORMAT=$type -DNAME=$name"
    echo "linear_$name linear.cu -DFORMAT=$type -DNAME=$name"
    echo "matmul_$name matmul.cu -DFORMAT=$type -DNAME=$name${halves_from:+ -DHALVES_FROM=$halves_from}"
  done < formats.txt
}

for target in sm_70 sm_80; do
  modules | sed "s/^/$target /"
done | xargs -P "$(nproc)" -L 1 bash -euo pipefail -c 'compile "$@"' compile
for file in "$out"/sm_80/*; do
  ! cmp -s <(code "$file") <(code "$out/sm_70/${file##*/}") || rm "$file"
done

if [[ ${1:-} == --check ]]; then
  if ! diff -rq "$committed" "$out"; then
    echo "build.sh: the committed PTX is not what these sources give; run build.sh and commit" >&2
    exit 1
  fi
  echo "build.sh: all PTX files are what $version makes of the sources"
fi
