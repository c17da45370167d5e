"""Reads the calls of a corpus: `drift_static.py` takes {root, measured, context} as JSON and writes its answer as JSON.

Nothing of the corpus is imported or run. Progress goes to stderr, one `done/total` a line.
"""

import ast
import gc
import json
import os
import platform
import sys
import threading

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "runtime")]
sys.dont_write_bytecode = True

from drift_source import body_start, calls, constructed_classes, definitions  # noqa: E402
from project import Project  # noqa: E402
from value import Value, external, one, union, unknown  # noqa: E402
from values import Values  # noqa: E402


def main():
    asked = json.load(sys.stdin)
    answer = derive(asked["root"], asked["measured"], asked["context"], _progress)
    json.dump(answer, sys.stdout)


def _progress(done, total):
    if done % 10 == 0 or done == total:
        print(f"{done}/{total}", file=sys.stderr, flush=True)


def derive(root, measured, context, progress=lambda done, total: None):
    """The answer: definitions, sites, and the files that do not parse."""
    project = Project(root, {*measured, *context})
    resolver = Resolver(project)
    found, sites = [], []
    for file, module in project.by_file.items():
        classes = constructed_classes(module.source.tree)
        found.extend(
            describe_definition(module, node, name, classes.get(node)) for node, name in definitions(module.source.tree)
        )
    ordered = [project.by_file[file] for file in sorted(measured) if file in project.by_file]
    for index, module in enumerate(ordered):
        sites.extend(resolver.describe(module, node) for node in calls(module.source.tree))
        progress(index + 1, len(ordered))
    return {
        "version": platform.python_version(),
        "definitions": sorted(found, key=by_place),
        "sites": sorted(sites, key=by_place),
        "unreadable": project.unreadable,
    }


def by_place(item):
    span = item["span"]
    return item["file"], span["line"], span["column"], span["endLine"], span["endColumn"]


def describe_definition(module, node, name, constructed):
    """`constructed` is the class whose constructor `node` is, if it is one."""
    source = module.source
    span = source.span(node)
    line, column = source.span(body_start(node))[:2]
    described = {
        "id": source.definition_id(node),
        "file": module.file,
        "span": dict(zip(("line", "column", "endLine", "endColumn"), span)),
        "body": {"line": line, "column": column},
        "name": name,
    }
    if constructed is not None:
        line, column = source.span(constructed)[:2]
        body_line, body_column = source.span(body_start(constructed))[:2]
        described["classHeader"] = {"line": line, "column": column, "body": {"line": body_line, "column": body_column}}
    return described


