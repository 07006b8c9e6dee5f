#!/bin/sh
# Signs QADesk.app for the hardened runtime, from the inside out: Apple's notaries want every program and library signed.
# Usage: sign.sh QADesk.app IDENTITY    (IDENTITY: "Developer ID Application: ...", or - for a signature without a name)
set -eu

app=$1
identity=$2
entitlements=$(dirname "$0")/entitlements.plist
timestamp=--timestamp
if [ "$identity" = - ]; then timestamp=--timestamp=none; fi

sign() { codesign --force --options runtime "$timestamp" --sign "$identity" "$@"; }

is_mach_o() {  # by its first four bytes: 64 bits, or for several processors
  case $(od -An -tx1 -N4 "$1" | tr -d ' \n') in
    cffaedfe | cafebabe) true ;;
    *) false ;;
  esac
}

find "$app/Contents" -type f ! -path "$app/Contents/MacOS/*" | LC_ALL=C sort | while IFS= read -r file; do
  if is_mach_o "$file"; then sign "$file"; fi
done
find "$app/Contents" -type d -name '*.framework' | LC_ALL=C sort -r | while IFS= read -r framework; do
  sign "$framework"
done
for program in "$app/Contents/MacOS/"*; do
  if [ ! -L "$program" ]; then sign --entitlements "$entitlements" "$program"; fi
done
sign --entitlements "$entitlements" "$app"
codesign --verify --deep --strict "$app"
