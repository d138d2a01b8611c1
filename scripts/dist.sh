#!/usr/bin/env bash
# Makes what people install, from the release build, in dist/:
#   ailab-VERSION-linux-ARCH.tar.gz   program, labs, completions, manual pages, licenses; unpack it anywhere
#   ailab_VERSION_ARCH.deb            the same for Debian and Ubuntu
#   ailab-VERSION-linux-ARCH.spdx.json   what is inside the program
#   SHA256SUMS
# The same sources give the same bytes on the same machine: every file has the time of the last commit, and root's name.
# --check [ARCH] only looks whether that can be made here. Needs go-md2man, dpkg-deb and python3. docs/releasing.md says how a release is made.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C.UTF-8
say() { echo "dist: $*" >&2; }
for program in go-md2man dpkg dpkg-deb python3 gzip git; do
    command -v $program >/dev/null || { say "$program is missing (Debian: go-md2man dpkg-dev python3 gzip git)"; exit 3; }
done
architecture=$(dpkg --print-architecture)
wanted=$architecture
[ "${1:-}" != --check ] || wanted=${2:-$architecture}
case $wanted in x86_64) wanted=amd64 ;; aarch64) wanted=arm64 ;; esac
if [ "$wanted" != "$architecture" ]; then
    say "a package for $wanted can't be made on $architecture: this tool chain has Swift's standard library for $(uname -m) only" \
        "(swiftc: could not find module 'Swift'), so make it on a machine of that architecture."
    exit 3
fi
[ "${1:-}" != --check ] || exit 0

program=.build/release/ailab
version=$("$program" --version)
machine=$(uname -m)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH
name=ailab-$version-linux-$machine
work=.build/dist
rm -rf $work dist
mkdir -p $work dist

# The licenses of what is inside: Swift with its libraries, the packages that it resolved, and the archives that were linked.
licenses=$work/licenses
mkdir -p $licenses
swift_version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -1)
swift_home=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
cp "$swift_home/share/swift/LICENSE.txt" $licenses/swift
linked=("swift=$swift_version=Apache-2.0 WITH Swift-exception")
for checkout in .build/checkouts/*/; do
    license=$(find "$checkout" -maxdepth 1 -name 'LICENSE*' | head -1)
    cp "$license" "$licenses/$(basename "$checkout")"
done
declare -A named=([yaml]=MIT [ncursesw]=X11-distribute-modifications-variant [tinfo]=X11-distribute-modifications-variant [png16]=libpng-2.0
    [jpeg]="IJG AND BSD-3-Clause AND Zlib" [z]=Zlib [stdc++]="GPL-3.0-or-later WITH GCC-exception-3.1" [gcc_eh]="GPL-3.0-or-later WITH GCC-exception-3.1")
for link in .build/static/*.a; do
    archive=$(readlink -f "$link")
    library=$(basename "$link" .a)
    library=${library#lib}
    package=$(dpkg -S "$archive" | sed 's/:.*//' | head -1)
    cp "/usr/share/doc/$package/copyright" "$licenses/$library"
    linked+=("$library=$(dpkg-query -W -f '${Version}' "$package")=${named[$library]:?no license is known for $library}")
done
say "manual pages"
man=$work/man
mkdir -p $man
"$program" --experimental-dump-help | python3 packaging/manual.py README.md | go-md2man -out $man/ailab.1
{
    printf 'ailab-lab 5 "" "ailab" "File formats"\n==================================\n\n# NAME\n\nailab-lab - the file that describes a lab\n\n'
    # The page's own title is the name above, and links lead nowhere on paper.
    sed -e 1d -e 's/\[\([^]]*\)\]([^)]*)/\1/g' docs/lab-file.md
} | go-md2man -out $man/ailab-lab.5

# Everything below a prefix, as `make install` has it, with manual pages and documents.
# stage DIRECTORY PREFIX DOCUMENTS
stage() {
    make -s install-files DESTDIR="$1" PREFIX="$2"
    install -D -m 644 $man/ailab.1 "$1$2/share/man/man1/ailab.1"
    install -D -m 644 $man/ailab-lab.5 "$1$2/share/man/man5/ailab-lab.5"
    mkdir -p "$1$3"
    cp README.md README.zh.md CONTRIBUTING.md SECURITY.md "$1$3/"
    # The README shows and links them. A file that somebody left there isn't part of the sources.
    git ls-files -z docs | xargs -0 cp --parents -t "$1$3"
    cp -R $licenses "$1$3/"
    find "$1" -type d -exec chmod 755 {} +
    find "$1" -type f ! -path '*/bin/*' -exec chmod 644 {} +
}
dated() { find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

say "$name.tar.gz"
stage "$work/$name" "" /share/doc/ailab
cp LICENSE CHANGELOG.md "$work/$name/share/doc/ailab/"
dated "$work/$name"
tar --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -C $work -cf - "$name" | gzip -9n >"dist/$name.tar.gz"

deb=ailab_${version}_$architecture.deb
say "$deb"
root=$work/deb
stage "$root" /usr /usr/share/doc/ailab
# The oldest glibc that has every symbol that the program uses.
glibc=$(objdump -T "$program" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -1)
{ cat packaging/deb/copyright.in; sed -n '3,$p' LICENSE | sed -e 's/^$/./' -e 's/^/ /'; } >"$root/usr/share/doc/ailab/copyright"
# Debian wants its own form of a change log; ours is beside it.
gzip -9nc CHANGELOG.md >"$root/usr/share/doc/ailab/CHANGELOG.md.gz"
printf 'ailab (%s) stable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- %s  %s\n' "$version" \
    "$(sed -n 's/^Maintainer: //p' packaging/deb/control.in)" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" |
    gzip -9n >"$root/usr/share/doc/ailab/changelog.gz"
install -D -m 644 packaging/deb/lintian-overrides "$root/usr/share/lintian/overrides/ailab"
find "$root/usr/share/man" -type f -exec gzip -9n {} +
# A completion is read by the shell, never run.
sed -i 1d "$root/usr/share/bash-completion/completions/ailab"
# The system's own folder of completions for zsh.
mkdir -p "$root/usr/share/zsh/vendor-completions"
mv "$root/usr/share/zsh/site-functions/_ailab" "$root/usr/share/zsh/vendor-completions/"
rmdir "$root/usr/share/zsh/site-functions"
mkdir -p "$root/DEBIAN"
size=$(du -sk --apparent-size "$root/usr" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" -e "s/@GLIBC@/$glibc/" \
    packaging/deb/control.in >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
chmod 644 "$root/DEBIAN/md5sums" "$root/DEBIAN/control"
dated "$root"
dpkg-deb --root-owner-group -Zxz -z6 --build "$root" "dist/$deb" >/dev/null

python3 packaging/sbom.py "$version" "$machine" "$SOURCE_DATE_EPOCH" "$program" "${linked[@]}" >"dist/$name.spdx.json"
(cd dist && sha256sum -- * >SHA256SUMS.part && mv SHA256SUMS.part SHA256SUMS)
(cd dist && ls -l)
