"""Keys in tokens, through PKCS#11: the module's path and, when several readers hang on the server, its slots are settings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pkcs11
from django.conf import settings
from pkcs11 import exceptions as p11
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.signers import Signer

from thongsuot.signing.errors import KeyLocked, TokenAbsent, WrongPin
from thongsuot.signing.models import Certificate

if TYPE_CHECKING:
    from thongsuot.signing.keys import Material

# A token has one log-in state for the whole process: two people signing at once would share, and end, each other's.
_one_at_a_time = threading.Lock()
_WRONG = (p11.PinIncorrect, p11.PinInvalid, p11.PinLenRange)
_GONE = (p11.TokenNotPresent, p11.TokenNotRecognised, p11.DeviceRemoved, p11.NoSuchToken, p11.NoSuchKey, p11.SlotIDInvalid)


@contextmanager
def session(token_label: str, *, pin: str, writing: bool = False) -> Iterator[Any]:
    """A log-in at a token. Raises WrongPin, KeyLocked, TokenAbsent."""
    if not settings.PKCS11_MODULE:
        raise TokenAbsent
    with _one_at_a_time:
        try:
            token = _token(token_label)
            with token.open(rw=writing, user_pin=pin) as opened:
                yield opened
        except _WRONG:
            raise WrongPin from None
        except p11.PinLocked:
            raise KeyLocked from None
        except (*_GONE, p11.GeneralError, p11.DeviceError, p11.FunctionFailed):
            raise TokenAbsent from None


def _token(label: str) -> Any:
    try:
        library = pkcs11.lib(settings.PKCS11_MODULE)
    except (RuntimeError, OSError):
        raise TokenAbsent from None
    for slot in library.get_slots(token_present=True):
        if settings.PKCS11_SLOTS and str(slot.slot_id) not in settings.PKCS11_SLOTS:
            continue
        token = slot.get_token()
        if token.label.strip() == label:
            return token
    raise TokenAbsent


class TokenKeys:
    """See `keys.Keys`."""

    @contextmanager
    def opened(self, holder: Certificate, material: Material, *, pin: str) -> Iterator[Signer]:
        with session(holder.token_label, pin=pin) as opened:
            yield PKCS11Signer(
                opened,
                signing_cert=material.certificate,
                ca_chain=list(material.chain),
                key_label=holder.key_label,
                embed_roots=False,
            )

    def change_pin(self, holder: Certificate, *, pin: str, new_pin: str) -> None:
        with session(holder.token_label, pin=pin, writing=True) as opened:
            opened.set_pin(pin, new_pin)
