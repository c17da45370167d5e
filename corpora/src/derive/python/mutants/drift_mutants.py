"""Finds small changes of Python files: `drift_mutants.py` takes JSON and writes JSON, and imports or runs nothing of it.

{"root", "files"} -> {"version", "changes": [{operator, file, line, column, endLine, endColumn, text, probe, owner}], "unreadable": [files]}
{"texts": [sources]} -> {"parses": [booleans]}

A change puts `text` in the place of a stretch, and never changes the number of lines. `probe` is the line of the statement
that runs when the changed line does; `owner` is the id of the function around it, or null.
"""

import ast
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "runtime"))
sys.dont_write_bytecode = True

from drift_probes import probed_line  # noqa: E402
from drift_source import FUNCTIONS, Source  # noqa: E402

_SHIFTED = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}
_QUOTES = ("'", '"')


def main():
    asked = json.load(sys.stdin)
    if "texts" in asked:
        json.dump({"parses": [_parses(text) for text in asked["texts"]]}, sys.stdout)
        return
    changes, unreadable = [], []
    for done, file in enumerate(asked["files"]):
        try:
            with open(os.path.join(asked["root"], file), "rb") as opened:
                data = opened.read()
            data.decode("utf-8")
            if data.startswith(b"\xef\xbb\xbf"):
                raise SyntaxError("a byte order mark shifts its first line")
            changes += Finder(Source(file, data)).find()
        except (SyntaxError, UnicodeDecodeError):
            unreadable.append(file)
        print(f"{done + 1}/{len(asked['files'])}", file=sys.stderr, flush=True)
    json.dump({"version": sys.version.split()[0], "changes": changes, "unreadable": unreadable}, sys.stdout)


