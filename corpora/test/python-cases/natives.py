#### sorted enters its key function
def key(n): return -n
sorted([2, 1], key=key) #! sorted=ext!+key

#### map enters its function when it is consumed, not when it is made
def f(n): return n
m = map(f, [1]) #! map=ext!
list(m) #! list=ext!+f

#### min, max, filter and reduce
from functools import reduce
def keep(n): return n > 1
def add(a, b): return a + b
max([1, 2], key=keep) #! max=ext!+keep
list(filter(keep, [1, 2])) #! filter=ext! list=ext!+keep
reduce(add, [1, 2, 3]) #! reduce=ext!+add

#### functools.partial is native and enters the function
from functools import partial
def f(a, b): return a
p = partial(f, 1) #! partial=ext!
p(2) #! p=ext?+f

#### str() enters __str__, and len() __len__
class C:
    def __str__(self): return "c"
    def __len__(self): return 3
c = C()
str(c) #! str=ext!+C.__str__
len(c) #! len=ext!+C.__len__

#### operators are no call sites
class V:
    def __init__(self, n): self.n = n
    def __add__(self, other): return V(self.n + other.n) #! V=V.__init__!
    def __eq__(self, other): return True
V(1) + V(2) == V(3) #! V=V.__init__!

#### getattr enters __getattr__
class C:
    def __getattr__(self, name): return name
getattr(C(), "x") #! getattr=ext!+C.__getattr__ C=C!

#### a function looked up by a computed name
import sys
def f(): return 1
getattr(sys.modules[__name__], "f")() #! ?=f?

#### functions of the standard library written in Python are external
import textwrap
textwrap.dedent("x") #! dedent=ext!

#### the standard library calls back through its own frames
import re
def shout(match): return match.group().upper() #! group=ext upper=ext
re.sub("a", shout, "banana") #! sub=ext!+shout

#### isinstance enters __instancecheck__
class Meta(type):
    def __instancecheck__(cls, one): return True
class C(metaclass=Meta): pass
isinstance(1, C) #! isinstance=ext!+Meta.__instancecheck__

#### descriptors are entered by access, not by the call
class Descriptor:
    def __get__(self, one, kind): return lambda: 1
class C:
    d = Descriptor() #! Descriptor=Descriptor!
C().d() #! d=Descriptor.__get__.<lambda>

#### context managers are entered by with
class Manager:
    def __enter__(self): return self
    def __exit__(self, *why): return None
def use(): return 1
with Manager() as m: #! Manager=Manager!
    use() #! use=use!

#### contextlib makes managers of generators
from contextlib import contextmanager
def inside(): return 1
@contextmanager
def managed():
    yield inside() #! inside=inside!
with managed() as got: #! managed=ext?
    pass

#### threads are traced
import threading
def helper(): return 1
def work(): return helper() #! helper=helper!
t = threading.Thread(target=work) #! Thread=ext!
t.start() #! start=ext
t.join() #! join=ext

#### subprocesses are traced
import os, subprocess, sys
def inside(): return 1
if os.environ.get("CASE_CHILD"): #! get=ext!
    inside() #! inside=inside!
else:
    subprocess.run([sys.executable, "-c", f"import {__name__}"], env={**os.environ, "CASE_CHILD": "1"}, check=True) #! run=ext!

#### a sort key that is a bound method
class Order:
    def rank(self, n): return n
[2, 1].sort(key=Order().rank) #! sort=ext!+Order.rank Order=Order!

#### dict.setdefault, string methods and literals are native
"a b".split() #! split=ext!
[].append(1) #! append=ext!
{}.get("k") #! get=ext!
f"{1}".upper() #! upper=ext!
