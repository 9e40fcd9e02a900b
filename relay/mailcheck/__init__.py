"""`beaconpost check --mail`: will letters be believed? What DNS says, what the mail server says, what is to be mended.

lookups   DNS, where "no record" and "no answer" are never taken for each other
records   MX, SPF, DKIM and DMARC of the domains that letters come from
server    the conversation with the mail server, up to the login
"""

from relay.mailcheck.findings import Finding
from relay.mailcheck.lookups import Lookups
from relay.mailcheck.records import Domains, check_records
from relay.mailcheck.server import check_server

__all__ = ["Domains", "Finding", "Lookups", "check_records", "check_server"]
