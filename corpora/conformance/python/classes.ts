import type { Features } from "../javascript/case.ts";

const MANY = Array.from({ length: 40 }, (_, n) => n);

/** Classes: how instances are made, and how members are found. See cases.ts for the marks. */
export const CLASSES: Features = {
  "instances and methods": [
    [
      "a constructor, and a method that finds what it kept",
      `
class A:
    /*init:*/def __init__(self, run): self.run = run
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
A/*>init*/(f).go/*>go*/()`,
    ],
    [
      "a class without a constructor",
      `
/*A:*/class A:
    /*go:*/def go(self): return 1
a = A/*>A*/()
a.go/*>go*/()`,
    ],
    [
      "a method called on its class",
      `
/*A:*/class A:
    /*go:*/def go(self): return self.end/*>end*/()
    /*end:*/def end(self): return 1
A.go/*>go*/(A/*>A*/())`,
    ],
    [
      "static and class methods, through the class and through an instance",
      `
/*A:*/class A:
    /*make:*/@classmethod
    def make(cls): return cls/*>A*/()
    /*help:*/@staticmethod
    def help(run): return run/*>f*/()
/*f:*/def f(): return 1
A.make/*>make*/().help/*>help*/(f)
A.help/*>help*/(f)
A/*>A*/().make/*>make*/()`,
    ],
    [
      "self in a base class is any of forty classes below it",
      `
class Base:
    /*run:*/def run(self): return self.step/*>${MANY.map((n) => `step${n}`).join(",")}*/()
${MANY.map((n) => `/*C${n}:*/class C${n}(Base):\n    /*step${n}:*/def step(self): return ${n}`).join("\n")}
${MANY.map((n) => `C${n}/*>C${n}*/().run/*>run*/()`).join("\n")}`,
    ],
    [
      "a base class calls what a class below it has, whose instance came in through code outside the project",
      `
import operator
class Base:
    /*run:*/def run(self): return self.step/*>stepa,stepb*/()
/*A:*/class A(Base):
    /*stepa:*/def step(self): return 1
/*B:*/class B(Base):
    /*stepb:*/def step(self): return 2
A/*>A*/().run/*>run*/()
operator.methodcaller/*><*>*/("run")/*><*>,&run*/(B/*>B*/())`,
    ],
    [
      "a class method makes an instance of the class that it is called on",
      `
/*A:*/class A:
    /*make:*/@classmethod
    def make(cls): return cls/*>B*/()
    /*goa:*/def go(self): return 1
/*B:*/class B(A):
    /*gob:*/def go(self): return 2
B.make/*>make*/().go/*>gob*/()`,
    ],
    [
      "an attribute of the class, read through an instance",
      `
/*f:*/def f(self): return 1
/*A:*/class A:
    run = f
A/*>A*/().run/*>f*/()`,
    ],
    [
      "an attribute that another method sets",
      `
/*A:*/class A:
    /*set:*/def set(self, run): self.run = run
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
a = A/*>A*/()
a.set/*>set*/(f)
a.go/*>go*/()`,
    ],
    [
      "methods that give back self are chained",
      `
/*A:*/class A:
    /*a:*/def a(self): return self
    /*b:*/def b(self): return self
A/*>A*/().a/*>a*/().b/*>b*/().a/*>a*/()`,
    ],
    [
      "a class inside a class, and one inside a function",
      `
class A:
    /*B:*/class B:
        /*go:*/def go(self): return 1
/*make:*/def make():
    /*C:*/class C:
        /*run:*/def run(self): return 2
    return C
A.B/*>B*/().go/*>go*/()
make/*>make*/()/*>C*/().run/*>run*/()`,
    ],
    [
      "a method with two leading underscores belongs to its class alone",
      `
class A:
    /*init:*/def __init__(self): self.__go/*>a*/()
    /*a:*/def __go(self): return 1
class B(A):
    /*b:*/def __go(self): return 2
B/*>init*/()`,
    ],
    [
      "a method that is added to a class afterwards",
      `
/*A:*/class A: pass
/*go:*/def go(self): return 1
A.go = go
A/*>A*/().go/*>go*/()`,
    ],
    [
      "an object in an attribute of an object",
      `
class Engine:
    /*start:*/def start(self): return 1
    /*einit:*/def __init__(self): self.on = False
class Car:
    /*cinit:*/def __init__(self): self.engine = Engine/*>einit*/()
    /*drive:*/def drive(self): return self.engine.start/*>start*/()
Car/*>cinit*/().drive/*>drive*/()
Car/*>cinit*/().engine.start/*>start*/()`,
    ],
    [
      "a class in a variable and as an argument",
      `
/*A:*/class A:
    /*go:*/def go(self): return 1
/*make:*/def make(cls): return cls/*>A*/()
B = A
make/*>make*/(B).go/*>go*/()`,
    ],
    [
      "an instance of the class that type gives",
      `
/*A:*/class A:
    /*copy:*/def copy(self): return type/*><type>*/(self)/*>A*/()
    /*go:*/def go(self): return self.__class__/*>A*/()
a = A/*>A*/()
a.copy/*>copy*/().go/*>go*/()`,
    ],
  ],
  inheritance: [
    [
      "an inherited method calls what a subclass overrides",
      `
/*A:*/class A:
    /*go:*/def go(self): return self.step/*>b*/()
    /*a:*/def step(self): return 1
/*B:*/class B(A):
    /*b:*/def step(self): return 2
B/*>B*/().go/*>go*/()`,
    ],
    [
      "an inherited constructor",
      `
class A:
    /*init:*/def __init__(self, run): self.run = run
class B(A):
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
B/*>init*/(f).go/*>go*/()`,
    ],
    [
      "super calls what it overrides",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B(A):
    /*b:*/def go(self): return super/*><super>*/().go/*>a*/()
B/*>B*/().go/*>b*/()`,
    ],
    [
      "super in a constructor",
      `
class A:
    /*a:*/def __init__(self, run): self.run = run
class B(A):
    /*b:*/def __init__(self): super/*><super>*/().__init__/*>a*/(f)
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
B/*>b*/().go/*>go*/()`,
    ],
    [
      "super with arguments, and the base named outright",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B(A):
    /*b:*/def go(self): return super/*><super>*/(B, self).go/*>a*/()
/*C:*/class C(A):
    /*c:*/def go(self): return A.go/*>a*/(self)
B/*>B*/().go/*>b*/()
C/*>C*/().go/*>c*/()`,
    ],
    [
      "super in a class method",
      `
class A:
    /*a:*/@classmethod
    def make(cls): return cls/*>B*/()
/*B:*/class B(A):
    /*b:*/@classmethod
    def make(cls): return super/*><super>*/().make/*>a*/()
    /*go:*/def go(self): return 1
B.make/*>b*/().go/*>go*/()`,
    ],
    [
      "a diamond: super goes to the sister first",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B(A):
    /*b:*/def go(self): return super/*><super>*/().go/*>c*/()
/*C:*/class C(A):
    /*c:*/def go(self): return super/*><super>*/().go/*>a*/()
/*D:*/class D(B, C):
    /*d:*/def go(self): return super/*><super>*/().go/*>b*/()
D/*>D*/().go/*>d*/()`,
    ],
    [
      "of two bases the first has its way",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B:
    /*b:*/def go(self): return 2
    /*end:*/def end(self): return 3
/*C:*/class C(A, B): pass
c = C/*>C*/()
c.go/*>a*/()
c.end/*>end*/()`,
    ],
    [
      "the order of bases puts a common base last",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B(A): pass
/*C:*/class C(A):
    /*c:*/def go(self): return 2
/*D:*/class D(B, C): pass
D/*>D*/().go/*>c*/()`,
    ],
    [
      "a mixin calls a method of the class it is mixed into",
      `
class Mixin:
    /*show:*/def show(self): return self.text/*>text*/()
/*A:*/class A(Mixin):
    /*text:*/def text(self): return "a"
A/*>A*/().show/*>show*/()`,
    ],
    [
      "a base that a function makes",
      `
/*base:*/def base():
    /*Made:*/class Made:
        /*go:*/def go(self): return 1
    return Made
/*A:*/class A(base/*>base*/()): pass
A/*>A*/().go/*>go*/()`,
    ],
    [
      "a base class of another library",
      `
import threading
/*Job:*/class Job(threading.Thread):
    /*run:*/def run(self): return self.work/*>work*/()
    /*work:*/def work(self): return 1
job = Job/*>Job*/()
job.start/*><start>*/()
job.join/*><join>*/()`,
    ],
    [
      "an abstract method is entered where it is written out",
      `
import abc
class A(abc.ABC):
    /*abstract:*/@abc.abstractmethod
    def go(self): ...
    /*run:*/def run(self): return self.go/*>go*/()
/*B:*/class B(A):
    /*go:*/def go(self): return 1
B/*>B*/().run/*>run*/()`,
    ],
    [
      "what a subclass does when it is made",
      `
seen = []
class Base:
    /*note:*/def __init_subclass__(cls): seen.append/*><append>*/(cls)
/*A:*/class A(Base):
    /*go:*/def go(self): return 1
seen[0]/*>A*/().go/*>go*/()`,
    ],
  ],
  "making instances": [
    [
      "members of each subclass that are kept in a table under their names",
      `
KINDS = ["a", "b"]
class Base:
    /*note:*/def __init_subclass__(cls):
        prepare/*>prepare*/(cls)
/*prepare:*/def prepare(cls):
    cls.handlers = {}
    for kind in KINDS:
        handler = getattr/*><getattr>*/(cls, "_on_" + kind, None)
        if handler is not None:
            cls.handlers[kind] = handler
/*A:*/class A(Base):
    /*a:*/def _on_a(self): return 1
/*B:*/class B(Base):
    /*b:*/def _on_b(self): return 2
for kind, one in [("a", A/*>A*/()), ("b", B/*>B*/())]:
    one.handlers.get/*><get>*/(kind)/*>a,b*/(one)`,
    ],
    [
      "__new__ makes the instance that __init__ gets",
      `
class A:
    /*new:*/def __new__(cls, run): return super/*><super>*/().__new__/*><__new__>*/(cls)
    /*init:*/def __init__(self, run): self.run = run
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
a = A/*>init,&new*/(f)
a.go/*>go*/()`,
    ],
    [
      "a singleton that __new__ keeps",
      `
/*One:*/class One:
    kept = None
    /*new:*/def __new__(cls):
        if cls.kept is None:
            cls.kept = object.__new__/*><__new__>*/(cls)
        return cls.kept
    /*go:*/def go(self): return 1
one = One/*>One,&new*/()
one.go/*>go*/()`,
    ],
    [
      "__new__ that makes another class's instance",
      `
/*Cat:*/class Cat:
    /*go:*/def go(self): return 1
/*Pet:*/class Pet:
    /*new:*/def __new__(cls): return Cat/*>Cat*/()
Pet/*>Pet,&new*/().go/*>go*/()`,
    ],
    [
      "the call of a metaclass stands between",
      `
class Meta(type):
    /*call:*/def __call__(cls, *args): return super/*><super>*/().__call__/*><__call__>*/(*args)
class A(metaclass=Meta):
    /*init:*/def __init__(self): self.run = f
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
a = A/*>call*/()
a.go/*>go*/()`,
    ],
    [
      "a metaclass that registers its classes",
      `
known = []
class Meta(type):
    /*init:*/def __init__(cls, name, bases, members):
        known.append/*><append>*/(cls)
/*A:*/class A(metaclass=Meta):
    /*go:*/def go(self): return 1
for cls in known:
    cls/*>A*/().go/*>go*/()`,
    ],
    [
      "a method of a metaclass, called on the class",
      `
class Meta(type):
    /*make:*/def make(cls): return cls/*>A*/()
/*A:*/class A(metaclass=Meta):
    /*go:*/def go(self): return 1
A.make/*>make*/().go/*>go*/()`,
    ],
    [
      "a class that type makes",
      `
/*go:*/def go(self): return 1
A = type/*><type>*/("A", (), {"go": go})
A/*><*>*/().go/*>go*/()`,
    ],
    [
      "a factory that makes one of several classes",
      `
/*A:*/class A:
    /*a:*/def go(self): return 1
/*B:*/class B:
    /*b:*/def go(self): return 2
/*make:*/def make(name):
    if name == "a":
        return A/*>A*/()
    return B/*>B*/()
make/*>make*/("a").go/*>a|b*/()
make/*>make*/("b").go/*>b|a*/()`,
    ],
  ],
  "properties and descriptors": [
    [
      "a property is entered where it is read",
      `
/*A:*/class A:
    /*run:*/@property
    def run(self): return f
/*f:*/def f(): return 1
a = A/*>A*/()
one = /*@accessor>run*/a.run
one/*>f*/()`,
    ],
    [
      "a setter and a deleter of a property",
      `
class A:
    /*init:*/def __init__(self): self.kept = None
    /*get:*/@property
    def run(self): return self.kept
    /*set:*/@run.setter
    def run(self, value): self.kept = value
/*f:*/def f(): return 1
a = A/*>init*/()
/*@accessor>set*/a.run = f
one = /*@accessor>get*/a.run
one/*>f*/()`,
    ],
    [
      "a property that property() makes",
      `
/*A:*/class A:
    /*get:*/def get(self): return f
    run = property/*><property>*/(get)
/*f:*/def f(): return 1
a = A/*>A*/()
one = /*@accessor>get*/a.run
one/*>f*/()`,
    ],
    [
      "a cached property",
      `
import functools
/*A:*/class A:
    /*run:*/@functools.cached_property
    def run(self): return f
/*f:*/def f(): return 1
a = A/*>A*/()
one = /*@accessor>run*/a.run
one/*>f*/()`,
    ],
    [
      "a property that a subclass overrides",
      `
class A:
    /*a:*/@property
    def size(self): return f
    /*go:*/def go(self):
        one = /*@accessor>b*/self.size
        return one/*>g*/()
/*B:*/class B(A):
    /*b:*/@property
    def size(self): return g
/*f:*/def f(): return 1
/*g:*/def g(): return 2
B/*>B*/().go/*>go*/()`,
    ],
    [
      "a descriptor is asked when an attribute is read",
      `
class Field:
    /*init:*/def __init__(self, run): self.run = run
    /*get:*/def __get__(self, instance, owner): return self.run
/*f:*/def f(): return 1
/*A:*/class A:
    field = Field/*>init*/(f)
a = A/*>A*/()
one = /*@accessor>get*/a.field
one/*>f*/()`,
    ],
    [
      "a descriptor is told when an attribute is set",
      `
/*Field:*/class Field:
    /*set:*/def __set__(self, instance, value): value/*>f*/()
/*A:*/class A:
    field = Field/*>Field*/()
/*f:*/def f(): return 1
a = A/*>A*/()
/*@accessor>set*/a.field = f`,
    ],
    [
      "what __getattr__ gives for an attribute that is not there",
      `
/*A:*/class A:
    /*get:*/def __getattr__(self, name): return f
/*f:*/def f(): return 1
a = A/*>A*/()
one = /*@accessor>get*/a.anything
one/*>f*/()`,
    ],
    [
      "what a class has from the library is not asked of __getattr__",
      `
class Results(list):
    /*init:*/def __init__(self): self.held = {}
    /*keep:*/def keep(self, name, one):
        self.held[name] = one
        self.append/*><append>*/(one)
    /*get:*/def __getattr__(self, name): return self.held.get/*><get>*/(name)
/*f:*/def f(): return 1
results = Results/*>init*/()
results.keep/*>keep*/("one", f)
/*@accessor>get*/results.one/*>f*/()`,
    ],
    [
      "an attribute of a class whose name is a property elsewhere",
      `
/*A:*/class A:
    only = 1
/*B:*/class B:
    /*b:*/@property
    def only(self): return 2
A.only
/*@accessor>b*/B/*>B*/().only`,
    ],
    [
      "a method of a dictionary whose name is a property elsewhere",
      `
/*A:*/class A:
    /*a:*/@property
    def items(self): return 1
/*f:*/def f(): return 1
held = {}
for key in "ab": held[key] = f
held.items/*><items>*/()
/*@accessor>a*/A/*>A*/().items`,
    ],
    [
      "an attribute that __getattr__ sets when it is first asked for",
      `
/*A:*/class A:
    /*get:*/def __getattr__(self, name):
        setattr/*><setattr>*/(self, name, f)
        return f
/*f:*/def f(): return 1
a = A/*>A*/()
/*@accessor>get*/a.one/*>f*/()
a.one/*>f*/()`,
    ],
    [
      "an object that hands on all that it has not",
      `
class Proxy:
    /*init:*/def __init__(self, held): self.held = held
    /*get:*/def __getattr__(self, name): return getattr/*><getattr>*/(self.held, name)
/*A:*/class A:
    /*go:*/def go(self): return 1
Proxy/*>init*/(A/*>A*/()).go/*>go*/()`,
    ],
  ],
  "operators and protocols": [
    [
      "an operator calls the method of its left side",
      `
class Money:
    /*init:*/def __init__(self, n): self.n = n
    /*add:*/def __add__(self, other): return Money/*>init*/(self.n + other.n)
    /*show:*/def show(self): return self.n
a = Money/*>init*/(1)
both = /*@operator>add*/a + a
both.show/*>show*/()`,
    ],
    [
      "an operator calls the reflected method of its right side",
      `
class Money:
    /*init:*/def __init__(self, n): self.n = n
    /*radd:*/def __radd__(self, other): return Money/*>init*/(self.n + other)
    /*show:*/def show(self): return self.n
a = Money/*>init*/(1)
both = /*@operator>radd*/1 + a
both.show/*>show*/()`,
    ],
    [
      "an operator that assigns",
      `
class Bag:
    /*init:*/def __init__(self): self.all = []
    /*iadd:*/def __iadd__(self, one):
        self.all.append/*><append>*/(one)
        return self
    /*run:*/def run(self):
        for one in self.all:
            one/*>f*/()
/*f:*/def f(): return 1
bag = Bag/*>init*/()
/*@operator>iadd*/bag += f
bag.run/*>run*/()`,
    ],
    [
      "comparisons, and what a mixin makes of one",
      `
class Ordered:
    /*gt:*/def __gt__(self, other): return not /*@operator>le*/self <= other
class Size(Ordered):
    /*init:*/def __init__(self, n): self.n = n
    /*eq:*/def __eq__(self, other): return self.n == other.n
    /*le:*/def __le__(self, other): return self.n <= other.n
a, b = Size/*>init*/(1), Size/*>init*/(2)
/*@operator>eq*/a == b
/*@operator>gt*/a > b`,
    ],
    [
      "unary operators",
      `
/*A:*/class A:
    /*neg:*/def __neg__(self): return self
    /*inv:*/def __invert__(self): return self
    /*go:*/def go(self): return 1
a = A/*>A*/()
b = /*@operator>neg*/-a
c = /*@operator>inv*/~b
c.go/*>go*/()`,
    ],
    [
      "a subscript read, set and deleted",
      `
class Store:
    /*init:*/def __init__(self): self.kept = {}
    /*get:*/def __getitem__(self, key): return self.kept[key]
    /*set:*/def __setitem__(self, key, value): self.kept[key] = value
    /*del:*/def __delitem__(self, key): del self.kept[key]
/*f:*/def f(): return 1
store = Store/*>init*/()
/*@operator>set*/store["run"] = f
one = /*@operator>get*/store["run"]
one/*>f*/()
del /*@operator>del*/store["run"]`,
    ],
    [
      "an object that is called",
      `
class Add:
    /*init:*/def __init__(self, n): self.n = n
    /*call:*/def __call__(self, m): return self.n + m
add = Add/*>init*/(1)
add/*>call*/(2)
Add/*>init*/(1)/*>call*/(3)`,
    ],
    [
      "an iterator that is a class of its own",
      `
class Count:
    /*init:*/def __init__(self): self.left = 2
    /*iter:*/def __iter__(self): return self
    /*next:*/def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return f
/*f:*/def f(): return 1
for one in /*@iteration>iter,next*/Count/*>init*/():
    one/*>f*/()`,
    ],
    [
      "an object whose iterator is a generator",
      `
class Box:
    /*init:*/def __init__(self, *all): self.all = all
    /*iter:*/def __iter__(self):
        for one in self.all:
            yield one
/*f:*/def f(): return 1
box = Box/*>init*/(f)
for one in /*@iteration>iter*/box:
    one/*>f*/()`,
    ],
    [
      "a membership test",
      `
/*A:*/class A:
    /*has:*/def __contains__(self, one): return one/*>f*/()
/*f:*/def f(): return True
a = A/*>A*/()
/*@operator>has*/f in a`,
    ],
    [
      "built-ins that call methods of what they are given",
      `
/*A:*/class A:
    /*len:*/def __len__(self): return 1
    /*str:*/def __str__(self): return self.name/*>name*/()
    /*hash:*/def __hash__(self): return self.seed/*>seed*/()
    /*name:*/def name(self): return "a"
    /*seed:*/def seed(self): return 1
a = A/*>A*/()
len/*><len>,&len*/(a)
str/*><str>,&str*/(a)
hash/*><hash>,&hash*/(a)`,
    ],
    [
      "the method of an operator, called by its name",
      `
/*A:*/class A:
    /*add:*/def __add__(self, other): return self
a = A/*>A*/()
a.__add__/*>add*/(a).__add__/*>add*/(a)`,
    ],
    [
      "a matrix product and other operators of a base class",
      `
class Algebra:
    /*mul:*/def __mul__(self, other): return self.join/*>join*/(other)
    /*matmul:*/def __matmul__(self, other): return self.join/*>join*/(other)
    /*pow:*/def __pow__(self, n): return self
/*A:*/class A(Algebra):
    /*join:*/def join(self, other): return other
a = A/*>A*/()
b = /*@operator>mul*/a * a
c = /*@operator>matmul*/b @ a
d = /*@operator>pow*/c ** 2
d.join/*>join*/(a)`,
    ],
  ],
  "context managers": [
    [
      "a with statement enters and leaves",
      `
class Door:
    /*init:*/def __init__(self): self.log = []
    /*enter:*/def __enter__(self): return self
    /*leave:*/def __exit__(self, *error): return None
    /*go:*/def go(self): return 1
door = Door/*>init*/()
with /*@operator>enter,leave*/door as open_door:
    open_door.go/*>go*/()`,
    ],
    [
      "a manager gives something else than itself",
      `
/*A:*/class A:
    /*enter:*/def __enter__(self): return f
    /*leave:*/def __exit__(self, *error): return None
/*f:*/def f(): return 1
with A/*>A*/() as one, A/*>A*/() as two:
    one/*>f*/()
    two/*>f*/()`,
    ],
    [
      "a generator as a manager",
      `
import contextlib
/*opened:*/@contextlib.contextmanager
def opened(run):
    yield run
/*f:*/def f(): return 1
with opened/*><*>*/(f) as one:
    one/*>f*/()`,
    ],
    [
      "an exit stack",
      `
import contextlib
/*A:*/class A:
    /*enter:*/def __enter__(self): return self
    /*leave:*/def __exit__(self, *error): return None
    /*go:*/def go(self): return 1
with contextlib.ExitStack/*><*>*/() as stack:
    a = stack.enter_context/*><*>,&enter*/(A/*>A*/())
    a.go/*>go*/()`,
    ],
  ],
  exceptions: [
    [
      "an exception of one's own is raised and caught",
      `
class Wrong(Exception):
    /*init:*/def __init__(self, run): self.run = run
    /*go:*/def go(self): return self.run/*>f*/()
/*f:*/def f(): return 1
try:
    raise Wrong/*>init*/(f)
except Wrong as error:
    error.go/*>go*/()`,
    ],
    [
      "a class that is raised is called",
      `
class Wrong(Exception):
    /*init:*/def __init__(self): self.n = 1
    /*go:*/def go(self): return self.n
try:
    raise /*@raise>init*/Wrong
except (Wrong, KeyError) as error:
    error.go/*>go*/()`,
    ],
    [
      "calls in every part of a try statement",
      `
/*a:*/def a(): raise KeyError/*><KeyError>*/()
/*b:*/def b(): return 1
/*c:*/def c(): return 2
try:
    a/*>a*/()
except KeyError:
    b/*>b*/()
finally:
    c/*>c*/()`,
    ],
  ],
};
