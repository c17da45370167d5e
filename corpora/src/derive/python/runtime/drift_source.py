"""Reads Python sources: definitions and call sites at exact positions.

Positions are 1-based, columns count UTF-16 units, ends are exclusive. Nothing here imports or runs what it reads.
"""

import ast
import io
import re
import sys
import tokenize

from drift_fstrings import mend_formatted

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NAME_AT_END = re.compile(r"\w+$")


class Source:
    """One file: its tree, and the way from the tree's byte columns to UTF-16 columns."""

    def __init__(self, file, data):
        """`file` is the path below the corpus root. Raises SyntaxError, also for what cannot be decoded."""
        self.file = file
        self.text = decode(data)
        self.lines = io.StringIO(self.text, newline=None).read().split("\n")
        self.tree = parse(self.text)

    def position(self, line, byte_column):
        """(line, column) of a place in the tree."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if not text.isascii():
            before = text.encode("utf-8")[:byte_column].decode("utf-8", "replace")
            return line, len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1
        return line, byte_column + 1

    def span(self, node):
        """(line, column, end line, end column) of a node, decorators included."""
        start = self._decorator(node) or self.position(node.lineno, node.col_offset)
        return start + self.position(node.end_lineno, node.end_col_offset)

    def _decorator(self, node):
        first = next(iter(getattr(node, "decorator_list", ())), None)
        if first is None:
            return None
        # The tree begins after the "@", which may stand apart from its expression.
        line, column = first.lineno, first.col_offset
        while True:
            before = self.lines[line - 1].encode("utf-8")[:column]
            at = before.rfind(b"@")
            if at >= 0:
                return self.position(line, at)
            line, column = line - 1, 1 << 30

    def site_id(self, node):
        line, column, end_line, end_column = self.span(node)
        return f"{self.file}:{line}:{column}-{end_line}:{end_column}"

    def definition_id(self, node):
        line, column = self.span(node)[:2]
        return f"{self.file}:{line}:{column}"

    def callee(self, call):
        """The last name of a callee and where it stands; None when it has none."""
        callee = call.func
        if isinstance(callee, ast.Name):
            line, column = self.position(callee.lineno, callee.col_offset)
            return {"name": self._text_of(callee), "line": line, "column": column}
        if not isinstance(callee, ast.Attribute):
            return None
        before = self.lines[callee.end_lineno - 1].encode("utf-8")[: callee.end_col_offset].decode("utf-8")
        found = _NAME_AT_END.search(before)
        name = found.group() if found else callee.attr
        start = len(before.encode("utf-8")) - len(name.encode("utf-8"))
        line, column = self.position(callee.end_lineno, start)
        return {"name": name, "line": line, "column": column}

    def _text_of(self, name):
        line = self.lines[name.lineno - 1].encode("utf-8")
        return line[name.col_offset : name.end_col_offset].decode("utf-8")


def decode(data):
    """The text of a source file, as the interpreter reads it. Raises SyntaxError."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise SyntaxError(str(error)) from error


def parse(text):
    """The tree of a module, with true positions inside f-strings under every version. Raises SyntaxError."""
    try:
        tree = ast.parse(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from error
    if sys.version_info < (3, 12):
        mend_formatted(tree, text)
    return tree


def calls(tree):
    """Every call expression, in the order in which the tree is walked."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def definitions(tree):
    """Every (node, qualified name) that a call can enter: functions, lambdas, classes without `__init__` of their own."""
    found = []
    pending = [(tree, "")]
    while pending:
        node, prefix = pending.pop()
        inner = prefix
        if isinstance(node, FUNCTIONS):
            found.append((node, prefix + node.name))
            inner = f"{prefix}{node.name}."
        elif isinstance(node, ast.ClassDef):
            if not binds_in_body(node, "__init__"):
                found.append((node, prefix + node.name))
            inner = f"{prefix}{node.name}."
        elif isinstance(node, ast.Lambda):
            found.append((node, f"{prefix}<lambda>"))
        pending.extend((child, inner) for child in ast.iter_child_nodes(node))
    return found


def body_start(node):
    """The tree node with which the body of a definition starts."""
    return node.body if isinstance(node, ast.Lambda) else node.body[0]


def constructed_classes(tree):
    """The class of each `__init__` that calling the class enters: the one that its body binds last."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bound = list(bound_in_body(node, "__init__"))
            if bound and all(isinstance(one, FUNCTIONS) for one in bound):
                found[max(bound, key=lambda one: (one.lineno, one.col_offset))] = node
    return found


def binds_in_body(node, name):
    """Whether a class binds a name itself, also below `if`, `try` or `with`."""
    return any(True for _ in bound_in_body(node, name))


def bound_in_body(node, name):
    """The statements with which a class binds a name itself, in no particular order."""
    pending = list(node.body)
    while pending:
        statement = pending.pop()
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            if statement.name == name:
                yield statement
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            yield statement
        skipped = never_run(statement)
        inner = (child for child in ast.iter_child_nodes(statement) if isinstance(child, (ast.stmt, ast.excepthandler)))
        pending.extend(child for child in inner if child not in skipped)


def never_run(statement):
    """The statements under `if TYPE_CHECKING:` (PEP 484), which only type checkers read; empty for any other statement."""
    if not isinstance(statement, ast.If):
        return []
    if _is_type_checking(statement.test):
        return statement.body
    negated = isinstance(statement.test, ast.UnaryOp) and isinstance(statement.test.op, ast.Not)
    return statement.orelse if negated and _is_type_checking(statement.test.operand) else []


def _is_type_checking(test):
    return (test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)) == "TYPE_CHECKING"
