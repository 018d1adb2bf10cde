#!/usr/bin/env bash
# bash release/try.sh FILE TARGET VERSION COMMIT: runs an executable on a machine of its kind, and holds
# what it says of itself, its self-test and a check to what they must be.
set -euo pipefail

file=$1 target=$2 version=$3 commit=$4

said=$("$file" --version)
expected="$version (${commit:0:7})"
if [ "$said" != "$expected" ]; then
  echo "Cannot release $file: it says that it is $said, expected $expected" >&2
  exit 1
fi

# What they say is shown, whatever it is. All of it is read, as some versions of jq are content with nothing.
selftest=$("$file" selftest --json --duration 2s || true)
echo "$selftest"
jq --slurp --exit-status --arg target "$target" --arg version "$version" '
  def passed: length > 0 and all(.[]; .passed == true);
  length == 1 and (.[0] |
    .schema_version == 1 and .type == "selftest" and .passed == true and .exit_code == 0
    and .tool.name == "ocmem" and .tool.version == $version
    and (.host.arch as $arch | $target | startswith($arch + "-"))
    and ((.host.os == "darwin") == ($target | endswith("-apple-darwin")))
    and (.platform.checks | passed) and (.discovery.checks | passed)
    and (.tracking.checks | passed) and (.thresholds | passed)
    and (.tracking.samples == .tracking.planned or .tracking.ended == "gone")
    and .tracking.min_bytes > 0
    and .cost.processes > 1)
' <<< "$selftest"

# Any verdict will do: what runs on the machine is nobody's fault.
check=$("$file" check --json || true)
echo "$check"
jq --slurp --exit-status '
  length == 1 and (.[0] |
    .schema_version == 1 and (.exit_code | . >= 0 and . <= 3) and .scan.processes > 1
    and (.instances | type == "array"))
' <<< "$check"
