"""Give one message to the mail server, by SMTP. Whatever happens is an Outcome; nothing raises.

pool            letters wait for a connection; a few connections are kept open
connection      one connection: the dialogue, pipelined if the server offers it
dial            connect, encrypt, log in
replies         split what the server sends into replies
"""

from relay.mail.smtp.connection import Timeouts
from relay.mail.smtp.pool import SmtpTransport

__all__ = ["SmtpTransport", "Timeouts"]
