#!/bin/sh
# Makes .venv with $PYTHON, or says what is missing. Without one named: the system's own before another that stands first in PATH,
# for distributions build theirs for speed (up to a fifth faster than one built by hand or by pyenv) and keep it mended.
set -u

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -z "${PYTHON:-}" ]; then
    PYTHON=python3
    if new_enough /usr/bin/python3 && /usr/bin/python3 -c 'import ensurepip' 2>/dev/null; then
        PYTHON=/usr/bin/python3
    fi
fi
if ! new_enough "$PYTHON"; then
    echo "Cần Python 3.11 trở lên; đặt PYTHON=... nếu nó có tên khác. (Python >= 3.11 is needed: make PYTHON=python3.12 up)" >&2
    exit 1
fi
if ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
    echo "Python này thiếu mô-đun venv. Trên Debian, Ubuntu: sudo apt-get install python3-venv" >&2
    echo "(This Python lacks its venv module; on Debian and Ubuntu it is the package python3-venv.)" >&2
    exit 1
fi
echo "- Dựng môi trường Python trong .venv (making .venv)"
if ! "$PYTHON" -m venv .venv; then
    rm -rf .venv
    exit 1
fi
