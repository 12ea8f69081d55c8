# Sourced by bench/gpu: machine code and other kernels for the pack. Where a compiler is missing they are left
# out, with a word. What was made stays in target, and is made again when its source is newer.
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
  mkdir -p "$made/cubins/sm_90" "$1/sm_90"
  export made ptx assembler
  # shellcheck disable=SC2016 # each shell's own
  (cd "$ptx/sm_70" && printf '%s\n' *.ptx) | xargs -P "$(nproc)" -n 1 bash -c '
    to=$made/cubins/sm_90/${1%.ptx}.cubin
    from=$ptx/sm_80/$1
    [[ -e $from ]] || from=$ptx/sm_70/$1
    [[ $to -nt $from ]] || {
      # As the class Target makes one for sm_90 of it.
      sed -e "s|^\.target sm_.*|.target sm_90|" -e "s|//@sm_90 ||" "$from" >"$to.ptx" &&
        "$assembler" -arch=sm_90 "$to.ptx" -o "$to"
    }' cubin >>"$log" 2>&1 || {
    echo "bench/gpu: $assembler does not take the kernels ($log): no machine code for drivers that cannot compile" >&2
    return 0
  }
  cp "$made"/cubins/sm_90/*.cubin "$1/sm_90/"
}

# pack_variants FOLDER: for the targets that overlap copies and products, from variants.txt.
pack_variants() {
  local compiler=${CLANG:-clang-19}
  command -v "$compiler" >/dev/null || {
    echo "bench/gpu: there is no $compiler here: no other kernels for --second" >&2
    return 0
  }
  export sources made compiler
  export -f variant
  sed '/^#/d' "$root/bench/gpu-run/variants.txt" | while read -r name module change; do
    printf '%s\0' sm_80 "$name" "$module" "$change" sm_90 "$name" "$module" "$change"
  done | xargs -0 -P "$(nproc)" -n 4 bash -euo pipefail -c 'variant "$@"' variant >>"$log" 2>&1 ||
    fail "a variant could not be compiled; the end of $log:" "$(tail -n 5 "$log")"
  cp -r "$made/variants/." "$1/"
}
variant() {
  local target=$1 name=$2 module=$3 change=$4 format=${3#linear_}
  local to=$made/variants/$name/$target/$module.ptx source
  [[ ! $to -nt $sources/linear.cu || ! $to -nt $sources/formats.cuh || ! $to -nt $sources/solebox.cuh ]] || return 0
  source=$(mktemp -d)
  cp "$sources"/*.cuh "$source/"
  sed "$change" "$sources/linear.cu" >"$source/linear.cu"
  ! cmp -s "$source/linear.cu" "$sources/linear.cu" || { echo "$name changes nothing" && return 1; }
  mkdir -p "${to%/*}"
  # shellcheck disable=SC2046 # flags are words
  (cd "$source" && "$compiler" $(<"$sources/flags.txt") "--cuda-gpu-arch=$target" "-DFORMAT=${format^^}" \
    "-DNAME=$format" -S linear.cu -o "$to.part")
  rm -rf "$source"
  mv "$to.part" "$to"
}
