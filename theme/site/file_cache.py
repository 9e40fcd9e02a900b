"""Campaign files that were read before from the same bytes are not parsed and checked again."""

import pickle
from datetime import date
from hashlib import sha256
from pathlib import Path

from theme.site.cache import FOLDER, digest_code, remember_by
from theme.site.campaign_file import CampaignFile, read_campaign_file
from theme.site.states import States


def recall_campaign_file(
    path: Path, file: str, slug: str, language: str, states: States, today: date, *, translation: bool
) -> CampaignFile:
    """As `read_campaign_file` does. Each call gives a file of its own, to which problems may be added."""

    def read() -> CampaignFile:
        return read_campaign_file(path, file, slug, language, states, today, translation=translation)

    if not FOLDER.is_dir():  # nothing has been built here
        return read()
    parts = (digest_code(), states.digest, str(path), file, slug, language, today.isoformat(), str(translation))
    digest = sha256("\n".join(("campaign file", *parts, "")).encode() + path.read_bytes())
    recalled: CampaignFile = pickle.loads(remember_by(digest.hexdigest(), lambda: pickle.dumps(read(), 5)))  # noqa: S301  (ours)
    return recalled
