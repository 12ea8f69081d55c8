#!/usr/bin/env bash
# Meets the distribution as a person would: through ./solebox, with real modules, pipes and signals.
# Prints a line per check that begins with ok, FAILED or SKIPPED, and "smoke: done" at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=""
trap '[[ -n $server ]] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
export SOLEBOX_HOME=$work/home
unset SOLEBOX_DEBUG

out=$work/out err=$work/err
# check NAME CODE ARGUMENT...: runs ./solebox, expects the exit code; stdout and stderr are kept.
check() {
  local name=$1 want=$2 code=0
  shift 2
  # Through pipes, as the launcher treats stderr differently there.
  { ./solebox "$@" 2>&3 | cat >"$out"; code=${PIPESTATUS[0]}; } 3> >(cat >"$err")
  wait $! 2>/dev/null
  verdict "$name" "exit code $code" test "$code" = "$want"
}
# verdict NAME DETAIL COMMAND...: ok if the command succeeds.
verdict() {
  local name=$1 detail=$2
  shift 2
  if "$@"; then echo "ok $name"; else echo "FAILED $name ($detail)"; fi
}
says() { verdict "$1" "$(head -c 300 "$2" | tr '\n' ' ')" grep -qE "$3" "$2"; }
quiet() { verdict "$1" "$(head -c 300 "$2" | tr '\n' ' ')" test ! -s "$2"; }

check "build and --help" 0 --help
says "help names the commands" "$out" '^  run '
start=$(date +%s%N)
check "second start" 0 --version
echo "   (took $((($(date +%s%N) - start) / 1000000)) ms in all)"
quiet "no noise on stderr" "$err"

# shellcheck source=scripts/java.sh
source scripts/java.sh
find_jdk
dist=app/target/dist
for jar in "$dist"/modules/*.jar; do
  if "$JAVA_HOME/bin/jar" --file="$jar" --describe-module --release 25 2>&1 | grep -qiE 'automatic|No module'; then
    echo "FAILED every run-time dependency is a real module (${jar##*/})"
    automatic=1
  fi
done
[[ -n ${automatic:-} ]] || echo "ok every run-time dependency is a real module"
loaded=$("$JAVA_HOME/bin/java" @"$dist/jvm.args" -XX:AOTCache="$dist/solebox.aot" -Xlog:class+load \
  -p "$dist/modules" -m io.solebox.app/io.solebox.app.Main --version 2>/dev/null |
  grep -c 'io.solebox.*shared objects file')
verdict "the start-up cache is used" "$loaded classes" test "${loaded:-0}" -gt 10

check "wrong usage" 2 run --nonsense
check "unknown model" 1 run nosuch -p x
says "unknown model says where to put one" "$err" 'Put .gguf files, or folders with safetensors, into'
check "no GPU is no quiet CPU run" 1 run -p x --device cuda
says "no GPU says why" "$err" 'device_unavailable'
check "devices" 0 devices
says "devices names the chosen one" "$out" '^cpu: chosen'
says "devices names the kernels, or why there are none" "$out" '^  native kernels: .*(the processor has|none\. )'

model=$work/tiny.gguf
check "synth" 0 synth tiny-bpe --type Q4_K_M --out "$model"
check "inspect" 0 inspect "$model"
latin1=$work/$(printf 'm\374ll').gguf
cp "$model" "$latin1"
check "a name that is no UTF-8" 0 inspect "$latin1"
homeless=$(env -u HOME ./solebox inspect "$model" 2>"$err" | head -c 5)
verdict "no HOME" "$(head -c 300 "$err")" test "$homeless" = "file:"
check "tokenize" 0 tokenize "$model" -p "Grüße 你好" --no-bos
ids=$(cat "$out")
check "detokenize" 0 detokenize "$model" --ids "$ids"
verdict "text survives the way there and back" "$(cat "$out")" test "$(cat "$out")" = "Grüße 你好"
check "logits" 0 logits "$model" --ids 1,2,3 --out "$work/logits"
verdict "logits have their size" "" test "$(stat -c %s "$work/logits")" = $((3 * 1000 * 4))
check "bench" 0 bench "$model" -p 8 -n 4 -b 1,2 -r 1 --json
says "bench reports bandwidth" "$out" '"decode_bandwidth_share":[0-9]'
printf '<!DOCTYPE html><title>Pumps</title><h2>Start</h2><p>At <b>six</b>.' >"$work/page.html"
check "watch" 0 watch --count 1
says "watch shows a GPU, or says why there is none" "$out" ' GPU |not measured: nvml: '
# The process that speaks with NVML, of a real module's jar.
if cc -shared -fPIC -o "$work/nvml.so" hardware/src/test/c/fake-nvml.c -ldl 2>/dev/null; then
  SOLEBOX_NVML=$work/nvml.so check "watch with a GPU that is none" 0 watch --count 1
  says "watch shows it" "$out" 'GPU Fake V100.*core 45 °C'
