"""Taking a passkey off: allauth asks nobody whether it may be the last one."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.forms import Form
from django.http import HttpResponse


class RemovePasskey(RemoveWebAuthnView):
    def form_valid(self, form: Form) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            form.add_error(None, adapter.validation_error("cannot_delete_authenticator"))
            refused: HttpResponse = self.form_invalid(form)
            return refused
        removed: HttpResponse = super().form_valid(form)
        return removed
