"""The key lies away from the database, and only its owner reads it."""

from pathlib import Path

import pytest

from relay.assembly import find_keyring
from relay.errors import KeyMissing
from relay.keys.keyring import Keyring
from relay.keys.secrets import list_exposures, load_secrets, make_secret
from relay.settings import Settings, SettingsError
from tests.samples.settings import relay_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A relay without BEACONPOST_SECRET_KEYS."""
    return relay_settings(tmp_path / "var", secret_keys=(), secret_file=tmp_path / "keys" / "secret.key")


def test_by_default_the_key_does_not_lie_beside_the_database() -> None:
    from relay.settings import load

    assert not load({}).secret_file.is_relative_to(Path.cwd() / "var")
    assert load({}).secret_file.is_absolute()


def test_a_key_that_others_may_read_is_refused(settings: Settings) -> None:
    make_secret(settings.secret_file)
    settings.secret_file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_secrets(settings)


@pytest.mark.parametrize(("content", "problem"), [(b"", "is empty"), (b"\n", "is empty"), (b"short\n", "at least 32")])
def test_an_unfit_key_file_stops_the_start(settings: Settings, content: bytes, problem: str) -> None:
    make_secret(settings.secret_file)
    settings.secret_file.write_bytes(content)
    with pytest.raises(SettingsError, match=problem):
        find_keyring(settings, sealed=False)


def test_none_is_made_for_a_database_that_is_sealed(settings: Settings) -> None:
    with pytest.raises(KeyMissing, match="there is no key"):
        find_keyring(settings, sealed=True)
    assert not settings.secret_file.exists()


def test_a_new_secret_comes_first_and_the_old_ones_stay(settings: Settings) -> None:
    first = find_keyring(settings, sealed=False)
    make_secret(settings.secret_file)
    both = Keyring(load_secrets(settings))
    assert len(both.fingerprints) == 2
    assert both.fingerprints[1] == first.fingerprints[0]
    sealed = first.seal("row", ["Ana"])
    assert both.open("row", sealed) == ["Ana"]
    with pytest.raises(KeyMissing):
        first.open("row", both.seal("row", ["Ana"]))


def test_a_key_beside_the_database_as_in_earlier_releases_has_to_be_moved(settings: Settings) -> None:
    make_secret(settings.folder / "secret.key")
    with pytest.raises(KeyMissing, match="mv "):
        find_keyring(settings, sealed=False)


def test_what_others_may_read_is_named(settings: Settings, tmp_path: Path) -> None:
    env = tmp_path / ".env"
    assert list(list_exposures(settings, env)) == []
    settings.folder.mkdir()
    (settings.folder / "beaconpost.db").touch(0o644)
    env.touch(0o644)
    named = list(list_exposures(settings, env))
    assert [
        name
        for name in ("beaconpost.db", ".env")
        if not any(f"chmod 600 {tmp_path}" in line and name in line for line in named)
    ] == []
    beside = relay_settings(tmp_path, secret_keys=(), secret_file=tmp_path / "secret.key")
    assert "whoever copies one copies both" in "\n".join(list_exposures(beside, tmp_path / "absent"))
