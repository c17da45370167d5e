use std::fmt;

use crate::SkipReason;

/// Files larger than this are left out unless asked otherwise: 10 MB. Larger ones are data in practice.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 10_000_000;

/// Names of files that a minifier wrote, whatever they hold.
const MINIFIED_NAMES: [&str; 3] = [".min.js", ".min.mjs", ".min.cjs"];
/// Shorter texts are never taken for minified.
const MINIFIED_MIN_BYTES: usize = 2_000;
/// A line that people do not write. Minifiers that break lines do so at 500 bytes or later.
const LONG_LINE_BYTES: usize = 250;
/// Of the bytes of a minified text, at least this many per hundred are in long lines.
const MINIFIED_LONG_PERCENT: usize = 60;
/// Of the bytes of long lines, at least this many per hundred are brackets, semicolons and equals signs: data in text
/// form (base64, paths of drawings) has none.
const MINIFIED_MARKS_PERCENT: usize = 4;
/// Of the bytes of long lines, at most this many per hundred are blanks: prose has about 15.
const MINIFIED_BLANKS_PERCENT: usize = 9;
/// A generator says so before this many bytes.
const GENERATED_PROBE_BYTES: usize = 2_000;

/// What becomes of files that nobody wrote by hand, and of huge ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Larger files are left out; at least 1.
    pub max_file_bytes: u64,
    /// Minified ones are read like others. Else they are left out: they repeat code that is elsewhere, without its names.
    pub read_minified: bool,
    /// Generated ones are left out. Else they are read, since what people write calls them.
    pub leave_out_generated: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { max_file_bytes: DEFAULT_MAX_FILE_BYTES, read_minified: false, leave_out_generated: false }
    }
}

impl Policy {
    /// Whether a file is left out. O(text).
    ///
    /// # Errors
    /// The reason why it is.
    pub fn check(&self, path: &str, text: &str) -> Result<(), SkipReason> {
        if !self.read_minified
            && let Some(minified) = Minified::of(path, text)
        {
            return Err(SkipReason::Minified(minified));
        }
        if self.leave_out_generated
            && let Some(line) = generated_by_line(text)
        {
            return Err(SkipReason::Generated { line });
        }
        Ok(())
    }

    /// Names this policy. Never 0.
    pub fn number(&self) -> u64 {
        let treatments = u64::from(self.read_minified) << 1 | u64::from(self.leave_out_generated);
        (self.max_file_bytes << 2 | treatments).max(1)
    }
}

/// How a file shows that a minifier wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Minified {
    /// By its name.
    Name,
    /// By what it holds.
    Text {
        /// Of its bytes, how many per hundred are in lines longer than 250 bytes.
        long_percent: u8,
    },
}

impl fmt::Display for Minified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("by its name"),
            Self::Text { long_percent } => {
                write!(f, "{long_percent} % of it in lines of more than {LONG_LINE_BYTES} bytes")
            }
        }
    }
}

impl Minified {
    fn of(path: &str, text: &str) -> Option<Self> {
        if MINIFIED_NAMES.iter().any(|name| path.ends_with(name)) {
            return Some(Self::Name);
        }
        if text.len() < MINIFIED_MIN_BYTES {
            return None;
        }
        let is_long = |line: &&[u8]| line.len() > LONG_LINE_BYTES;
        let long = || text.as_bytes().split(|&byte| byte == b'\n').filter(is_long);
        let all: usize = long().map(<[u8]>::len).sum();
        if all * 100 < text.len() * MINIFIED_LONG_PERCENT {
            return None;
        }
        let count = |is: fn(u8) -> bool| long().flatten().filter(|&&byte| is(byte)).count();
        let marks = count(|byte| matches!(byte, b'(' | b')' | b'{' | b'}' | b';' | b'='));
        let blanks = count(|byte| matches!(byte, b' ' | b'\t'));
        (marks * 100 >= all * MINIFIED_MARKS_PERCENT && blanks * 100 <= all * MINIFIED_BLANKS_PERCENT)
            .then(|| Self::Text { long_percent: (all * 100 / text.len()) as u8 })
    }
}

