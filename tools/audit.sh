#!/usr/bin/env bash
# Looks for known vulnerabilities in what the product is made of, and for licences that it cannot be given away with.
#
# The databases of vulnerabilities are asked over the network. Where they are not reached this says so and goes on, unless
# CALLBOARD_AUDIT_REQUIRE is set: what could not be looked at is not taken for sound where it has to be.
set -euo pipefail
cd "$(dirname "$0")/.."

allowed=(MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC 0BSD MPL-2.0 OFL-1.1 Unlicense) # OFL is of the fonts
failed=

not_reached() {
  echo "== $1: not looked for, since the database is not reached"
  if [ -n "${CALLBOARD_AUDIT_REQUIRE:-}" ]; then failed=1; fi
}

echo "== vulnerabilities in Go"
status=0
out=$(go tool -modfile=tools/audit/go.mod govulncheck ./... 2>&1) || status=$?
case $status in
0) ;;
3) echo "$out"; failed=1 ;; # it found some that are called
*)
  if [[ $out == *"fetching vulnerabilities"* ]]; then not_reached "vulnerabilities in Go"; else echo "$out"; failed=1; fi
  ;;
esac

for folder in web clients/js; do
  echo "== vulnerabilities in npm packages of $folder"
  status=0
  out=$(cd "$folder" && npm audit --audit-level=low --json 2>/dev/null) || status=$?
  # A report has counts; an error of the network has none.
  if ! node -e 'process.exit(JSON.parse(process.argv[1]).metadata ? 0 : 1)' "$out" 2>/dev/null; then
    not_reached "vulnerabilities in npm packages of $folder"
  elif [ "$status" != 0 ]; then
    echo "$out"
    failed=1
  fi
done

echo "== licences of Go modules"
# That of mathutil is BSD-3-Clause in words that are not recognized.
(IFS=,; go tool -modfile=tools/audit/go.mod go-licenses check ./cmd/callboard --ignore github.com/callboard/callboard,modernc.org/mathutil \
  --allowed_licenses="${allowed[*]}" 2> >(grep -v '^W\|^/' >&2)) || failed=1

echo "== licences of npm packages in the board"
node - "${allowed[@]}" <<'EOS' || failed=1
const allowed = new Set(process.argv.slice(2));
let sound = true;
for (const folder of ['web', 'clients/js']) {
  const { packages } = require(`${process.cwd()}/${folder}/package-lock.json`);
  for (const [path, { dev, link, license = 'none' }] of Object.entries(packages)) {
    const choices = license.replace(/[()]/g, '').split(' OR ');
    if (path !== '' && !dev && !link && !path.startsWith('..') && !choices.some((choice) => allowed.has(choice))) {
      console.error(`${folder}: ${path} has the licence ${license}`);
      sound = false;
    }
  }
}
process.exit(sound ? 0 : 1);
EOS

if [ -n "$failed" ]; then exit 1; fi
echo "== nothing found"
