"""`thongsuot bench`: the figures of docs/performance.md, each beside pgbench running the same SQL in the same run.

Everything happens in a throw-away folder with a database of its own (durable as in production), and stops by itself.
"""

from thongsuot.config.bench.run import add_options, run

__all__ = ["add_options", "run"]
