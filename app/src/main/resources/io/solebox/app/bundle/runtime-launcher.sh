#!/usr/bin/env bash
# Solebox, as a bundle brought it: runs from this folder, with the Java 25 that $JAVA_HOME or the path names.
set -euo pipefail
here=$(readlink -f "${BASH_SOURCE[0]}")
here=${here%/*}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! command -v "$java" >/dev/null; then
  echo "solebox: there is no Java here: install a Java 25 runtime, or set JAVA_HOME." >&2
  exit 1
fi
# shellcheck source=/dev/null
source "$here/launch.sh"
launch "$java" "$here" "-Dsolebox.dist=$here" -- -p "$here/modules" -m io.solebox.app/io.solebox.app.Main -- "$@"
