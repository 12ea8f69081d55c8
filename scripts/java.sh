# Sourced by ./solebox and ./check: finds a JDK 25, Maven and a C compiler. Reads the JDKs' release
# files with the shell's own words, because every process started here delays every start of Solebox.

# Sets JAVA_HOME and JAVA_ID (home and version), or says what is missing and fails.
find_jdk() {
  local homes=() found=() home on_path version
  [[ -n ${JAVA_HOME:-} ]] && homes+=("$JAVA_HOME")
  if on_path=$(command -v java); then
    on_path=$(readlink -f "$on_path")
    homes+=("${on_path%/bin/java}")
  fi
  homes+=(/usr/lib/jvm/* /opt/*jdk* /opt/*java* /opt/*/*jdk* /usr/local/*jdk* "${HOME:-/nowhere}"/.sdkman/candidates/java/*
    "${HOME:-/nowhere}"/.jdks/* "${HOME:-/nowhere}"/.local/share/mise/installs/java/* "${HOME:-/nowhere}"/.asdf/installs/java/*)
  # 25 is what the tests run on; a newer one is taken only when there is no 25.
  local newer="" newer_version=""
  local seen=" "
  for home in "${homes[@]}"; do
    [[ -r $home/release && -x $home/bin/java ]] || continue
    [[ -L $home ]] && home=$(readlink -f "$home")
    [[ $seen != *" $home "* ]] || continue
    seen+="$home "
    version=$(<"$home/release")
    [[ $version =~ JAVA_VERSION=\"([0-9]+)([^\"]*)\" ]] || continue
    local major=${BASH_REMATCH[1]} full=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
    if [[ ! -x $home/bin/javac ]]; then
      found+=("$full at $home (a runtime without the compiler)")
    elif ((major == 25)); then
      use_jdk "$home" "$full"
      return
    elif ((major > 25)) && [[ $version == *jdk.incubator.vector* ]]; then
      newer=${newer:-$home} newer_version=${newer_version:-$full}
    else
      found+=("$full at $home")
    fi
  done
  if [[ -n $newer ]]; then
    use_jdk "$newer" "$newer_version"
    return
  fi
  {
    echo "solebox: needs a JDK 25 and found none."
    echo "  Install it:  apt install openjdk-25-jdk-headless   (Debian 14, Ubuntu 25.10 and newer)"
    echo "           or  Eclipse Temurin 25, any Linux: https://adoptium.net/temurin/releases/?version=25"
    echo "  Then run this again; or set JAVA_HOME if it is in an unusual place."
    if ((${#found[@]})); then
      printf '  Found instead:'
      printf ' Java %s;' "${found[@]}" | sed 's/;$/\n/'
    else
      echo "  Found no Java at all (looked in JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks)."
    fi
  } >&2
  return 1
}

use_jdk() {
  export JAVA_HOME=$1
  JAVA_ID="$1 $2"
}

# Sets MVN, or says what is missing and fails.
find_maven() {
  local candidate
  for candidate in "${MAVEN_HOME:-/nowhere}/bin/mvn" "$(command -v mvn || true)" \
    /usr/share/maven/bin/mvn /opt/*maven*/bin/mvn "${HOME:-/nowhere}"/.sdkman/candidates/maven/current/bin/mvn; do
    if [[ -x $candidate ]]; then
      MVN=$candidate
      return
    fi
  done
  {
    echo "solebox: needs Maven (3.8 or newer) to build and found none."
    echo "  Install it:  apt install maven"
  } >&2
  return 1
}

# Whether the native kernels can be compiled; their build looks for the same.
has_compiler() {
  command -v "${CC:-gcc}" >/dev/null || command -v gcc >/dev/null || command -v clang >/dev/null
}

# Maven copies resources, and leaves those that the sources no longer have; a kernel of another time would then be
# loaded with today's parameters. A jar that has it counts as new, so it goes as well. In the root of the repository.
drop_stale_resources() {
  local module copy name
  for module in ./*/src/main/resources; do
    module=${module%/src/main/resources}
    [[ -d $module/target/classes ]] || continue
    while IFS= read -r -d '' copy; do
      name=${copy#"$module/target/classes/"}
      [[ -e $module/src/main/resources/$name ]] || rm -f "$copy" "$module"/target/*.jar
    done < <(find "$module/target/classes" -name '*.ptx' -print0)
  done
}
