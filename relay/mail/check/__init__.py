"""`beaconpost check --mail`: will letters be believed? What DNS says, what the mail server says, what is to be mended.

lookups   DNS, where "no record" and "no answer" are never taken for each other
records   MX, SPF, DKIM and DMARC of the domains that letters come from
server    the conversation with the mail server, up to the login
"""

from relay.mail.check.dns_records import Domains, check_dns
from relay.mail.check.findings import Finding
from relay.mail.check.login import check_login
from relay.mail.check.resolver import DnsResolver

__all__ = ["DnsResolver", "Domains", "Finding", "check_dns", "check_login"]
