"""What a public manifest does not show: drafts, and where organizers get mail. It is sealed for the relay, by a key
that both it and the build have: BEACONPOST_MANIFEST_KEY. Without one everything is in the clear."""

import hmac
from base64 import b32encode, b64decode, b64encode
from hashlib import sha256
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from theme.manifest import Campaign, Manifest

NONCE: Final = 12  # bytes, of AES-GCM
ABOUT: Final = b"beaconpost manifest 1"


class _Hidden(msgspec.Struct, frozen=True):
    drafts: tuple[Campaign, ...]
    organisers: dict[str, str]  # by slug, as the others
    co_organisers: dict[str, tuple[str, ...]] = {}


def hide(manifest: Manifest, key: str) -> Manifest:
    """The manifest for the public. key: "" leaves it as it is."""
    if not key:
        return manifest
    shown = [campaign for campaign in manifest.campaigns if campaign.status != "draft"]
    hidden = _Hidden(
        tuple(campaign for campaign in manifest.campaigns if campaign.status == "draft"),
        {campaign.slug: campaign.organiser for campaign in shown if campaign.organiser},
        {campaign.slug: campaign.co_organisers for campaign in shown if campaign.co_organisers},
    )
    written = msgspec.json.encode(hidden)
    # Of the words themselves, so that the same content makes the same bytes, and no nonce is used for two contents.
    nonce = hmac.digest(_derive(key), b"nonce " + written, sha256)[:NONCE]
    sealed = nonce + AESGCM(_derive(key)).encrypt(nonce, written, ABOUT)
    public = tuple(msgspec.structs.replace(campaign, organiser=None, co_organisers=()) for campaign in shown)
    return msgspec.structs.replace(manifest, campaigns=public, sealed=b64encode(sealed).decode())


def reveal(manifest: Manifest, key: str) -> Manifest:
    """The manifest as it was built. Raises ValueError if it is sealed, and not by this key."""
    if not manifest.sealed:
        return manifest
    if not key:
        raise ValueError("its drafts and organizers are sealed: set BEACONPOST_MANIFEST_KEY to the key of the build")
    try:
        sealed = b64decode(manifest.sealed)
        opened = AESGCM(_derive(key)).decrypt(sealed[:NONCE], sealed[NONCE:], ABOUT)
        hidden = msgspec.json.decode(opened, type=_Hidden)
    except (InvalidTag, ValueError):
        raise ValueError("it is sealed with another BEACONPOST_MANIFEST_KEY than this one") from None
    shown = tuple(
        msgspec.structs.replace(
            campaign,
            organiser=hidden.organisers.get(campaign.slug),
            co_organisers=hidden.co_organisers.get(campaign.slug, ()),
        )
        for campaign in manifest.campaigns
    )
    return msgspec.structs.replace(manifest, campaigns=(*shown, *hidden.drafts), sealed="")


def name_draft(slug: str, key: str) -> str:
    """What nobody can guess in the address of a draft's page: 80 bits, the same at every build."""
    return b32encode(hmac.digest(_derive(key), f"draft {slug}".encode(), sha256)[:10]).decode().lower()


def _derive(key: str) -> bytes:
    return sha256(ABOUT + key.encode()).digest()
