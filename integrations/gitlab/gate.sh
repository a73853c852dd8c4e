# What the job of sovrisk.yml runs; a test holds the two to be the same. Further arguments, one a line, are in
# SOVRISK_ARGUMENTS.
set -eu
mkdir -p sovrisk-reports
rm -f sovrisk-reports/sovrisk-junit.xml sovrisk-reports/sovrisk-code-quality.json sovrisk-reports/sovrisk.json
set --
while IFS= read -r argument; do
  if [ -n "$argument" ]; then set -- "$@" "$argument"; fi
done <<EOF
${SOVRISK_ARGUMENTS:-}
EOF
"${SOVRISK:-sovrisk}" gate --policy "${SOVRISK_POLICY:-sovrisk.yaml}" "$@" \
  -f junit-gitlab -o sovrisk-reports/sovrisk-junit.xml \
  -f code-quality -o sovrisk-reports/sovrisk-code-quality.json \
  -f json -o sovrisk-reports/sovrisk.json -f text
