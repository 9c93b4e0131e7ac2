"""audit.py LOCK: known weaknesses of what the lock lists. Fails on a finding; says so when the advisories cannot be reached."""

from __future__ import annotations

import json
import subprocess
import sys


def main(lock: str) -> int:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip_audit",
            "-r",
            lock,
            "--disable-pip",
            "--require-hashes",
            "--progress-spinner",
            "off",
            "--format",
            "json",
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print("  không tới được nơi công bố lỗ hổng, CHƯA soát (the advisory service cannot be reached: NOT audited)")
        return 0
    weak = [d for d in dependencies if d.get("vulns")]
    skipped = [d["name"] for d in dependencies if "skip_reason" in d]
    for dependency in weak:
        for weakness in dependency["vulns"]:
            fixed = ", ".join(weakness["fix_versions"]) or "-"
            print(f"  {dependency['name']} {dependency['version']}: {weakness['id']}, sửa ở (fixed in) {fixed}")
    if skipped:
        print(f"  {len(skipped)}/{len(dependencies)} thư viện CHƯA soát được (the service did not answer: NOT audited)")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
