#!/usr/bin/env bash
# Solebox, as a bundle brought it: a release, with its Java in it.
set -euo pipefail
here=$(readlink -f "${BASH_SOURCE[0]}")
exec "${here%/*}/bin/solebox" "$@"
