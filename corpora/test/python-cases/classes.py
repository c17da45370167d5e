#### a constructor
class C:
    def __init__(self, n): self.n = n
C(1) #! C=C.__init__!

#### a class without a constructor is its own
class C: pass
C() #! C=C!

#### an inherited constructor
class A:
    def __init__(self): pass
class B(A): pass
B() #! B=A.__init__!

#### a method of an instance
class C:
    def m(self): return 1
C().m() #! C=C! m=C.m~

#### a method through self, overridden below
class A:
    def run(self): return self.step() #! step=A.step,B.step~
    def step(self): return "A"
class B(A):
    def step(self): return "B"
A().run() #! A=A! run=A.run~
B().run() #! B=B! run=A.run~

#### super in a diamond follows the linearisation
class A:
    def m(self): return ["A"]
class B(A):
    def m(self): return ["B"] + super().m() #! super=ext! m=A.m,C.m~
class C(A):
    def m(self): return ["C"] + super().m() #! super=ext! m=A.m~
class D(B, C):
    def m(self): return ["D"] + super().m() #! m=B.m~
D().m() #! m=D.m~
B().m() #! m=B.m~

#### super with arguments
class A:
    def m(self): return 1
class B(A):
    def m(self): return super(B, self).m() #! m=A.m~
B().m() #! m=B.m~

#### a constructor that calls the one above it
class A:
    def __init__(self, n): self.n = n
class B(A):
    def __init__(self): super().__init__(1) #! __init__=A.__init__~
B() #! B=B.__init__!

#### the constructor above object's is native
class C:
    def __init__(self): super().__init__() #! __init__=ext~
C() #! C=C.__init__!

#### a method called on the class
class C:
    def m(self): return 1
C.m(C()) #! m=C.m! C=C!

#### static methods
class C:
    @staticmethod
    def s(): return 1
    def m(self): return self.s() #! s=C.s~
C.s() #! s=C.s!
C().m() #! m=C.m~

#### class methods, and the class as a parameter
class A:
    def __init__(self): pass
    @classmethod
    def make(cls): return cls() #! cls=A.__init__,B.__init__?
class B(A):
    def __init__(self): pass
A.make() #! make=A.make!
B.make() #! make=A.make!

#### a property is no call site, what it gives may be called
class C:
    @property
    def handler(self): return self.work
    def work(self): return 1
C().handler() #! handler=C.work?

#### an instance that can be called
class C:
    def __call__(self): return 1
c = C()
c() #! c=C.__call__~

#### __new__ and __init__ are both entered, the initialiser is the target
class C:
    def __new__(cls): return super().__new__(cls) #! super=ext! __new__=ext~
    def __init__(self): pass
C() #! C=C.__init__~+C.__new__

#### only __new__
class C:
    def __new__(cls): return super().__new__(cls) #! super=ext!
C() #! C=C!+C.__new__

#### __new__ that gives something else skips the initialiser
class C:
    def __new__(cls): return 7
    def __init__(self): pass
C() #! C=?

#### a metaclass that makes instances itself
class Meta(type):
    def __call__(cls, *args): return super().__call__(*args) #! super=ext! __call__=ext~+C.__init__
class C(metaclass=Meta):
    def __init__(self): pass
C() #! C=Meta.__call__~

#### a metaclass that leaves calls alone
class Meta(type):
    def describe(cls): return cls.__name__
class C(metaclass=Meta):
    def __init__(self): pass
C() #! C=C.__init__!
C.describe() #! describe=Meta.describe?

#### nested classes
class Outer:
    class Inner:
        def m(self): return 1
    def make(self): return Outer.Inner() #! Inner=Outer.Inner!
Outer().make().m() #! Outer=Outer! make=Outer.make~ m=Outer.Inner.m?

#### private names belong to the class they are written in
class A:
    def __hidden(self): return "A"
    def run(self): return self.__hidden() #! __hidden=A.__hidden~
class B(A):
    def __hidden(self): return "B"
