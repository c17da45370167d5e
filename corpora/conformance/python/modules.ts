import type { Features } from "../javascript/case.ts";
import { notebook } from "./notebook.ts";

const TOOLS = `
/*f:*/def f(): return 1
/*g:*/def g(): return 2
/*A:*/class A:
    /*go:*/def go(self): return 3
`;

/** Modules: how they are found, and what they give each other. See cases.ts for the marks. */
export const MODULES: Features = {
  imports: [
    [
      "a module, and what it holds",
      { "main.py": "import tools\ntools.f/*>f*/()\ntools.A/*>A*/().go/*>go*/()", "tools.py": TOOLS },
    ],
    [
      "a name from a module, and one under an alias",
      {
        "main.py": "from tools import f, A as B\nf/*>f*/()\nB/*>B*/().go/*>go*/()".replace(">B*", ">A*"),
        "tools.py": TOOLS,
      },
    ],
    ["a module under an alias", { "main.py": "import tools as t\nt.g/*>g*/()", "tools.py": TOOLS }],
    [
      "a name that another module imports from a third",
      {
        "main.py": "from middle import run\nrun/*>f*/()",
        "middle.py": "from tools import f as run\n",
        "tools.py": TOOLS,
      },
    ],
    [
      "everything that a module offers",
      { "main.py": "from tools import *\nf/*>f*/()\nA/*>A*/().go/*>go*/()", "tools.py": TOOLS },
    ],
    [
      "__all__ says what everything is",
      {
        "main.py": "from own import *\nfrom tools import *\nf/*>mine*/()\ng/*>g*/()",
        "own.py": "/*mine:*/def f(): return 1\n",
        "tools.py": `__all__ = ["g"]${TOOLS}`,
      },
    ],
    [
      "a name with an underscore is not part of everything",
      {
        "main.py": "/*mine:*/def _run(): return 1\nfrom tools import *\n_run/*>mine*/()",
        "tools.py": "/*theirs:*/def _run(): return 2\n",
      },
    ],
    [
      "an import inside a function",
      {
        "main.py": "/*run:*/def run():\n    from tools import f\n    return f/*>f*/()\nrun/*>run*/()",
        "tools.py": TOOLS,
      },
    ],
    [
      "two modules that import each other",
      {
        "main.py": "import a\na.start/*>start*/()",
        "a.py": "import b\n/*start:*/def start(): return b.middle/*>middle*/()\n/*end:*/def end(): return 1\n",
        "b.py": "import a\n/*middle:*/def middle(): return a.end/*>end*/()\n",
      },
    ],
    [
      "a module that is chosen by what is installed",
      {
        "main.py":
          "try:\n    from not_installed_here import f\nexcept ImportError:\n    from tools import f\nf/*>f*/()",
        "tools.py": TOOLS,
      },
    ],
    [
      "a function with a stand-in where a library is missing",
      {
        "main.py": `
try:
    from not_installed_here import run
except ImportError:
    /*own:*/def run(n): return n
run/*>own*/(1)`,
      },
    ],
    [
      "a module that is chosen by the version of Python",
      {
        "main.py":
          "import sys\nif sys.version_info >= (3,):\n    from tools import f as run\nelse:\n    from old import f as run\nrun/*>f|old*/()",
        "tools.py": TOOLS,
        "old.py": "/*old:*/def f(): return 1\n",
      },
    ],
    [
      "a module that is imported by its name",
      {
        "main.py": 'import importlib\ntools = importlib.import_module/*><import_module>*/("tools")\ntools.f/*>f*/()',
        "tools.py": TOOLS,
      },
    ],
    [
      "what one module puts into another",
      {
        "main.py": "import tools\n/*mine:*/def mine(): return 1\ntools.hook = mine\ntools.run/*>run*/()",
        "tools.py": "hook = None\n/*run:*/def run(): return hook/*>mine*/()\n",
      },
    ],
    [
      "a library of Python itself, and one under an alias",
      {
        "main.py":
          'import json\nimport os.path as p\nfrom math import floor as down\njson.dumps/*><dumps>*/({})\np.join/*><join>*/("a")\ndown/*><floor>*/(1.5)',
      },
    ],
    [
      "a function that hides one of Python itself",
      { "main.py": "/*own:*/def len(x): return 1\nlen/*>own*/([])\nsum/*><sum>*/([1])" },
    ],
  ],
  packages: [
    [
      "a module of a package",
      {
        "main.py":
          "import shop.tools\nfrom shop import tools\nfrom shop.tools import f\nshop.tools.g/*>g*/()\ntools.f/*>f*/()\nf/*>f*/()",
        "shop/__init__.py": "",
        "shop/tools.py": TOOLS,
      },
    ],
    [
      "what __init__ takes over",
      {
        "main.py": "import shop\nshop.f/*>f*/()\nshop.Thing/*>A*/().go/*>go*/()",
        "shop/__init__.py": "from .tools import f, A as Thing\n",
        "shop/tools.py": TOOLS,
      },
    ],
    [
      "relative imports from the same folder and from the one above",
      {
        "main.py": "from shop.inner.deep import run\nrun/*>run*/()",
        "shop/__init__.py": "",
        "shop/tools.py": TOOLS,
        "shop/inner/__init__.py": "",
        "shop/inner/beside.py": "/*h:*/def h(): return 1\n",
        "shop/inner/deep.py":
          "from . import beside\nfrom .beside import h\nfrom .. import tools\nfrom ..tools import f as other\n/*run:*/def run():\n    beside.h/*>h*/()\n    h/*>h*/()\n    tools.g/*>g*/()\n    return other/*>f*/()\n",
      },
    ],
    [
      "code of __init__ is run, and its functions are called",
      {
        "main.py": "from shop import start\nstart/*>start*/()",
        "shop/__init__.py":
          "/*start:*/def start(): return _end/*>end*/()\n/*end:*/def _end(): return 1\nstart/*>start*/()\n",
      },
    ],
    [
      "everything of a package goes on through __init__",
      {
        "main.py": "from shop import *\nf/*>f*/()",
        "shop/__init__.py": "from .tools import *\n",
        "shop/tools.py": TOOLS,
      },
    ],
    [
      "a package that is run",
      {
        "shop/__main__.py": "from .tools import f\nfrom . import tools\nf/*>f*/()\ntools.g/*>g*/()",
        "shop/__init__.py": "",
        "shop/tools.py": TOOLS,
      },
    ],
    [
      "an attribute of a package that is asked for by a function",
      {
        "main.py": "import shop\nshop.f/*>f*/()",
        "shop/__init__.py": "/*get:*/def __getattr__(name):\n    from .tools import f\n    return f\n",
        "shop/tools.py": TOOLS,
      },
    ],
    [
      "a package without __init__",
      {
        "main.py": "import space.tools\nfrom space.part import tools as other\nspace.tools.f/*>f*/()\nother.h/*>h*/()",
        "space/tools.py": TOOLS,
        "space/part/tools.py": "/*h:*/def h(): return 1\n",
      },
    ],
    [
      "a package without __init__ that lies in two folders",
      {
        "pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["one", "two"]\n',
        "one/main.py": "import space.a\nimport space.b\nspace.a.f/*>f*/()\nspace.b.h/*>h*/()",
        "one/space/a.py": TOOLS,
        "two/space/b.py": "/*h:*/def h(): return 1\n",
      },
    ],
  ],
  "layouts of projects": [
    [
      "a package below src, used by a test",
      {
        "pyproject.toml": '[project]\nname = "shop"\n',
        "tests/main.py": "from shop.tools import f\nf/*>f*/()",
        "src/shop/__init__.py": "",
        "src/shop/tools.py": TOOLS,
      },
    ],
    [
      "a module without a package below src",
      {
        "pyproject.toml": '[project]\nname = "tools"\n',
        "tests/main.py": "import tools\ntools.f/*>f*/()",
        "src/tools.py": TOOLS,
      },
    ],
    [
      "a folder that pyproject.toml names as the place of packages",
      {
        "pyproject.toml": '[tool.setuptools]\npackage-dir = {"" = "python"}\n',
        "tests/main.py": "import tools\ntools.f/*>f*/()",
        "python/tools.py": TOOLS,
      },
    ],
    [
      "a package whose folder has another name",
      {
        "pyproject.toml": '[tool.setuptools.package-dir]\nshop = "code"\n',
        "tests/main.py": "from shop.tools import f\nf/*>f*/()",
        "code/__init__.py": "",
        "code/tools.py": TOOLS,
      },
    ],
    [
      "scripts without a package beside each other",
      {
        "scripts/main.py": "import helper\nhelper.f/*>f*/()",
        "scripts/helper.py": TOOLS,
        "helper.py": "/*other:*/def f(): return 1\n",
      },
    ],
    [
      "a script that is guarded by its name",
      {
        "main.py": '/*main:*/def main(): return 1\nif __name__ == "__main__":\n    main/*>main*/()',
      },
    ],
    [
      "a vendored copy of another package",
      {
        "main.py": "import shop\nshop.run/*>run*/()",
        "shop/__init__.py": "from ._vendor import tools\n/*run:*/def run(): return tools.f/*>f*/()\n",
        "shop/_vendor/__init__.py": "",
        "shop/_vendor/tools/__init__.py": "from .inner import f\n",
        "shop/_vendor/tools/inner.py": TOOLS,
      },
    ],
    [
      "a vendored copy that is put on the path",
      {
        "main.py":
          'import sys\nsys.path.insert/*><insert>*/(0, __file__.replace/*><replace>*/("main.py", "vendor"))\nimport tools\ntools.f/*>f*/()',
        "vendor/tools/__init__.py": "from .inner import f\n",
        "vendor/tools/inner.py": TOOLS,
      },
    ],
    [
      "a stub beside a source",
      {
        "main.py": "import tools\ntools.f/*>f*/()\ntools.A/*>A*/().go/*>go*/()",
        "tools.py": TOOLS,
        "tools.pyi": "def f() -> int: ...\nclass A:\n    def go(self) -> int: ...\n",
      },
    ],
    [
      "a stub says what a function gives back that has no hint",
      {
        "main.py": "import tools\nfor one in tools.load/*>load*/('[]', tools.A):\n    one.go/*>go*/()",
        "tools.py": `import json${TOOLS}/*load:*/def load(text, of): return json.loads/*><loads>*/('[1]', object_hook=of) and [of/*>A*/()]\n`,
        "tools.pyi": "class A:\n    def go(self) -> int: ...\ndef load(text: str, of: type[A]) -> list[A]: ...\n",
      },
    ],
    [
      "a stub of a module that has no source",
      {
        "main.py": `
import sys, types
made = types.ModuleType/*><*>*/("fast")
made.run = abs
sys.modules["fast"] = made
import fast
fast.run/*><abs>*/(1)`,
        "fast.pyi": "def run(n: int) -> int: ...\n",
      },
    ],
  ],
  notebooks: [
    [
      "cells of a notebook share their names",
      { "main.ipynb": notebook(["/*f:*/def f():\n    return 1", "f/*>f*/()\nrun = f", "run/*>f*/()"]) },
    ],
    [
      "a notebook imports a module, and uses magic",
      {
        "main.ipynb": notebook([
          "%matplotlib inline\nimport tools\nfrom tools import A",
          "%%bash\nls (",
          "tools.f/*>f*/()\na = A/*>A*/()",
          'text = "a"; a.go/*>go*/(); print/*><print>*/("b")',
        ]),
        "tools.py": TOOLS,
      },
    ],
  ],
};