def _parses(text):
    try:
        compile(text, "<changed>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        return True
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


class Finder:
    def __init__(self, read):
        self.read = read
        self.changes = []

    def find(self):
        tree = self.read.tree
        is_package = os.path.basename(self.read.file) == "__init__.py"
        for statement in tree.body:
            if is_package and isinstance(statement, ast.ImportFrom):
                self._exports(statement)
            if isinstance(statement, (*FUNCTIONS, ast.ClassDef)) and not statement.name.startswith("_"):
                self._rename(statement)
        self._block(tree.body, None, None, has_docstring=True)
        return self.changes

    # --- places ----------------------------------------------------------------------------------------------

    def _add(self, operator, start, end, text, probe, owner):
        """`start` and `end` are (line, byte column); lines that the stretch spans stay, empty."""
        lines = end[0] - start[0] - text.count("\n")
        line, column = self.read.position(*start)
        end_line, end_column = self.read.position(*end)
        self.changes.append(
            {
                "operator": operator,
                "file": self.read.file,
                "line": line,
                "column": column,
                "endLine": end_line,
                "endColumn": end_column,
                "text": text + "\n" * lines,
                "probe": probe,
                "owner": owner,
            }
        )

    def _replace(self, operator, node, text, probe, owner):
        end = (node.end_lineno, node.end_col_offset)
        self._add(operator, (node.lineno, node.col_offset), end, text, probe, owner)

    def _text(self, start, end):
        """The text between two (line, byte column)."""
        lines = self.read.lines[start[0] - 1 : end[0]]
        encoded = [line.encode("utf-8") for line in lines]
        encoded[-1] = encoded[-1][: end[1]]
        encoded[0] = encoded[0][start[1] :]
        return b"\n".join(encoded).decode("utf-8", "replace")

    def _text_of(self, node):
        return self._text((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))

    # --- exports ---------------------------------------------------------------------------------------------

    def _exports(self, statement):
        """Names that a package hands on from its modules."""
        names = statement.names
        for at, name in enumerate(names):
            if name.name == "*" or statement.module == "__future__":
                continue
            start, end = (name.lineno, name.col_offset), (name.end_lineno, name.end_col_offset)
            probe, bound = statement.lineno, name.asname or name.name
            self._add("rename-export", start, end, f"{name.name} as {bound}_renamed", probe, None)
            if len(names) == 1:
                self._replace("remove-export", statement, "pass", probe, None)
            elif at + 1 < len(names):
                following = names[at + 1]
                self._add("remove-export", start, (following.lineno, following.col_offset), "", probe, None)
            else:
                before = names[at - 1]
                self._add("remove-export", (before.end_lineno, before.end_col_offset), end, "", probe, None)

    def _rename(self, statement):
        """A function or class of a module, by its own name: whoever asks for the old one finds nothing."""
        line = self.read.lines[statement.lineno - 1].encode("utf-8")
        at = line.find(statement.name.encode("utf-8"), statement.col_offset + 3)
        if at < 0:
            return
        end = at + len(statement.name.encode("utf-8"))
        renamed = f"{statement.name}_renamed"
        place = statement.lineno
        self._add("rename-export", (place, at), (place, end), renamed, probed_line(statement), None)

    # --- statements ------------------------------------------------------------------------------------------

    def _block(self, statements, owner, kind, has_docstring=False):
        """`kind` is the class or function around these."""
        for at, statement in enumerate(statements):
            probe = probed_line(statement)
            if isinstance(statement, FUNCTIONS):
                self._function(statement, kind)
            elif isinstance(statement, ast.ClassDef):
                self._block(statement.body, owner, statement, has_docstring=True)
            elif has_docstring and at == 0 and _is_text(statement):
                continue
            elif hasattr(statement, "value"):
                self._simple(statement, owner, probe)
            elif not isinstance(statement, (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)):
                self._compound(statement, owner, kind, probe)

    def _simple(self, statement, owner, probe):
        if isinstance(statement, ast.Return) and owner is not None and not _is_nothing(statement.value):
            self._replace("return-nothing", statement.value, "None", probe, owner)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, (ast.Call, ast.Await)):
            self._replace("remove-statement", statement, "pass", probe, owner)
        if isinstance(statement, ast.AnnAssign):
            self._expressions([statement.value], owner, probe)
        else:
            self._expressions(ast.iter_child_nodes(statement), owner, probe)

    def _compound(self, statement, owner, kind, probe):
        if isinstance(statement, ast.If):
            self._negate(statement.test, owner, probe)
        for field, value in ast.iter_fields(statement):
            inner = value if isinstance(value, list) else [value]
            if field in ("body", "orelse", "finalbody") and isinstance(value, list):
                self._block(inner, owner, kind)
                continue
            for part in inner:
                if isinstance(part, (ast.ExceptHandler, ast.match_case)):
                    self._block(part.body, owner, kind)
                elif isinstance(part, ast.expr):
                    self._expressions([part], owner, probe)
                elif isinstance(part, ast.withitem):
                    self._expressions([part.context_expr], owner, probe)

    def _function(self, function, around):
        owner = self.read.definition_id(function)
        body = function.body
        has_docstring = _is_text(body[0])
        first = body[1] if has_docstring and len(body) > 1 else None if has_docstring else body[0]
        decorators = {getattr(one, "attr", getattr(one, "id", "")) for one in map(_callee, function.decorator_list)}
        if first is not None and "overload" not in decorators and not _is_stub(first):
            probe = probed_line(first)
            self._throw(body[0] if has_docstring else first, has_docstring, probe, owner)
            self._parameter(function, around, decorators, probe, owner)
        self._block(body, owner, function, has_docstring=True)

    def _throw(self, statement, is_docstring, probe, owner):
        thrown = 'raise RuntimeError("drift")'
        if is_docstring:
            end = (statement.end_lineno, statement.end_col_offset)
            self._add("throw-at-entry", end, end, f"; {thrown}", probe, owner)
        elif not isinstance(statement, (*FUNCTIONS, ast.ClassDef)) and not hasattr(statement, "body"):
            start = (statement.lineno, statement.col_offset)
            self._add("throw-at-entry", start, start, f"{thrown}; ", probe, owner)

    def _parameter(self, function, around, decorators, probe, owner):
        positional = [*function.args.posonlyargs, *function.args.args]
        if isinstance(around, ast.ClassDef) and "staticmethod" not in decorators:
            positional = positional[1:]
        if positional and "property" not in decorators and "setter" not in decorators:
            start = (positional[0].lineno, positional[0].col_offset)
            self._add("add-parameter", start, start, "drift_added, ", probe, owner)

    # --- expressions -----------------------------------------------------------------------------------------

    def _negate(self, test, owner, probe):
        self._replace("negate-condition", test, f"not ({self._text_of(test)})", probe, owner)

    def _expressions(self, nodes, owner, probe):
        pending = [node for node in nodes if isinstance(node, ast.AST)]
        while pending:
            node = pending.pop()
            # A lambda runs when it is called, and text inside formatted strings has no place of its own in every version.
            if isinstance(node, (ast.Lambda, ast.JoinedStr)):
                continue
            if isinstance(node, ast.IfExp):
                self._negate(node.test, owner, probe)
            elif isinstance(node, ast.Await):
                start, value = (node.lineno, node.col_offset), (node.value.lineno, node.value.col_offset)
                if self._text(start, value).strip() == "await":
                    self._add("drop-await", start, value, "", probe, owner)
            elif isinstance(node, ast.Compare):
                self._shift(node, owner, probe)
            elif isinstance(node, ast.Constant):
                self._constant(node, owner, probe)
            pending.extend(ast.iter_child_nodes(node))

    def _shift(self, node, owner, probe):
        sign, shifted = _SHIFTED.get(type(node.ops[0]), (None, None))
        if sign is None or len(node.ops) > 1:
            return
        right = node.comparators[0]
        start, end = (node.left.end_lineno, node.left.end_col_offset), (right.lineno, right.col_offset)
        if self._text(start, end).strip() == sign:
            self._add("shift-boundary", start, end, self._text(start, end).replace(sign, shifted), probe, owner)

    def _constant(self, node, owner, probe):
        value, text = node.value, self._text_of(node)
        if isinstance(value, bool):
            self._replace("change-constant", node, str(not value), probe, owner)
        elif isinstance(value, (int, float)) and abs(value) < 1e15 and "\n" not in text:
            self._replace("change-constant", node, repr(value + 1), probe, owner)
        # One literal in simple quotes that is no prose.
        elif isinstance(value, str) and text[:1] in _QUOTES and text[:3] not in ('"""', "'''") and not _is_prose(value, text):
            end = (node.end_lineno, node.end_col_offset - 1)
            self._add("change-constant", end, end, "~", probe, owner)


def _is_prose(value, text):
    return " " in value or "\n" in text or text.count(text[0]) > 2


def _is_text(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)


def _is_nothing(value):
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _is_stub(statement):
    is_dots = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and statement.value.value is ...
    return is_dots or isinstance(statement, ast.Pass)


def _callee(decorator):
    return decorator.func if isinstance(decorator, ast.Call) else decorator


if __name__ == "__main__":
    main()
