"""`beaconpost check --mail`: do DNS and the mail server make receivers trust our letters?

resolver        DNS, where "no record" and "no answer" are different things
dns_records     MX, DKIM and DMARC of the domains that letters come from; spf: SPF
login           the dialogue with the mail server, up to the login
ways_back       how bounces come back, and tracking by the mail provider
trial_letter    a test letter to the operator
findings        what was found, and what to do
"""

from relay.mail.check.dns_records import Domains, check_dns
from relay.mail.check.findings import Finding
from relay.mail.check.login import check_login
from relay.mail.check.resolver import DnsResolver
from relay.mail.check.ways_back import check_ways_back

__all__ = ["DnsResolver", "Domains", "Finding", "check_dns", "check_login", "check_ways_back"]
