"""What an instructor sees of a class: who has passed what, where most are stuck, and whose hand is up.

Learners send it only if they say so, by a nickname of their choice, to a server (`sls-lab room`) or into a folder that
all can write to. A message is signed with a key made of the class word. What is forged, older than what is known, or
not in the form of `Standing` is refused with a reason.
"""

from sls_lab.room.exports import as_csv, as_ctfd, flag_of
from sls_lab.room.folder import Refusal, Room
from sls_lab.room.membership import (
    Membership,
    NotJoined,
    join,
    leave,
    membership_file,
    offered_room,
    raise_hand,
    read_membership,
    send_standing,
)
from sls_lab.room.message import Refused
from sls_lab.room.standing import Standing, Tried

__all__ = [
    "Membership",
    "NotJoined",
    "Refusal",
    "Refused",
    "Room",
    "Standing",
    "Tried",
    "as_csv",
    "as_ctfd",
    "flag_of",
    "join",
    "leave",
    "membership_file",
    "offered_room",
    "raise_hand",
    "read_membership",
    "send_standing",
]
