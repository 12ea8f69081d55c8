#!/usr/bin/env bash
# Trains app/target/dist/solebox.aot: classes, loaded and linked, and method profiles of one short
# answer (JEP 483, 514, 515). Needs JAVA_HOME. The options must be those of ./solebox.
set -euo pipefail
cd "$(dirname "$0")/.."
dist=$PWD/app/target/dist
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
arguments=(--help)
if [[ -f $dist/models/solebox-guide.gguf ]]; then
  arguments=(run -p "What is Solebox?" --temperature 0 -n 64)
fi
SOLEBOX_HOME=$home "$JAVA_HOME/bin/java" @"$dist/jvm.args" -XX:AOTCacheOutput="$dist/solebox.aot" \
  -Dsolebox.dist="$dist" -p "$dist/modules" -m io.solebox.app/io.solebox.app.Main "${arguments[@]}"
[[ -s $dist/solebox.aot ]]
