"""What the kernel refuses to a child: the filter of system calls, run as the kernel runs it."""

from __future__ import annotations

import pytest

from sls_lab.replay.child.confinement import _MACHINES, Instruction, filter_of

ALLOWED, REFUSED, UNKNOWN = 0x7FFF0000, 0x00050001, 0x00050026
OWN = 4711


def answered(program: list[Instruction], data: dict[int, int]) -> int:
    """The answer to one call; `data` are its words by their offset. The five instructions that the filter uses."""
    held, place = 0, 0
    while True:
        code, if_true, if_false, value = program[place]
        place += 1
        match code:
            case 0x20:
                held = data.get(value, 0)
            case 0x15:
                place += if_true if held == value else if_false
            case 0x35:
                place += if_true if held >= value else if_false
            case 0x45:
                place += if_true if held & value else if_false
            case 0x06:
                return value


def calls(machine: str) -> dict[str, int]:
    words = _MACHINES[machine][1].split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


@pytest.mark.parametrize("machine", sorted(_MACHINES))
@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("execve", {}, REFUSED),
        ("connect", {}, REFUSED),
        ("setrlimit", {}, REFUSED),
        ("clone3", {}, UNKNOWN),
        ("clone", {0: 0x10000 | 0x100}, ALLOWED),
        ("clone", {0: 17}, REFUSED),
        ("kill", {0: OWN}, ALLOWED),
        ("kill", {0: 1}, REFUSED),
        ("kill", {0: 0}, REFUSED),
        ("tgkill", {0: OWN}, ALLOWED),
        ("tgkill", {0: OWN + 1}, REFUSED),
        ("sendto", {}, ALLOWED),
        ("sendto", {4: 0x1000}, REFUSED),
        ("sendto", {4: 1 << 32}, REFUSED),
        ("prlimit64", {3: 0x1000}, ALLOWED),
        ("prlimit64", {2: 0x1000}, REFUSED),
    ],
)
def test_what_the_filter_answers(machine: str, name: str, arguments: dict[int, int], answer: int) -> None:
    data = {0: calls(machine)[name], 4: _MACHINES[machine][0]}
    for number, value in arguments.items():
        data |= {16 + 8 * number: value & 0xFFFFFFFF, 20 + 8 * number: value >> 32}
    assert answered(filter_of(machine, OWN), data) == answer


@pytest.mark.parametrize("machine", sorted(_MACHINES))
def test_calls_of_another_machine_are_refused_and_all_others_allowed(machine: str) -> None:
    program, (architecture, _) = filter_of(machine, OWN), _MACHINES[machine]
    assert answered(program, {0: 0, 4: architecture ^ 1}) == REFUSED
    assert answered(program, {0: 0x40000000, 4: architecture}) == REFUSED
    assert answered(program, {0: 333, 4: architecture}) == ALLOWED
