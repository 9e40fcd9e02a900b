#!/bin/bash
# Site and relay on one server with Debian 12. As root, from a copy of this repository:
#
#   deploy/debian.sh campaign.example [relay.campaign.example]    install; run again, it changes nothing
#   deploy/debian.sh --upgrade      this copy's version: tried on the database first, and undone if it does not get ready
#   deploy/debian.sh --remove       remove all but packages, site, letters, keys, backups and settings; --and-data: those, too
#
#   --contact you@example.org       whom the publishers of the roster may write to (default webmaster@ the site)
#   --no-firewall, --firewall       leave the ports as they are; close them although something else listens
#
# docs/evening.md walks through it. Nothing is mailed before you set BEACONPOST_SMTP_URL in /etc/beaconpost.env.
set -euo pipefail
umask 022

SOURCE=$(cd "$(dirname "$0")/.." && pwd)
OPT=/opt/beaconpost              # OPT/ID: a version, its units and its Caddyfile; OPT/current: the one that runs
SITE=/srv/beaconpost             # what `beaconpost init` made, states/, and output/, which Caddy serves
STATE=/var/lib/beaconpost        # the database, captured letters
BACKUPS=/var/backups/beaconpost
ETC=/etc/beaconpost              # hosts, firewall.nft, keys/
SETTINGS=/etc/beaconpost.env
UNITS=/etc/systemd/system
BEFORE=$OPT/before-upgrade       # the database before an upgrade, while there is one
PATIENCE=90                      # seconds until a relay has to be ready
CHANGED=0

# shellcheck source-path=SCRIPTDIR source=firewall.sh
. "$SOURCE/deploy/firewall.sh"

say() { echo "==> $*"; }
fail() { echo "debian.sh: $*" >&2; exit 1; }
as_beaconpost() { (cd "$SITE" && runuser -u beaconpost -- "$@"); }

# Copy standard input to a file, if that changes it.
write() { # FILE MODE OWNER:GROUP
	local draft
	draft=$(mktemp)
	cat > "$draft"
	if ! cmp --silent "$draft" "$1"; then
		install -D -m "$2" -o "${3%:*}" -g "${3#*:}" "$draft" "$1"
		CHANGED=1
		say "wrote $1"
	fi
	rm -f "$draft"
}

# ---- what this copy of the repository is

