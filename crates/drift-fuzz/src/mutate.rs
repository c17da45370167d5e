//! Programs that were changed without regard to any grammar.

use crate::case::{Case, Content, Input};
use crate::dice::Dice;
use crate::generate;

/// A program of `seeds`, or a generated one, with one to eight changes in one of its files.
pub fn program(dice: &mut Dice, seeds: &[Vec<Input>]) -> Case {
    let mut case = Case { files: base(dice, seeds), renamed: Vec::new() };
    let other = base(dice, seeds);
    let donor = other.iter().find_map(text_of).unwrap_or_default().to_owned();
    let at = dice.below(case.files.len());
    let file = &mut case.files[at];
    if let Content::Text(text) = &mut file.content {
        for _ in 0..=dice.below(8) {
            *text = change(dice, text, &donor);
            // Repeating what was repeated grows without end.
            if text.len() > 200_000 {
                break;
            }
        }
    }
    if dice.one_in(12) {
        // The same text read as another dialect.
        let ending = *dice.pick(&["js", "ts", "tsx", "cjs", "d.ts", "mts", "jsx", "py", "ipynb"]);
        file.path = format!("other.{ending}");
        case.files.sort_by(|left, right| left.path.cmp(&right.path));
        case.files.dedup_by(|left, right| left.path == right.path);
    }
    case
}

fn base(dice: &mut Dice, seeds: &[Vec<Input>]) -> Vec<Input> {
    if seeds.is_empty() || dice.one_in(4) { generate::program(dice).files } else { dice.pick(seeds).clone() }
}

fn text_of(input: &Input) -> Option<&str> {
    match &input.content {
        Content::Text(text) => Some(text),
        Content::Facts(_) => None,
    }
}

/// What no grammar expects, or not there.
const ODD: &[&str] = &[
    "\0",
    "\u{feff}",
    "\u{2028}",
    "\u{2029}",
    "\r",
    "\r\n",
    "é",
    "𝒳",
    "\u{200d}",
    "\\ud800",
    "'\\udfff'",
    "\\u{110000}",
    "\\u0061",
    "#!",
    "<!--",
    "-->",
    "/*",
    "*/",
    "//",
    "`",
    "${",
    "\"",
    "'",
    "/",
    "/[/",
    "=>",
    "...",
    "?.",
    "??=",
    "**",
    "@",
    "#",
    "#x",
    "\\",
    "0x",
    "1_",
    "9007199254740993n",
    "'use strict'",
    "\u{202e}",
    "ﬀ",
    "\u{1F468}\u{200D}\u{1F469}",
];
const WORDS: &[&str] = &[
    "await",
    "yield",
    "async",
    "static",
    "get",
    "set",
    "new",
    "super",
    "this",
    "import",
    "export",
    "default",
    "class",
    "extends",
    "function",
    "let",
    "of",
    "in",
    "enum",
    "namespace",
    "declare",
    "abstract",
    "type",
    "interface",
    "as",
    "satisfies",
    "accessor",
    "using",
    "with",
    "eval",
    "arguments",
    "typeof",
    "delete",
    "constructor",
    "return",
    "if",
    "else",
    "for",
    "import.meta",
    "new.target",
    "import type",
    "readonly",
    "infer",
    "keyof",
    "is",
    "asserts",
    "require",
    "module",
    "exports",
    "prototype",
    "__proto__",
    "null",
    "undefined",
    "global",
    "out",
    "override",
    "module",
];
/// What nests when it is repeated, with what closes it.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("!", ""),
    ("a+", ""),
    ("a=>", ""),
    ("a?b:", ""),
    ("if(a)", ""),
    ("new ", ""),
    ("a.b", ""),
    ("a(", ")"),
    ("`${", "}`"),
    ("<a>", "</a>"),
    ("function f(){", "}"),
    ("class{static{", "}}"),
    ("({a:", "})"),
    ("a,", ""),
    ("a;", ""),
    ("a()", ""),
    (".b()", ""),
    ("?.b", ""),
    ("[...", "]"),
    ("async()=>{", "}"),
    ("x:", ""),
    ("a=", ""),
    ("a??", ""),
    ("await ", ""),
    ("T<", ">"),
    ("A|", ""),
    ("|A[]", ""),
    ("namespace a{", "}"),
    ("-", ""),
    ("f`", "`"),
    ("else if(a)b\n", ""),
    ("@d ", ""),
    ("({...", "})"),
    ("import(", ")"),
    ("a ** ", ""),
    ("a<b,", ""),
    ("(a=", ")"),
    ("({a:b=", "})"),
    ("T<{a:", "}>"),
    ("a<(", ""),
    ("a?(", ""),
    ("case a:", ""),
    ("do ", ""),
    ("typeof ", ""),
    ("keyof ", ""),
    ("{a:", "}"),
    ("switch(a){case ", "}"),
];

