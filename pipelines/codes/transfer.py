"""Codes of transfers (T): why they come, an example. What each means and what to do stand in `pipelines.transfer.codes`."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.codes.effects import FILE_LEFT, FILE_WAITS, PARTNER_LEFT
from pipelines.codes.explained import Effect, Explained
from pipelines.transfer.codes import TRANSFER_CODES


class Why(NamedTuple):
    """What the table of transfers does not say of a code."""

    effect: Effect
    why: str
    example: str
    then: str
    """What to do besides, with what to type."""


# fmt: off
WHYS: dict[str, Why] = {
    "T01": Why(PARTNER_LEFT, "Nobody answers at host and port: the server is down, its address changed, or a firewall stands between. It was tried three times.", "a county's server is switched off over the weekend", "`ecm-exchange doctor` tries every partner at once, without moving anything."),
    "T02": Why(PARTNER_LEFT, "The server shows a key that `host_key` or `known_hosts` does not name: it was set up anew, or somebody else answers in its place. Nothing was sent, no password either.", "a partner moves to another data center and tells nobody", "To see the fingerprint that the server shows: `ssh-keyscan -p PORT HOST | ssh-keygen -lf -`. Pin it only once the partner has read the same one to you over a number that you knew before."),
    "T03": Why(PARTNER_LEFT, "The account is unknown or locked, the public key is not installed there, a password ran out, or the server wants more than a key.", "a provider's administrator removed keys that nobody could place", "`ssh-keygen -y -f keys/plan_ed25519` prints the public key that the partner has to install; `ecm-exchange doctor` tries again."),
    "T04": Why(PARTNER_LEFT, "The line or the server ended the connection in the middle. It was connected to again, three times in all.", "a server is restarted at four in the morning", "If it comes every night, ask the partner at what hour its server is restarted."),
    "T05": Why(PARTNER_LEFT, "The file that `key_file` names is missing, no private key, wants another passphrase, or other accounts of this machine can read it.", "a restored folder has its files open to the group", "`chmod 600 keys/plan_ed25519`, then `ecm-exchange doctor`."),
    "T06": Why(PARTNER_LEFT, "It offers no sFTP, or only ciphers or versions that nobody should use any more, or answers in a way that the protocol does not know.", "an old server that knows SHA-1 signatures alone", "`ssh -v -p PORT USER@HOST` shows what it offers; the partner's administrator can read it."),
    "T07": Why(PARTNER_LEFT, "A visit ends after `time_limit`, so that one slow partner keeps no other waiting.", "a full 834 over a line that fell back to a few kilobytes a second", "`time_limit` stands in `[[servers]]`. `ecm-exchange run` moves what is missing, at any time of the day."),
    "T08": Why(PARTNER_LEFT, "Two accounts on the same server found it gone, so the others on it were not tried.", "forty providers on one hosted server that is down", "Look at the T01 or T04 of the same server; `ecm-exchange run` moves what is missing, at any time of the day."),
    "T10": Why(FILE_LEFT, "The folder of the settings is not there: renamed, never created, or seen otherwise by this account.", "`folder = \"/outgoing\"`, and the server has /Outgoing", "`ecm-exchange doctor` tells of every folder whether it is there."),
    "T11": Why(FILE_LEFT, "The account may not read there or, for what is delivered, not write, rename or remove.", "a provider's folder that the plan may read only", "`ecm-exchange doctor` tells of every folder whether it can be written to."),
    "T12": Why(FILE_WAITS, "Its size or time was another after reading than before: its sender was at it.", "a sender writes over yesterday's file at the moment it is fetched", "If it stays, ask the sender to write under another name first and rename at the end."),
    "T13": Why(FILE_LEFT, "Read back after writing, it is not byte for byte what was sent: a full disk, a scanner, or a server that changes line ends.", "a server that turns text files into Windows lines", "`ecm-exchange run` sends it again."),
    "T14": Why(FILE_LEFT, "The server said no and not why. It was tried once more.", "a quota, a virus scanner, a disk with errors", "`ecm-exchange run` tries again."),
    "T15": Why(FILE_LEFT, "A file of the same name lies in the provider's folder and holds something else; nothing is ever written over.", "a provider edited the delivered file and left it there", "Then `ecm-exchange run`. If the provider worked in it, ask for its copy before you remove it."),
    "T16": Why(FILE_LEFT, "Files of a night go in one piece, the manifest last: after one failed, the rest would be half of it.", "the table could not be written, so the manifest was not tried", "`ecm-exchange status` names it; what was not tried goes with it."),
    "T17": Why(FILE_LEFT, "Its name has characters that mislead people or programs, is too long, or begins with a dash or dot.", "a name with a line break in it", "A folder with such a file in it is still read: all other files of it were taken."),
    "T18": Why(FILE_LEFT, "To some systems both are one file, and nobody could say which.", "Referrals.csv beside REFERRALS.csv", "Both stay where they are until one of them has another name."),
    "T19": Why(FILE_LEFT, "A link, a folder or a device has a name that the pattern matches.", "a link to the file instead of the file", "All other files of the folder were taken."),
    "T20": Why(FILE_WAITS, "Two looks at least `stable_for` seconds apart did not find the same size and time: an upload may be under way.", "a large 834 that arrives while the night begins", "If it never rests, its sender writes to it all night: ask for another name until it is whole."),
    "T21": Why(FILE_LEFT, "This machine could not write what it read: rights, room or health of the disk of the plan's home.", "the landing folder belongs to another account after a restore", "`df -h` and `ls -ld` on the home show which; then `ecm-exchange run`."),
    "T22": Why(FILE_LEFT, "A file of the outbox is gone or was changed since it was prepared. What is not proven is not sent.", "somebody opened a file of the outbox and saved it", "`ecm-exchange run` prepares and sends it anew."),
    "T23": Why(FILE_WAITS, "The source is set to take a file once its `marker` stands beside it, and there is none.", "REFERRALS.csv without REFERRALS.csv.done", "If it never comes, ask the sender; or leave out `marker` of the source."),
    "T24": Why(FILE_LEFT, "The volume of the plan's home has less room than the file needs.", "logs of another program filled the disk", "`df -h` shows how much there is; then `ecm-exchange run`."),
    "T25": Why(FILE_LEFT, "The server said that its disk or quota is full.", "a provider that never removes what it has read", "Call it if people are released soon: nothing reaches it until then. `ecm-exchange run` sends again."),
}
# fmt: on

TRANSFERS = tuple(
    Explained(
        code,
        entry.meaning,
        WHYS[code].why,
        (entry.remedy, WHYS[code].then),
        WHYS[code].effect,
        WHYS[code].example,
    )
    for code, entry in TRANSFER_CODES.items()
)
