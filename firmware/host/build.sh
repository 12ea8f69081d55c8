#!/usr/bin/env bash
# Compiles the board's control with the simulated board beside this file into one library per
# architecture. Maven calls it; by hand: firmware/host/build.sh
#
# Writes libsolebox_board.so and build.properties below hardware's target/classes, in
# io/solebox/hardware/board/native, for this machine (with $CC, or else gcc or clang) and, where a cross
# compiler is installed, for the other architecture. Without a compiler build.properties says so, for
# Java to repeat, and the build goes on. C that does not compile fails the build, unless
# SOLEBOX_NATIVE=optional.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${SOLEBOX_NATIVE_TARGET:-$(cd ../hardware && pwd)/target}
classes=$target/classes/io/solebox/hardware/board/native
export LC_ALL=C

flags=(-std=c11 -O2 -fPIC -fvisibility=hidden -Wall -Wextra -Wconversion -Werror)
# What distributions switch on by default, and what would call into libc.
flags+=(-fno-stack-protector -U_FORTIFY_SOURCE)
sources=(core/*.c host/*.c)

# write FILE TEXT: only where it differs, for those who compare times.
write() {
  mkdir -p "$(dirname "$1")"
  [[ -e $1 && $(<"$1") == "$2" ]] || printf '%s\n' "$2" >"$1"
}

# unusable ARCHITECTURE missing|failed REASON REMEDY: no library, and why. The two words are for tests.
unusable() {
  echo "simulated board for linux-$1: none: $3 $4"
  rm -f "$classes/linux-$1/libsolebox_board.so"
  write "$classes/linux-$1/build.properties" "without=$2
reason=$3
remedy=$4"
}

# accepts COMPILER: whether it finds the headers.
accepts() {
  "$1" -x c -c -o /dev/null - 2>/dev/null <<<'#include <stdint.h>'
}

# links COMPILER FLAG: whether it makes a library with it.
links() {
  "$1" "$2" -shared -nostdlib -x c -o /dev/null - 2>/dev/null <<<'int x;'
}

# fresh OUTPUT INPUT...: whether it is there and newer than they are.
fresh() {
  local output=$1 input
  shift
  [[ -e $output ]] || return 1
  for input; do [[ ! $input -nt $output ]] || return 1; done
}

# build ARCHITECTURE COMPILER
build() {
  local architecture=$1 compiler=$2 work=$target/native/board-linux-$1
  local library=$classes/linux-$1/libsolebox_board.so version hash whole=()
  version=$("$compiler" --version | head -n 1)
  if ! accepts "$compiler"; then
    unusable "$architecture" missing "Solebox was built where $compiler finds no C headers." \
      "Install them (Debian: apt install libc6-dev) and build again."
    return
  fi
  # All of it at once: a step is a dozen calls, and a simulated week is 600 million steps.
  ! links "$compiler" -flto || whole=(-flto)
  # With another compiler or other options it is made anew.
  write "$work/build.id" "$version $(cksum <host/build.sh)"
  if ! fresh "$library" "${sources[@]}" core/*.h host/*.h "$work/build.id"; then
    mkdir -p "${library%/*}"
    if ! "$compiler" "${flags[@]}" ${whole[@]+"${whole[@]}"} -shared -nostdlib -Wl,-z,noexecstack \
      -Wl,-z,now -Wl,-z,relro -Wl,--build-id=none -Wl,-soname,libsolebox_board.so \
      "${sources[@]}" -o "$work/linked.so"; then
      unusable "$architecture" failed "The simulated board did not compile with $version." \
        "Build again with another compiler, as in CC=clang."
      failed=true
      return
    fi
    mv "$work/linked.so" "$library"
    echo "simulated board for linux-$architecture ($version)"
  fi
  hash=$(sha256sum <"$library")
  write "${library%/*}/build.properties" "compiler=$version
sha256=${hash%% *}"
}

failed=false
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
