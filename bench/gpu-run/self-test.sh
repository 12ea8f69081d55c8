# Sourced by bench/gpu --self-test: unpacks what was packed, and rehearses every stage with no JDK in sight.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the script that sources it
failed=0
check() {
  local name=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    echo "ok $name"
  else
    failed=$((failed + 1))
    echo "not ok $name: $(tail -n 3 "$work/check.log" | tr '\n' ' ')"
  fi
}
measure() {
  env -i PATH="$work/tools:/usr/bin:/bin" HOME="$work" TMPDIR="$work" "$there/measure" "$@"
}
report_has() { grep -q -- "$1" "$out/report.md" || { cat "$out/report.md" && return 1; }; }
in_results() { tar -tzf "$out/results.tgz" | grep -- "$1"; }

# Tools of a GPU machine that stand in for those that are not here: what they print is made up.
stand_ins() {
  mkdir -p "$work/tools"
  cat >"$work/tools/nvidia-smi" <<'TOOL'
#!/bin/sh
case $* in *noheader*) echo "1980, 3201, 402.1, 51" ;; *) echo "name, driver_version"; echo "made up, 580.0" ;; esac
TOOL
  cat >"$work/tools/python3" <<'TOOL'
#!/bin/sh
case $1 in
  -c) : >"$3" ;;
  *) echo '{"format":"bf16, made up","decode_at":[{"context":4,"decode_tokens_per_second":{"median":70.5}}]}' ;;
esac
TOOL
  cat >"$work/tools/ncu" <<'TOOL'
#!/bin/bash
while [[ $1 != --log-file ]]; do shift; done
cat >"$2" <<'CSV'
==PROF== made up
"ID","Kernel Name","gpu__time_duration.sum","l1tex__t_sector_hit_rate.pct"
"","","us","%"
"0","swiglu_q4_k_1(float *, unsigned char *)","31.20","48.10"
CSV
TOOL
  chmod +x "$work"/tools/*
}

refuses() { ! measure --out "$work/none" && grep -q 'there is no GPU here' "$work/check.log"; }
runs_short_of_time() {
  measure --rehearsal --out "$out" --seconds 9
  (($? == 3)) && report_has '^- rows/13b-F16: it takes at least'
}
goes_on() { measure --rehearsal --out "$out" && report_has '^| 13b F16 | .* at 3'; }
starts_nothing() {
  measure --rehearsal --out "$out" --stages yardsticks && ! grep -q 'yardsticks, at most' "$work/check.log"
}
names_a_failure() {
  mv "$there/rehearsal" "$there/gone"
  ! measure --rehearsal --out "$work/failing" --stages yardsticks
  local code=$?
  mv "$there/gone" "$there/rehearsal"
  return $code
}
compares_kernels() {
  measure --rehearsal --second --out "$work/second" --stages variants/usual,variants/q4_k-blocks-6 &&
    grep -q '^| q4_k-blocks-6 | ' "$work/second/report.md"
}

self_test() {
  local stage there=$work/there/solebox-gpu out=$work/out
  stand_ins
  mkdir -p "$work/there"
  echo "ok the file has $size bytes"
  check "it unpacks" unpack "$file" "$work/there"
  # What is started fifty times here starts faster so; the file would be larger by a quarter.
  "$there/runtime/bin/java" -Xshare:dump >/dev/null
  [[ -e /dev/nvidia0 ]] || check "without a GPU it says so and what to do" refuses
  check "what has no time is named" runs_short_of_time
  check "it goes on where it stopped" goes_on
  check "what was measured is kept" starts_nothing
  # Without the reference data there is no trained model in the pack, and the stage says so.
  local told=greedy.json
  [[ -d $there/shared/testdata/stories260K ]] || told=greedy.skipped
  while read -r stage _; do
    case $stage in
      conformance-rest) ;;
      greedy) check "stage greedy" in_results "^./$told" ;;
      *) check "stage $stage" in_results "^./$stage.json" ;;
    esac
  done < <(measure --list)
  check "of the suite nothing is left" report_has '^- conformance-rest: all of it was finished before'
  check "the conformance suite ran" report_has '^- conformance: [1-9][0-9]* passed, 0 failed'
  check "what launches and waits cost" report_has '^- from one empty kernel of a graph to the next: 1.50 us'
  check "where a step goes" report_has '^## Where the [0-9]* us of a step of 13b Q4_K_M at 2 go'
  check "parts turned off, side by side" report_has '^| graphs-off | [0-9]'
  check "the profiler's counters" report_has '^| swiglu_q4_k_1.* | 31.20 us |  | 48.10'
  check "the peer" report_has '^13b in bf16, made up: decode 70.5'
  check "that nothing of it is a figure" report_has 'no figure here says anything'
  check "a device that is not there is no result" names_a_failure
  ! command -v "${CLANG:-clang-19}" >/dev/null || check "other kernels, side by side" compares_kernels
}
