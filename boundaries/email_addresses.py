"""What an e-mail address is: one grammar for rosters, campaign files, settings, forms and mail, by email-validator."""

from email_validator import EmailNotValidError, validate_email


def parse_email(text: str, *, smtputf8: bool = False) -> str:
    """The address, with its domain in lower-case ASCII (RFC 5891). No quoted local part, no address literal.

    smtputf8: whether the local part may be non-ASCII (RFC 6531).
    Raises ValueError, saying what is wrong. Its text may quote parts of the address.
    """
    try:
        # strict: the length limits of RFC 5321 section 4.5.3.1.
        address = validate_email(text, check_deliverability=False, allow_smtputf8=smtputf8, strict=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return address.ascii_email or f"{address.local_part}@{address.ascii_domain}"


def find_mailbox(address: str) -> str:
    """What the ways to write to one mailbox have in common: its domain in ASCII, lower case, no tag after a plus (RFC
    5233), which most services ignore. Raises ValueError as parse_email."""
    local_part, _, domain = parse_email(address).lower().rpartition("@")
    return f"{local_part.partition('+')[0] or local_part}@{domain}"


def show_email(address: str) -> str:
    """As its owner writes it: an international domain in its own script. Unchanged if it is not an address."""
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return address


def is_email(text: str, *, smtputf8: bool = False) -> bool:
    """smtputf8: as `parse_email`."""
    try:
        parse_email(text, smtputf8=smtputf8)
    except ValueError:
        return False
    return True
