"""What pages of the hotline show; `calls_per_day` for reports above."""

from thongsuot.hotline.queries.figures import calls_per_day

__all__ = ["calls_per_day"]
