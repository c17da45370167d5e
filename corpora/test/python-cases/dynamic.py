#### a table of functions
def f(): return 1
def g(): return 2
TABLE = {"f": f, "g": g}
TABLE["f"]() #! ?=f?

#### a list of functions
def f(): return 1
for one in [f]:
    one() #! one=f?

#### exec binds names unseen
def f(): return 1
exec("def f(): return 2") #! exec=ext
f() #! f=?

#### globals() binds names unseen
def f(): return 1
def g(): return 2
globals()["f"] = g #! globals=ext
f() #! f=g

#### setattr on an instance
def f(): return 1
class C:
    def m(self): return 2
c = C()
setattr(c, "m", f) #! setattr=ext!
c.m() #! m=f~

#### a name from the caller's dictionary
def call(**handlers): return handlers["a"]() #! ?=f?
def f(): return 1
call(a=f) #! call=call!

#### a bound method in a variable
class C:
    def m(self): return 1
m = C().m
m() #! m=C.m~

#### type() makes classes
def m(self): return 1
C = type("C", (), {"m": m}) #! type=ext!
C().m() #! C=? m=m?

#### a module under another name in sys.modules
import sys
def f(): return 1
sys.modules[__name__].f() #! f=f

#### functions of a test's making
def run(callback): return callback() #! callback=f?
def f(): return 1
run(f) #! run=run!

#### functools.partialmethod
from functools import partialmethod
class C:
    def m(self, n): return n
    one = partialmethod(m, 1) #! partialmethod=ext!
C().one() #! one=ext?+C.m

#### a call whose arguments fail never happens, its callee is what it would have been
def f(n): return n
def fail(): raise ValueError
try:
    f(fail()) #! f=f! fail=fail!
except ValueError: pass

#### a descriptor in the place of __call__ cannot be followed
class Hidden:
    def __get__(self, one, kind): return lambda: 1
class C:
    __call__ = Hidden() #! Hidden=Hidden!
C()() #! C=C! ?=?+Hidden.__get__,Hidden.__get__.<lambda>
