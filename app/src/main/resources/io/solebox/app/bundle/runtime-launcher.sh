#!/bin/sh
# Solebox, as a bundle brought it: runs from this folder, with the Java 25 that $JAVA_HOME or the path names.
set -eu
here=$(dirname "$(readlink -f "$0")")
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || {
  echo "solebox: there is no Java here: install a Java 25 runtime, or set JAVA_HOME." >&2
  exit 1
}
# Java reads arguments as the locale says; without one it would turn every umlaut into a question mark.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]*) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac
# Which of stdin, stdout and stderr are terminals: Java knows only of all together.
tty=""
for fd in 0 1 2; do [ -t $fd ] && tty=$tty$fd; done
exec "$java" @"$here/jvm.args" "-Dsolebox.dist=$here" "-Dsolebox.terminals=$tty" \
  -Xlog:disable -Xlog:all=error:stderr:none -p "$here/modules" -m io.solebox.app/io.solebox.app.Main "$@"
