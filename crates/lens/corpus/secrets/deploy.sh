#!/bin/bash
set -euo pipefail
‹password|PASSWORD="$1"›
‹password|read -s -p "Password: " PASSWORD›
‹token|TOKEN=$(curl -s -X POST "$URL/login" | jq -r .token)›
‹password|: "${DB_PASSWORD:?DB_PASSWORD must be set}"›
export DB_PASSWORD='«password|{{pw}}»'
export API_TOKEN=«token|{{hex:40}}»
PGPASSWORD=«password|{{pw}}» psql -h {{host}} -U {{user}}
mysqldump --user={{user}} --password=«password|{{pw}}» {{word}} > dump.sql
‹password|mysqldump --user=root --password="$MYSQL_ROOT_PASSWORD" db›
curl -H "Authorization: Bearer «auth|{{alnum:48}}»" https://{{word}}.example/api
‹auth|curl -H "Authorization: Bearer $TOKEN" https://{{word}}.example/api›
curl "https://{{word}}.example/v1/items?api_key=«key|{{hex:32}}»&page=2"
‹key|curl "https://{{word}}.example/v1/items?api_key=$API_KEY"›
docker login -u {{user}} --password «password|{{pw}}» registry.{{word}}.example
‹password|docker login -u "$USER" --password-stdin›
‹password|echo "Usage: $0 --password PASSWORD --user USER"›
‹key|ssh-keygen -t ed25519 -f ~/.ssh/deploy_key -N ""›
sshpass -p x ssh {{user}}@{{host}}
‹secret|kubectl create secret generic {{word}} --from-literal=token="$TOKEN"›
kubectl create secret generic {{word}} --from-literal=password=«password|{{pw}}»
‹secret|SECRET_NAME={{word}}-secret›
‹key|KEY_FILE=./certs/server.key›
‹password|--password-file=/etc/{{word}}/passwd \›
