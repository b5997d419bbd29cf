"""The last line: the kernel refuses what code of this process may not do, whatever it has changed in the interpreter.

Linux alone has it: Landlock (https://docs.kernel.org/userspace-api/landlock.html) for files, and a filter of system
calls (https://docs.kernel.org/userspace-api/seccomp_filter.html) for programs, connections, signals and limits. Neither
needs a privilege, and neither can be taken back.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable, Mapping
from typing import Final

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  #: of prctl
_CREATE, _ADD, _RESTRICT = 444, 445, 446  #: Landlock's system calls, the same on every machine
_READ, _WRITE_FILE, _TRUNCATE = 0b1100, 0b10, 1 << 14
_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}  #: by version of Landlock, how many rights over files it knows; later 16
_NOT_IN_FOLDER: Final = 1 | 1 << 6 | 1 << 11  #: to run a file, to make a device
_TCP, _SCOPES = 0b11, 0b11
#: What Python, its libraries and OpenSSL read outside of their folders.
_READABLE: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo"),
    *("/etc/localtime", "/etc/mime.types", "/etc/ssl/openssl.cnf", "/etc/ssl/certs", "/etc/pki/tls/certs"),
    *("/dev/urandom", "/dev/random", "/dev/zero", "/proc/self", "/proc/cpuinfo", "/proc/meminfo"),
)
_DENIED: Final = (
    *("execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev"),
    *("connect", "bind", "listen", "sendmsg", "sendmmsg", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal", "setsid", "setpgid", "setrlimit"),
    *("mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "bpf", "perf_event_open", "userfaultfd"),
    *("keyctl", "add_key", "request_key", "init_module", "finit_module", "delete_module", "kexec_load"),
    *("kexec_file_load", "reboot", "swapon", "swapoff", "name_to_handle_at", "open_by_handle_at", "mknod", "mknodat"),
    *("chown", "fchown", "lchown", "fchownat", "setxattr", "lsetxattr", "fsetxattr"),
    *("clock_settime", "settimeofday", "sethostname", "setdomainname"),
)
#: By machine, its number for the kernel (AUDIT_ARCH) and those of its system calls, from the kernel's `unistd.h`.
_MACHINES: Final[Mapping[str, tuple[int, str]]] = {
    "x86_64": (
        0xC000003E,
        "execve 59 execveat 322 fork 57 vfork 58 ptrace 101 process_vm_readv 310 process_vm_writev 311"
        " connect 42 bind 49 listen 50 sendmsg 46 sendmmsg 307 io_uring_setup 425 io_uring_enter 426"
        " io_uring_register 427 tkill 200 rt_sigqueueinfo 129 rt_tgsigqueueinfo 297 pidfd_send_signal 424"
        " setsid 112 setpgid 109 setrlimit 160 mount 165 umount2 166 pivot_root 155 chroot 161 unshare 272"
        " setns 308 bpf 321 perf_event_open 298 userfaultfd 323 keyctl 250 add_key 248 request_key 249"
        " init_module 175 finit_module 313 delete_module 176 kexec_load 246 kexec_file_load 320 reboot 169"
        " swapon 167 swapoff 168 name_to_handle_at 303 open_by_handle_at 304 mknod 133 mknodat 259 chown 92"
        " fchown 93 lchown 94 fchownat 260 setxattr 188 lsetxattr 189 fsetxattr 190 clock_settime 227"
        " settimeofday 164 sethostname 170 setdomainname 171 clone 56 clone3 435 kill 62 tgkill 234 sendto 44"
        " prlimit64 302",
    ),
    "aarch64": (
        0xC00000B7,
        "execve 221 execveat 281 ptrace 117 process_vm_readv 270 process_vm_writev 271 connect 203 bind 200"
        " listen 201 sendmsg 211 sendmmsg 269 io_uring_setup 425 io_uring_enter 426 io_uring_register 427"
        " tkill 130 rt_sigqueueinfo 138 rt_tgsigqueueinfo 240 pidfd_send_signal 424 setsid 157 setpgid 154"
        " setrlimit 164 mount 40 umount2 39 pivot_root 41 chroot 51 unshare 97 setns 268 bpf 280"
        " perf_event_open 241 userfaultfd 282 keyctl 219 add_key 217 request_key 218 init_module 105"
        " finit_module 273 delete_module 106 kexec_load 104 kexec_file_load 294 reboot 142 swapon 224"
        " swapoff 225 name_to_handle_at 264 open_by_handle_at 265 mknodat 33 fchown 55 fchownat 54 setxattr 5"
        " lsetxattr 6 fsetxattr 7 clock_settime 112 settimeofday 170 sethostname 161 setdomainname 162"
        " clone 220 clone3 435 kill 129 tgkill 131 sendto 206 prlimit64 261",
    ),
}
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000  #: what a filter answers; an error's number is added to the second
_PERMISSION, _NO_CALL = 1, 38
_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  #: instructions of the filter
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  #: where in a system call's description they are
_OTHER_NUMBERS: Final = 0x40000000  #: the x32 calls of x86_64
_THREAD: Final = 0x10000  #: of clone: not a process, but a thread of this one
Instruction = tuple[int, int, int, int]


def confine(folder: str, roots: Iterable[str]) -> bool:
    """Confine this process, and all threads it will start, for good; whether the kernel could do all of it.

    Files may be written below `folder`, and read there, below `roots` and where libraries read.
    """
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    files, calls = _files(library, folder, roots), _calls(library)
    return files and calls


def _files(library: ctypes.CDLL, folder: str, roots: Iterable[str]) -> bool:
    version = library.syscall(_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << _RIGHTS.get(version, 16)) - 1
    attributes = struct.pack("QQQ", rights, _TCP, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = library.syscall(_CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return False
    _allow(library, rules, folder, rights & ~_NOT_IN_FOLDER)
    _allow(library, rules, "/dev/null", rights & (_READ | _WRITE_FILE | _TRUNCATE))
    for path in {*roots, *_READABLE}:
        _allow(library, rules, path, _READ)
    answer: int = library.syscall(_RESTRICT, rules, 0)
    os.close(rules)
    return answer == 0


def _allow(library: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there: nothing to allow
    if not os.path.isdir(path):
        rights &= 0b110 | _TRUNCATE
    library.syscall(_ADD, rules, 1, struct.pack("=Qi", rights, descriptor), 0)
    os.close(descriptor)


def _calls(library: ctypes.CDLL) -> bool:
    program = b"".join(struct.pack("HBBI", *one) for one in filter_of(platform.machine(), os.getpid()))
    buffer = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    return bool(library.prctl(_SECCOMP, _FILTER, described, 0, 0) == 0)


def filter_of(machine: str, process: int) -> list[Instruction]:
    """The filter for a machine, for the process with this number: its own threads and signals to itself are allowed."""
    architecture, listed = _MACHINES[machine]
    words = listed.split()
    numbers = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    made: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        _answer(_PERMISSION),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_NUMBERS),
        _answer(_PERMISSION),
    ]
    for name in _DENIED:
        if name in numbers:
            made += [(_EQUAL, 0, 1, numbers[name]), _answer(_PERMISSION)]
    made += [(_EQUAL, 0, 1, numbers["clone3"]), _answer(_NO_CALL)]  # so that the C library uses clone
    made += [*_where(numbers["clone"], (_argument(0), (_BITS, 0, 1, _THREAD)))]
    for name in ("kill", "tgkill"):
        made += [*_where(numbers[name], (_argument(0), (_EQUAL, 0, 1, process)))]
    for name, place in (("sendto", 4), ("prlimit64", 2)):  # without an address, without new limits
        low, high = _argument(place), _argument(place, 4)
        made += [*_where(numbers[name], (low, (_EQUAL, 0, 3, 0), high, (_EQUAL, 0, 1, 0)))]
    return [*made, (_RETURN, 0, 0, _ALLOW)]


def _where(number: int, condition: tuple[Instruction, ...]) -> tuple[Instruction, ...]:
    """Allow one system call where a condition holds; the jumps of the condition lead past the answer that allows it."""
    return (
        (_EQUAL, 0, len(condition) + 2, number),
        *condition,
        (_RETURN, 0, 0, _ALLOW),
        _answer(_PERMISSION),
    )


def _argument(place: int, offset: int = 0) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * place + offset)


def _answer(error: int) -> Instruction:
    return (_RETURN, 0, 0, _REFUSE | error)
