"""How much the tests notice: rules (pyproject.toml, [tool.mutmut]) are changed one small thing at a time, and their tests run.

Works in build/mutate on a copy of what is tracked, with a database of its own; goes on where it stopped. `make mutate` takes
most of an hour; `make mutate ARGS="thongsuot.kernel.deadlines*"` only what is named. At the end: what nobody noticed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "build" / "mutate"
TOOL = ROOT / "build" / "mutmut"
MUTMUT = "mutmut==3.8.1"
START = "import sys; sys.path.append(sys.argv.pop(1)); from mutmut.__main__ import cli; cli()"  # our pytest goes first


def copy_tracked() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        target = HERE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)


def main(asked: list[str]) -> int:
    from thongsuot.config.embedded_postgres import EmbeddedPostgres, socket_dir

    copy_tracked()
    if not TOOL.exists():
        subprocess.run([ROOT / ".venv/bin/uv", "pip", "install", "--quiet", "--target", TOOL, MUTMUT], check=True)
    data = HERE / "data"
    (data / "static").mkdir(parents=True, exist_ok=True)
    for folder in (ROOT / "build", HERE, data):
        folder.chmod(0o755)
    cluster = EmbeddedPostgres(data, settings={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    cluster.start(tied=True)
    try:
        cluster.create_database("thongsuot")
        os.environ["DATABASE_URL"] = f"postgresql://thongsuot@/thongsuot?host={socket_dir(data)}"
        first = [sys.executable, "-m", "pytest", "-q", "--create-db", "thongsuot/numbering"]
        subprocess.run(first, cwd=HERE, check=True)
        run = [sys.executable, "-c", START, str(TOOL)]
        subprocess.run([*run, "run", "--max-children", "1", *asked], cwd=HERE, check=False)  # one database: one at a time
        told = subprocess.run([*run, "results"], cwd=HERE, check=True, capture_output=True, text=True).stdout
        print("\n".join(line for line in told.splitlines() if not line.endswith("not checked")))
        return 0
    finally:
        cluster.stop(mode="immediate")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
