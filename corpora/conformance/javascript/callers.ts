import type { Features } from "./case.ts";

/** One function for several callers, each of which gets what it passed itself. See case.ts for the marks. */
export const CALLERS: Features = {
  "callers told apart": [
    [
      "functions that one function makes for two callers",
      "const wrap = /*wrap:*/(f: () => () => void) => /*made:*/() => f/*>one,two ?*/(); /*one:*/function one() { return /*a:*/() => {}; } /*two:*/function two() { return /*b:*/() => {}; } const x = wrap/*>wrap*/(one), y = wrap/*>wrap*/(two); x/*>made ?*/()/*>a ?*/(); y/*>made ?*/()/*>b ?*/();",
    ],
    [
      "objects that one function makes for two callers",
      "/*box:*/function box(held: () => void) { return { held }; } const x = box/*>box*/(/*a:*/() => {}), y = box/*>box*/(/*b:*/() => {}); x.held/*>a ?*/(); y.held/*>b ?*/();",
    ],
    [
      "what a callback returns, for each that is passed",
      "/*use:*/function use<T>(f: () => T) { return f/*>one,two ?*/(); } /*one:*/function one() { return /*a:*/() => {}; } /*two:*/function two() { return /*b:*/() => {}; } use/*>use*/(one)/*>a ?*/(); use/*>use*/(two)/*>b ?*/();",
    ],
    [
      "arguments that two calls of bind put in front",
      "/*both:*/function both(f: () => void, g: () => void) { f/*>a,b ?*/(); g/*>c ?*/(); } const x = both.bind/*><bind>*/(null, /*a:*/() => {}), y = both.bind/*><bind>*/(null, /*b:*/() => {}); /*c:*/function c() {} x/*>both*/(c); y/*>both*/(c);",
    ],
  ],
};
