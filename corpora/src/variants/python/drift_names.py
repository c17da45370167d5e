"""Reads the names of Python files: where each stands, what binds it, and what must keep its name.

`{root, files}` as JSON in; `{files, library}` out, as `read-python.ts` has them. Nothing of the files is imported or run;
modules of the standard library are imported to see which names they have.
"""

import ast
import builtins
import hashlib
import importlib
import io
import json
import os
import re
import sys
import tokenize

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "..", "derive", "python", "runtime"), HERE]
sys.dont_write_bytecode = True

from drift_source import FUNCTIONS, Source  # noqa: E402
from name_scopes import Names  # noqa: E402

SENTENCE = re.compile(r"(?:[^\W_]|[\s.,:;!?'-])*")
DOCUMENTED = (ast.Module, ast.ClassDef, *FUNCTIONS)
# Importing these does something.
NOT_IMPORTED = frozenset({"antigravity", "this", "__main__", "idlelib", "turtledemo", "lib2to3"})
REFLECTING_CALLS = frozenset({"exec", "eval", "globals", "locals", "vars", "dir", "compile"})
BY_NAME_CALLS = frozenset({"getattr", "setattr", "hasattr", "delattr"})
REFLECTING_NAMES = frozenset(
    """__dict__ __name__ __qualname__ __code__ __annotations__ __getattr__ __getattribute__ __setattr__ __delattr__
    __subclasses__ __init_subclass__ __module__ f_locals f_globals co_name""".split()
)
# They pass arguments by the names of parameters.
INJECTING = frozenset({"pytest"})
REFLECTING_MODULES = frozenset({"inspect", "ast", "pickle", "importlib", "dis", "symtable"})


def main():
    asked = json.load(sys.stdin)
    own = {part.removesuffix(".pyi").removesuffix(".py") for file in asked["files"] for part in file.split("/")}
    read = [read_file(asked["root"], file, own) for file in asked["files"]]
    modules = sorted({module for one in read for module in one.pop("modules")})
    json.dump({"files": read, "library": library_names(modules)}, sys.stdout)


def read_file(root, file, own):
    try:
        with open(os.path.join(root, file), "rb") as opened:
            data = opened.read()
        data.decode("utf-8")
        if data.startswith(b"\xef\xbb\xbf") or b"\r" in data.replace(b"\r\n", b""):
            raise SyntaxError("its lines cannot be counted")
        source = Source(file, data)
        names = Names(source, own)
    except (OSError, UnicodeDecodeError, SyntaxError, RecursionError, tokenize.TokenError) as error:
        return {"file": file, "unreadable": str(error) or "it does not parse", "modules": []}
    comments, docstrings = comments_of(source, names.tokens)
    return {
        "file": file,
        "unreadable": None,
        "names": names.said(),
        "bindings": names.extents(),
        "texts": texts_of(source.tree, docstrings),
        "keywords": sorted(names.keywords),
        "outside": sorted(names.imported),
        "injected": bool(names.modules & INJECTING),
        "modules": sorted(names.modules),
        "reflects": reflection_in(source.tree),
        "comments": comments,
        "headers": headers_of(source, names.tokens),
        "readsDocstrings": any(isinstance(node, ast.Attribute) and node.attr == "__doc__" for node in ast.walk(source.tree)),
        "tree": tree_of(source.tree, docstrings),
    }


def tree_of(tree, docstrings):
    """A digest of kinds of nodes, places and literals; names count by their length alone, docstrings not at all."""
    documented = {one["place"] for one in docstrings}
    said = hashlib.sha256()
    for node in ast.walk(tree):
        place = tuple(getattr(node, key, 0) for key in ("lineno", "col_offset", "end_lineno", "end_col_offset"))
        is_docstring = isinstance(node, ast.Constant) and place[:2] in documented
        values = [
            _shape(value, isinstance(node, ast.Constant) and not is_docstring)
            for key, value in ast.iter_fields(node)
            if not (is_docstring and key == "value")
        ]
        said.update(f"{type(node).__name__} {place} {values}\n".encode("utf-8", "surrogatepass"))
    return said.hexdigest()


def _shape(value, is_literal):
    if isinstance(value, list):
        return [_shape(one, is_literal) for one in value]
    if isinstance(value, ast.AST):
        return type(value).__name__
    return len(value) if isinstance(value, str) and not is_literal else repr(value)


