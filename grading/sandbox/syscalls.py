"""The system calls that strangers' code is refused, with their numbers on both kinds of processor."""

from __future__ import annotations

from typing import Final

# name, number on x86_64, number on aarch64; "-" where there is none
_NETWORK = """
socket 41 198; connect 42 203; bind 49 200; listen 50 201; accept 43 202; accept4 288 242;
io_uring_setup 425 425; io_uring_enter 426 426; io_uring_register 427 427
"""
_OTHER_PROCESSES = """
ptrace 101 117; process_vm_readv 310 270; process_vm_writev 311 271; process_madvise 440 440; kcmp 312 272;
pidfd_open 434 434; pidfd_getfd 438 438; pidfd_send_signal 424 424; tkill 200 130;
rt_sigqueueinfo 129 138; rt_tgsigqueueinfo 297 240; setpriority 141 140; sched_setparam 142 118;
sched_setscheduler 144 119; sched_setattr 314 274; sched_setaffinity 203 122; ioprio_set 251 30;
migrate_pages 256 238; move_pages 279 239; setpgid 109 154; setsid 112 157
"""
_NEW_PROGRAMS = "execve 59 221; execveat 322 281; fork 57 -; vfork 58 -"
_NEW_WORLDS = """
mount 165 40; umount2 166 39; pivot_root 155 41; chroot 161 51; open_tree 428 428; move_mount 429 429;
fsopen 430 430; fsconfig 431 431; fsmount 432 432; fspick 433 433; mount_setattr 442 442; unshare 272 97;
setns 308 268; personality 135 92
"""
_PRIVILEGES = """
setuid 105 146; setgid 106 144; setreuid 113 145; setregid 114 143; setresuid 117 147; setresgid 119 149;
setgroups 116 159; setfsuid 122 151; setfsgid 123 152; capset 126 91; setrlimit 160 164
"""
_KERNEL = """
add_key 248 217; request_key 249 218; keyctl 250 219; bpf 321 280; perf_event_open 298 241;
userfaultfd 323 282; init_module 175 105; finit_module 313 273; delete_module 176 106; kexec_load 246 104;
kexec_file_load 320 294; reboot 169 142; swapon 167 224; swapoff 168 225; sethostname 170 161;
setdomainname 171 162; acct 163 89; quotactl 179 60; syslog 103 116; settimeofday 164 170;
clock_settime 227 112; adjtimex 159 171; clock_adjtime 305 266; iopl 172 -; ioperm 173 -;
modify_ldt 154 -; fanotify_init 300 262; open_by_handle_at 304 265; name_to_handle_at 303 264
"""
# memory that RLIMIT_AS does not count, or that outlives the process
_HIDDEN_MEMORY = """
memfd_create 319 279; memfd_secret 447 447; shmget 29 194; shmat 30 196; msgget 68 186; semget 64 190;
mq_open 240 180
"""
# what Landlock lets pass: it knows of opening, making and removing only
_MARKS_ON_FILES = """
chmod 90 -; fchmod 91 52; fchmodat 268 53; fchmodat2 452 452; chown 92 -; lchown 94 -; fchown 93 55;
fchownat 260 54; setxattr 188 5; lsetxattr 189 6; fsetxattr 190 7; removexattr 197 14; lremovexattr 198 15;
fremovexattr 199 16; utime 132 -; utimes 235 -; futimesat 261 -; utimensat 280 88; truncate 76 45;
inotify_init 253 -; inotify_init1 294 26
"""
# looked at more closely: which flags, whose process
_BY_ARGUMENT = (
    "clone 56 220; clone3 435 435; kill 62 129; tgkill 234 131; prlimit64 302 261; prctl 157 167"
)

MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "arm64": 0xC00000B7}


def numbers(table: str, machine: str) -> dict[str, int]:
    """The numbers of the calls of a table.

    >>> numbers("fork 57 -; ptrace 101 117", "aarch64")
    {'ptrace': 117}
    """
    column = 1 if machine == "x86_64" else 2
    rows = [row.split() for row in table.split(";") if row.strip()]
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


def denied(machine: str, *, programs: bool) -> tuple[int, ...]:
    """Those refused whatever their arguments; programs: whether one may still be started."""
    tables = [_NETWORK, _OTHER_PROCESSES, _NEW_WORLDS, _KERNEL, _HIDDEN_MEMORY]
    if not programs:  # only then are we past the sandbox's own preparations
        tables += [_NEW_PROGRAMS, _PRIVILEGES, _MARKS_ON_FILES]
    return tuple(number for table in tables for number in numbers(table, machine).values())


def by_argument(machine: str) -> dict[str, int]:
    """Those refused for some arguments."""
    return numbers(_BY_ARGUMENT, machine)
