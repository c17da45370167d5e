#### walrus
def f(): return 1
if (n := f()): #! f=f!
    (g := f)() #! ?=f

#### match
class Point:
    def __init__(self, x): self.x = x
def show(x): return x
match Point(1): #! Point=Point.__init__!
    case Point(x=x): show(x) #! show=show!

#### unicode identifiers
def größe(): return 1
class Ähre:
    def über(self): return größe() #! größe=größe!
Ähre().über() #! Ähre=Ähre! über=Ähre.über~

#### emoji before a call on the same line
def f(s): return s
x = "🙂🙂"; f("😀"); y = f("é") + "🙂" #! f=f!

#### calls inside f-strings
def f(n=0): return n
def g(s): return s
a = f"{f()} é🙂 {f(1)!r:>{f(4)}} {g('}')}" #! f=f! g=g!
b = (f"a{{{f()}}}" "b"
     rf"\{f(2)}") #! f=f!
c = f"""
  {f(
    3)} {'x' if f() else g("y")}""" #! f=f! g=g!

#### nested f-strings
def f(n): return n
f"{f(f'{f(1)}')}" #! f=f!

#### calls over several lines
class Builder:
    def add(self, n):
        return self
(Builder() #! Builder=Builder!
    .add(1) #! add=Builder.add~
    .add( #! add=Builder.add
        2
    ))

#### a call inside a call, a subscript and a slice
def f(n=0): return n
f(f(f())) #! f=f!
[1, 2][f():f(1)] #! f=f!

#### tabs and form feeds
if True:
	def f(): return 1
f() #! f=f!

#### decorators over several lines
def mark(f): return f
@mark
@mark
def f(): return 1
f() #! f=f!

#### lambdas inside calls
def apply(f): return f() #! f=<lambda>?
apply(lambda: 1) #! apply=apply!

#### assertions, comparisons and chains
def f(): return 1
assert f() < f() + 1 < f() + 2 #! f=f!

#### starred calls
def f(*a, **k): return a
f(*[1], **{"b": f()}) #! f=f!

#### calls in default values, annotations and base lists
def make(): return int
def annotate(): return int
class C(make()): pass #! make=make!
def f(x: annotate() = 1): return x #! annotate=annotate!
f() #! f=f!

#### try, else, finally
def f(): return 1
try: f() #! f=f!
except ValueError: pass
else: f() #! f=f!
finally: f() #! f=f!

#### conditional expressions and boolean operators
def f(): return 0
def g(): return 1
def h(): return 1
f() or g() #! f=f! g=g!
h() if f() else g() #! f=f! g=g!
