#!/usr/bin/env bash
# The board's firmware: builds it for the RP2040 and runs it in an emulator of that, with rails, fans, a module and a host around
# it (firmware/test). Prints a line per check that begins with ok, FAILED or SKIPPED, with what was measured, in simulated time,
# and "firmware: done" at the end. Then the command line speaks with it as with a board.
# Needs gcc-arm-none-eabi, a C compiler of this machine, Node.js, and `npm ci` in firmware/test.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p target

skip() {
  echo "SKIPPED the firmware: $1"
  echo "firmware: done"
  exit 0
}
command -v arm-none-eabi-gcc >/dev/null || skip "there is no arm-none-eabi-gcc"
command -v "${CC:-cc}" >/dev/null || skip "there is no C compiler"
if timeout -k 10 120 firmware/build.sh >target/firmware-build.log 2>&1; then
  echo "ok the firmware builds: $(tail -n 1 target/firmware-build.log)"
else
  cat target/firmware-build.log
  echo "FAILED the firmware does not build (target/firmware-build.log)"
  echo "firmware: done"
  exit 0
fi

command -v node >/dev/null || skip "there is no Node.js, and so no emulator"
[[ -d firmware/test/node_modules/rp2040js ]] || skip "there is no emulator: npm ci --prefix firmware/test"
log=target/firmware-test.log
(cd firmware/test && timeout -k 10 300 node --test --test-reporter=tap ./*.test.mjs) >"$log" 2>&1
# A line per case, with what it measured; what the cases printed follows their result.
awk '
  function tell() { if (line != "") print line; line = "" }
  /^ok [0-9]+ - / { tell(); line = $0; sub(/^ok [0-9]+ - /, "ok ", line); if (line ~ / # SKIP/) sub(/^ok/, "SKIPPED", line) }
  /^not ok [0-9]+ - / { tell(); line = $0; sub(/^not ok [0-9]+ - /, "FAILED ", line) }
  /^  error: / { error = $0; sub(/^  error: *(\|-)?/, "", error); line = line ": " error; more = error == "" }
  more && /^    / { sub(/^ */, ""); line = line $0; more = 0 }
  /^# / && !/^# Subtest: / && !/^# [a-z_]+ [0-9.]+$/ && line ~ /^ok / { line = line ": " substr($0, 3) }
  END { tell() }' "$log" | sed 's/\\#/#/g'
# A run that broke off has no totals.
grep -q '^# pass ' "$log" || echo "FAILED the run in the emulator broke off ($log)"

# --- the command line, with the same firmware behind a port --------------------------------------------------
bridge_log=target/firmware-bridge.log
said=target/firmware-board.log
: >"$said"
coproc BRIDGE { exec timeout 200 node firmware/test/bridge.mjs 2>"$bridge_log"; }
bridge=$BRIDGE_PID
read -r -t 60 place <&"${BRIDGE[0]}" || place=
# board WHAT PATTERN STATUS COMMAND...: what solebox board says has a pattern, and it ends with a status.
board() {
  local what=$1 pattern=$2 status=$3 answer ended
  shift 3
  answer=$(timeout 60 ./solebox board "$@" --at "$place" --json 2>&1)
  ended=$?
  printf '%s: %s\n%s\n' "$*" "$ended" "$answer" >>"$said"
  if ((ended == status)) && tr -d '\n ' <<<"$answer" | grep -qE "$pattern"; then
    echo "ok solebox board: $what"
  else
    echo "FAILED solebox board: $what ($said)"
  fi
}
if [[ $place == tcp:* ]]; then
  board "the firmware is asked over the link" '"board":"solebox-rp2040"' 0 status
  board "power comes up" '"state":"run"' 0 power on
  board "it runs" '"state":"run"' 0 status
  board "an emergency stop" '"state":"fault"' 0 emergency-stop
  board "it is a fault, and latched" '"fault":"emergency_stop"' 1 status
  board "the events say how it came to that" '"to":"run".*"fault":"emergency_stop"' 0 events
  board "the fault is reset" '"result":"done"' 0 reset-fault
  board "it is off" '"state":"off"' 0 status
else
  echo "FAILED the emulator behind a port does not start ($bridge_log)"
fi
kill "$bridge" 2>/dev/null
wait "$bridge" 2>/dev/null
echo "firmware: done"