version_id() {
	(cd "$SOURCE" && find relay theme boundaries deploy pyproject.toml requirements.lock requirements-build.lock \
		-type f ! -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
}

# Make OPT/ID from this copy and the lock files, whole or not at all.
make_version() { # ID
	local folder=$OPT/$1 copy
	[[ -e $folder/complete ]] && return
	say "installing version $1 (packages by version and hash from requirements.lock)"
	rm -rf "$folder"
	copy=$(mktemp -d)
	cp -r "$SOURCE"/{relay,theme,boundaries,pyproject.toml,README.md,LICENSE,deploy} "$copy"
	python3 -m venv "$folder"
	local pip=("$folder/bin/python" -m pip --quiet --disable-pip-version-check)
	if ! { "${pip[@]}" install --require-hashes --no-deps --only-binary :all: -r "$SOURCE/requirements-build.lock" &&
		"${pip[@]}" install --require-hashes --no-deps --only-binary :all: -r "$SOURCE/requirements.lock" &&
		"${pip[@]}" install --no-deps --no-build-isolation "$copy"; }; then
		rm -rf "$folder" "$copy"
		fail "this version could not be installed; nothing has changed"
	fi
	cp -r "$SOURCE/deploy" "$folder/deploy"
	touch "$folder/complete"
	rm -rf "$copy"
}

# ---- the parts of an installation; each changes only what differs

install_packages() {
	local package missing=()
	for package in ca-certificates caddy nftables python3-venv tzdata; do
		[[ $(dpkg-query -W -f='${Status}' "$package" 2> /dev/null) == 'install ok installed' ]] || missing+=("$package")
	done
	[[ ${#missing[@]} -eq 0 ]] && return
	say "installing ${missing[*]}"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

make_user_and_folders() {
	getent passwd beaconpost > /dev/null || {
		useradd --system --user-group --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin beaconpost
		say "made the user beaconpost"
	}
	install -d -m 0755 "$OPT" "$ETC"
	install -d -m 0700 -o beaconpost -g beaconpost "$ETC/keys" "$STATE" "$BACKUPS"
}

write_settings() { # SITE-DOMAIN RELAY-DOMAIN CONTACT
	[[ -e $ETC/hosts ]] || write "$ETC/hosts" 0644 root:root <<-END
		# Read by Caddy and by the weekly update of the roster. The same domains stand in $SETTINGS.
		SITE_DOMAIN=$1
		RELAY_DOMAIN=$2
		# sites that may embed the form (BEACONPOST_EMBED in pelicanconf.py), separated by spaces
		EMBEDDERS=
		CONTACT=$3
	END
	[[ -e $SETTINGS ]] || write "$SETTINGS" 0640 root:beaconpost <<-END
		# Settings of site and relay; \`beaconpost settings\` explains all of them. After a change: systemctl restart beaconpost
		BEACONPOST_SITE_URL=https://$1
		BEACONPOST_RELAY_URL=https://$2
		BEACONPOST_CAMPAIGNS=$SITE/output/campaigns.json
		BEACONPOST_BOUNDARIES=$SITE/states
		BEACONPOST_DATABASE=sqlite:///$STATE/beaconpost.db
		BEACONPOST_SECRET_FILE=$ETC/keys/secret.key
		# Seals drafts and organizers' addresses in campaigns.json, which everybody can read.
		BEACONPOST_MANIFEST_KEY=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')

		# Until the mail server is set, letters are captured in $STATE/mail and never sent.
		BEACONPOST_FROM=letters@$1
		#BEACONPOST_SMTP_URL=smtp://user:password@mail.example:587

		# A service outside that alerts you when it does not hear from the relay.
		#BEACONPOST_PING_URL=https://hc-ping.com/…
	END
	SITE_DOMAIN=$(host_setting SITE_DOMAIN)
	RELAY_DOMAIN=$(host_setting RELAY_DOMAIN)
	if [[ -n $1 && $1 != "$SITE_DOMAIN" ]]; then
		fail "this server is $SITE_DOMAIN's: to move it, change the domains in $ETC/hosts and $SETTINGS, and restart caddy and beaconpost"
	fi
}

# Caddy's and systemd's way of writing: a value may have spaces, and is not the shell's.
host_setting() { # NAME
	sed -n "s/^$1=//p" "$ETC/hosts"
}

make_site() {
	if [[ ! -e $SITE/pelicanconf.py ]]; then
		[[ ! -d $SITE ]] || [[ -z $(ls -A "$SITE") ]] || fail "$SITE has files, but no pelicanconf.py: it is no site's folder"
		install -d -m 0755 -o beaconpost -g beaconpost "$SITE"
		as_beaconpost "$OPT/current/bin/beaconpost" init . --name "$SITE_DOMAIN" > /dev/null
		rm -rf "$SITE/.github" "$SITE/wheels" "$SITE/.env"  # it is published here, with the settings of this server
		say "made the site's folder $SITE"
	fi
	[[ -e $SITE/.env ]] || ln -s "$SETTINGS" "$SITE/.env"
	install -d -m 0755 -o beaconpost -g beaconpost "$SITE/output" "$SITE/states"
}

make_key() {
	[[ -e $ETC/keys/secret.key ]] && return
	as_beaconpost "$OPT/current/bin/beaconpost" keys new > /dev/null
	say "made the key $ETC/keys/secret.key"
}

# `beaconpost` for the operator: as the relay's user, with its settings, in the site's folder.
write_command() {
	write /usr/local/bin/beaconpost 0755 root:root <<-END
		#!/bin/sh
		# As the relay's user, in the site's folder, whose .env has the relay's settings: sudo beaconpost outbox list
		cd $SITE || exit 1
		[ "\$(id -un)" = beaconpost ] && exec $OPT/current/bin/beaconpost "\$@"
		exec runuser -u beaconpost -- $OPT/current/bin/beaconpost "\$@"
	END
}

write_units() { # FOLDER with deploy/systemd
	local unit
	for unit in "$1"/deploy/systemd/beaconpost*; do
		write "$UNITS/${unit##*/}" 0644 root:root < "$unit"
	done
	write "$UNITS/caddy.service.d/beaconpost.conf" 0644 root:root < "$1/deploy/systemd/caddy.conf"
}

# An installation of Caddy that serves something already is not ours to change.
check_caddy() {
	[[ -e $UNITS/caddy.service.d/beaconpost.conf || ! -e /etc/caddy/Caddyfile ]] && return
	local packaged
	packaged=$(dpkg-query -W -f='${Conffiles}' caddy | awk '$1 == "/etc/caddy/Caddyfile" { print $2 }')
	[[ $(md5sum < /etc/caddy/Caddyfile | cut -d' ' -f1) == "$packaged" ]] ||
		fail "/etc/caddy/Caddyfile serves other sites: this script is for a server of Beaconpost's own"
}

start_units() {
	local state timers=(beaconpost-build.timer beaconpost-backup.timer)
	for state in "$OPT"/current/lib/python3*/site-packages/boundaries/??/state.json; do
		state=$(basename "$(dirname "$state")")
		timers+=("beaconpost-roster@$state.timer")
	done
	[[ $CHANGED -eq 0 ]] || systemctl daemon-reload
	systemctl enable --quiet --now "${timers[@]}"
	systemctl enable --quiet beaconpost caddy
	# What may be wrong with a new site is listed below.
	[[ -e $SITE/output/campaigns.json ]] || systemctl start beaconpost-build 2> /dev/null || true
	if [[ $CHANGED -eq 1 ]]; then
		systemctl restart beaconpost caddy
	else
		systemctl start beaconpost caddy
	fi
	answers "http://127.0.0.1:8080/healthz" beaconpost || fail "the relay does not start: journalctl -u beaconpost"
}

# Until a URL answers 200, PATIENCE seconds at most, and no longer than the unit lives that has to answer.
answers() { # URL UNIT
	local end=$((SECONDS + PATIENCE))
	until answers_now "$1"; do
		((SECONDS < end)) && ! systemctl is-failed --quiet "$2" || return 1
		sleep 0.5
	done
}

answers_now() { # URL
	python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=10)' "$1" 2> /dev/null
}

# ---- the commands

install_all() { # SITE-DOMAIN RELAY-DOMAIN CONTACT FIREWALL
	local id current
	id=$(version_id)
	current=$(readlink "$OPT/current" || true)
	[[ -z $current || $current == "$id" ]] || say "another version is installed and stays; to change it: deploy/debian.sh --upgrade"
	install_packages
	check_caddy
	make_user_and_folders
	write_settings "$1" "$2" "$3"
	if [[ -z $current ]]; then
		make_version "$id"
		ln -s "$id" "$OPT/current"
	fi
	make_site
	make_key
	write_command
	write_units "$OPT/current"
	start_units
	[[ $4 == no ]] || close_ports "$4"
	left_to_do
}

upgrade() {
	local id old url=http://127.0.0.1
	id=$(version_id)
	old=$(readlink "$OPT/current") || fail "there is nothing to upgrade: deploy/debian.sh campaign.example"
	[[ $id != "$old" ]] || { say "version $id is installed already"; return; }
	make_version "$id"
	as_beaconpost "$OPT/$id/bin/beaconpost" settings --set > /dev/null || fail "this version refuses the settings; nothing has changed"
	local check=healthz
	! answers_now "$url:8080/readyz" || check=readyz
	say "trying version $id on the database; visitors wait"
	# shellcheck disable=SC2064  # the versions of now
	trap "roll_back $old $id" EXIT
	systemctl stop beaconpost-backup.timer beaconpost-backup beaconpost
	copy_database
	ln -sfn "$id" "$OPT/next"
	write_units "$OPT/$id"
	systemctl daemon-reload
	if ! { systemctl start beaconpost-trial && answers "$url:8081/$check" beaconpost-trial; }; then
		journalctl "_SYSTEMD_INVOCATION_ID=$(systemctl show -p InvocationID --value beaconpost-trial)" \
			-n 20 --no-pager -o cat >&2 || true
		fail "version $id did not get ready"
	fi
	systemctl stop beaconpost-trial
	mv -T "$OPT/next" "$OPT/current"
	systemctl start beaconpost
	answers "$url:8080/healthz" beaconpost || fail "version $id does not start: journalctl -u beaconpost"
	trap - EXIT
	rm -rf "$BEFORE"
	systemctl reload caddy
	systemctl start beaconpost-backup.timer
	systemctl start beaconpost-build || say "the new version has not built the site yet: systemctl status beaconpost-build"
	remove_versions "$id" "$old"
	say "version $id runs; $old is kept beside it"
}

# The database's file; "" for PostgreSQL.
database() {
	sed -n 's|^BEACONPOST_DATABASE=sqlite:///||p' "$SETTINGS"
}

# What the trial may migrate. Nothing writes meanwhile, so a copy of the files is whole.
copy_database() {
	rm -rf "$BEFORE"
	install -d -m 0700 "$BEFORE"
	if [[ -z $(database) ]]; then
		say "PostgreSQL: if the upgrade fails, the database may stay migrated; the backup of last night is in $BACKUPS"
	else
		find "$(dirname "$(database)")" -maxdepth 1 -name "$(basename "$(database)")*" -exec cp -a {} "$BEFORE/" \;
	fi
}

# When an upgrade ends early, for whatever reason. Nobody but the trial, which takes no posts, has written since.
roll_back() { # ID FAILED-ID
	say "going back to version $1, with the database as it was"
	systemctl stop beaconpost-trial beaconpost
	if [[ -n $(ls -A "$BEFORE") ]]; then
		find "$(dirname "$(database)")" -maxdepth 1 -name "$(basename "$(database)")*" -delete
		cp -a "$BEFORE"/* "$(dirname "$(database)")/"
	fi
	rm -rf "$BEFORE" "$OPT/next" "${OPT:?}/$2"
	ln -sfn "$1" "$OPT/.current" && mv -T "$OPT/.current" "$OPT/current"
	write_units "$OPT/$1"
	systemctl daemon-reload
	systemctl start beaconpost beaconpost-backup.timer
	answers "http://127.0.0.1:8080/healthz" beaconpost || say "version $1 does not start either: journalctl -u beaconpost"
}

remove_versions() { # IDs that stay
	local folder
	for folder in "$OPT"/*/; do
		folder=$(basename "$folder")
		[[ $folder == current || " $* " == *" $folder "* ]] || rm -rf "${OPT:?}/$folder"
	done
}

remove_all() { # --and-data, or nothing
	systemctl disable --quiet --now beaconpost-firewall 2> /dev/null || true
	systemctl disable --quiet --now beaconpost.service beaconpost-{build,backup}.timer 2> /dev/null || true
	systemctl stop 'beaconpost*' 2> /dev/null || true
	rm -f "$UNITS"/timers.target.wants/beaconpost-* "$UNITS"/beaconpost* "$UNITS/caddy.service.d/beaconpost.conf"
	rmdir --ignore-fail-on-non-empty "$UNITS/caddy.service.d" 2> /dev/null || true
	systemctl daemon-reload
	! systemctl is-active --quiet caddy || systemctl restart caddy || say "Caddy does not start: journalctl -u caddy"
	rm -rf "$OPT" /usr/local/bin/beaconpost /var/cache/beaconpost "$ETC/firewall.nft"
	if [[ ${1:-} == --and-data ]]; then
		rm -rf "$SITE" "$STATE" "$BACKUPS" "$ETC" "$SETTINGS"
		! getent passwd beaconpost > /dev/null || userdel beaconpost
		say "removed Beaconpost with its site, letters, keys and backups"
	else
		say "removed Beaconpost. Left: $SITE, $STATE, $BACKUPS, $ETC, $SETTINGS, and the user who owns them"
	fi
	say "packages stay: apt-get remove caddy nftables python3-venv"
}

left_to_do() {
	local number=0 addresses
	todo() { number=$((number + 1)); printf '\n%d. %s\n' "$number" "$1"; shift; printf '     %s\n' "$@"; }
	addresses=$(hostname -I 2> /dev/null || true)
	printf '\nhttps://%s and https://%s are set up on this server. What is left to do:\n' "$SITE_DOMAIN" "$RELAY_DOMAIN"
	todo "DNS: both names lead here (A, and AAAA for IPv6). Caddy gets the certificates then." \
		"$SITE_DOMAIN.   A  ${addresses:-ADDRESS}" "$RELAY_DOMAIN.   A  the same"
	if [[ ! -e $SITE/output/campaigns.json ]]; then
		todo "The site: say who you are in $SITE/pelicanconf.py, write $SITE/content/campaigns/, then" \
			"sudo beaconpost check && sudo systemctl start beaconpost-build" "sudo beaconpost build --publish      if that fails: says why"
	fi
	if ! grep -q '^BEACONPOST_SMTP_URL=.' "$SETTINGS"; then
		todo "Mail: letters are captured in $STATE/mail until you set BEACONPOST_SMTP_URL in $SETTINGS, then" \
			"sudo systemctl restart beaconpost && sudo beaconpost check --mail"
	fi
	grep -q '^BEACONPOST_PING_URL=.' "$SETTINGS" ||
		todo "An alert that needs no mail: the URL of a dead man's switch, as healthchecks.io, in $SETTINGS:" \
			"BEACONPOST_PING_URL=https://…"
	todo "Copies elsewhere: $ETC/keys/secret.key to one machine, the newest of $BACKUPS to another." \
		"Without the key no backup can be read. Delete copies of backups after 30 days."
}

main() {
	[[ $(id -u) -eq 0 ]] || fail "run this as root"
	[[ $(sed -n 's/^\(ID\|VERSION_ID\)=//p' /etc/os-release | sort | paste -sd' ') == '"12" debian' ]] || fail "this is for Debian 12"
	local action=install contact="" firewall=auto and_data="" domains=()
	while [[ $# -gt 0 ]]; do
		case $1 in
			--upgrade) action=upgrade ;;
			--remove) action=remove ;;
			--and-data) and_data=--and-data ;;
			--contact) contact=${2:?--contact: give an address}; shift ;;
			--firewall) firewall=yes ;;
			--no-firewall) firewall=no ;;
			-*) sed -n '2,13s/^# \{0,1\}//p' "$0"; [[ $1 == --help ]] && exit 0; exit 2 ;;
			*) domains+=("$1") ;;
		esac
		shift
	done
	local domain
	for domain in "${domains[@]}"; do
		[[ $domain =~ ^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$ ]] || fail "$domain is no domain, like campaign.example"
		[[ ! $domain =~ \.(localhost|local|test|invalid|arpa|onion)$ ]] || fail "no mail can come from $domain"
	done
	case $action in
		upgrade) upgrade ;;
		remove) remove_all "$and_data" ;;
		install)
			[[ ${#domains[@]} -gt 0 || -e $ETC/hosts ]] || fail "which domain? deploy/debian.sh campaign.example"
			local site=${domains[0]:-}
			install_all "$site" "${domains[1]:-relay.$site}" "${contact:-webmaster@$site}" "$firewall"
			;;
	esac
}

main "$@"
