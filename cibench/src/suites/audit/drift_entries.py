"""Runs a case: `drift_entries.py <folder> <module>`. Under the tracer, it notes who stands below each function that starts.

Decorators, iteration, properties and operators are no calls in the text, and are seen here.
"""

import importlib
import json
import os
import sys


class Entries:
    def __init__(self, code, root):
        self.code = code
        self.root = root + os.sep
        self.seen = set()
        self.out = open(os.environ["DRIFT_ENTRIES"], "w", encoding="utf-8")

    def trace(self, frame, event, _):
        """For `sys.settrace`; lines within a function are not asked for."""
        if event != "call" or self.code.definition(frame.f_code) is None:
            return
        chain = []
        below = frame
        while below is not None:
            chain += self._place(below)
            below = below.f_back
        line = json.dumps([bool(frame.f_code.co_flags & 0x20), chain])
        if line not in self.seen:
            self.seen.add(line)
            self.out.write(line + "\n")
            self.out.flush()

    def _place(self, frame):
        number = self.code.definition(frame.f_code)
        if number is not None:
            return [self.code.definitions[number]]
        if frame.f_code.co_filename == "<string>":
            return ["<eval>"]
        file = os.path.abspath(frame.f_code.co_filename)
        if frame.f_code.co_name != "<module>" or not file.startswith(self.root):
            return []
        file = file[len(self.root) :].replace(os.sep, "/")
        return [] if file.startswith(".drift/") else [f"{file}#<module>"]


def main():
    root, module = sys.argv[1:]
    sys.path[0] = root
    tracer = sys.modules["drift_tracer"].current
    sys.settrace(Entries(tracer.code, root).trace)
    importlib.import_module(module)


if __name__ == "__main__":
    main()
