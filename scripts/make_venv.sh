#!/bin/sh
# Makes .venv with $PYTHON, or says what is missing.
set -u
PYTHON="${PYTHON:-python3}"

if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
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
