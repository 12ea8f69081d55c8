#!/usr/bin/env bash
# Puts the embedding model minilm into the distribution in app/target/dist; makes it first where it is not made
# yet, of an artifact that Maven fetches. Run by ./solebox when minilm is named, or by hand.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=scripts/java.sh
source scripts/java.sh
made=models/minilm/target/minilm.gguf
placed=app/target/dist/models/minilm.gguf
log=target/minilm.log

is_made() {
  [[ -f $made && -z $(find models/minilm/pom.xml models/minilm/src/main -newer "$made" -print -quit) ]]
}

make_model() {
  find_jdk
  find_maven
  local artifact version repository=${HOME:-/nowhere}/.m2/repository/dev/langchain4j
  artifact=$(sed -nE 's|.*<minilm.artifact>(.*)</minilm.artifact>.*|\1|p' models/minilm/pom.xml)
  version=$(sed -nE 's|.*<minilm.version>(.*)</minilm.version>.*|\1|p' models/minilm/pom.xml)
  echo "solebox: making the embedding model minilm (all-MiniLM-L6-v2, Apache-2.0; log: $log)" >&2
  if [[ -f $repository/$artifact/$version/$artifact-$version.jar ]]; then
    echo "solebox: its weights are in Maven's local repository already, and are not fetched again" >&2
  else
    echo "solebox: fetching dev.langchain4j:$artifact:$version from Maven Central, 83 MB, once" >&2
  fi
  mkdir -p target
  # The lock of ./solebox: no two builds at once.
  ! command -v flock >/dev/null || { exec 9<pom.xml && flock 9; }
  "$MVN" -B -Dquick -Pminilm -Dmaven.test.skip=true -Dfuzz.skip=true -pl models/minilm -am package >"$log" 2>&1 </dev/null 9<&- || {
    {
      echo "solebox: minilm could not be made; the end of $PWD/$log:"
      grep '^\[ERROR\]' "$log" | head -n 5 || tail -n 20 "$log"
      echo "  Without network: run scripts/minilm.sh on a machine that has it, and copy $made"
      echo "  into the folder of the models here (./solebox embed minilm names it)."
    } >&2
    return 1
  }
}

is_made || make_model
mkdir -p "${placed%/*}"
if ! cmp -s "$made" "$placed"; then
  # Under its name only when it is whole, and never over a file that is in use.
  cp "$made" "$placed.part"
  mv -f "$placed.part" "$placed"
fi
