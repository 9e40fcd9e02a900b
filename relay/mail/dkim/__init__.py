"""DKIM: letters signed by the campaign's domain.

key             the private key, from a file
signing         the signature, and a transport that signs
"""

from relay.mail.dkim.key import Key, read_key
from relay.mail.dkim.signing import Signer, SigningTransport

__all__ = ["Key", "Signer", "SigningTransport", "read_key"]
