#!/bin/bash
# What debian-trial.sh runs inside its container. Each line that says "ok" was checked.
set -euo pipefail
cd /root
SCRIPT=beaconpost/deploy/debian.sh
RELAY=https://relay.campaign.example

ok() { echo "ok   $*"; }
not_ok() { echo "NOT OK   $*"; exit 1; }
ready() { [[ $(curl -s http://127.0.0.1:8080/readyz) == '{"ready":true'* ]]; }
files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /root -o -path /tmp -o -path /var/log -o -path /var/lib/beaconpost -o -path /var/lib/caddy \) -prune \
		-o -type f -printf '%p %T@ %C@\n' | sort
}
within_ten_seconds() { # COMMAND…
	local tries
	for ((tries = 0; tries < 20; tries++)); do
		! "$@" || return 0
		sleep 0.5
	done
	return 1
}
rows() { # version of the schema, letters
	python3 -c 'import sqlite3; c = sqlite3.connect("file:/var/lib/beaconpost/beaconpost.db?mode=ro", uri=True)
print(*c.execute("PRAGMA user_version").fetchone(), *c.execute("SELECT count(*) FROM letters").fetchone())'
}
post() { # NUMBER
	curl -sk -o /dev/null -w '%{http_code}\n' --max-time 60 "$RELAY/campaigns/my-campaign/letters" -H 'Accept: application/json' \
		-H 'Origin: https://campaign.example' -d "first_name=Ana&last_name=Lopez&email=ana$1@opendoors.org" \
		-d 'street=24 Beacon St&city=Boston&zip=02108' -d "message=Please open the libraries, for the $1th time."
}
# Read a page and post letters until the file `gone` is there; one a second, as the relay allows.
visit() {
	rm -f gone answers
	local number=0
	until [[ -e gone ]]; do
		number=$((number + 1))
		curl -sk -o /dev/null -w 'page %{http_code}\n' --max-time 60 https://campaign.example/campaigns/my-campaign/ >> answers
		echo "letter $(post "$1$number")" >> answers
		sleep 1
	done
}
while_visited() { # NAME COMMAND…
	visit "$RANDOM" & local visitor=$! status=0
	sleep 2
	"${@:2}" > said 2>&1 || status=$?
	sleep 2
	touch gone
	wait $visitor
	if grep -Ev '^(page 200|letter 202)$' answers; then
		sort answers | uniq -c
		cat said
		not_ok "$1: a visitor was turned away"
	fi
	ok "$1: $(sort answers | uniq -c | tr -s ' \n' ' ')"
	return $status
}

time $SCRIPT campaign.example --contact desk@opendoors.org > said 2>&1 || { cat said; not_ok "installed"; }
ok "installed"
! grep -qF "$(cat /etc/beaconpost/keys/secret.key)" said || not_ok "the output shows the key"
[[ $(stat -c '%a %U %G' /etc/beaconpost.env) == '640 root beaconpost' ]] || not_ok "modes of the settings"
grep -Eq '^BEACONPOST_MANIFEST_KEY=[0-9a-f]{64}$' /etc/beaconpost.env || not_ok "drafts are sealed"
[[ /srv/beaconpost/.env -ef /etc/beaconpost.env ]] || not_ok "the site's settings are the server's"
[[ $(stat -c '%a %U' /etc/beaconpost/keys/secret.key) == '600 beaconpost' ]] || not_ok "modes of the key"
[[ $(nft list table inet beaconpost) == *'policy drop'* ]] || not_ok "the firewall is on"
ok "settings, key and firewall"

files > before
$SCRIPT campaign.example > said 2>&1
diff before <(files) || not_ok "a second run changes nothing"
ok "a second run changes nothing"

# Certificates of Caddy's own authority: the network has no other.
awk '{ print } $0 == "{" { print "\tlocal_certs" }' /opt/beaconpost/current/deploy/Caddyfile > /etc/caddy/Caddyfile.trial
cat > /etc/systemd/system/caddy.service.d/trial.conf <<-'END'
	[Service]
	ExecStart=
	ExecStart=/usr/bin/caddy run --config /etc/caddy/Caddyfile.trial
	ExecReload=
	ExecReload=/usr/bin/caddy reload --config /etc/caddy/Caddyfile.trial --force
END
systemctl daemon-reload
systemctl restart caddy

[[ ! -e /srv/beaconpost/output/campaigns.json ]] || not_ok "a site without an organization is not published"
cd /srv/beaconpost
sed -i 's/"line": .*/"line": "Neighbors for open libraries",/; s/"contact": .*/"contact": "desk@opendoors.org",/' pelicanconf.py
sed -i 's/"name": .*/"name": "Open Doors",/' pelicanconf.py
sed -i 's/^status:.*/status: published/; s/^organiser:.*/organiser: desk@opendoors.org/' content/campaigns/my-campaign.md
sed -i 's/^title:.*/title: Open the libraries/; s/^campaign:.*/campaign: Sunday Libraries/' content/campaigns/my-campaign.md
sed -i 's/^action:.*/action: Letter/; s/^summary:.*/summary: On Sundays, too./' content/campaigns/my-campaign.md
sed -i 's/^subject:.*/subject: Please open the libraries/; s/^The argument.*/Open them./' content/campaigns/my-campaign.md
sed -i 's/I ask you to …/I ask you to open the libraries./' content/campaigns/my-campaign.md
beaconpost check > /dev/null 2>&1
systemctl start beaconpost-build
cd
within_ten_seconds curl -skf -o /dev/null $RELAY/readyz || not_ok "ready"
[[ $(post 0) == 202 ]] || not_ok "a letter through Caddy"
within_ten_seconds grep -rqs '^To: "Senator' /var/lib/beaconpost/mail || not_ok "the letter is captured"
ok "site, relay and a captured letter, over TLS"

systemctl start beaconpost-backup
ls /var/backups/beaconpost/*.backup > /dev/null
touch -d '-30 days' /var/backups/beaconpost/2020-01-01.backup
systemctl start beaconpost-backup
[[ ! -e /var/backups/beaconpost/2020-01-01.backup ]] || not_ok "old backups are deleted"
ok "a backup; an old one is deleted"

echo '# newer' >> beaconpost/relay/__init__.py
while_visited "an upgrade" $SCRIPT --upgrade || { cat said; not_ok "an upgrade"; }
ready || not_ok "ready after the upgrade"
while_visited "four restarts" bash -c 'for n in 1 2 3 4; do systemctl restart beaconpost; sleep 3; done'

cp -r beaconpost good
echo 'CREATE TABLE newer (x INTEGER);' > beaconpost/relay/outbox/sqlite/migrations/99-newer.sql
sed -i 's/^    "12-trials.sql",$/&\n    "99-newer.sql",/' beaconpost/relay/outbox/sqlite/database.py
sed -i 's/    ready = services.campaigns.is_read and/    ready = False and services.campaigns.is_read and/' beaconpost/relay/web/health.py
sed -i 's/^PATIENCE=90 /PATIENCE=5 /' beaconpost/deploy/debian.sh
version=$(readlink /opt/beaconpost/current)
systemctl stop beaconpost
before=$(rows)
systemctl start beaconpost
! $SCRIPT --upgrade > said 2>&1 || not_ok "a version that does not get ready is refused"
[[ $(rows) == "$before" ]] || not_ok "the database is as it was: $before, now $(rows)"
[[ $(readlink /opt/beaconpost/current) == "$version" ]] || not_ok "the old version is in place"
ready || not_ok "the old version runs again"
ok "a version that migrates and does not get ready is undone"
echo 'raise RuntimeError' >> beaconpost/relay/app.py
while_visited "a version that does not start" bash -c "! $SCRIPT --upgrade"
ready || not_ok "the old version runs again"
rm -rf beaconpost && mv good beaconpost

$SCRIPT --remove > said
[[ -z $(nft list ruleset) && -z $(systemctl list-unit-files 'beaconpost*' --no-legend) ]] || not_ok "nothing is left running"
[[ -e /var/lib/beaconpost/beaconpost.db && -e /etc/beaconpost/keys/secret.key ]] || not_ok "removing leaves the data"
$SCRIPT campaign.example > said
within_ten_seconds ready || not_ok "installed again, with its data"
[[ $(beaconpost outbox list) == *sent* ]] || not_ok "the letters are there"
rm /etc/systemd/system/caddy.service.d/trial.conf
$SCRIPT --remove --and-data > said
find / -xdev \( -path /proc -o -path /root -o -path /tmp -o -path /var/log -o -path /var/lib/systemd/timers \) -prune \
	-o -name '*beaconpost*' -print | grep . && not_ok "removed with its data"
ok "removed, installed again, removed with its data"