fn change(dice: &mut Dice, text: &str, donor: &str) -> String {
    let tokens = tokens(text);
    let at = dice.below(tokens.len() + 1);
    let start = tokens.get(at).map_or(text.len(), |range| range.0);
    let end = tokens.get(at).map_or(text.len(), |range| range.1);
    let (before, token, after) = (&text[..start], &text[start..end], &text[end..]);
    match dice.below(20) {
        0..3 => format!("{before}{after}"),
        3 | 4 => format!("{before}{token}{token}{after}"),
        5..7 => {
            // Two tokens change places.
            let Some(&(from, to)) = tokens.get(dice.below(tokens.len())) else { return text.to_owned() };
            let (first, second) = if from < start { ((from, to), (start, end)) } else { ((start, end), (from, to)) };
            if first.1 > second.0 {
                return text.to_owned();
            }
            let (one, two) = (&text[first.0..first.1], &text[second.0..second.1]);
            format!("{}{two}{}{one}{}", &text[..first.0], &text[first.1..second.0], &text[second.1..])
        }
        7..9 => {
            let theirs = self::tokens(donor);
            let (from, count) = (dice.below(theirs.len()), 1 + dice.below(12));
            let last = (from + count).min(theirs.len());
            let taken = theirs.get(from..last).filter(|taken| !taken.is_empty());
            let taken = taken.map_or("", |taken| &donor[taken[0].0..taken[taken.len() - 1].1]);
            format!("{before}{taken}{}", if dice.one_in(2) { after } else { &text[start..] })
        }
        9 | 10 => format!("{before}{}{}", dice.pick(ODD), &text[start..]),
        11 | 12 => format!("{before} {} {}", dice.pick(WORDS), &text[start..]),
        13 => format!("{before}{}{}", dice.pick(&["(", ")", "[", "]", "{", "}", "<", ">"]), &text[start..]),
        14 => before.to_owned(),
        15 => {
            let ending = *dice.pick::<&str>(&["\r\n", "\r", "\u{2028}", " ", ""]);
            text.replace('\n', ending)
        }
        16 => {
            let (open, close) = *dice.pick(NESTS);
            // Seldom deep enough to leave the worker's own stack: reading that is slow.
            let times = match dice.below(40) {
                0 => 2_000 + dice.below(10_000),
                1..8 => 100 + dice.below(900),
                _ => 2 + dice.below(60),
            };
            let closed = if dice.one_in(4) { 0 } else { times };
            format!("{before}{}{token}{}{after}", open.repeat(times), close.repeat(closed))
        }
        17 => {
            // A very long line, or very many statements.
            let (from, count) = (dice.below(tokens.len()), 1 + dice.below(30));
            let last = (from + count).min(tokens.len());
            let taken = tokens.get(from..last).filter(|taken| !taken.is_empty());
            let Some(taken) = taken.map(|taken| &text[taken[0].0..taken[taken.len() - 1].1]) else {
                return text.to_owned();
            };
            let times = if dice.one_in(20) { 400 } else { 2 + dice.below(20) };
            format!("{before}{}{after}", taken.repeat(times))
        }
        18 => {
            // One name everywhere becomes another.
            let names: Vec<&str> =
                tokens.iter().map(|&(from, to)| &text[from..to]).filter(|one| is_name(one)).collect();
            if names.is_empty() {
                return text.to_owned();
            }
            let (from, to) = (*dice.pick(&names), *dice.pick(&names));
            tokens.iter().map(|&(start, end)| &text[start..end]).map(|one| if one == from { to } else { one }).collect()
        }
        _ => {
            // A character of it becomes another.
            let at = dice.below(text.len() + 1);
            let at = (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            let rest = text[at..].chars().next().map_or("", |character| &text[at + character.len_utf8()..]);
            format!("{}{}{rest}", &text[..at], char::from(dice.below(128) as u8))
        }
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|character: char| character.is_alphabetic() || character == '_')
}

/// Words, runs of blanks, and single other characters, as ranges of bytes that make up the text.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let kind = |character: char| match character {
        _ if character.is_alphanumeric() || matches!(character, '_' | '$') => 0,
        ' ' | '\t' => 1,
        _ => 2,
    };
    let mut tokens: Vec<(usize, usize)> = Vec::new();
    let mut last = 2;
    for (at, character) in text.char_indices() {
        let (kind, end) = (kind(character), at + character.len_utf8());
        match tokens.last_mut() {
            Some(token) if kind == last && kind != 2 => token.1 = end,
            _ => tokens.push((at, end)),
        }
        last = kind;
    }
    tokens
}
