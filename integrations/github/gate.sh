#!/bin/sh
# What action.yml runs: the gate once, its reports in a folder, annotations and the job's summary; leaves with the gate's
# exit code. From the environment: SOVRISK (program), SOVRISK_POLICY, SOVRISK_ARGUMENTS (further ones, one a line),
# SOVRISK_REPORTS (folder).
set -eu
sovrisk=${SOVRISK:-sovrisk}
reports=${SOVRISK_REPORTS:-sovrisk-reports}
output=${GITHUB_OUTPUT:-/dev/null}
case $reports in
*'
'*) echo "the name of the folder of reports has a line break" >&2; exit 2 ;;
esac
mkdir -p "$reports"
rm -f "$reports/sovrisk.sarif" "$reports/sovrisk.json" "$reports/sovrisk-junit.xml" "$reports/sovrisk-summary.md" \
  "$reports/sovrisk-annotations.txt"

set --
while IFS= read -r argument; do
  if [ -n "$argument" ]; then set -- "$@" "$argument"; fi
done <<EOF
${SOVRISK_ARGUMENTS:-}
EOF

# Names of resources are printed here; none of them may become a command to the runner.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
code=0
"$sovrisk" gate --policy "${SOVRISK_POLICY:-sovrisk.yaml}" "$@" \
  -f sarif -o "$reports/sovrisk.sarif" -f json -o "$reports/sovrisk.json" \
  -f junit -o "$reports/sovrisk-junit.xml" -f summary -o "$reports/sovrisk-summary.md" \
  -f github -o "$reports/sovrisk-annotations.txt" -f text || code=$?
echo "::$token::"

if [ -f "$reports/sovrisk-annotations.txt" ]; then cat "$reports/sovrisk-annotations.txt"; fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$reports/sovrisk-summary.md" ]; then
  cat "$reports/sovrisk-summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
case $code in
0) outcome=passed ;;
1) outcome=failed ;;
3) outcome=not-established ;;
*) outcome=could-not-run ;;
esac
{
  echo "exit-code=$code"
  echo "outcome=$outcome"
  if [ -f "$reports/sovrisk.sarif" ]; then echo "sarif=$reports/sovrisk.sarif"; fi
} >>"$output"
exit "$code"
