#!/bin/bash
# Tries deploy/debian.sh on a Debian 12 that systemd boots in a container, with services, walls and firewall, cut off from the
# network: installs, publishes, posts a letter through Caddy, upgrades, fails to upgrade, removes. Run it by hand, as root, on a
# machine with debootstrap and systemd-container; it takes some three minutes, and leaves a folder that the next run uses again:
#
#   tests/deploy/debian-trial.sh /var/tmp/beaconpost-trial
set -euo pipefail

SOURCE=$(cd "$(dirname "$0")/../.." && pwd)
FOLDER=${1:?which folder? it may become 600 MB}
BASE=$FOLDER/base ROOT=$FOLDER/root

# A fresh Debian with what the script would install, and the wheels of the lock files: the container has no network.
make_base() {
	[[ -e $BASE/complete ]] && return
	mkdir -p "$FOLDER"
	rm -rf "$BASE"
	debootstrap --variant=minbase bookworm "$BASE" > "$FOLDER/debootstrap.log"
	cp /etc/hosts "$BASE/etc/"
	[[ ! -e /etc/resolv.conf ]] || cp /etc/resolv.conf "$BASE/etc/"  # a machine may know names by its hosts alone
	DEBIAN_FRONTEND=noninteractive chroot "$BASE" apt-get install -y -qq --no-install-recommends \
		systemd systemd-sysv dbus iproute2 openssh-server ca-certificates caddy curl nftables python3-venv tzdata \
		>> "$FOLDER/debootstrap.log" 2>&1
	printf '[global]\nno-index = true\nfind-links = /opt/wheels\n' > "$BASE/etc/pip.conf"
	echo '127.0.0.1 localhost campaign.example relay.campaign.example' > "$BASE/etc/hosts"
	touch "$BASE/complete"
}

add_wheels() {
	local lock
	for lock in requirements.lock requirements-build.lock; do
		python3 -m pip download --quiet --no-deps --only-binary :all: --python-version 3.11 --require-hashes \
			-d "$BASE/opt/wheels" -r "$SOURCE/$lock" 2> "$FOLDER/pip.log"
	done
}

boot() {
	rm -rf "$ROOT"
	cp -a "$BASE" "$ROOT"
	mkdir "$ROOT/root/beaconpost"
	git -C "$SOURCE" ls-files -z --cached --others --exclude-standard |
		tar -c -C "$SOURCE" --null --ignore-failed-read -T - | tar -x -C "$ROOT/root/beaconpost"
	cp "$SOURCE/tests/deploy/inside.sh" "$ROOT/root/"
	systemd-nspawn --quiet -D "$ROOT" --register=no --keep-unit --private-network --boot < /dev/null > "$FOLDER/boot.log" 2>&1 &
	NSPAWN=$!
	trap stop EXIT
	local tries
	for ((tries = 0; tries < 60; tries++)); do
		LEADER=$(pgrep -P "$NSPAWN" systemd || true)
		[[ -z $LEADER ]] || ! inside systemctl is-system-running 2> /dev/null | grep -Eq 'running|degraded' || return 0
		sleep 1
	done
	echo "the container does not boot: $FOLDER/boot.log" >&2
	return 1
}

inside() {
	nsenter -t "$LEADER" -a env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

stop() {
	[[ -z ${LEADER:-} ]] || inside systemctl poweroff || kill "$NSPAWN"
	wait "$NSPAWN" || true
}

make_base
add_wheels
boot
inside bash /root/inside.sh
