#### a decorator that wraps
def twice(f):
    def wrapper(*args): return f(*args) #! f=work?
    return wrapper
@twice
def work(): return 1
work() #! work=twice.wrapper!

#### a decorator that gives back what it is given
def mark(f):
    f.marked = True
    return f
@mark
def work(): return 1
work() #! work=work!

#### a decorator with arguments
def repeat(times):
    def decorate(f):
        def wrapper(): return [f() for _ in range(times)] #! f=work? range=ext!
        return wrapper
    return decorate
@repeat(2) #! repeat=repeat!
def work(): return 1
work() #! work=repeat.decorate.wrapper!

#### functools.wraps gives back the wrapper
import functools
def logged(f):
    @functools.wraps(f) #! wraps=ext!
    def wrapper(): return f() #! f=work?
    return wrapper
@logged
def work(): return 1
work() #! work=logged.wrapper!

#### a typed decorator
from typing import Callable, ParamSpec, TypeVar
P = ParamSpec("P") #! ParamSpec=ext!
R = TypeVar("R") #! TypeVar=ext!
def typed(f: Callable[P, R]) -> Callable[P, R]:
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R: return f(*args, **kwargs) #! f=work?
    return wrapper
@typed
def work(n: int) -> int: return n
work(1) #! work=typed.wrapper!

#### two decorators, the lower one first
def outer(f):
    def outermost(): return f() #! f=inner.innermost?
    return outermost
def inner(f):
    def innermost(): return f() #! f=work?
    return innermost
@outer
@inner
def work(): return 1
work() #! work=outer.outermost!

#### a cached function is entered by the cache
from functools import lru_cache
@lru_cache
def work(): return 1
work() #! work=ext?+work

#### a decorator that is a class
class Counted:
    def __init__(self, f): self.f = f
    def __call__(self): return self.f() #! f=work?
@Counted
def work(): return 1
work() #! work=Counted.__call__?

#### a class decorator that gives back the class
def register(cls): return cls
@register
class C:
    def __init__(self): pass
C() #! C=C.__init__!

#### a class decorator that gives back something else
def instead(cls): return lambda: 1
@instead
class C:
    def __init__(self): pass
C() #! C=instead.<lambda>!

#### singledispatch chooses by type
from functools import singledispatch
@singledispatch
def show(x): return "any"
@show.register
def _(x: int): return "int"
show(1) #! show=ext?+_

#### overloads are declarations
from typing import overload
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
f(1) #! f=f@6!
