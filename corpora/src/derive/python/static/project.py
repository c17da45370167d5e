"""The modules of a corpus: which file is which module, and what its import statements reach."""

import ast
import posixpath

from drift_source import Source
from binder import Binder


class Module:
    def __init__(self, source, name, is_package):
        self.source = source
        self.file = source.file
        self.name = name
        self.is_package = is_package
        self.scope = None
        self.stores = []  # assignments to attributes: (target, value, scope)
        self.setattrs = []  # setattr() and delattr(): (call, scope)
        self.dicts = []  # uses of __dict__: (attribute, scope)
        self.public = None  # what public_names() found
        Binder(self)


class Project:
    """All measured and context files of a corpus that parse."""

    def __init__(self, root, files):
        self.unreadable = []
        self.modules = {}
        self.by_file = {}
        folders = {posixpath.dirname(file) for file in files if posixpath.basename(file) == "__init__.py"}
        for file in sorted(files):
            try:
                with open(posixpath.join(root, file), "rb") as stream:
                    source = Source(file, stream.read())
            except SyntaxError:
                self.unreadable.append(file)
                continue
            name = module_name(file, folders)
            module = Module(source, name, posixpath.basename(file) == "__init__.py")
            self.by_file[file] = module
            # Two files with one name: nobody can say which is imported.
            self.modules[name] = None if name in self.modules else module
        self.tops = {name.partition(".")[0] for name in self.modules}

    def absolute(self, module, node):
        """The absolute name of the module in `from … import`; None when it leaves the package."""
        if not node.level:
            return node.module or ""
        parts = module.name.split(".")
        keep = len(parts) - node.level + (1 if module.is_package else 0)
        if keep <= 0:
            return None
        return ".".join(parts[:keep] + ([node.module] if node.module else []))

    def is_inside(self, name):
        return name.partition(".")[0] in self.tops


def module_name(file, package_folders):
    """The dotted name under which a file is imported: from the outermost folder that is a package."""
    folder, base = posixpath.split(file[: -len(".py")] if file.endswith(".py") else file)
    parts = [] if base == "__init__" else [base]
    # A package may be the top folder itself, which has no name.
    while folder and folder in package_folders:
        folder, name = posixpath.split(folder)
        parts.insert(0, name)
    return ".".join(parts) if parts else base


def import_roots(files):
    """The folders that must be on the path so that the files can be imported, the outermost packages' parents."""
    folders = {posixpath.dirname(file) for file in files if posixpath.basename(file) == "__init__.py"}
    roots = set()
    for file in files:
        folder = posixpath.dirname(file)
        while folder in folders:
            folder = posixpath.dirname(folder)
        roots.add(folder)
    return sorted(roots)


def public_names(module):
    """What `from module import *` binds: (names in `__all__`, None without one; whether that can be relied on)."""
    if module.public is None:
        module.public = _public_names(module)
    return module.public


def _public_names(module):
    bindings = module.scope.bindings.get("__all__", [])
    if not bindings:
        return None, True
    if len(bindings) == 1 and bindings[0].kind == "assign" and isinstance(bindings[0].value, (ast.List, ast.Tuple)):
        items = bindings[0].value.elts
        names = {item.value for item in items if isinstance(item, ast.Constant)}
        if len(names) == len(items) and not _changes_all(module):
            return names, True
    return set(), False


def _changes_all(module):
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "__all__"
        for node in ast.walk(module.source.tree)
    )
