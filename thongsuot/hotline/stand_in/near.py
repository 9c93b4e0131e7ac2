"""The stand-in asked without a network: the protocol of `exchange.protocol.Exchange`. What it does then it tells as well."""

from __future__ import annotations

from thongsuot.hotline.exchange.protocol import Sound, Standing
from thongsuot.hotline.models import OperatorPresence
from thongsuot.hotline.stand_in.core import StandIn


class NearExchange:
    """See `exchange.protocol.Exchange`."""

    def __init__(self, core: StandIn) -> None:
        self.core = core

    def transfer(self, call_id: str, to: str) -> None:
        from thongsuot.hotline.stand_in import telling

        inside = OperatorPresence.objects.filter(extension=to, until_at=None).exists()
        notice = self.core.transfer(call_id, to, inside=inside)
        if notice is not None:
            telling.tell(self.core.kept(call_id), notice, core=self.core)

    def standing(self, call_id: str) -> Standing:
        return self.core.standing(call_id)

    def recording(self, reference: str, *, first: int, at_most: int, whole: int = 0) -> Sound:
        return self.core.recording(reference, first=first, at_most=at_most, whole=whole)

    def forget_recording(self, reference: str) -> None:
        self.core.forget_recording(reference)
