#!/usr/bin/env bash
# Builds the distribution in app/target/dist and trains its AOT cache; prints one line per stage.
# Called with JAVA_HOME, JAVA_ID and MVN set. Output of the tools goes to target/build.log.
set -euo pipefail
# Some jars keep the modes of files: whose mask it is must not decide about a release's bytes.
umask 022
cd "$(dirname "$0")/.."
# shellcheck source=scripts/java.sh
source scripts/java.sh
dist=app/target/dist
log=target/build.log
stamp=$dist/.built
mkdir -p target

fail() {
  {
    echo "solebox: $1; the end of $PWD/$log:"
    tail -n 40 "$log"
  } >&2
  exit 1
}

started=$(mktemp target/started.XXXXXX)
trap 'rm -f "$started"' EXIT
# A jar that a module no longer needs must not stay on the module path.
rm -rf "$dist" reader/target/program
drop_stale_resources

echo "solebox: building (the first time it fetches libraries; log: $log)" >&2
# A compiler that does not manage the kernels is no reason not to answer; Java then says what is missing.
SOLEBOX_NATIVE=optional "$MVN" -B -Dquick -Dmaven.test.skip=true -Dfuzz.skip=true -pl app -am package >"$log" 2>&1 </dev/null || fail "the build failed"
[[ -f $dist/models/solebox-guide.gguf ]] || echo "solebox: models/guide/solebox-guide.gguf is missing: there is no built-in model" >&2

echo "solebox: training the start-up cache" >&2
if ! scripts/train-aot.sh >>"$log" 2>&1 </dev/null; then
  rm -f "$dist/solebox.aot"
  echo "solebox: there is no start-up cache, so starts will be slower (the reason is in $log)" >&2
fi

kernels=""
has_compiler || kernels=" without kernels"
printf '%s\n' "$JAVA_ID$kernels" >"$stamp"
# Sources changed while building are newer than the build's start, not than its end.
touch -r "$started" "$stamp"