else
  echo "SKIPPED watch with a GPU that is none (no C compiler)"
fi
check "a document" 0 document "$work/page.html"
says "a document of a kind that a program of its own reads" "$out" '^At six\.$'
printf 'hello\n/forget\n' | check "chat from a pipe" 0 chat "$model" -n 3
{ ./solebox run "$model" -p hello -n 400 2>"$work/pipe" || true; } | head -c 1 >/dev/null
verdict "a reader that leaves is no error" "$(cat "$work/pipe")" test "$(grep -vcE 'incubator|^note: Java computes' "$work/pipe")" = 0

if [[ -f $dist/models/solebox-guide.gguf ]]; then
  check "the built-in model answers" 0 run -p "What is Solebox?"
  says "the answer is on stdout" "$out" 'Solebox'
  says "the numbers are on stderr" "$err" 'tokens/s'
else
  echo "SKIPPED the built-in model answers (there is none)"
fi

# Made by the build before, or else not here: nothing is fetched for it.
if [[ -f models/minilm/target/minilm.gguf ]]; then
  check "the built-in embedding model" 0 embed minilm -p "some text"
  says "it gives a vector" "$out" '^\[-?[0-9]+\.[0-9]+,'
else
  echo "SKIPPED the built-in embedding model (scripts/minilm.sh makes it)"
fi
check "perplexity" 0 perplexity "$model" --file README.md --context 64 --chunks 2 --svg "$work/p.svg"
says "perplexity says what" "$out" '^perplexity +[0-9.]+ ± [0-9.]+'
check "compare" 0 compare "$model" "$model" --file README.md --context 64 --chunks 2
says "a model is no distance from itself" "$out" '^KL divergence +0\.0000'

# A bundle with a model and Solebox itself, to a box that has neither.
box=$work/box
./solebox keys make acme >"$out" 2>"$err"
./solebox keys show acme --pem >"$work/acme.pub" 2>"$err"
check "bundle make" 0 bundle make "$model" --with-runtime --out "$work/bundle"
SOLEBOX_HOME=$box check "a bundle is for those who trust its key" 1 bundle import "$work/bundle"
says "a bundle of nobody" "$err" 'untrusted'
SOLEBOX_HOME=$box ./solebox keys trust "$work/acme.pub" >"$out" 2>"$err"
SOLEBOX_HOME=$box check "bundle import" 0 bundle import "$work/bundle" --runtime-to "$work/runtime"
{ SOLEBOX_HOME=$box JAVA_HOME=$JAVA_HOME "$work/runtime/solebox" models verify 2>&3 | cat >"$out"; } 3> >(cat >"$err")
wait $! 2>/dev/null
says "what a bundle brought runs, and has the model" "$out" 'all sound'
quiet "without noise on stderr" "$err"

: >"$work/serve.err"
SOLEBOX_HOME=$work/home ./solebox serve "$model" --port 0 >"$work/serve.out" 2>"$work/serve.err" &
server=$!
for _ in $(seq 100); do grep -q 'is ready' "$work/serve.err" && break; sleep 0.2; done
url=$(grep -o 'http://[^ ]*' "$work/serve.out")
curl -s "$url/health" >"$out"
says "serve: health" "$out" '"ok"'
curl -s "$url/v1/chat/completions" -H 'Content-Type: application/json' \
  -d '{"model":"tiny","messages":[{"role":"user","content":"hi"}],"max_tokens":3,"ignore_eos":true}' >"$out"
says "serve: a chat completion" "$out" '"finish_reason":"length"'
kill -TERM "$server"
wait "$server"
code=$?
server=""
verdict "serve: SIGTERM ends it with 0" "exit code $code" test "$code" = 0
echo "smoke: done"
