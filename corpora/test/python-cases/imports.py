#### an imported function
## lib.py
def f(): return 1
## main.py
from .lib import f
f() #! f=f!

#### an imported module, and another name for it
## lib.py
def f(): return 1
## main.py
from . import lib
from . import lib as other
lib.f() #! f=f!
other.f() #! f=f!

#### names handed on by a package
## pkg/__init__.py
from .impl import f as g
## pkg/impl.py
def f(): return 1
## main.py
from .pkg import g
g() #! g=f!

#### a star import follows __all__
## lib.py
__all__ = ["f"]
def f(): return 1
def hidden(): return 2
## main.py
def hidden(): return 3
from .lib import *
f() #! f=f!
hidden() #! hidden=main.py:hidden!

#### a star import may bind a name again
## lib.py
def f(): return 1
## main.py
def f(): return 2
from .lib import *
f() #! f=lib.py:f~

#### a conditional import
## main.py
try:
    from json import loads as read
except ImportError:
    def read(text): return text
read("1") #! read=ext~

#### an import that fails has another binding
## main.py
try:
    from .absent import read
except ImportError:
    def read(text): return text
read("1") #! read=read~

#### import cycles
## a.py
from . import b
def f(): return b.g() #! g=g!
def h(): return 1
## b.py
from . import a
def g(): return a.h() #! h=h!
## main.py
from . import a
a.f() #! f=f!

#### an import inside a function
## lib.py
def f(): return 1
## main.py
def run():
    from .lib import f
    return f() #! f=f!
run() #! run=run!

#### a class from another module
## lib.py
class C:
    def __init__(self): pass
    def m(self): return 1
## main.py
from .lib import C
C().m() #! C=C.__init__! m=C.m~

#### a subclass in another module
## base.py
class A:
    def run(self): return self.step() #! step=B.step~
    def step(self): raise NotImplementedError
## main.py
from .base import A
class B(A):
    def step(self): return 1
B().run() #! B=B! run=A.run~

#### a module's name is assigned from outside
## lib.py
def f(): return 1
def run(): return f() #! f=main.py:g~
## main.py
from . import lib
def g(): return 2
lib.f = g
lib.run() #! run=run!

#### a module that answers for missing names
## lib.py
def f(): return 1
def __getattr__(name): return f
## main.py
from . import lib
lib.anything() #! anything=f?

#### absolute imports of the corpus's own package
## main.py
import case_lib_shared
case_lib_shared.shared() #! shared=shared!

#### a submodule of another package, by its full name
## main.py
import xml.dom.minidom
xml.dom.minidom.parseString("<a/>") #! parseString=ext!
