"""The settings of a relay in a test."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from relay.keys.keyring import Keyring
from relay.settings import Rate, Settings, load

BROWSER: Final = {"Sec-Fetch-Site": "same-origin"}  # what a browser says of a form on the relay's own page
RELAY_URL: Final = "https://relay.example"
SECRET_KEY: Final = b"k" * 32
OPERATOR_TOKEN: Final = "t" * 32
OPERATOR: Final = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}  # the header an operator's monitor sends
UNPACED: Final = Rate(9_999, timedelta(hours=1))  # for tests in which many people write to one office at once
JSON: Final = {"Accept": "application/json"}  # the header a script sends


def relay_settings(folder: Path, **changed: Any) -> Settings:  # noqa: ANN401
    """A relay that captures its mail and keeps everything in `folder`. changed: fields of Settings."""
    defaults: dict[str, Any] = {
        "campaigns": str(folder / "campaigns.json"),
        "database": folder / "beaconpost.db",
        "relay_url": RELAY_URL,
        "secret_keys": (SECRET_KEY,),
        "operator_token": OPERATOR_TOKEN,
    }
    return replace(load({}), **defaults | changed)


def store_settings(store: str) -> Settings:
    """store: a database's URL."""
    return load({"BEACONPOST_DATABASE": store, "BEACONPOST_SECRET_KEYS": SECRET_KEY.decode()})


def find_keys(sealed: bool) -> Keyring:  # noqa: ARG001  (a FindKeys)
    return Keyring([SECRET_KEY])
