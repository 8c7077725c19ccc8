"""What a name may hold that becomes a key or an address: nothing that nobody can see."""

import re
import unicodedata
from typing import Final

MAX_ADDRESS: Final = 200
MAX_NAME: Final = 1024
_NOWHERE: Final = frozenset({".", ".."})  # what an address takes for "here" and "above"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"
    "\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Persian, the scripts of India and emoji are written with these, behind a letter of their own.
_OWN: Final = "[^\x00-\u02ff\u2000-\u206f]"
_SHAPED: Final = re.compile(
    f"(?<={_OWN})(?:[\u200c\u200d](?={_OWN})|[\ufe00-\ufe0f\U000e0100-\U000e01ef])"
)


def flaw_of_address(word: str) -> str:
    """Return what keeps ``word`` from being one part of an address, in words; empty: nothing."""
    if "/" in word:
        return "must not hold '/', which parts an address: write '-' or '.' instead"
    return _flaw(word, word, longest=MAX_ADDRESS)


def flaw_of_name(word: str, *, longest: int = MAX_NAME) -> str:
    """Return what keeps ``word`` from being a name that a key is made of; empty: nothing.

    Unlike an address it may hold what shapes the letter before it, where that is no Latin one.
    """
    return _flaw(word, _SHAPED.sub("x", word), longest=longest)


def unseen(word: str) -> str:
    """Return the first letter that nobody sees, by its code, name and place; empty: there is none.

    What shapes the letter before it is no such letter, where that is no Latin one.
    """
    return _first_unseen(_SHAPED.sub("x", word))


def _flaw(word: str, judged: str, *, longest: int) -> str:
    if hidden := _first_unseen(judged):
        return f"must not hold {hidden}: take it out"
    if word.strip() in _NOWHERE:
        return f"must not be {word.strip()!r}, which no address can hold: write a name"
    if not word.strip() or len(word) > longest:
        return f"must have 1 to {longest} letters, one of them visible; it has {len(word)}"
    return ""


def _first_unseen(word: str) -> str:
    for place, letter in enumerate(word, start=1):
        if unicodedata.category(letter) in _UNSEEN or _BLANK.match(letter):
            name = unicodedata.name(letter, "a control character").lower()
            return f"U+{ord(letter):04X} ({name}), its letter {place}"
    return ""