class Resolver:
    def __init__(self, project):
        self.values = Values(project)
        self.project = project
        self.names = Names(project)
        self.made_by = {}  # class -> ids of the definitions of its `__new__`

    def describe(self, module, node):
        source = module.source
        scope = module.scope_of[node]
        value, stratum = self.callee(node, scope)
        entered = self.entered(value)
        targets = sorted({json.dumps(target) for target in self.targets(entered)})
        targets = [json.loads(target) for target in targets]
        certain = entered.fixed and entered.complete and len(targets) == 1
        complete = entered.complete and bool(targets)
        return {
            "id": source.site_id(node),
            "file": module.file,
            "span": dict(zip(("line", "column", "endLine", "endColumn"), source.span(node))),
            "callee": source.callee(node),
            "syntax": "call",
            "stratum": stratum(targets),
            "must": targets if certain else [],
            "may": [] if certain else targets,
            "callbacks": self.callbacks(value),
            "complete": complete,
            "reason": None if complete else (entered.reason or "no-implementation-found"),
        }

    def entered(self, value):
        """The functions that calling a value enters."""
        values = []
        for item in value.items:
            if item[0] == "class":
                values.append(self.values.classes.constructor(item[1]))
            elif item[0] == "inst":
                values.append(self.values.classes.instance_member(item[1], "__call__", item[2]))
            elif item[0] in ("func", "ext"):
                values.append(one(*item))
            else:
                values.append(unknown("not-a-function"))
        if not values:
            return value
        entered = union(values)
        return Value(
            entered.items,
            entered.fixed and value.fixed,
            entered.complete and value.complete,
            value.reason or entered.reason,
        )

    def callbacks(self, value):
        """The `__new__` functions that `type` calls when a class is called, before it calls what is entered."""
        return sorted({id for item in value.items if item[0] == "class" for id in self.makers(item[1])})

    def makers(self, info):
        if info not in self.made_by:
            functions = [item for item in self.values.classes.found(info, "__new__").items if item[0] == "func"]
            self.made_by[info] = [module.source.definition_id(node) for _, module, node in functions]
        return self.made_by[info]

    def targets(self, value):
        for item in value.items:
            if item[0] == "func":
                yield {"definition": item[1].source.definition_id(item[2])}
            elif item[0] == "class":
                info = item[1]
                yield {"definition": info.module.source.definition_id(info.node)}
            elif item[0] == "ext":
                yield {"external": item[1].removesuffix("()").rpartition(".")[2]}

    # --- strata ----------------------------------------------------------------------------------------------

    def callee(self, node, scope):
        """(value, function from targets to stratum) of the callee of a call."""
        callee = node.func
        if isinstance(callee, ast.Name):
            value = self.values.of(callee, scope)
            return value, lambda targets: self._name_stratum(callee, scope, value, targets)
        if isinstance(callee, ast.Lambda):
            return self.values.of(callee, scope), lambda targets: "direct"
        if isinstance(callee, ast.Attribute):
            return self._member(callee, scope)
        if isinstance(callee, ast.Subscript):
            return unknown("computed-key"), lambda targets: "computed"
        if isinstance(callee, ast.Call) and isinstance(callee.func, ast.Name) and callee.func.id == "getattr":
            return unknown("getattr"), lambda targets: "computed"
        value = self.values.of(callee, scope)
        return value, lambda targets: _or_external(targets, "stored-value")

    def _name_stratum(self, callee, scope, value, targets):
        owner, bindings = scope.lookup(callee.id)
        kinds = {binding.kind for binding in bindings}
        if "param" in kinds:
            receiver = self.values.classes.receiver(callee, scope)
            return "callback" if receiver is None else "method" if len(targets) < 2 else "interface"
        if not value.items and owner is None:
            return "stored-value"
        if targets and all("external" in target for target in targets):
            return "external"
        functions = [item for item in value.items if item[0] in ("func", "class")]
        if not functions or kinds - {"def", "class", "import", "from"} and not self._is_named_lambda(bindings):
            return "stored-value"
        return "direct" if all(_file_of(item) == scope.module.file for item in functions) else "imported"

    def _is_named_lambda(self, bindings):
        return len(bindings) == 1 and isinstance(bindings[0].value, ast.Lambda)

    def _member(self, callee, scope):
        holder = self.values.of(callee.value, scope)
        value = self.values.attribute(callee, scope)
        if any(item[0] == "mod" for item in holder.items):
            functions = [item for item in value.items if item[0] in ("func", "class")]
            same = bool(functions) and all(_file_of(item) == scope.module.file for item in functions)
            other = "direct" if same else "imported" if functions else "stored-value"
            return value, lambda targets: _or_external(targets, other)
        if not value.items and not value.complete and value.reason in _UNSEEN and not self.names.has(callee.attr) and callee.attr not in dir(object):
            # Nothing in the corpus has this name, so that nothing in it can be meant.
            value = Value([("ext", callee.attr)], False, True)
        stored = self.names.only_stored(callee.attr)
        return value, lambda targets: _member_stratum(targets, stored)


class Names:
    """Which names the corpus gives to anything."""

    def __init__(self, project):
        self.defined = set()
        self.stored = set()
        self.hooks = False
        for module in project.by_file.values():
            for node in ast.walk(module.source.tree):
                self._note(node)
            for scope in [module.scope, *module.inner.values()]:
                self.stored.update(scope.bindings)
                self.stored.update(scope.declared)

    def _note(self, node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.defined.add(node.name)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            self.stored.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg is not None:
            self.stored.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            self.stored.update(node.value.replace(",", " ").split())
        elif isinstance(node, ast.alias):
            self.stored.update(node.name.split("."))

    def has(self, name):
        return name in self.defined or name in self.stored

    def only_stored(self, name):
        return name in self.stored and name not in self.defined


_UNSEEN = frozenset({"untyped-receiver", "call-result", "expression", "variable", "parameter", "computed-key"})


def _member_stratum(targets, stored):
    inside = [target for target in targets if "definition" in target]
    if len(inside) > 1:
        return "interface"
    if inside:
        return "method"
    return "external" if targets else "stored-value" if stored else "method"


def _or_external(targets, stratum):
    return "external" if targets and all("external" in target for target in targets) else stratum


def _file_of(item):
    return item[1].file if item[0] == "func" else item[1].module.file


def run():
    # All trees are kept to the end: looking for garbage among them takes a third of the time and finds none.
    gc.disable()
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

__all__ = ["derive", "external"]
