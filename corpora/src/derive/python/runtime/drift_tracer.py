"""Records, while tests run, what every call expression of the measured files calls.

Two observers that complement each other:

- Every call `f(x)` of a measured file is compiled as `__drift_call__(number, f)(x)`: the callee itself is seen, so that
  generators, coroutines, native and callable objects are told apart without guessing. Trees keep their positions, no
  frame is added to the call, and nothing is evaluated in another order.
- A profile function sees functions that natives and the standard library enter: key functions, `__new__`, operators.
  These are written as callbacks of the call expression under which they are entered, never as its targets.

Records go to one file per process and are written at once, since processes may end without notice.
"""

import builtins
import functools
import importlib.machinery
import json
import os
import sys
import threading
import types

from drift_callee import CALLBACK, ENTERED, TEST, Callees
from drift_code import Code

_RESUMED = 0x20 | 0x80 | 0x200  # Generators, coroutines, asynchronous generators: their frames are only ever resumed.


class Tracer:
    def __init__(self, config):
        self.folder = config["folder"]
        self.code = Code(config["root"] + os.sep, set(config["measured"]), set(config["context"]))
        self.callees = Callees(self.code, config["testFiles"])
        self.direct = set()  # (site, definition) seen as a callee
        self.pending = set()  # (site, definition) that is a target once it is entered
        self.seen = set()
        self.lost = 0
        self.witness = os.environ.get("DRIFT_TRACE_WITNESS", "")
        self._open()

    # --- records ---------------------------------------------------------------------------------------------

    def _open(self):
        name = os.path.join(self.folder, f"{os.getpid()}-{len(os.listdir(self.folder))}.trace")
        self.out = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.written = {}
        self.lock = threading.RLock()  # The one of before a fork may be held for ever.
        self.seen.clear()
        self.set_witness(self.witness)

    def _number(self, text):
        number = self.written.get(text)
        if number is None:
            number = self.written[text] = len(self.written)
            os.write(self.out, f"={json.dumps(text)}\n".encode())
        return number

    def set_witness(self, file):
        """From here on, records are witnessed by this test file."""
        self.witness = file
        os.environ["DRIFT_TRACE_WITNESS"] = file
        self.seen.clear()
        with self.lock:
            self.witness_number = self._number(file)

    def _write(self, site, kind, target):
        with self.lock:
            site_number, target_number = self._number(self.code.sites[site]), self._number(target)
            os.write(self.out, f"{kind} {site_number} {target_number} {self.witness_number}\n".encode())

    # --- what is called --------------------------------------------------------------------------------------

    def hook(self):
        """The function behind `__drift_call__`."""
        seen = self.seen
        slow = self._called
        function, method, native = types.FunctionType, types.MethodType, types.BuiltinFunctionType

        def __drift_call__(site, callee):
            kind = type(callee)
            if kind is function:
                key = site, id(callee.__code__)
            elif kind is native:
                key = site, callee.__name__
            elif kind is method and type(callee.__func__) is function:
                key = site, id(callee.__func__.__code__)
            else:
                slow(site, callee)
                return callee
            if key not in seen:
                seen.add(key)
                slow(site, callee)
            return callee

        return __drift_call__

    def _called(self, site, callee):
        kind, target, pending = self.callees.entered_by(callee)
        if kind is None or kind is TEST:
            return
        if kind is ENTERED:
            if pending and (site, target) not in self.direct:
                self.pending.add((site, target))
                return
            self.direct.add((site, target))
            target = self.code.definitions[target]
        key = site, kind, target
        if key not in self.seen:
            self.seen.add(key)
            self._write(site, kind, target)

    # --- what is entered from natives ------------------------------------------------------------------------

    def profile(self):
        """The function for `sys.setprofile`."""
        by_code, tables, seen = self.code.by_code, self.code.tables, self.seen
        is_library, instruction, callback = self.callees.is_library, self.code.site_at, self._called_back

        def profile(frame, event, _):
            if event != "call":
                return
            code = frame.f_code
            target = by_code.get(id(code))
            if target is None or code.co_flags & _RESUMED:
                return
            back = frame.f_back
            while back is not None:
                table = tables.get(id(back.f_code))
                if table is not None:
                    break
                if not is_library(back.f_code.co_filename):
                    return
                back = back.f_back
            else:
                return
            site = table.get(back.f_lasti) if type(table) is dict else instruction(back)
            if site is not None and (site, target) not in seen:
                callback(site, target, code)

        return profile

    def _called_back(self, site, target, code):
        self.seen.add((site, target))
        if (site, target) in self.pending:
            self.pending.discard((site, target))
            self.direct.add((site, target))
            self._write(site, ENTERED, self.code.definitions[target])
        # Finalizers run whenever something is freed.
        elif (site, target) not in self.direct and code.co_name != "__del__":
            self._write(site, CALLBACK, self.code.definitions[target])

    # --- start -----------------------------------------------------------------------------------------------

    def start(self):
        loader = importlib.machinery.SourceFileLoader
        original = loader.source_to_code
        tracer = self

        @functools.wraps(original)
        def source_to_code(self, data, path, **options):
            code = None
            if isinstance(data, (bytes, bytearray, memoryview)):
                code = tracer.code.compile(bytes(data), os.fspath(path))
            return original(self, data, path, **options) if code is None else code

        loader.source_to_code = source_to_code
        builtins.__drift_call__ = self.hook()
        builtins.__drift_class__ = self.callees.keep_class
        os.register_at_fork(after_in_child=self._open)
        self.profiler = self.profile()
        threading.setprofile(self.profiler)
        sys.setprofile(self.profiler)

    def watch(self):
        """Goes on after a test that turned profiling off; counts how often."""
        if sys.getprofile() is not self.profiler:
            self.lost += 1
            threading.setprofile(self.profiler)
            sys.setprofile(self.profiler)
