#!/usr/bin/env bash
# Compiles the native kernels beside this file, once per instruction set, into one library per
# architecture. Maven calls it; by hand: backend-cpu/src/main/native/build.sh
#
# Writes libsolebox_cpu.so and build.properties below target/classes/io/solebox/backend/cpu/native, for
# this machine (with $CC, or else gcc or clang) and, where a cross compiler is installed, for the other
# architecture. Without a compiler build.properties says so, for Java to repeat, and the build goes on.
# Kernels that do not compile fail the build, unless SOLEBOX_NATIVE=optional.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
target=${SOLEBOX_NATIVE_TARGET:-$(cd ../../.. && pwd)/target}
classes=$target/classes/io/solebox/backend/cpu/native
export LC_ALL=C

flags=(-O2 -ftree-vectorize -std=gnu11 -ffp-contract=off -fno-math-errno -fPIC -fvisibility=hidden -Wall -Wextra)
# What distributions switch on by default, and what would call into libc.
flags+=(-fno-stack-protector -U_FORTIFY_SOURCE)

# Instruction sets of an architecture, best first. Java knows what each demands (Isa.java).
instruction_sets() {
  case $1 in
    x86_64) echo avx512bf16 avx512 avxvnni avx2 ;;
    aarch64) echo i8mm dotprod neon ;;
  esac
}
# Sets isa_flags.
set_isa_flags() {
  local avx2=(-mavx2 -mfma -mf16c)
  local avx512=("${avx2[@]}" -mavx512{f,bw,dq,vl,vnni} -mprefer-vector-width=512)
  case $1 in
    avx512bf16) isa_flags=("${avx512[@]}" -mavx512bf16) ;;
    avx512) isa_flags=("${avx512[@]}") ;;
    avxvnni) isa_flags=("${avx2[@]}" -mavxvnni) ;;
    avx2) isa_flags=("${avx2[@]}") ;;
    i8mm) isa_flags=(-march=armv8.2-a+dotprod+i8mm) ;;
    dotprod) isa_flags=(-march=armv8.2-a+dotprod) ;;
    neon) isa_flags=(-march=armv8-a -mtune=cortex-a72) ;;
  esac
}

# write FILE TEXT: only where it differs, for those who compare times.
write() {
  mkdir -p "$(dirname "$1")"
  [[ -e $1 && $(<"$1") == "$2" ]] || printf '%s\n' "$2" >"$1"
}

# unusable ARCHITECTURE missing|failed REASON REMEDY: no library, and why. The two words are for tests.
unusable() {
  echo "native kernels for linux-$1: none: $3 $4"
  rm -f "$classes/linux-$1/libsolebox_cpu.so"
  write "$classes/linux-$1/build.properties" "without=$2
reason=$3
remedy=$4"
}

# accepts COMMAND...: whether the compiler takes these options and finds the headers.
accepts() {
  "$@" -x c -c -o /dev/null - 2>/dev/null <<'END'
#include <stdint.h>
#include <string.h>
int x;
END
}

# fresh OUTPUT INPUT...: whether it is there and newer than they are.
fresh() {
  local output=$1 input
  shift
  [[ -e $output ]] || return 1
  for input; do [[ ! $input -nt $output ]] || return 1; done
}

# What gcc does with chains of sums in the products moves them away from where registers hold them.
in_order=(-fno-tree-reassoc -fno-tree-ter)

# compile COMPILER SOURCE INSTRUCTION_SET: in the background, one for each processor. Adds to objects.
compile() {
  local object=$work/${2%.c}-$3.o own=()
  [[ $2 != quantized.c ]] || own=(${ordered[@]+"${ordered[@]}"})
  objects+=("$object")
  ! fresh "$object" "$2" "${headers[@]}" "$work/build.id" || return 0
  rm -f "$object"
  while (($(jobs -rp | wc -l) >= processors)); do wait -n || true; done
  set_isa_flags "$3"
  { "$1" "${flags[@]}" "${isa_flags[@]}" ${own[@]+"${own[@]}"} -I. "-DISA=$3" -c "$2" -o "$object.new" 2>"$object.log" &&
    mv "$object.new" "$object"; } &
}

# build ARCHITECTURE COMPILER
build() {
  local architecture=$1 compiler=$2 work=$target/native/linux-$1
  local library=$classes/linux-$1/libsolebox_cpu.so
  local version headers contained=() objects=() isa_flags=() isa source object warnings=0
  version=$("$compiler" --version | head -n 1)
  if ! accepts "$compiler"; then
    unusable "$architecture" missing "Solebox was built where $compiler finds no C headers." \
      "Install them (Debian: apt install libc6-dev) and build again."
    return
  fi
  local ordered=()
  ! accepts "$compiler" -Werror "${in_order[@]}" || ordered=("${in_order[@]}")
  mapfile -t headers < <(find . -name '*.h')
  # With another compiler or other options everything is made anew.
  write "$work/build.id" "$version $(cksum <build.sh)"

  for isa in $(instruction_sets "$architecture"); do
    set_isa_flags "$isa"
    # Otherwise the compiler is older than the instructions.
    ! accepts "$compiler" "${isa_flags[@]}" || contained+=("$isa")
  done
  # The largest first: they take longest, and no processor should wait for them in the end.
  for source in $(ls -S ./*.c); do
    source=${source#./}
    for isa in ${contained[@]+"${contained[@]}"}; do compile "$compiler" "$source" "$isa"; done
  done
  wait

  for object in "${objects[@]}"; do
    cat "$object.log" >&2
    [[ ! -s $object.log ]] || warnings=$((warnings + 1))
    if [[ ! -e $object ]]; then
      unusable "$architecture" failed "The kernels did not compile with $version." \
        "Build again with another compiler, as in CC=clang."
      failed=true
      return
    fi
  done
  if ! fresh "$library" "${objects[@]}"; then
    mkdir -p "${library%/*}"
    "$compiler" -shared -nostdlib -Wl,-z,noexecstack -Wl,-z,now -Wl,-z,relro -Wl,--build-id=none \
      -Wl,-soname,libsolebox_cpu.so "${objects[@]}" -o "$work/linked.so"
    mv "$work/linked.so" "$library"
    echo "native kernels for linux-$architecture: ${contained[*]} ($version)"
  fi
  local hash
  hash=$(sha256sum <"$library")
  write "${library%/*}/build.properties" "compiler=$version
instruction.sets=${contained[*]}
sha256=${hash%% *}
warnings=$warnings"
}

failed=false
processors=$(nproc)
host=$(uname -m)
compiler=""
for candidate in ${CC:+"$CC"} gcc clang; do
  if command -v "$candidate" >/dev/null; then
    compiler=$candidate
    break
  fi
done
for architecture in x86_64 aarch64; do
  cross=$architecture-linux-gnu-gcc
  if [[ $(uname -s)-$architecture == "Linux-$host" ]]; then
    if [[ -n $compiler ]]; then
      build "$architecture" "$compiler"
    else
      unusable "$architecture" missing "Solebox was built without a C compiler." \
        "Install one (Debian: apt install gcc libc6-dev) and build again."
    fi
  elif command -v "$cross" >/dev/null; then
    build "$architecture" "$cross"
  else
    unusable "$architecture" missing "Solebox was built without $cross." \
      "Build it on such a machine, or install gcc-${architecture/_/-}-linux-gnu and build again."
  fi
done
! $failed || [[ ${SOLEBOX_NATIVE:-} == optional ]]
