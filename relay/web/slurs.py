"""Words that are no first name but an insult: a kept list (glin-profanity), what it lacks, and the real names in it.

Only whole names and whole words are compared: "Assunta" has nothing to do with the word she begins with.
"""

import json
import re
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Final
from unicodedata import category, normalize

# French too, because Haitian neighbors write it. There is no kept list of Haitian Creole or Vietnamese.
LANGUAGES: Final = ("english", "spanish", "portuguese", "french", "chinese")

# In those lists, and names: nobody is hidden for what somebody else might mean by theirs.
REAL_NAMES: Final = """
amador ariano con concha cu cumming dick fuk hoe kike lolita mama pau peter pinto quim semen shota xana
"""

# What the lists lack: plurals, and words for people.
MISSING: Final = """
chink chinks gook gooks jap japs dyke dykes fag fags faggots hitler honky kikes klan nazis niggas niggers redskin
retards spics squaw trannies wetbacks whore whores wop zipperhead
asses assholes bugger cunts dickhead douche douchebag fucks fuckoff fucku fuckyou goddamn prick pussies scumbag
shits skank sluts turd wanker
cabrona cabrones carajo chinga chingada chingado chingar cojones culero hijueputa jodete joto jotos malparida
malparido mamaguevo mamahuevo maricones pendeja pendejo polla putas puto putos sudaca sudacas zorra
arrombado babaca buceta cuzao fdp fodase otario punheta putaria putinha vadia viadinho viado
bouda bouzen madivin masisi salop
bougnoule negresse youpin
支那 支那人 支那猪 草泥马 操你媽 他媽的 傻屄 黑鬼 畜生
"""

# Vietnamese: without their marks these are other words, and names, so they are compared as written.
AS_WRITTEN: Final = frozenset({"buồi", "cặc", "chó", "đéo", "địt", "đĩ", "đụ", "lồn", "mọi"})

_BETWEEN_WORDS: Final = re.compile("[.'\u2019-]")


def is_slur(name: str) -> bool:
    """Whether the name, or a word in it, is one. Case, accents, and initials with spaces make no difference."""
    written = normalize("NFC", name.casefold())
    words = _BETWEEN_WORDS.sub(" ", _fold(name)).split()
    spelled = "".join(words) if all(len(word) == 1 for word in words) else ""  # F U
    return not AS_WRITTEN.isdisjoint(written.split()) or not _listed().isdisjoint({*words, " ".join(words), spelled})


@cache
def _listed() -> frozenset[str]:
    """Read where they are installed: we want their words and run none of their code."""
    folder = Path(str(distribution("glin-profanity").locate_file("glin_profanity/data/dictionaries")))
    lists = [json.loads((folder / f"{name}.json").read_bytes())["words"] for name in LANGUAGES]
    kept = {_fold(word) for words in lists for word in words}
    return frozenset(kept.difference(REAL_NAMES.split()).union(MISSING.split()))


def _fold(text: str) -> str:
    """Without case and marks, and wide letters like narrow ones."""
    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not category(letter).startswith("M"))
