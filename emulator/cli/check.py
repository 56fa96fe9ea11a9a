"""`connect-emulator check`: may such an account exist and do this? Or the whole table, with
--matrix.

Exit code 0: allowed (or the table is printed). 1: refused. 2: the options make no sense.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from typing import Any, Final

from emulator.cli.writing import write

_EPILOG: Final = """examples:
  connect-emulator check --platform US --country MX --type custom --agreement recipient \\
      --capability transfers --flow destination
  connect-emulator check --matrix --rules current --platform US --csv --output table.csv
exit code: 0 allowed, 1 refused, 2 bad options"""


def add(commands: Any) -> None:
    """Register the command with the parser's subcommands."""
    found: argparse.ArgumentParser = commands.add_parser(
        "check",
        help="say what the availability rules allow, without creating anything",
        description="Ask the availability rules about one case, or print the whole table.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    text = {
        "--platform": "the platform's country (default US)",
        "--country": "the connected account's country",
        "--type": "standard, express or custom (default custom)",
        "--agreement": "full or recipient (default full)",
        "--capability": "a capability asked for; give it again for more",
        "--flow": "create, capability, direct, destination, separate, transfer, on_behalf_of, "
        "payout, instant_payout or application_fee (default create; with --matrix all)",
        "--currency": "of a payout",
        "--business-type": "individual, company, non_profit or government_entity",
        "--structure": "company.structure, such as sole_proprietorship",
        "--rules": "overview or current (default overview)",
    }
    for flag, about in text.items():
        more: dict[str, Any] = {"action": "append"} if flag == "--capability" else {}
        found.add_argument(flag, help=about, **more)
    found.add_argument(
        "--matrix", action="store_true", help="print the whole table of the rule set"
    )
    shape = found.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="answer in JSON")
    shape.add_argument("--csv", action="store_true", help="the table as CSV")
    found.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    found.set_defaults(run=lambda options: sys.exit(run(options)))


def run(options: argparse.Namespace) -> int:
    """Answer, and return the exit code."""
    from emulator.kernel.errors import Refusal  # noqa: PLC0415 - `serve` starts without all this

    try:
        lines, code = _table(options) if options.matrix else _answer(options)
    except Refusal as refusal:
        sys.stderr.write(f"connect-emulator check: {refusal.message}\n")
        return 2
    return write("check", "".join(lines), options.output) or code


def _answer(options: argparse.Namespace) -> tuple[Iterator[str], int]:
    from emulator.rules.accounts import questions as check  # noqa: PLC0415

    if options.csv:
        raise _misplaced("--csv", "--matrix")
    question = {
        "platform": options.platform or "US",
        "country": options.country,
        "type": options.type,
        "agreement": options.agreement,
        "capabilities": options.capability,
        "flow": options.flow,
        "currency": options.currency,
        "business_type": options.business_type,
        "structure": options.structure,
        "rules": options.rules,
    }
    found = check.ask({name: value for name, value in question.items() if value is not None})
    lines = iter([_json(found)]) if options.json else _said(found)
    return lines, 0 if found["allowed"] else 1


def _said(found: dict[str, Any]) -> Iterator[str]:
    yield "allowed\n" if found["allowed"] else "refused\n"
    error = found["error"] or {}
    for name in ("type", "code", "param", "message"):
        if error.get(name):
            yield f"  {name:<9} {error[name]}\n"
    yield f"  {'rule':<9} {found['rule']} (rule set {found['rules']})\n"
    yield f"  {'evidence':<9} {found['evidence']}, {found['date']}\n"


def _table(options: argparse.Namespace) -> tuple[Iterator[str], int]:
    from emulator.rules.accounts import questions as check  # noqa: PLC0415
    from emulator.rules.accounts.availability import FLOWS  # noqa: PLC0415

    for name in ("type", "agreement", "capability", "currency", "business_type", "structure"):
        if getattr(options, name):
            raise _misplaced(f"--{name.replace('_', '-')}", "a single question", without="--matrix")
    found = check.table(
        check.named("rules", options.rules) or "overview",
        check.listed("platform", options.platform),
        check.listed("country", options.country),
        (flow,) if (flow := check.named("flow", options.flow)) else FLOWS,
    )
    if options.json:
        return iter([_json(check.as_json(found))]), 0
    if options.csv:
        return _csv(check.as_cells(found)), 0
    return (f"{line}\n" for line in check.as_lines(found)), 0


def _csv(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows(rows)
    return iter([made.getvalue()])


def _json(found: dict[str, Any]) -> str:
    import orjson  # noqa: PLC0415

    return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() + "\n"


def _misplaced(flag: str, belongs: str, without: str = "") -> Exception:
    from emulator.kernel.errors import control as refusals  # noqa: PLC0415

    return refusals.option_misplaced(flag, f"{belongs}, without {without}" if without else belongs)
