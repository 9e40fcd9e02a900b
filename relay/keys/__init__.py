"""The operator's secrets, and what is made of them.

secrets     where they lie: the environment, or a file away from the database
keyring     encrypts what names a person
archive     an encrypted file, for backups
vault       both, for one database
hashes      recognizes a person or a letter without knowing them
signing     tokens that nobody else can make
"""
