#!/bin/sh
# Makes the role that the node signs in as: no superuser, so that row-level security binds it.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$PALERMO_PASSWORD" --username postgres <<'SQL'
CREATE ROLE palermo LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE palermo OWNER palermo;
SQL
