"""What somebody without a key gets who follows the link to a file."""

from __future__ import annotations

from emulator.kernel.errors import control as refusals
from emulator.resources.files import files, links
from emulator.resources.files.papers import Content
from emulator.world import World


def fetch(world: World, token: str) -> Content:
    """The file behind a link; refused when there is none, or the link has expired."""
    with world.transaction(world.caller()) as tx:
        found = links.linked(tx, token)
        if found is None:
            raise refusals.no_such_file_link()
        owner = tx.on(tx.owner(found["file"]) or "")
        return files.contents(owner, {}, found["file"])
