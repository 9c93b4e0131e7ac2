"""Photographs of people: what they tell, what of them everybody may see, and whether they were sent before.

Pure functions over bytes: no model, no database, no clock. `files.actions.store(..., rule=files.rules.PHOTO_RULE)` keeps the
original after its checks: the content decides the type, an ending must agree, 20 MB, 64 million pixels, a hundred scans,
no HEIC, SVG or GIF. What it lets pass is dealt with here: damage inside of a picture, facts that are broken or lie, colours
a page does not show, and bytes behind the picture. The original is only ever a download; what a page shows is `public_copy`.

Call `read_photo` and `fingerprint` before `store`: what they refuse has then left nothing behind.

HEIC is refused and not turned into JPEG here: the wheels that decode it bring x265 inside (GPL), which this project may run
beside itself but not hold.
"""

from thongsuot.feedback.pictures.blurs import Box, blurs_from, rows_of
from thongsuot.feedback.pictures.copies import public_copy
from thongsuot.feedback.pictures.facts import PhotoFacts, Position, Sign, read_photo
from thongsuot.feedback.pictures.fingerprints import distance, fingerprint, mirrored

__all__ = [
    "Box",
    "PhotoFacts",
    "Position",
    "Sign",
    "blurs_from",
    "distance",
    "fingerprint",
    "mirrored",
    "public_copy",
    "read_photo",
    "rows_of",
]
