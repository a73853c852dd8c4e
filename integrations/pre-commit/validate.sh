#!/bin/sh
# The hook `sovrisk-validate`: checks the files of a commit.
set -eu
sovrisk=${SOVRISK:-sovrisk}
if ! command -v "$sovrisk" >/dev/null; then
  echo "sovrisk is not on the path; put it there, or name it in SOVRISK" >&2
  exit 2
fi
exec "$sovrisk" validate "$@"
