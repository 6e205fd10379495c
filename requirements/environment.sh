#!/bin/sh
# environment.sh FOLDER PYTHON: makes the virtual environment FOLDER with PYTHON, or with the first python3.x that suits.
set -eu
folder=$1 wanted=$2

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

refuse() {
    printf 'error: %s\n\nhint: %s\n' "$1" "$2" >&2
    exit 2
}

for python in "$wanted" python3.13 python3.12 python3.11; do
    if suits "$python"; then
        "$python" -c 'import venv, ensurepip' 2>/dev/null ||
            refuse "Python's venv module is not installed: $python" "on Debian and Ubuntu: apt-get install python3-venv"
        "$python" -m venv --clear "$folder"
        exit 0
    fi
done
found=$("$wanted" --version 2>&1) || found="none that runs"
refuse "inkread needs Python 3.11, 3.12 or 3.13: $wanted is $found" "make PYTHON=/path/to/python3.12 ..."
