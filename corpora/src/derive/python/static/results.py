"""What calls give back, and what decorators make of what they decorate."""

import ast

from rewrites import arity_name
from value import Value, external, union, unknown

# Decorators that give back what they are given.
TRANSPARENT = frozenset(
    {
        "abstractmethod", "final", "override", "overload", "no_type_check", "runtime_checkable", "total_ordering",
        "unique", "type_check_only", "dataclass_transform", "wraps", "update_wrapper",
    }
)  # fmt: skip
# Modules in which those names mean that.
TRANSPARENT_MODULES = frozenset({"abc", "typing", "typing_extensions", "functools", "enum"})


class Results:
    def __init__(self, values):
        self.values = values

    def result(self, call, scope):
        """What a call gives back."""
        callee = call.func
        if isinstance(callee, ast.Name) and callee.id == "super" and self.values.name("super", scope).items == {("ext", "super")}:
            return self.values.classes.super_of(call, scope)
        function = self.values.of(callee, scope)
        values = []
        for item in function.items:
            values.append(self._result_of(item, call, scope))
        if not values:
            return unknown("call-result")
        value = union(values)
        if not function.complete:
            return value.loose("call-result")
        return value if function.fixed else value.variable()

    def _result_of(self, item, call, scope):
        if item[0] == "class":
            return self.values.classes.instance_of(item[1])
        if item[0] == "func":
            return self._returned(item[1], item[2], [self.values.of(argument, scope) for argument in call.args if not isinstance(argument, ast.Starred)])
        if item[0] == "ext":
            last = item[1].rpartition(".")[2]
            if last in ("wraps", "update_wrapper"):
                return external(f"functools.{last}()")
            if last == "partial" and call.args:
                return unknown("partial")
            if item[1] in _EXTERNAL_MAKERS:
                return external(f"{item[1]}()")
        return unknown("call-result")

    def _returned(self, module, node, arguments):
        """What a function gives back: one of its own inner functions, or one of its arguments."""
        if isinstance(node, ast.AsyncFunctionDef):
            return unknown("coroutine")
        inner = module.inner.get(node)
        if isinstance(node, ast.Lambda):
            return unknown("call-result")
        if node.decorator_list or inner.yields or not inner.returns:
            return unknown("call-result")
        values = []
        for statement in inner.returns:
            value = statement.value
            if not isinstance(value, (ast.Name, ast.Lambda)):
                return unknown("call-result")
            values.append(self._returned_value(value, inner, node, arguments))
        return union(values)

    def _returned_value(self, value, inner, node, arguments):
        if isinstance(value, ast.Name):
            owner, bindings = inner.lookup(value.id)
            if owner is inner and len(bindings) == 1 and bindings[0].kind == "param":
                if inner.parent.kind == "class":
                    return unknown("call-result")  # What a method is bound to is not among the arguments.
                names = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
                index = names.index(value.id) if value.id in names else len(arguments)
                return arguments[index] if index < len(arguments) else unknown("parameter")
            if owner is not inner:
                return unknown("call-result")
        return self.values.of(value, inner)

    # --- decorators ------------------------------------------------------------------------------------------

    def decorated(self, value, node, scope):
        """What a `def` or `class` statement binds once its decorators have been applied."""
        for decorator in reversed(node.decorator_list):
            value = self.apply(decorator, value, node, scope)
        return value

    def apply(self, decorator, value, node, scope):
        name = arity_name(decorator)
        called = isinstance(decorator, ast.Call)
        function = self.values.of(decorator.func if called else decorator, scope)
        if function.fixed and len(function.items) == 1:
            (item,) = function.items
            if item[0] == "ext":
                return self._apply_external(item[1], name, decorator, value, node)
            if item[0] == "func" and not called:
                return self._or_loose(self._returned(item[1], item[2], [value]), value)
            if item[0] == "func":
                made = self.result(decorator, scope)
                if made.fixed and len(made.items) == 1:
                    (maker,) = made.items
                    if maker[0] == "func":
                        return self._or_loose(self._returned(maker[1], maker[2], [value]), value)
        return value.loose("decorated")

    def _or_loose(self, result, value):
        return result if result.complete and result.items else Value(result.items | value.items, False, False, "decorated")

    def _apply_external(self, dotted, name, decorator, value, node):
        module = dotted.rpartition(".")[0]
        if name in ("staticmethod", "classmethod") and dotted == name:
            return value
        if name in TRANSPARENT and module in TRANSPARENT_MODULES:
            return value
        if dotted == "dataclasses.dataclass" and isinstance(node, ast.ClassDef):
            slots = isinstance(decorator, ast.Call) and any(keyword.arg in ("slots", None) for keyword in decorator.keywords)
            return value if not slots else value.variable()
        return Value(value.items, False, False, "decorated")


# What these give back is never a function or object of the corpus.
_EXTERNAL_MAKERS = frozenset(
    """
    str int float complex bool bytes bytearray list dict set frozenset tuple range object len repr sorted hash id ord chr
    hex bin oct open format ascii divmod round print isinstance issubclass callable
    re.compile io.StringIO io.BytesIO threading.Lock threading.RLock threading.Event threading.Condition
    collections.defaultdict collections.deque collections.OrderedDict collections.Counter logging.getLogger
    pathlib.Path decimal.Decimal fractions.Fraction datetime.datetime datetime.timedelta struct.Struct array.array
    """.split()
)
