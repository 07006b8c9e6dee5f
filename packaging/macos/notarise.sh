#!/bin/sh
# Has Apple check a signed disk image, and attaches what Apple says to it: macOS then opens the program without a warning.
# Usage: notarise.sh QADesk.dmg PROFILE    (PROFILE: from "xcrun notarytool store-credentials PROFILE", once on this Mac)
set -eu

xcrun notarytool submit "$1" --keychain-profile "$2" --wait
xcrun stapler staple "$1"
