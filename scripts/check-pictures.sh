#!/usr/bin/env bash
# Checks that the pictures of the README are current and used. A picture names the text that it shows, with its SHA-256 hash; the tests compare that text
# and the whole picture with what the program draws. `make screens` draws them again.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=0
for picture in docs/pictures/*.svg; do
    name=$(basename "$picture")
    read -r text hash < <(sed -n '1,3s/.*<!-- \([^ ]*\) \([0-9a-f]*\) -->.*/\1 \2/p' "$picture") || true
    case $text in
        recorded-*) source=Tests/LabEngineTests/Fixtures/report/$text ;;
        *) source=Tests/LabTUITests/Golden/pictures/$text ;;
    esac
    if [ "$(sha256sum "$source" 2>/dev/null | cut -d' ' -f1)" != "$hash" ]; then
        echo "$picture isn't what $source says; draw it again with: make screens"
        bad=1
    fi
    if ! grep -q "pictures/$name" README.md README.zh.md docs/*.md; then
        echo "$picture is shown nowhere"
        bad=1
    fi
done
for shown in $(grep -oh 'docs/pictures/[a-z0-9-]*\.svg' README.md README.zh.md | sort -u); do
    if [ ! -e "$shown" ]; then
        echo "$shown is missing; draw it with: make screens"
        bad=1
    fi
done
exit $bad
