"""E-processes as BPMN 2.0 files: written for other tools, read from ours and theirs. See docs/howto/design-an-e-process.md."""

from thongsuot.procedures.bpmn.reading import MOST_BYTES, BpmnNotRead, read
from thongsuot.procedures.bpmn.writing import written

__all__ = ["MOST_BYTES", "BpmnNotRead", "Read", "read", "written"]
