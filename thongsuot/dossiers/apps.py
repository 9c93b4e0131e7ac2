from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "thongsuot.dossiers"

    def ready(self) -> None:
        """Its fees are paid through `payments`."""
        from thongsuot.dossiers.owing import DossierFees
        from thongsuot.payments import debts

        debts.register(DossierFees())
