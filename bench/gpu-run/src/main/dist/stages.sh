# Sourced by measure: what is measured, in which order, and with which commands.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the script that sources it

# A stage a line: name, the seconds that it is given, and those without which it is not begun. The order
# is that of what is most worth knowing; with what comes before the first, 540 seconds in all.
all_stages='
yardsticks               20 10
greedy                   15  8
conformance              55 20
rows/13b-Q4_K_M          80 40
rows/13b-Q8_0            60 40
rows/13b-F16             70 45
variants/early-off       11  8
variants/prefetch-off    12  8
variants/graphs-off      11  8
variants/spin-off        11  8
counters                 50 25
rows/1b-Q8_0             25 15
rows/7b-Q4_K_M           25 20
peer/13b                 60 30
conformance-rest         30 10
'
# Of --second: the kernels as they are, and others in their place.
second_stages() {
  local folder
  echo "variants/usual 20 8"
  echo "variants/prefetch-off 15 8"
  for folder in "$here"/variants/*/; do
    [[ ! -d $folder ]] || echo "variants/$(basename "$folder") 15 8"
  done
}

# shape NAME: what stands for it.
shape() { if $rehearsal; then echo tiny; else echo "$1"; fi; }

# bench_command MODEL-FORMAT: the start of a command. A folder of its own for what the driver compiles, so
# that the first load of a model is cold; and compiled at once, so that loading is what takes the time.
bench_command() {
  local shape=${1%%-*} format=${1#*-}
  command=(env "CUDA_CACHE_PATH=$work/jit/$1" CUDA_MODULE_LOADING=EAGER
    "$here/solebox" bench --device "$device" --synthetic "$(shape "$shape"):$format" --json)
  mkdir -p "$work/jit/$1" # the driver need not make what leads to its folder
}

# command_of NAME SECONDS: sets command to what measures it, and prints JSON; or fails and sets why.
command_of() {
  command=()
  case $1 in
    yardsticks) command=("$here/solebox" bench --bandwidth --json --device "$device") ;;
    greedy) of_greedy ;;
    conformance) of_conformance "$2" ;;
    conformance-rest) of_conformance "$2" "$work/conformance.json" ;;
    rows/*)
      bench_command "${1#*/}"
      command+=(-p "$prompt" -n "$tokens" --at "$contexts" -b "1,$streams" -r "$repetitions" --profile)
      ;;
    variants/*) of_variant "${1#*/}" ;;
    counters) of_counters ;;
    peer/*) of_peer "${1#*/}" ;;
  esac
  [[ -n ${command[*]} ]]
}

of_greedy() {
  why="the trained model of the reference data is not in the pack"
  [[ ! -d $here/shared/testdata/stories260K ]] || command=("$here/greedy" "$device" "$story")
}

of_conformance() {
  local suite=cuda
  ! $rehearsal || suite=rehearsal
  # Time for the JVM to start, and to write what was found.
  command=("$here/conformance" "$suite" $(($1 > 15 ? $1 - 8 : $1)) "${@:2}")
  why="all of it was finished before"
  [[ -z ${2:-} || ! -s $2 ]] || ! grep -q '"unfinished":\[\]' "$2" || command=()
}

of_variant() {
  local options
  case $1 in
    usual) options="" ;;
    spin-off) options=-Dsolebox.cuda.spin=0 ;;
    *-off) options=-Dsolebox.cuda.${1%-off}=false ;;
    *) options=-Dsolebox.cuda.kernels=$here/variants/$1 ;;
  esac
  bench_command 13b-Q4_K_M
  command=("${command[0]}" "JDK_JAVA_OPTIONS=$options" "${command[@]:1}" -p "$prompt" -n "$tokens" -r 1 --profile)
}

of_counters() {
  local ncu name
  for name in ncu /usr/local/cuda/bin/ncu /opt/nvidia/nsight-compute/*/ncu; do
    ncu=$(command -v "$name") && break
  done
  why="there is no ncu"
  [[ -n $ncu ]] || return 0
  bench_command 13b-Q4_K_M
  command=("$here/counters" "$ncu" "$work/counters.csv" 12 "${command[@]}" -p 16 -n 4 -r 1)
}

of_peer() {
  why="python3 has no PyTorch with CUDA"
  ! $torch || command=(python3 "$here/torch_peer.py" --shape "$(shape "$1")" --at "${contexts%%,*}"
    --new "$tokens" --decode-only)
}
