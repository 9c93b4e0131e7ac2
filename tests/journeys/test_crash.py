"""The crash drill in a short form: web, worker and database are killed under load, and nothing acknowledged is missing."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.house import ROOT

# In a process of its own: the drill has a durable database and settings of its own, this one's are those of the tests.
DRILL = """
import json, sys
sys.path[:0] = [{scripts!r}, {root!r}]
from crash_drill import Drill
print(json.dumps(vars(Drill(seconds=8, clients=4, seed=1).run())))
"""


def test_whatever_is_killed_nothing_acknowledged_is_lost_halved_or_doubled():
    done = subprocess.run(
        [sys.executable, "-c", DRILL.format(scripts=str(ROOT / "scripts"), root=str(ROOT))],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout.strip().splitlines()[-1])
    assert report["problems"] == []
    assert report["kills"].keys() == {"web", "worker", "database"}
    assert report["acknowledged"] > 0
