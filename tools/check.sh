#!/bin/sh
# Format, lint, types, floors, unused code and dependencies. Runs every check, then says which failed.
set -u
failed=""
step() {
    name=$1
    shift
    printf '%-12s ' "$name"
    if output=$("$@" 2>&1); then echo ok; else
        failed="$failed $name"
        printf 'FAILED\n%s\n' "$output"
    fi
}
step format ruff format --check .
step lint ruff check .
step types mypy
step floors lint-imports
step unused vulture
step dependencies deptry .
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
