#!/usr/bin/env bash
# Scaffolds one migration for each provider from the model:   migrations/add.sh AddSomething
set -euo pipefail
name=${1:?usage: migrations/add.sh NAME}
cd "$(dirname "$0")/.."
dotnet tool restore >/dev/null
dotnet build src/KeyVaultApp --nologo -v quiet
for provider in Sqlite PostgreSql SqlServer; do
  dotnet ef migrations add "$name" --no-build --project src/KeyVaultApp --context "${provider}Db" \
    --namespace "KeyVaultApp.Migrations.$provider" --output-dir "../../migrations/$provider"
  # The tool puts the snapshot by its namespace, not into the folder it was given.
  find src/KeyVaultApp -name "${provider}DbModelSnapshot.cs" -not -path '*/obj/*' -exec mv {} "migrations/$provider/" \;
  find src/KeyVaultApp/Migrations -type d -empty -delete 2>/dev/null || true
done
if grep -rl ef_temp_agents migrations/Sqlite; then
  echo "This migration rebuilds agents on SQLite, which would lose the old columns. Change the model in another way." >&2
  exit 1
fi
