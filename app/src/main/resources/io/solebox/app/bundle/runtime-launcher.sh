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
# Java reads arguments as the locale says; without one it would turn every umlaut into a question mark.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]*) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac
# Which of stdin, stdout and stderr are terminals: Java knows only of all together.
tty=""
for fd in 0 1 2; do [[ -t $fd ]] && tty+=$fd; done
options=(@"$here/jvm.args" "-Dsolebox.dist=$here" "-Dsolebox.terminals=$tty" -Xlog:disable -Xlog:all=error:stderr:none)
run=(-p "$here/modules" -m io.solebox.app/io.solebox.app.Main "$@")
# As the launcher of a checkout does: no option keeps the JVM from warning of its incubating vector module.
without_warning() {
  trap '' INT # at a terminal Ctrl-C reaches this too, and may not end the program
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line == *'Using incubator modules'* ]] || printf '%s\n' "$line"
  done
}
if [[ -z ${SOLEBOX_DEBUG:-} && (-t 2 || -p /proc/self/fd/2) ]] && (: >>/proc/self/fd/2) 2>/dev/null; then
  exec 3>&2
  exec "$java" "${options[@]}" -Dsolebox.stderr=/proc/self/fd/3 "${run[@]}" 2> >(without_warning >&3)
fi
exec "$java" "${options[@]}" "${run[@]}"