B().run() #! run=A.run~

#### dataclasses have the class as their constructor
from dataclasses import dataclass, field
def make_list(): return []
@dataclass
class Point:
    x: int
    items: list = field(default_factory=make_list) #! field=ext!
    def norm(self): return abs(self.x) #! abs=ext!
Point(1).norm() #! Point=Point! norm=Point.norm~

#### named tuples
from collections import namedtuple
from typing import NamedTuple
class P(NamedTuple):
    x: int
    def twice(self): return 2 * self.x
Q = namedtuple("Q", "x y") #! namedtuple=ext!
P(1).twice() #! P=P twice=P.twice
Q(1, 2) #! Q=?

#### enumerations look their members up in the standard library
from enum import Enum
class Colour(Enum):
    RED = 1
    def shout(self): return self.name.upper() #! upper=ext
Colour(1).shout() #! Colour=ext? shout=Colour.shout

#### exceptions
class Wrong(Exception):
    pass
class Worse(Wrong):
    def __init__(self, why): super().__init__(why) #! __init__=ext~
try:
    raise Wrong("x") #! Wrong=Wrong!
except Wrong: pass
try:
    raise Worse("x") #! Worse=Worse.__init__!
except Wrong: pass

#### a method that is assigned in the class body
def helper(self): return 1
class C:
    m = helper
    def run(self): return self.m() #! m=helper~
C().run() #! run=C.run~

#### a function in an attribute
def f(): return 1
class C:
    def __init__(self, g): self.g = g
    def run(self): return self.g() #! g=f?
C(f).run() #! C=C.__init__! run=C.run~

#### a monkeypatched method
class C:
    def m(self): return 1
def patched(self): return 2
C().m() #! m=C.m~
C.m = patched
C().m() #! m=patched~

#### __getattr__ answers for everything
def f(): return 1
class C:
    def __getattr__(self, name): return f
C().anything() #! anything=f?

#### a mixin calls what only the classes below it have
class Mixin:
    def run(self): return self.work() #! work=C.work~
class C(Mixin):
    def work(self): return 1
C().run() #! run=Mixin.run~

#### abstract methods
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    def show(self): return self.area() #! area=Square.area~
class Square(Shape):
    def area(self): return 1
Square().show() #! Square=Square! show=Shape.show~

#### generic classes
from typing import Generic, TypeVar
T = TypeVar("T")
class Box(Generic[T]):
    def __init__(self, item: T): self.item = item
Box(1) #! Box=Box.__init__!
Box[int](2) #! ?=ext?+Box.__init__

#### a metaclass that puts a function around a method
def around(f):
    def wrapper(*args): return f(*args) #! f=C.m?
    return wrapper
class Meta(type):
    def __new__(mcs, name, bases, namespace):
        if "m" in namespace: namespace["m"] = around(namespace["m"]) #! around=around!
        return super().__new__(mcs, name, bases, namespace) #! super=ext!
class C(metaclass=Meta):
    def m(self): return 1
    def n(self): return self.m() #! m=around.wrapper?
    def o(self): return self.n() #! n=C.n~
C().o() #! C=C! o=C.o~

#### __init_subclass__ that puts a function into every class below
def put(self): return 1
class A:
    def __init_subclass__(cls, **more):
        for name in ("m", "n"): setattr(cls, name, put) #! setattr=ext!
    def run(self): return self.m() #! m=put?
class B(A):
    def m(self): return 2
B().run() #! B=B! run=A.run?

#### what stands under TYPE_CHECKING is never there
import typing
from typing import TYPE_CHECKING
class A:
    def __init__(self): pass
    def m(self): return 1
class B(A):
    if TYPE_CHECKING:
        def __init__(self, n): pass
        def m(self): return 2
class C(A):
    if not typing.TYPE_CHECKING:
        def m(self): return B().m() #! B=A.__init__! m=A.m~
    else:
        def m(self): return 3
C().m() #! C=A.__init__! m=C.m@12~
