"""A marker is live where it has power, and harmless where it is data."""

from __future__ import annotations

from typing import Any

import pytest

from sls_lab.replay.arrival import judged
from sls_lab.replay.attacks import ATTACKS, MARKER
from sls_lab.replay.model import Danger
from sls_lab.replay.secret_exposures import CATEGORY
from sls_lab.taint.rules import RULES


def live(kind: str, value: Any, **detail: Any) -> bool:
    danger = judged(Danger(kind, kind, value, None, detail), MARKER)
    assert danger.reached
    return danger.live


@pytest.mark.parametrize(
    ("kind", "value", "power"),
    [
        ("shell", f"print 'a'; {MARKER}; ''", True),
        ("shell", f"print 'a\"; {MARKER}; \"'", False),
        ("shell", f'print "$({MARKER})"', True),
        ("shell", f"print '$({MARKER})'", False),
        ("shell", f"print {MARKER}", False),
        ("shell", f"print a\n{MARKER}", True),
        ("program", [MARKER, "x"], True),
        ("program", ["ls", MARKER], False),
        ("code", f"1 + {MARKER}", True),
        ("code", f"'{MARKER}'", False),
        ("code", f"f('{MARKER}')", False),
        ("code", f"f('') or {MARKER} or ('')", True),
        ("code", f"( {MARKER}", True),
        ("sql", f"SELECT * FROM t WHERE a = '' or {MARKER} or ''", True),
        ("sql", f"SELECT * FROM t WHERE a = ''' or {MARKER} or '''", False),
        ("sql", f"SELECT * FROM t WHERE a = '{MARKER}'", False),
        ("sql", f"SELECT 1 -- {MARKER}", False),
        ("nosql", {"FilterExpression": f"a = :a AND {MARKER} = :b"}, True),
        ("nosql", {"ScanFilter": {"a": {"AttributeValueList": [{"S": MARKER}], "ComparisonOperator": "EQ"}}}, False),
        ("nosql", {"ScanFilter": {"a": {"AttributeValueList": [], "ComparisonOperator": MARKER}}}, True),
        ("nosql", {"ScanFilter": {MARKER: {}}}, True),
        ("template", f"Dear {{{{ {MARKER} }}}}", True),
        ("template", f"Dear {MARKER}", False),
        ("file", f"/tmp/../{MARKER}", True),
        ("file", f"/tmp/{MARKER}", False),
        ("url", f"http://{MARKER}.example/a", True),
        ("url", f"https://api.example/{MARKER}", False),
        ("url", f"https://api.example@{MARKER}.example/", True),
        ("url", f"https://[{MARKER}", False),
        ("yaml", f"a: !!python/object/apply:{MARKER}.call []", True),
        ("yaml", f"a: {MARKER}", False),
        ("secret", f"flats/{MARKER}", True),
        ("message", f"hello {MARKER}", True),
    ],
)
def test_power(kind: str, value: Any, power: bool) -> None:
    assert live(kind, value) is power


def test_a_pickle_has_power_where_it_calls() -> None:
    assert live("pickle", f"c{MARKER}\ncall\n(tR.".encode(), calls=[f"{MARKER} call"])
    assert not live("pickle", f"S'{MARKER}'\n.".encode(), calls=[])


def test_what_is_elsewhere_is_not_reached() -> None:
    assert not judged(Danger("shell", "os.system", "ls", None), MARKER).reached


def test_every_rule_has_attacks_but_two() -> None:
    attacked = {rule.name for rule in RULES if rule.category != CATEGORY} - set(ATTACKS)
    assert attacked == {"ArchiveExtraction", "MongoFilter"}  # an archive is no string; MongoDB is not simulated


def test_every_attack_holds_the_marker() -> None:
    for _, attacks in ATTACKS.values():
        assert attacks
    assert all(MARKER in attack for kinds, attacks in ATTACKS.values() if "pickle" not in kinds for attack in attacks)
