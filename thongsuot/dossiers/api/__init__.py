"""JSON over HTTP, on the same commands and queries as the pages.

Bodies are read by msgspec: the desk's program sends thousands an hour and each millisecond counts. django-ninja routes,
authenticates and publishes; the schemas it publishes are generated from the same structs that read the bodies.
"""

from ninja import Router

from thongsuot.dossiers.api import citizens, dossiers, moves, partners, tracking

router = Router(tags=["dossiers"])
router.add_router("", tracking.router)  # first: it is matched first
router.add_router("", citizens.router)  # before /dossiers/{dossier_id}
router.add_router("", dossiers.router)
router.add_router("", moves.router)
router.add_router("", partners.router)

__all__ = ["router"]