/// The line, from 1, in which a comment near the start of a text says that a program wrote it: `@generated`, or
/// "generated" beside "do not edit".
pub fn generated_by_line(text: &str) -> Option<u32> {
    let mut end = text.len().min(GENERATED_PROBE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut generated = None;
    let mut warned = false;
    for (at, line) in text[..end].lines().enumerate() {
        let line = line.trim_start();
        if !["//", "#", "*", "/*", "\"\"\"", "'''"].iter().any(|mark| line.starts_with(mark)) {
            continue;
        }
        let line = line.to_ascii_lowercase();
        let number = at as u32 + 1;
        if line.split_ascii_whitespace().any(|word| word == "@generated") {
            return Some(number);
        }
        if line.contains("generated") {
            generated = generated.or(Some(number));
        }
        warned |=
            ["do not edit", "do not modify", "don't edit", "do not change"].iter().any(|text| line.contains(text));
        if warned && generated.is_some() {
            return generated;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minified(path: &str, text: &str) -> Option<Minified> {
        Minified::of(path, text)
    }

    #[test]
    fn a_minifier_is_known_by_long_lines_of_code() {
        let code = "function a(b,c){if(b){return c(b)}var d=b.e;d.f=c;return d};".repeat(100);
        assert_eq!(minified("a.js", &code), Some(Minified::Text { long_percent: 100 }));
        let head = format!("/* the licence */\n{code}\n//# sourceMappingURL=a.js.map\n");
        assert!(minified("a.js", &head).is_some());
        assert_eq!(minified("a.js", &code[..1_000]), None);
        assert_eq!(minified("lib/a.min.js", "f()"), Some(Minified::Name));
    }

    #[test]
    fn long_lines_of_data_and_prose_are_not_minified_code() {
        let base64 = format!("export const image = \"{}\";\n", "iVBORw0KGgoAAAANSUhEUgAA".repeat(400));
        let drawing = format!("export const path = \"M{}z\";\n", "10.5,20.25L3.1,4".repeat(400));
        let prose = format!("export const text = `{}`;\n", "What people write has words and blanks. ".repeat(400));
        let hand = "export function f(a: number) {\n  return g(a);\n}\n".repeat(400);
        for text in [base64, drawing, prose, hand] {
            assert_eq!(minified("a.ts", &text), None, "{}", &text[..60]);
        }
    }

    #[test]
    fn a_generator_is_known_by_what_it_says_first() {
        assert_eq!(generated_by_line("// @generated by protoc-gen-es\nexport {};"), Some(1));
        assert_eq!(
            generated_by_line("/**\n * This file was automatically generated.\n * DO NOT EDIT it.\n */\n"),
            Some(2)
        );
        assert_eq!(generated_by_line("# Generated by the compiler.  DO NOT EDIT!\nimport a\n"), Some(1));
        assert_eq!(generated_by_line("// The id is generated from the name.\nf();\n"), None);
        assert_eq!(generated_by_line("const text = '@generated do not edit';\n"), None);
        assert_eq!(generated_by_line(&format!("{}// @generated\n", "f();\n".repeat(1_000))), None);
        assert_eq!(generated_by_line(&"é".repeat(2_000)), None);
    }

    #[test]
    fn what_is_left_out_is_a_choice() {
        let minified = "function a(b,c){return c(b)};".repeat(100);
        let generated = "// @generated\nexport const a = 1;\n";
        let check = |policy: Policy, text: &str| policy.check("a.js", text).map_err(|reason| reason.to_string());
        let usual = Policy::default();
        assert_eq!(check(usual, &minified), Err("minified: 100 % of it in lines of more than 250 bytes".to_owned()));
        assert_eq!(check(usual, generated), Ok(()));
        assert_eq!(check(Policy { read_minified: true, ..usual }, &minified), Ok(()));
        assert_eq!(
            check(Policy { leave_out_generated: true, ..usual }, generated),
            Err("generated: line 1 says so".to_owned())
        );
    }
}
