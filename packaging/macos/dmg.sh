#!/bin/sh
# Makes a disk image: QADesk.app beside a link to the Applications folder, to drag it there.
# Usage: dmg.sh QADesk.app OUT.dmg
set -eu

app=$1
out=$2
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT

ditto "$app" "$staging/$(basename "$app")"
ln -s /Applications "$staging/Applications"
hdiutil create -volname "$(basename "$app" .app)" -srcfolder "$staging" -fs HFS+ -format ULMO -ov "$out.part.dmg"
mv "$out.part.dmg" "$out"
