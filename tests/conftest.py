"""Fixtures every test may use. Peers are real: a temp database, an SMTP server on loopback, a browser."""

import os

import pytest

for name in [name for name in os.environ if name.startswith("BEACONPOST_")]:
    del os.environ[name]  # nothing from outside may point a test at a real server


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
