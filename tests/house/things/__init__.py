"""One thing of every kind in phường Sông, made by the commands of the product: what lies behind the doors."""

from __future__ import annotations

from thongsuot.kernel.actor import system

HOUSE = system("cli")
