"""Scenarios by the control API: the ready ones, their schema, and one played in a world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from emulator.control.calls import Call, Found, Params
from emulator.control.settings import SETTINGS
from emulator.kernel import files
from emulator.kernel.errors import scenarios as refusals
from emulator.resources import OPERATIONS, RESOURCES
from emulator.world import Profile, World

if TYPE_CHECKING:  # what plays scenarios is loaded when one is played: most servers play none
    from emulator.scenario import Ask, Beginning, Ending, Heard, Report, Scenario

_SCHEMA: Final = "emulator/scenario.json"
_OF_JSON: Final = (b"{", b"[")
_BEGAN_ELSEWHERE: Final = (
    "# This world began with a scenario or a snapshot. The same comes out only after that one:\n"
    "# include it, or play this in such a world.\n"
)
_GONE: Final = (
    "# The log no longer holds the first {} requests: the same comes out only after those.\n"
    "# `connect-emulator record --start` keeps all from then on.\n"
)


class Stage:
    """Plays scenarios in the worlds of a server.

    ask_in: how the world of a name is asked; hear: what a world was asked. The layer that knows
    HTTP gives both.
    """

    def __init__(self) -> None:
        self.ask_in: Callable[[str], Ask] | None = None
        self.hear: Callable[[World], list[Heard]] | None = None

    async def perform(self, world: World, scenario: Scenario) -> Report:
        """Begin a world anew and play in it; a reset returns to how the scenario left it."""
        from emulator.scenario import play  # noqa: PLC0415

        assert self.ask_in is not None
        world.begin_anew(
            replace(
                world.profile,
                seed=scenario.seed,
                start=scenario.start,
                frozen=True,
                runs=False,
                rate=0.0,
            )
        )
        report = await play(scenario, self.ask_in(world.name))
        world.baseline = world.moment()
        return report

    async def play(self, world: World, params: Params) -> Found:
        """POST /scenarios: YAML or JSON of a scenario, or {"file": the name of a ready one}."""
        from emulator.scenario import Mistake  # noqa: PLC0415

        try:
            scenario = _told(params["scenario"])
            return (await self.perform(world, scenario)).as_json()
        except Mistake as mistake:
            raise refusals.bad_scenario(str(mistake)) from None

    async def list(self, _params: Params) -> Found:
        """GET /scenarios: the ready ones, with what each is about."""
        from emulator.scenario import ready, ready_files  # noqa: PLC0415

        found = [ready(path.stem) for path in ready_files()]
        return {"data": [{"name": each.name, "about": each.about} for each in found]}

    async def recorded(self, world: World, _params: Params) -> str:
        """GET /scenarios/recorded: what the world was asked, as a scenario that asks it again."""
        from emulator.scenario import written  # noqa: PLC0415

        assert self.hear is not None
        gone = world.log.total - len(world.log.entries)
        note = "" if world.baseline is None else _BEGAN_ELSEWHERE
        note += _GONE.format(gone) if gone else ""
        return note + written(_beginning(world), self.hear(world), _ending(world))

    async def schema(self, _params: Params) -> Found:
        """GET /scenarios/schema.json: what editors complete scenarios by."""
        found: dict[str, Any] = files.load(_SCHEMA)
        return found


def calls(stage: Stage) -> tuple[Call, ...]:
    """Every call about scenarios."""
    return (
        Call("listScenarios", "GET", "/scenarios", "The ready scenarios.", stage.list, "server"),
        Call(
            "scenarioSchema",
            "GET",
            "/scenarios/schema.json",
            "The JSON Schema of scenario files.",
            stage.schema,
            "server",
        ),
        Call(
            "recordedScenario",
            "GET",
            "/scenarios/recorded",
            "What the world was asked, as a scenario in YAML.",
            stage.recorded,
        ),
        Call(
            "playScenario",
            "POST",
            "/scenarios",
            "Begin the world anew and play a scenario in it; answers with how each step went.",
            stage.play,
            raw="scenario",
        ),
    )


def _beginning(world: World) -> Beginning:
    """How a world began; its platform account is as old as the world."""
    from emulator.scenario import Beginning  # noqa: PLC0415

    usual, profile = Profile(), world.profile
    founded = world.setup.store.created(world.setup.platform)
    platform = {name: each for name, each in profile.settings.items() if name in SETTINGS}
    if world.setup.settings["country"] != usual.country:
        platform["country"] = world.setup.settings["country"]
    if profile.availability != usual.availability:
        platform["availability"] = profile.availability
    return Beginning(world.name, profile.seed, founded, platform)


def _ending(world: World) -> Ending:
    """What the platform and its accounts have in the end."""
    from emulator.scenario import Ending  # noqa: PLC0415

    with world.transaction(world.caller()) as tx:
        accounts = [str(each["id"]) for each in tx.all(RESOURCES["account"])]
    platform = world.setup.platform
    found = {"platform": _balance(world, platform)}
    found |= {id_: _balance(world, id_) for id_ in reversed(accounts) if id_ != platform}
    return Ending(world.now(), found)


def _balance(world: World, account: str) -> Found:
    """currency -> pocket -> amount, of the pockets that hold something."""
    from emulator.scenario.looking import POCKETS  # noqa: PLC0415

    with world.transaction(world.caller(account)) as tx:
        balance = OPERATIONS["GET /v1/balance"](tx, {})
    found: Found = {}
    for pocket in POCKETS:
        for part in balance.get(pocket, ()):
            if part["amount"]:
                found.setdefault(part["currency"], {})[pocket] = part["amount"]
    return found


def _told(raw: bytes) -> Scenario:
    """The scenario of a body: itself, or one that is ready."""
    from emulator.scenario import of_bytes, ready  # noqa: PLC0415
    from emulator.scenario.reading import read  # noqa: PLC0415

    name = "scenario.json" if raw.lstrip().startswith(_OF_JSON) else "scenario"
    text = read(raw, name)
    if isinstance(text.value, dict) and text.value.keys() == {"file"}:
        return ready(str(text.value["file"]))
    return of_bytes(raw, name)
