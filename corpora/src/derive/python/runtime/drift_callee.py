"""What calling an object enters: a definition of the corpus, or something that lies outside of it. Nothing is called."""

import os
import sys
import sysconfig
import types
import weakref

_NATIVE = (
    types.BuiltinFunctionType,
    types.WrapperDescriptorType,
    types.MethodWrapperType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
)
_mro_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__
_name_of = type.__dict__["__name__"].__get__
_flags_of = type.__dict__["__flags__"].__get__
_HEAP_TYPE = 1 << 9
_MOCK = os.path.join("unittest", "mock.py")

# Kinds of records: a definition, a native or the standard library, anything else outside, what a native enters, a function
# of a test, something that cannot be named.
ENTERED, EXTERNAL, OUTSIDE, CALLBACK, TEST, HIDDEN = "d", "x", "o", "c", "t", "h"


class Callees:
    def __init__(self, code, test_files):
        self.code = code
        self.root = code.root
        self.test_folders = tuple({os.path.dirname(self.root + test) + os.sep for test in test_files} - {self.root})
        self.test_files = {self.root + test for test in test_files}
        paths = sysconfig.get_paths()
        self.library = tuple({paths["stdlib"] + os.sep, paths["platstdlib"] + os.sep, "<frozen "})
        self.dependencies = tuple({paths["purelib"] + os.sep, paths["platlib"] + os.sep})
        self.classes = {}  # id of a class -> (weak reference, number of its definition or None)
        self.resolved = {}  # id of a class -> (weak reference, what calling it enters)
        self.libraries = {}  # file name -> whether it belongs to the standard library

    def entered_by(self, callee):
        """(kind, target, whether it is certain only once entered) of calling an object."""
        if type(callee) is types.MethodType:
            callee = callee.__func__
        if type(callee) is types.FunctionType:
            return self._function(callee.__code__)
        if isinstance(callee, _NATIVE) and type(callee) in _NATIVE:
            return EXTERNAL, callee.__name__, False
        if issubclass(type(callee), type):
            return self._class(callee)
        return self._instance(type(callee))

    def _function(self, code):
        number = self.code.definition(code)
        if number is not None:
            return ENTERED, number, False
        self.code.kept.append(code)
        if self.is_library(code.co_filename):
            return EXTERNAL, code.co_name, False
        return (TEST if self._is_test(code.co_filename) else OUTSIDE), "", False

    def _is_test(self, file):
        """Functions that a test puts in the place of the corpus's say nothing about the corpus."""
        file = os.path.abspath(file) if not file.startswith("<") else file
        if file[len(self.root) :].replace(os.sep, "/") in self.code.measured | self.code.context:
            return False
        return file in self.test_files or file.startswith(self.test_folders) or file.endswith(_MOCK)

    def _instance(self, kind):
        for base in _mro_of(kind):
            member = _dict_of(base).get("__call__")
            if member is None:
                continue
            if type(member) is types.FunctionType:
                return self._function(member.__code__)
            if type(member) is types.WrapperDescriptorType:
                return EXTERNAL, _name_of(kind), False
            return HIDDEN, "", False
        return None, "", False

    def _class(self, cls):
        known = self.resolved.get(id(cls))
        if known is None or known[0]() is not cls:
            known = self.resolved[id(cls)] = (weakref.ref(cls), self._constructor(cls))
        return known[1]

    def _constructor(self, cls):
        for base in _mro_of(type(cls)):
            call = _dict_of(base).get("__call__")
            if type(call) is types.FunctionType:
                return self._function(call.__code__)
            if call is not None:
                break
        own = self.classes.get(id(cls))
        own = own[1] if own is not None and own[0]() is cls else None
        made = False  # by a Python `__new__`, which may give something that is not initialised
        for base in _mro_of(cls):
            made = made or type(getattr(_dict_of(base).get("__new__"), "__func__", None)) is types.FunctionType
        for base in _mro_of(cls):
            init = _dict_of(base).get("__init__")
            if init is None:
                continue
            if type(init) is types.FunctionType:
                number = self.code.definition(init.__code__)
                if number is not None:
                    return ENTERED, number, made
                if own is None and not self.is_library(init.__code__.co_filename):
                    return self._function(init.__code__)
            break
        if own is not None:
            return ENTERED, own, False
        return self._foreign_class(cls)

    def _foreign_class(self, cls):
        """What calling a class enters that is not of the corpus."""
        if not _flags_of(cls) & _HEAP_TYPE:
            return EXTERNAL, _name_of(cls), False
        module = sys.modules.get(_dict_of(cls).get("__module__"))
        origin = getattr(getattr(module, "__spec__", None), "origin", None) or getattr(module, "__file__", None) or ""
        if origin in ("built-in", "frozen") or self.is_library(origin):
            return EXTERNAL, _name_of(cls), False
        return (TEST if self._is_test(origin) else OUTSIDE), "", False

    def is_library(self, file):
        """Whether a file belongs to the standard library."""
        known = self.libraries.get(file)
        if known is None:
            known = file.startswith(self.library) and not file.startswith(self.dependencies)
            # What a test puts in the place of something is no library.
            known = known and not file.endswith(_MOCK)
            self.libraries[file] = known
        return known

    def keep_class(self, number):
        """The decorator that remembers which definition a class comes from."""

        def decorate(cls):
            if issubclass(type(cls), type):
                try:
                    self.classes[id(cls)] = (weakref.ref(cls), number)
                except TypeError:
                    pass  # A metaclass that gives something else.
            return cls

        return decorate
