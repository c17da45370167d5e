"""Reads the functions of Python files, each with what its own code says: `{root, files, version, mostBytes}` as JSON in,
`{functions, unreadable}` out, as `functions.ts` has them. Nothing of the files is imported or run.
"""

import ast
import builtins
import collections
import hashlib
import json
import os
import re
import sys
import threading
import typing

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "python", "runtime")]
sys.dont_write_bytecode = True

from drift_source import Source, definitions  # noqa: E402

WORD = re.compile(r"[A-Za-z_][\w-]{0,80}")
ISSUE = re.compile(r"(?:#|\bgh-|/(?:issues|pull)/)(\d{2,6})\b", re.IGNORECASE)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# What the language's own objects have: everybody uses it everywhere.
BUILT_IN = frozenset(
    name for one in (builtins, typing, object, str, bytes, list, dict, set, tuple, int, float) for name in dir(one)
) | {"self", "cls", "args", "kwargs", *sys.stdlib_module_names}
# Whether a name is read or written follows from where it stands; `u"a"` is "a".
LAYOUT = frozenset({"ctx", "kind", "type_comment"})
# What only type checkers read; without it, a variable with an annotation is one that is assigned to.
TYPES = frozenset({"annotation", "returns", "simple", "type_params"})
UNTYPED = {"AnnAssign": "Assign", "target": "targets"}


def main():
    asked = json.load(sys.stdin)
    found, unreadable = [], []
    for file in asked["files"]:
        try:
            place = os.path.join(asked["root"], file)
            if os.path.islink(place) or os.path.getsize(place) > asked["mostBytes"]:
                raise OSError("too large")
            with open(place, "rb") as opened:
                source = Source(file, opened.read())
            found.extend(Reader(source, asked["version"]).read())
        except (OSError, SyntaxError, RecursionError):
            unreadable.append(file)
    json.dump({"functions": found, "unreadable": unreadable}, sys.stdout)


class Own:
    """A function whose own code is being read."""

    def __init__(self, node, name):
        self.node = node
        self.name = name
        self.said = hashlib.sha256()
        self.code = hashlib.sha256()
        self.types = hashlib.sha256()
        self.words = collections.Counter()

    def say(self, text, is_type):
        self.said.update(_bytes(text))
        if is_type:
            self.types.update(_bytes(text))
        else:
            self.code.update(_bytes(UNTYPED.get(text, text)))

    def word(self, text):
        if WORD.fullmatch(text) and text.isascii() and text not in BUILT_IN:
            self.words[text] += 1


def _bytes(text):
    return text.encode("utf-8", "surrogatepass") + b"\0"


class Reader:
    def __init__(self, source, version):
        self.source = source
        self.version = version
        self.names = {node: name for node, name in definitions(source.tree) if not isinstance(node, ast.Lambda)}
        self.found = []

    def read(self):
        self._visit(self.source.tree, None, False)
        return [self._describe(own) for own in self.found]

    def _describe(self, own):
        span = self.source.span(own.node)
        text = "\n".join(self.source.lines[span[0] - 1 : span[2]])
        return {
            "id": self.source.definition_id(own.node),
            "file": self.source.file,
            "name": own.name,
            "digest": own.said.hexdigest(),
            "code": own.code.hexdigest(),
            "types": own.types.hexdigest(),
            "words": sorted(own.words.items()),
            "issues": list(dict.fromkeys(ISSUE.findall(text))),
        }

    def _visit(self, node, owner, is_around):
        name = self.names.get(node)
        inner = owner
        if name is not None:
            inner = Own(node, name)
            self.found.append(inner)
        if inner is not None:
            inner.say(type(node).__name__, is_around)
        for field, value in ast.iter_fields(node):
            is_type = is_around or field in TYPES
            if field in LAYOUT or (field in TYPES and not value):
                continue
            if inner is not None:
                inner.say(field, is_type)
            if field == "body" and isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
                value = value[1:]
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST):
                    self._visit(one, inner, is_type)
                elif inner is not None:
                    self._say(one, inner, is_type)
        if inner is not None:
            inner.say(")", is_around)

    def _say(self, value, owner, is_type):
        owner.say("<version>" if value == self.version else repr(value), is_type)
        if isinstance(value, str):
            for part in value.split(".") if value.replace(".", "").isidentifier() else [value]:
                owner.word(part)


def run():
    # Deep trees need a deep stack.
    sys.setrecursionlimit(100_000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=_guarded)
    thread.start()
    thread.join()
    sys.exit(_status[0])


_status = [70]


def _guarded():
    main()
    _status[0] = 0


if __name__ == "__main__":
    run()
