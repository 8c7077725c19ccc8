#!/bin/sh
# Every test, on three processes (many wait for a server), and then how much of the code they went through.
set -eu
pure='contracts/*,access/*,products/*,runs/*,scorecards/*,incidents/*'
python -m pytest -n 3 --cov --cov-report=
coverage report --fail-under=95
coverage report --include="$pure" --fail-under=100 >/dev/null || {
    echo "the pure packages must be covered to the last branch:" >&2
    coverage report --include="$pure" >&2
    exit 1
}
