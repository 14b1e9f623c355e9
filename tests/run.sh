#!/usr/bin/env bash
# Installs what the tests need, starts a PostgreSQL of their own, and checks the whole repository.
#   tests/run.sh            everything but the long fault and load runs
#   tests/run.sh --long     these too
# KEYVAULT_TEST_POSTGRES and KEYVAULT_TEST_SQLSERVER name servers to use; see docker-compose.yml.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
readonly results=$PWD/artifacts/tests
readonly published=$PWD/artifacts/published
readonly alternative=$PWD/artifacts/without-legacy
# A test that hangs must not keep the others' results back.
readonly longest=20m
passed=0 failed=0 skipped=0 closed='' cluster='' cluster_bin='' failures=()

case ${1-} in
  '') ;;
  --long) export KEYVAULT_TEST_LONG=1 ;;
  *) echo "usage: tests/run.sh [--long]" >&2; exit 2 ;;
esac

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

step() { printf '\n== %s (%d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

# Told again at the end, where a log that was cut still has it.
broken() {
  echo "FAILED: $1" >&2
  failures+=("$1")
  failed=$((failed + 1))
}

summary() {
  closed=1
  [ ${#failures[@]} = 0 ] || printf '\nFAILED: %s\n' "${failures[@]}"
  printf '\n%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
}

leave() {
  local code=$?
  # Whatever still runs beside.
  jobs -p | xargs -r kill 2>/dev/null || true
  if [ -n "$cluster" ]; then
    as_postgres "$cluster_bin/pg_ctl" -D "$cluster/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$cluster"
  fi
  # Whatever ended the run before its time is a failure too.
  if [ -z "$closed" ] && [ "$code" != 0 ]; then
    failed=$((failed + 1))
    summary
  fi
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

postgres_bin() { find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

install_missing() {
  local missing=()
  [ -n "${KEYVAULT_TEST_POSTGRES-}" ] || [ -n "$(postgres_bin)" ] || missing+=(postgresql)
  command -v chromium-headless-shell >/dev/null || missing+=(chromium-headless-shell)
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "The tests need ${missing[*]}, and there is no apt-get to install it with: install it by hand." >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "The tests need ${missing[*]}: install it as root (apt-get install ${missing[*]})." >&2
    return 1
  fi
  echo "Installing ${missing[*]}"
  if ! as_root apt-get update -qq ||
    ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
    echo "Could not install ${missing[*]}: install it by hand and run this again." >&2
    return 1
  fi
}

start_postgres() {
  local port attempt
  cluster_bin=$(postgres_bin)
  cluster=$(mktemp -d /tmp/keyvault-postgres.XXXXXX)
  [ "$(id -u)" != 0 ] || chown postgres "$cluster"
  as_postgres "$cluster_bin/initdb" -D "$cluster/data" -U keyvault -A trust -E UTF8 --locale=C --no-sync >"$cluster.log" 2>&1 ||
    { cat "$cluster.log" >&2; rm -f "$cluster.log"; return 1; }
  rm -f "$cluster.log"
  # Somebody may take the port between the choice and the start, so a refused start tries another.
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    port=$((20000 + RANDOM % 12000))
    if as_postgres "$cluster_bin/pg_ctl" -D "$cluster/data" -l "$cluster/log" -w -t 60 -o "-p $port -k $cluster \
        -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" start >/dev/null 2>&1; then
      export KEYVAULT_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=keyvault;Database=postgres"
      echo "PostgreSQL on port $port"
      return 0
    fi
  done
  echo "PostgreSQL did not start in $attempt attempts:" >&2
  tail -n 20 "$cluster/log" >&2
  return 1
}

# One <UnitTestResult> a line, so that each can be looked at by itself.
test_results() { tr '\r\n' '  ' <"$1" | sed 's/<UnitTestResult /\n&/g' | grep '^<UnitTestResult ' || true; }

attribute() { sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1; }

unescaped() { sed "s/&lt;/</g; s/&gt;/>/g; s/&quot;/\"/g; s/&#x*[dDaA13]*;/ /g; s/&amp;/\&/g"; }

name_of() { sed 's/.*testName="\([^"]*\)".*/\1/' <<<"$1" | unescaped; }

message_of() { sed -n 's/.*<Message>\(.*\)<\/Message>.*/\1/p' <<<"$1" | unescaped | cut -c1-1000; }

count() {
  local project=$1 trx=$2 code=$3 total ok executed bad result
  if [ ! -s "$trx" ] || [ -z "$(attribute "$trx" total)" ]; then
    broken "$project left no results (exit code $code)"
    return
  fi
  total=$(attribute "$trx" total)
  executed=$(attribute "$trx" executed)
  ok=$(attribute "$trx" passed)
  bad=$((executed - ok))
  passed=$((passed + ok))
  failed=$((failed + bad))
  skipped=$((skipped + total - executed))
  [ "$total" -gt 0 ] || broken "$project ran no test"
  [ "$code" = 0 ] || [ "$bad" -gt 0 ] || broken "$project ended with exit code $code"
  while IFS= read -r result; do
    failures+=("$(name_of "$result"): $(message_of "$result")")
  done < <(test_results "$trx" | grep '^<UnitTestResult [^>]*outcome="Failed"')
  [ "${CI-}" = true ] || return 0
  # Only a SQL Server may be missing there.
  while IFS= read -r result; do
    skipped=$((skipped - 1))
    broken "$(name_of "$result") was skipped"
  done < <(test_results "$trx" | grep '^<UnitTestResult [^>]*outcome="NotExecuted"' | grep -v KEYVAULT_TEST_SQLSERVER)
}

# Starts the tests of these projects, one project after the other; what they print is kept until it is their turn.
start_tests() {
  local project
  for project in "$@"; do
    [ -f "tests/$project/$project.csproj" ] || continue
    timeout "$longest" dotnet "tests/$project/bin/Debug/net10.0/$project.dll" -noLogo -noColor -quiet -trx "$results/$project.trx" >"$results/$project.log" 2>&1 &&
      echo 0 >"$results/$project.code" || echo $? >"$results/$project.code"
  done
}

# A skipped test takes two lines, and those of a missing SQL Server are more than all others.
report() {
  local project
  for project in "$@"; do
    [ -f "tests/$project/$project.csproj" ] || continue
    step "$project"
    sed '/ \[SKIP\]$/{N;d}' "$results/$project.log"
    count "$project" "$results/$project.trx" "$(cat "$results/$project.code")"
    printf '%s so far: %s passed, %s failed, %s skipped\n' "$project" "$passed" "$failed" "$skipped"
  done
}

# The tests use the product as it is shipped: optimised, compiled beforehand, with what it serves beside it.
publish_app() {
  dotnet publish src/KeyVaultApp --use-current-runtime --no-self-contained --verbosity quiet -p:PublishReadyToRun=true -p:RunAnalyzers=false --artifacts-path "$published"
}

check_format() { dotnet format --verify-no-changes --no-restore; }

# The analysers have read the same code in the build before.
build_without_legacy() {
  local boot code=0
  dotnet build src/KeyVaultApp --verbosity quiet -p:WithoutLegacy=true -p:RunAnalyzers=false --artifacts-path "$alternative" || return 1
  boot=$(mktemp -d)
  dotnet "$alternative/bin/KeyVaultApp/debug/KeyVaultApp.dll" "--DataDirectory=$boot" rollout show | grep references_only >/dev/null || code=1
  rm -rf "$boot"
  return "$code"
}

step "What the tests need"
install_missing
rm -rf "$results"
[ -n "${KEYVAULT_TEST_POSTGRES-}" ] || start_postgres

mkdir -p "$results"

step "Restore"
dotnet tool restore
dotnet restore

# Two things at a time: while one waits for a process, a page or the compiler's only thread, the other one works.
step "Build and format"
check_format >"$results/format.log" 2>&1 &
beside=$!
dotnet build --no-restore --verbosity quiet
wait "$beside" || { cat "$results/format.log"; broken "the format is not that of .editorconfig: run dotnet format"; }

step "The app as it is shipped"
start_tests KeyVaultApp.UnitTests KeyVaultApp.ArchitectureTests &
beside=$!
publish_app || { broken "the app cannot be published"; exit 1; }
export KEYVAULT_TEST_APP=$published/publish/KeyVaultApp/release/KeyVaultApp.dll
wait "$beside"
report KeyVaultApp.UnitTests KeyVaultApp.ArchitectureTests

step "Tests of the whole product"
start_tests KeyVaultApp.IntegrationTests
report KeyVaultApp.IntegrationTests

step "Browser tests, and the build without LegacyKeys"
start_tests KeyVaultApp.BrowserTests &
beside=$!
build_without_legacy || broken "the build without LegacyKeys does not start a new installation in references_only"
wait "$beside"
report KeyVaultApp.BrowserTests

for project in tests/*/*.csproj; do
  case $(basename "$project" .csproj) in
    KeyVaultApp.UnitTests | KeyVaultApp.ArchitectureTests | KeyVaultApp.IntegrationTests | KeyVaultApp.BrowserTests) ;;
    *.Benchmarks)
      step "Build of $(basename "$project" .csproj)"
      dotnet build "$project" --no-restore --verbosity quiet || broken "$project does not build"
      for scenario in key-audit migration; do
        [ "${KEYVAULT_TEST_LONG-}" != 1 ] || dotnet run --project "$project" --configuration Release -- "$scenario" --long || broken "$project: $scenario breaks a promise"
      done
      ;;
    *) broken "$project is not run: add it to tests/run.sh" ;;
  esac
done

[ $((passed + failed)) -gt 0 ] || broken "no test ran"
summary
[ "$failed" = 0 ]
