#!/usr/bin/env bash
# Builds the committed sources again, from a clone in another folder, and compares what comes out with dist/. Takes as long as a release build.
# Exit code 1: something differs, and it's named.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { echo "dist-again: $*" >&2; }
[ -e dist/SHA256SUMS ] || { say "make dist first"; exit 2; }
git diff --quiet HEAD -- || { say "there are changes that aren't committed: the clone wouldn't have them"; exit 2; }
folder=$(mktemp -d /var/tmp/ailab-again.XXXXXX)
trap 'rm -rf "$folder"' EXIT
git clone --quiet . "$folder"
# The versions of the packages that dist/ was made with.
cp Package.resolved "$folder/"
make -s -C "$folder" dist >&2
bad=0
for file in "$folder"/dist/*; do
    cmp "$file" "dist/$(basename "$file")" || bad=1
done
[ $bad = 1 ] || say "the same bytes: $(cd dist && echo *)"
exit $bad
