# Sourced by every launcher: of a checkout (solebox), of a release (bin/solebox), of a bundle. What they share of
# starting Java. Each process that is started here delays every start, so it is the shell's own words.

# launch JAVA FOLDER OPTION... -- APPLICATION... -- ARGUMENT...: becomes the program. FOLDER has jvm.args; options
# are more of Java's, the application is how Java finds it (-p, -m), arguments are the person's.
launch() {
  local java=$1 options=(@"$2/jvm.args") application=()
  shift 2
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  shift
  while [[ $1 != -- ]]; do application+=("$1") && shift; done
  shift
  # The JVM's own log goes to stderr: stdout belongs to answers.
  options+=(-Xlog:disable -Xlog:all=error:stderr:none)
  # A cache that does not fit this machine is ignored without a word.
  [[ -z ${AOT_CACHE:-} ]] || options+=(-XX:AOTCache="$AOT_CACHE" -Xlog:aot=off -Xlog:cds=off)
  # What only looks into the store is over before optimized code would pay for being made.
  case "${1-} ${2-}" in
    "models ls" | "models list" | "models show" | "models usage") options+=(-XX:TieredStopAtLevel=1) ;;
  esac
  # Java reads arguments as the locale says; without one it would turn every umlaut into a question mark.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  # Which of stdin, stdout and stderr are terminals: Java knows only of all together.
  local tty="" fd
  for fd in 0 1 2; do [[ ! -t $fd ]] || tty+=$fd; done
  options+=("-Dsolebox.terminals=$tty")
  # Before main starts, the JVM warns on stderr of its incubating vector module, and no option stops
  # it. So its stderr passes a filter for that line, and what else it has to say (why it cannot start,
  # say) comes through; main takes the real one from descriptor 3. The warning stays where that cannot
  # be opened a second time, in regular files (a second opening has a position of its own, and would
  # write over others), and for debugging.
  if [[ -z ${SOLEBOX_DEBUG:-} && (-t 2 || -p /proc/self/fd/2) ]] && (: >>/proc/self/fd/2) 2>/dev/null; then
    exec 3>&2
    exec "$java" "${options[@]}" -Dsolebox.stderr=/proc/self/fd/3 "${application[@]}" "$@" 2> >(without_warning >&3)
  fi
  exec "$java" "${options[@]}" "${application[@]}" "$@"
}

without_warning() {
  trap '' INT # at a terminal Ctrl-C reaches this too, and may not end the program
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line == *'Using incubator modules'* ]] || printf '%s\n' "$line"
  done
}
