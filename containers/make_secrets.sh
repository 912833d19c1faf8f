#!/bin/sh
# Make the secrets that docker-compose.yml reads, once: one file each in secrets/, which is for its owner alone.
# The files themselves can be read by the containers' users; nobody else gets into the folder.
set -eu
cd "$(dirname "$0")/.."
if [ -e secrets ]; then
    echo "There is a folder secrets/ already: nothing was changed." >&2
    exit 1
fi
umask 022
mkdir -m 700 secrets
new() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
postgres=$(new)
valkey=$(new)
new > secrets/secret_key
new > secrets/admin_password
printf %s "$postgres" > secrets/postgres_password
printf %s "$valkey" > secrets/valkey_password
printf %s "postgres://propis:$postgres@postgres:5432/propis" > secrets/database_url
printf %s "redis://propis:$valkey@valkey:6379/0" > secrets/broker_url
printf %s "rediscache://propis:$valkey@valkey:6379/1" > secrets/cache_url
# The one user may use the queue and the cache, and may not change the server or throw everything away.
printf 'user default off\nuser propis on >%s ~* &* +@all -@admin -flushall -flushdb\n' "$valkey" > secrets/valkey_users
# The object store's user, as the store and as the product's S3 client read it.
store_key=$(new)
store_secret=$(new)
printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$store_key" "$store_secret" > secrets/store_credentials
printf '{"identities": [{"name": "propis", "actions": ["Admin"], "credentials": [{"accessKey": "%s", "secretKey": "%s"}]}]}\n' \
    "$store_key" "$store_secret" > secrets/store_users
echo "The administrator's password is in secrets/admin_password."
