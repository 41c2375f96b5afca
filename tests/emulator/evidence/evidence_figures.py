"""Prints how many known answers of Google's a server gives, by topic and by kind.

    python -m sheets_crm.emulator --dir D --port P
    python tests/emulator/evidence/evidence_figures.py http://127.0.0.1:P --credentials D/service_account.json

`--differences` lists what differs, `--open` prints `open.toml` anew: differences keep the reason they have there.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[2])]

from emulator_client import session  # noqa: E402
from evidence_player import play, still_open  # noqa: E402


def figures(outcomes, attribute):
    """Lines of a table: equal, of, topic or kind."""
    total = Counter(getattr(outcome, attribute) for outcome in outcomes)
    equal = Counter(getattr(outcome, attribute) for outcome in outcomes if outcome.equal)
    return [f"| {equal[name]} | {total[name]} | {name} |" for name in sorted(total)]


def opened(outcomes):
    """`open.toml` for these outcomes."""
    reasons, groups = still_open(), defaultdict(list)
    for outcome in outcomes:
        if not outcome.equal:
            groups[reasons.get(outcome.key, "not yet looked into")].append(outcome.key)
    lists = (
        f"{json.dumps(reason)} = [\n" + "".join(f"  {json.dumps(key)},\n" for key in sorted(keys)) + "]\n"
        for reason, keys in sorted(groups.items())
    )
    return "\n".join(lists)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--credentials", type=Path, required=True, help="service_account.json of the server")
    parser.add_argument("--differences", action="store_true")
    parser.add_argument("--open", action="store_true", dest="reasons")
    asked = parser.parse_args()
    outcomes = play(asked.url, session(SimpleNamespace(url=asked.url, directory=asked.credentials.parent)))
    if asked.reasons:
        print(opened(outcomes))
        return
    for attribute in ("topic", "kind", "grade"):
        print(f"\n| equal | of | {attribute} |\n| --- | --- | --- |", *figures(outcomes, attribute), sep="\n")
    print(f"\n{sum(outcome.equal for outcome in outcomes)} of {len(outcomes)}")
    if asked.differences:
        for outcome in outcomes:
            if not outcome.equal:
                print(f"{outcome.key}\n    Google: {outcome.wanted!r}\n    here:   {outcome.answered!r}")


if __name__ == "__main__":
    main()
