"""Text typed with the fonts of before Unicode (TCVN3, VNI): it looks like words, and no search would ever find it. Pure."""

from __future__ import annotations

import re

# TCVN3 puts Vietnamese letters on signs that stand in no name: NguyÔn V¨n §øc, TrÇn ThÞ H»ng.
_TCVN3_SIGNS = re.compile(r"[A-Za-zÀ-ÿ][¨©ª«¬®µ¶·¸¹»¼½¾×÷§]|[¨©ª«¬®¶·¸¹»¼½¾§][A-Za-zÀ-ÿ]")
# A capital with a mark in the midst of a small word: NguyÔn, TrÇn, Ngäc is left to the signs beside it.
_TCVN3_CAPITAL = re.compile(r"[a-zà-ÿ][À-ÖØ-Þ](?![A-Z])|[A-Za-z][ÇËÎÏÐÑÖ×ØÜÞßæåäëîïñö÷øþ](?=[a-z ]|$)")
# VNI writes the mark as a letter of its own after the vowel: Nguyeãn Vaên Ñöùc. After a plain a or e no word has one.
_VNI = re.compile(r"[aeAE][àáâãäåèéêëïòóôõöùúûüøæÀÁÂÃÄÅÈÉÊËÒÓÔÕÖÙÚÛÜØ]|[oO][âäåæûøÂÄÅ]|[ñÑ][aeiouöôAEIOUÖÔ]|[öÖ][ùøûõïôÙØÛÕ]")
# Names of other countries have such letters too; one word alone proves nothing.
_FOREIGN = re.compile(r"\b(?:[A-Za-z]*(?:oë|aë|üh|üll|öl|öd|ñ[ao]|ça|çois|ü|ß)[A-Za-z]*)\b", re.IGNORECASE)
# Letters that only real Unicode Vietnamese has: a text with one of them was typed with a font of today.
_REAL = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def looks_like_old_font(text: str) -> bool:
    """Would a reader see rubbish? True only where Vietnamese typed today cannot look so."""
    if not text or text.isascii() or _REAL.search(text):
        return False
    plain = _FOREIGN.sub(" ", text)
    return bool(_TCVN3_SIGNS.search(plain) or _TCVN3_CAPITAL.search(plain) or _VNI.search(plain))
