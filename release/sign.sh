#!/usr/bin/env bash
# bash release/sign.sh FILE [IDENTITY]: signs an executable for macOS, on macOS, and looks at what it has
# then. IDENTITY is a "Developer ID Application" of the keychain; without one the signature is ad hoc.
set -euo pipefail

file=$1
identity=${2:-}
entitlements="$(dirname "$0")/entitlements.plist"
options=(--sign "${identity:--}" --identifier ocmem --options runtime)
# A real signature has its time, which notarisation asks for.
if [ -n "$identity" ]; then options+=(--timestamp); fi

codesign --force "${options[@]}" --entitlements "$entitlements" "$file"
codesign --verify --strict --verbose=2 "$file"
codesign --display --verbose=2 "$file" 2>&1 | grep 'flags=.*runtime'

as_json() { plutil -convert json -o - "$1" | jq --sort-keys .; }
wanted=$(as_json "$entitlements")
signed=$(codesign --display --entitlements - --xml "$file" | as_json -)
if [ "$signed" != "$wanted" ]; then
  echo "Cannot sign $file: in it are other entitlements than those of $entitlements: $signed" >&2
  exit 1
fi
