"""Tells which statements of a corpus run: each is preceded by a call that notes its file and line, once in each process.

Started by `sitecustomize` when DRIFT_PROBES names a file with {root, measured, folder}. Notes go to a file of each process
in that folder: `@` and the test file, then a line `file:line` for each statement that ran.
"""

import ast
import builtins
import functools
import importlib.machinery
import json
import os

from drift_source import FUNCTIONS, Source


def probed_line(statement):
    """The line by which a statement is known: that of its first decorator, else its own."""
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


class Probes:
    def __init__(self, config):
        self.root = config["root"] + os.sep
        self.measured = set(config["measured"])
        self.folder = config["folder"]
        self.out = None
        self.owner = None

    def start(self):
        loader = importlib.machinery.SourceFileLoader
        original = loader.source_to_code
        probes = self

        @functools.wraps(original)
        def source_to_code(self, data, path, **options):
            code = None
            if isinstance(data, (bytes, bytearray, memoryview)):
                code = probes.compile(bytes(data), os.fspath(path))
            return original(self, data, path, **options) if code is None else code

        loader.source_to_code = source_to_code
        builtins.__drift_hit__ = self.hook()

    def hook(self):
        seen = set()
        note = self._note

        def __drift_hit__(place):
            if place not in seen:
                seen.add(place)
                note(place)

        return __drift_hit__

    def _note(self, place):
        if self.owner != os.getpid():
            # A forked process writes for itself.
            self.owner = os.getpid()
            name = os.path.join(self.folder, f"{self.owner}.hits")
            self.out = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            os.write(self.out, f"@{os.environ.get('DRIFT_TRACE_TEST', '')}\n".encode())
        os.write(self.out, f"{place}\n".encode())

    def compile(self, data, path):
        """The code of a measured file with its probes; None for other files and those that do not parse."""
        file = os.path.abspath(path)
        if not file.startswith(self.root):
            return None
        file = file[len(self.root) :].replace(os.sep, "/")
        if file not in self.measured:
            return None
        try:
            tree = Source(file, data).tree
            with_probes(tree, file)
            return compile(tree, path, "exec", dont_inherit=True)
        except (SyntaxError, RecursionError):
            return None


def with_probes(tree, file):
    """Puts a probe before each statement of the tree, save docstrings and what must come first in a module."""
    for node in list(ast.walk(tree)):
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(node, field, None)
            if isinstance(statements, list) and statements and isinstance(statements[0], ast.stmt):
                setattr(node, field, _probed(statements, file, has_docstring=field == "body" and _may_have_docstring(node)))


def _may_have_docstring(node):
    return isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Module))


def _probed(statements, file, has_docstring):
    probed = []
    for at, statement in enumerate(statements):
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
        comes_first = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not comes_first and not (has_docstring and at == 0 and is_text):
            probed.append(_probe(statement, file))
        probed.append(statement)
    return probed


def _probe(statement, file):
    line = probed_line(statement)
    call = ast.Call(ast.Name("__drift_hit__", ast.Load()), [ast.Constant(f"{file}:{line}")], [])
    probe = ast.Expr(call)
    for new in (probe, call, call.func, call.args[0]):
        new.lineno = new.end_lineno = line
        new.col_offset = new.end_col_offset = statement.col_offset
    return probe


def start():
    with open(os.environ["DRIFT_PROBES"], encoding="utf-8") as file:
        Probes(json.load(file)).start()
