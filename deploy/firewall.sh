# shellcheck shell=bash
# The firewall of debian.sh, which sources this: every port is closed but those of SSH and the web. Only on a server where
# nothing else listens and no other firewall is, unless told; a port by which an administrator may be connected stays open.

close_ports() { # auto | yes
	local ports others
	ports=$(ssh_ports)
	if nft list ruleset 2> /dev/null |
		awk '/^table/ { ours = / inet beaconpost / } !ours && /hook input/ { found = 1 } END { exit !found }'; then
		say "there is a firewall already: let $ports, 80 and 443 (TCP) and 443 (UDP) in there"
		return
	fi
	others=$(other_listeners "$ports")
	if [[ $1 == auto && -n $others && ! -e $ETC/firewall.nft ]]; then
		say "no firewall: something else listens, on $others. To close these ports: deploy/debian.sh --firewall"
		return
	fi
	sed "s/SSH_PORTS/$ports/" "$OPT/current/deploy/firewall.nft" > "$ETC/.firewall.nft"
	nft --check -f "$ETC/.firewall.nft" || fail "the kernel refuses the firewall's rules; --no-firewall leaves them out"
	local before=$CHANGED
	CHANGED=0
	write "$ETC/firewall.nft" 0644 root:root < "$ETC/.firewall.nft"
	rm -f "$ETC/.firewall.nft"
	systemctl daemon-reload
	systemctl enable --quiet beaconpost-firewall
	if [[ $CHANGED -eq 1 ]]; then
		systemctl reload-or-restart beaconpost-firewall
		say "closed all ports but SSH ($ports) and the web; systemctl stop beaconpost-firewall opens them"
	else
		systemctl start beaconpost-firewall
		CHANGED=$before
	fi
}

# Every port by which an administrator may come in: 22, those in sshd's settings, the one in use.
ssh_ports() {
	{
		echo 22
		if [[ -x /usr/sbin/sshd ]]; then /usr/sbin/sshd -T 2> /dev/null | awk '$1 == "port" { print $2 }'; fi
		awk '{ print $4 }' <<< "${SSH_CONNECTION:-}"
		[[ ! -e $ETC/firewall.nft ]] || sed -n 's/.*tcp dport { \([0-9, ]*\) } accept$/\1/p' "$ETC/firewall.nft" |
			head -1 | tr -d ' ' | tr , '\n'
	} | grep -E '^[0-9]+$' | sort -nu | paste -sd, | sed 's/,/, /g'
}

# Ports that are open to the outside and would be closed: TCP, and UDP but for DHCP, time and names.
other_listeners() { # SSH-PORTS
	local allowed=" ${1//,/} 80 443 "
	{
		ss -Hltn | awk '{ print $4 " tcp" }'
		ss -Hlun | awk '{ print $4 " udp" }' | grep -Ev ':(53|68|123|323|443|546|5353|5355) udp$' || true
	} | grep -Ev '^(127\.|\[::1\]|\[::ffff:127\.)' | sed 's/.*:\([0-9]*\) \(.*\)/\1 \2/' | sort -u |
		while read -r port kind; do
			[[ $kind == tcp && $allowed == *" $port "* ]] || echo "$port/$kind"
		done | paste -sd' '
}
