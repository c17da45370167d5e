"""`wait4.py set|unset program arguments...`: whether LC_CTYPE is in the environment, and what to run.

Starts a program, waits for it with wait4, and says on descriptor 3 what the kernel counted of it, as JSON.

It ends as the program ended: with its code, or by its signal. SIGTERM kills the program. It does as little as it can: the
peak memory of a program is never below that of whoever starts it.
"""

import os
import signal
import sys
import time

RESULT = 3


def say(record: str) -> None:
    os.write(RESULT, record.encode())
    os.close(RESULT)


def main() -> None:
    locale, *program = sys.argv[1:]
    # Python sets this one where no locale is named, and the program's environment is not ours to change.
    if locale == "unset":
        os.environ.pop("LC_CTYPE", None)
    os.set_inheritable(RESULT, False)
    pid = 0
    stopped = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True
        if pid > 0:
            os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The program gets its own; what is said of it must still be read.
    # Python ignores these two, and a program would inherit that.
    defaults = [signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ]
    start = time.monotonic_ns()
    try:
        pid = os.posix_spawnp(program[0], program, os.environ, setsigdef=defaults)
    except OSError as error:
        say('{"error":"%s"}' % (os.strerror(error.errno) if error.errno else "it is no program"))
        os._exit(127)
    if stopped:
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic_ns() - start
    # Linux counts KiB, macOS bytes.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    faults = usage.ru_minflt + usage.ru_majflt
    user, system = (round(seconds * 1e6) * 1000 for seconds in (usage.ru_utime, usage.ru_stime))
    say(
        '{"wallNs":%d,"userNs":%d,"systemNs":%d,"peakBytes":%d,"pageFaults":%d}'
        % (wall, user, system, peak, faults)
    )
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))


main()
