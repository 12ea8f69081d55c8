#!/usr/bin/env bash
# Makes a release and meets it as somebody who has unpacked it, without a JDK and where nobody may write. Linked once more
# in another folder it must have the same bytes; what is in the archive is compared, as compressing it twice would take a
# minute. Leaves the release in target/release, for the suites after this one. Prints a line per check that begins with
# ok, FAILED or SKIPPED, and "dist-check: done" at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=""
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; chmod -R u+w "$work"; rm -rf "$work"' EXIT
unset SOLEBOX_DEBUG SOLEBOX_AIR_GAP SOLEBOX_OFFLINE SOLEBOX_HOME JAVA_TOOL_OPTIONS
# shellcheck source=scripts/java.sh
source scripts/java.sh

# verdict NAME DETAIL COMMAND...: ok if the command succeeds.
verdict() {
  local name=$1 detail=$2
  shift 2
  if "$@"; then echo "ok $name"; else echo "FAILED $name ($detail)"; fi
}
end() {
  echo "dist-check: done"
  exit
}
case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) echo "SKIPPED releases (there is none for $(uname -m))" && end ;; esac
for tool in xz openssl; do
  command -v $tool >/dev/null || { echo "SKIPPED releases (there is no $tool)" && end; }
done

rm -rf target/release
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/key" 2>/dev/null
openssl pkey -in "$work/key" -pubout -out "$work/key.pub"
./solebox dist --key "$work/key" >"$work/out" 2>"$work/err" || { echo "FAILED a release ($(tail -n 3 "$work/err" | tr '\n' ' '))" && end; }
echo "ok a release"
archive=$(<"$work/out")
size=$(stat -c %s "$archive")
verdict "at most 90 MB" "$size bytes" test "$size" -le 90000000
echo "   ($size bytes)"
(cd target/release && sha256sum --quiet -c SHA256SUMS) >"$work/sums" 2>&1
verdict "its sums" "$(head -c 300 "$work/sums")" test ! -s "$work/sums"
openssl dgst -sha256 -verify "$work/key.pub" -signature target/release/SHA256SUMS.sig target/release/SHA256SUMS >"$work/signature" 2>&1
verdict "its signature" "$(head -c 300 "$work/signature")" grep -q '^Verified OK' "$work/signature"

# As it is unpacked elsewhere, read-only, with no other Java to be found.
tar -C "$work" -xf "$archive"
tree=$work/$(basename "$archive" .tar.xz)
chmod -R a-w "$tree"
export SOLEBOX_HOME=$work/home
solebox=(env -u JAVA_HOME PATH=/usr/bin:/bin "$tree/bin/solebox")
began=$(date +%s%N)
"${solebox[@]}" --version >"$work/version" 2>"$work/err"
echo "   (--version took $((($(date +%s%N) - began) / 1000000)) ms)"
verdict "it starts" "$(head -c 300 "$work/err")" grep -q '^solebox ' "$work/version"
"${solebox[@]}" run solebox-guide -n 3 -p 'What are you?' 2>"$work/err" | cat >"$work/answer"
verdict "it answers" "$(head -c 300 "$work/err")" test -s "$work/answer"
printf 'Lorem ipsum.' >"$work/text.rtf.txt"
"${solebox[@]}" document "$work/text.rtf.txt" 2>"$work/err" | cat >"$work/document"
verdict "it reads a document" "$(head -c 300 "$work/err")" grep -q 'Lorem ipsum' "$work/document"
"${solebox[@]}" serve --port 0 --state "$work/state" >"$work/address" 2>"$work/err" &
server=$!
for _ in $(seq 200); do
  grep -q 'is ready' "$work/err" && break
  sleep 0.1
done
url=$(grep -o 'http://[^ ]*' "$work/address")
curl -s -m 20 "$url/v1/chat/completions" -H 'Content-Type: application/json' \
  -d '{"model":"solebox-guide","messages":[{"role":"user","content":"hi"}],"max_tokens":2}' >"$work/chat"
verdict "it serves" "$(head -c 300 "$work/chat" "$work/err" | tr '\n' ' ')" grep -q '"finish_reason"' "$work/chat"
kill -TERM $server
wait $server
code=$?
server=""
verdict "it ends at SIGTERM" "code $code" test $code = 0
verdict "nothing was written in it" "$(find "$tree" -newer "$work/version" | head -n 3)" test -z "$(find "$tree" -newer "$work/version")"

# Each jar that the release was made of is said in its list, with its licence in NOTICE or beside it.
missing=""
for jar in app/target/dist/{modules,reader}/*.jar; do
  name=$(basename "$jar" .jar)
  grep -q "\"name\" : \"$(sed -E 's/-[0-9].*//' <<<"$name")\"" "$tree/sbom.cdx.json" || missing+=" $name"
done
verdict "its list of parts has all jars" "$missing" test -z "$missing"
verdict "licences of Java and of libraries are in it" "$(ls "$tree/licences" | head -n 5)" \
  test -e "$tree/licences/java/java.base/LICENSE" -a -e "$tree/NOTICE" -a -n "$(compgen -G "$tree/licences/pdfbox-*/LICENSE")"

# The same once more: another folder, another mask, another zone of time.
find_jdk
first=$(xz -dc "$archive" | sha256sum)
second=$(umask 077 && TZ=Asia/Tokyo scripts/dist.sh --out "$work/again" --plain 2>"$work/err" | xargs cat | sha256sum)
verdict "two of the same bytes" "$first, then $second; $(tail -n 2 "$work/err" | tr '\n' ' ')" test "$first" = "$second"
end