def reflection_in(tree):
    """How a file asks for names while it runs; None when it does not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in REFLECTING_CALLS:
                return f"{node.func.id}()"
            if node.func.id in BY_NAME_CALLS and not _is_text(node.args[1:2]):
                return f"{node.func.id}() with a name that is worked out"
        elif isinstance(node, ast.Attribute) and node.attr in REFLECTING_NAMES:
            return node.attr
        elif isinstance(node, FUNCTIONS) and node.name in REFLECTING_NAMES:
            return node.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in REFLECTING_MODULES:
                    return alias.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            if (node.module or "").partition(".")[0] in REFLECTING_MODULES:
                return node.module
    return None


def _is_text(nodes):
    return bool(nodes) and isinstance(nodes[0], ast.Constant) and isinstance(nodes[0].value, str)


def texts_of(tree, docstrings):
    """The strings of a file in which a name may stand. Docstrings are prose, and texts of several words, unless they are split or are code."""
    prose = {id(node) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            # `namedtuple("Point", "x y")`, `Enum("Colour", "RED BLUE")`, `parametrize("a, b", …)`
            prose -= {id(argument) for argument in node.args[:2] if _is_text([argument]) and _are_names(argument.value)}
            if isinstance(node.func, ast.Attribute) and node.func.attr == "split":
                prose.discard(id(node.func.value))
    documented = {one["place"] for one in docstrings}
    return sorted(
        {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and (node.lineno, node.col_offset) not in documented
            and not (id(node) in prose and SENTENCE.fullmatch(node.value) and len(node.value.split()) > 1)
        }
    )


def _are_names(text):
    return all(word.isidentifier() for word in text.replace(",", " ").split())


def comments_of(source, tokens):
    """Comments, and docstrings as the stretches between their quotes; positions as in `names`."""
    docstrings = []
    for node in ast.walk(source.tree):
        if isinstance(node, DOCUMENTED) and node.body and isinstance(node.body[0], ast.Expr) and _is_text([node.body[0].value]):
            literal = node.body[0].value
            docstrings.append({"place": (literal.lineno, literal.col_offset), "text": literal.value})
    places = {one["place"]: one for one in docstrings}
    comments = []
    for token in tokens:
        if token.type == tokenize.COMMENT:
            comments.append(_stretch(source, token, 1, 0))
        elif token.type == tokenize.STRING:
            line = source.lines[token.start[0] - 1]
            place = (token.start[0], len(line[: token.start[1]].encode("utf-8")))
            prefix = len(token.string) - len(token.string.lstrip("rRuU"))
            quotes = 3 if token.string[prefix:].startswith(('"""', "'''")) else 1
            # A string of several literals is one node; what is run by doctest is code.
            if place in places and ">>>" not in places[place]["text"] and "\\" not in token.string:
                comments.append(_stretch(source, token, prefix + quotes, quotes))
    return comments, docstrings


def _stretch(source, token, before, after):
    start = (token.start[0], token.start[1] + before)
    end = (token.end[0], token.end[1] - after)
    return {"start": utf16(source, start), "end": utf16(source, end), "isText": after > 0}


def headers_of(source, tokens):
    """Where lines end with which functions begin, if nothing but the end of the line stands there."""
    starts = {(node.lineno, _characters(source, node)) for node in ast.walk(source.tree) if isinstance(node, FUNCTIONS)}
    ends, is_open = [], False
    for token, following in zip(tokens, tokens[1:]):
        if token.type == tokenize.NAME and token.start in starts:
            is_open = True
        if is_open and following.type == tokenize.NEWLINE:
            if token.string == ":":
                ends.append(utf16(source, token.end))
            is_open = False
        elif is_open and following.type == tokenize.COMMENT:
            is_open = False
    return ends


def _characters(source, node):
    return len(source.lines[node.lineno - 1].encode("utf-8")[: node.col_offset].decode("utf-8"))


def utf16(source, place):
    """[line, column], 1-based and in UTF-16 units, of (line, characters)."""
    line, column = place
    before = source.lines[line - 1][:column] if line <= len(source.lines) else ""
    return [line, len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1]


def library_names(modules):
    """Names that the language's own objects have, and those of the modules of its library that are imported."""
    found = set(dir(builtins)) | set(sys.stdlib_module_names)
    for value in vars(builtins).values():
        found.update(dir(value))
    for value in (lambda: None, (_ for _ in ()), object(), sys, property(), super(type)):
        found.update(dir(value))
    for name in modules:
        if name.partition(".")[0] not in sys.stdlib_module_names or name.partition(".")[0] in NOT_IMPORTED:
            continue
        try:
            module = importlib.import_module(name)
        except Exception:  # noqa: BLE001  What cannot be imported has no names here.
            continue
        found.update(dir(module))
        for value in list(vars(module).values()):
            if isinstance(value, type):
                found.update(dir(value))
    return sorted(found)


if __name__ == "__main__":
    main()
