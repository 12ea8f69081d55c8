# Sourced by bench/gpu: machine code and other kernels for the pack. Where a compiler is missing they are left
# out, with a word. What was made stays in target, beside all that it was made of, and is made again when that has
# changed. What is packed is what the sources have today.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the script that sources it
sources=$root/backend-cuda/src/main/cuda
ptx=$root/backend-cuda/src/main/resources/io/solebox/backend/cuda/ptx
made=$root/target/gpu-kernels

# pack_cubins FOLDER: of sm_90 alone, the card that is most measured; the others' drivers compile.
pack_cubins() {
  local assembler
  assembler=$(command -v ptxas || command -v /usr/local/cuda/bin/ptxas) || {
    echo "bench/gpu: there is no ptxas here: no machine code for drivers that cannot compile" >&2
    return 0
  }
  local version packed=$1/sm_90
  version=$("$assembler" --version | tail -n 1)
  mkdir -p "$made/cubins/sm_90" "$packed"
  export made ptx assembler version packed
  export -f cubin keeps
  # shellcheck disable=SC2016 # each shell's own
  (cd "$ptx/sm_70" && printf '%s\n' *.ptx) | xargs -P "$(nproc)" -n 1 bash -euo pipefail -c 'cubin "$@"' cubin \
    >>"$log" 2>&1 || {
    echo "bench/gpu: $assembler does not take the kernels ($log): no machine code for drivers that cannot compile" >&2
    rm -f "$packed"/*.cubin
  }
}
# cubin NAME.ptx
cubin() {
  local to=$made/cubins/sm_90/${1%.ptx}.cubin from=$ptx/sm_80/$1
  [[ -e $from ]] || from=$ptx/sm_70/$1
  # As the class Target makes one for sm_90 of it.
  (sed -e "s|^\.target sm_.*|.target sm_90|" -e "s|//@sm_90 ||" "$from" && echo "// $version") >"$to.ptx"
  keeps "$to" "$to.ptx" || {
    "$assembler" -arch=sm_90 "$to.ptx" -o "$to.part"
    mv "$to.part" "$to"
    mv "$to.ptx" "$to.of"
  }
  cp "$to" "$packed/"
}
# keeps FILE SOURCE: whether it was made of just this, which then is removed.
keeps() { [[ -e $1 ]] && cmp -s "$2" "$1.of" && rm "$2"; }

# pack_variants FOLDER: for the targets that overlap copies and products, from variants.txt.
pack_variants() {
  local compiler=${CLANG:-clang-19}
  command -v "$compiler" >/dev/null || {
    echo "bench/gpu: there is no $compiler here: no other kernels for --second" >&2
    return 0
  }
  local version packed=$1
  version=$("$compiler" --version | head -n 1)
  export sources made compiler version packed
  export -f variant keeps
  sed '/^#/d' "$root/bench/gpu-run/variants.txt" | while read -r name module change; do
    printf '%s\0' sm_80 "$name" "$module" "$change" sm_90 "$name" "$module" "$change"
  done | xargs -0 -P "$(nproc)" -n 4 bash -euo pipefail -c 'variant "$@"' variant >>"$log" 2>&1 ||
    fail "a variant could not be compiled; the end of $log:" "$(tail -n 5 "$log")"
}
# variant TARGET NAME MODULE CHANGE
variant() {
  local target=$1 name=$2 module=$3 change=$4 format=${3#linear_}
  local to=$made/variants/$name/$target/$module.ptx source
  source=$(mktemp -d)
  cp "$sources"/*.cuh "$source/"
  sed "$change" "$sources/linear.cu" >"$source/linear.cu"
  ! cmp -s "$source/linear.cu" "$sources/linear.cu" || { echo "$name changes nothing" && return 1; }
  mkdir -p "${to%/*}" "$packed/$name/$target"
  (cat "$source"/* "$sources/flags.txt" && echo "$version") >"$to.new"
  # shellcheck disable=SC2046 # flags are words
  keeps "$to" "$to.new" || {
    (cd "$source" && "$compiler" $(<"$sources/flags.txt") "--cuda-gpu-arch=$target" "-DFORMAT=${format^^}" \
      "-DNAME=$format" -S linear.cu -o "$to.part")
    mv "$to.part" "$to"
    mv "$to.new" "$to.of"
  }
  rm -rf "$source"
  cp "$to" "$packed/$name/$target/"
}
