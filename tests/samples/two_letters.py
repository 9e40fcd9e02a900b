"""Pieces of campaign files: a letter of thanks, its stances, and testimony for a hearing."""

THANKS = "\n## Message: thanks\n\nDear [Legislator],\n\nThank you for standing with us.\n\n[First Name]\n"
STANCES = "name,stance,source,date\nSal DiDomenico,cosponsor,https://malegislature.gov/Bills/194/S1401,2026-02-11\n"
HEARING = """\
kind: testimony
hearing: Tuesday, March 10, 2099, 1 p.m., Room A-2
deliver_by: {moment}
committee: {{name: Joint Committee on Libraries, email: libraries@malegislature.gov}}
position: support
bills: [H.1]
"""
