"""Moving files to and from partners' sFTP servers, so that what arrives is whole and what is sent is proven.

Paramiko does transport, host keys and authentication; over its channel runs a small strict sFTP client of our own,
since paramiko's `get` and `put` can report success for a corrupt file. Only this folder imports paramiko.

`connection` opens a session, `pull` lands files, `push` delivers them, `codes` names everything that can go wrong,
`server` and `keys` are the embedded server of the demo and the tests.
"""
