# Sourced by the scripts beside it: where things are, and what every Java here is started with.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the script that sources it
here=$(readlink -f "${BASH_SOURCE[0]}")
here=${here%/*}
# Containers get the driver's libraries there, and the loader need not know of it.
if [[ -d /usr/local/nvidia/lib64 ]]; then
  export LD_LIBRARY_PATH=/usr/local/nvidia/lib64${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
fi
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]*) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac
java=$here/runtime/bin/java
jars="$here/modules/*:$here/libraries/*:$here/tests/*"
# Of all that comes as jars on a class path: the suite, and the emulated GPU of a rehearsal.
loose=(-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector)
# For drivers that do not compile PTX.
cubins=()
[[ ! -d $here/cubins ]] || cubins=("-Dsolebox.cuda.cubins=$here/cubins")
