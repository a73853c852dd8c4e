#!/bin/sh
# For a stage of a Jenkinsfile: the gate with the reports that Jenkins reads. Its arguments are those of `sovrisk gate`.
set -eu
reports=${SOVRISK_REPORTS:-sovrisk-reports}
mkdir -p "$reports"
rm -f "$reports/sovrisk-junit.xml" "$reports/sovrisk.sarif" "$reports/sovrisk.json"
exec "${SOVRISK:-sovrisk}" gate "$@" -f junit -o "$reports/sovrisk-junit.xml" -f sarif -o "$reports/sovrisk.sarif" \
  -f json -o "$reports/sovrisk.json" -f text
