/// An upper estimate of how deep the syntax tree of a JavaScript or TypeScript text can be.
///
/// Parsers and visitors recurse, so a caller picks a stack size, or refuses the file, before parsing. Counted are open
/// brackets plus, inside each of them, the operators and keywords since the last separator, because each may nest one
/// level deeper (`a + b + c`, `!!!x`, `x => y => z`, `else if … else if`). A `<` may open type arguments, in which a comma
/// separates nothing, so it counts until a `>` or a `;` (`a<b,a<b,a<b`). Strings and comments are counted as code, so
/// the estimate errs on the deep side. O(bytes), no allocation beyond two numbers per open bracket.
pub fn nesting_estimate(text: &str) -> u32 {
    let mut open: Vec<(u32, u32)> = Vec::new(); // operators and angles counted outside each open bracket
    let mut here: u32 = 0;
    let mut angles: u32 = 0;
    let mut outside: u32 = 0; // sum of `open`, plus one per bracket
    let mut deepest: u32 = 0;
    let mut word_start = None;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if byte.is_ascii_alphabetic() {
            word_start.get_or_insert(at);
            continue;
        }
        if let Some(start) = word_start.take()
            && matches!(
                &text.as_bytes()[start..at],
                b"if"
                    | b"else"
                    | b"for"
                    | b"while"
                    | b"do"
                    | b"new"
                    | b"await"
                    | b"typeof"
                    | b"void"
                    | b"delete"
                    | b"yield"
                    | b"in"
                    | b"of"
                    | b"as"
                    | b"with"
                    | b"case"
                    | b"keyof"
                    | b"infer"
                    | b"extends"
            )
        {
            here = here.saturating_add(1);
        }
        match byte {
            b'(' | b'[' | b'{' => {
                open.push((here, angles));
                outside = outside.saturating_add(here).saturating_add(angles).saturating_add(1);
                (here, angles) = (0, 0);
            }
            b')' | b']' | b'}' => {
                if let Some((before, angles_before)) = open.pop() {
                    outside = outside.saturating_sub(before).saturating_sub(angles_before).saturating_sub(1);
                    (here, angles) = (before.saturating_add(1), angles_before);
                } else {
                    (here, angles) = (0, 0);
                }
            }
            b',' => here = 0,
            b';' => (here, angles) = (0, 0),
            b'<' => (here, angles) = (here.saturating_add(1), angles.saturating_add(1)),
            b'>' => {
                here = here.saturating_add(1);
                angles = angles.saturating_sub(u32::from(!is_arrow(text, at)));
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'!' | b'~' | b'?' | b':' | b'=' | b'&' | b'|' | b'^' | b'.' | b'`'
            | b'@' => here = here.saturating_add(1),
            _ => {}
        }
        deepest = deepest.max(outside.saturating_add(here).saturating_add(angles));
    }
    deepest
}

/// How many levels of nesting a parser may have to read twice, at least once as what they turn out not to be: behind
/// `(a = (a = (`, each of which may begin an arrow function, and in TypeScript behind `a<b<c<`, each of which may begin type
/// arguments. What is read again at each of n levels takes time in n². Never more than [`nesting_estimate`].
pub fn guessing_estimate(text: &str, has_type_arguments: bool) -> u32 {
    let mut open: Vec<(bool, u32)> = Vec::new(); // whether there was a default, and angles, outside each open bracket
    let mut has_default = false;
    let mut angles: u32 = 0;
    let mut outside: u32 = 0;
    let mut deepest: u32 = 0;
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => {
                open.push((has_default, angles));
                outside = outside.saturating_add(u32::from(has_default)).saturating_add(angles);
                (has_default, angles) = (false, 0);
            }
            b')' | b']' | b'}' => {
                let (default_before, angles_before) = open.pop().unwrap_or_default();
                outside = outside.saturating_sub(u32::from(default_before)).saturating_sub(angles_before);
                (has_default, angles) = (default_before, angles_before);
            }
            b',' => has_default = false,
            b';' => (has_default, angles) = (false, 0),
            b'=' if bytes.get(at + 1) != Some(&b'>') => has_default = true,
            b'<' if has_type_arguments => angles = angles.saturating_add(1),
            b'>' if !is_arrow(text, at) => angles = angles.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(outside.saturating_add(angles));
    }
    deepest
}

/// Whether the `>` at this place ends a `=>`.
fn is_arrow(text: &str, at: usize) -> bool {
    at > 0 && text.as_bytes()[at - 1] == b'='
}

#[cfg(test)]
mod tests {
    use super::{guessing_estimate, nesting_estimate};

    #[test]
    fn ordinary_code_is_shallow() {
        let source = "export function f(a, b) { if (a) { return [a, b, { c: a + b }]; } else { return g(a)(b); } }\n";
        assert!(nesting_estimate(&source.repeat(1_000)) < 4_000);
        let separated = "const x = a.b.c(d, e) + 1;\n".repeat(10_000);
        assert!(nesting_estimate(&separated) < 20);
    }

    #[test]
    fn every_way_to_nest_is_seen() {
        for unit in
            ["(", "[", "{", "!", "a+", "a=>", "a?b:", "if(a)", "else if(a)b", "new ", "a.b", "<a>", "`${", "a<b,"]
        {
            assert!(nesting_estimate(&unit.repeat(10_000)) >= 10_000, "{unit}");
        }
    }

    #[test]
    fn unbalanced_brackets_do_not_underflow() {
        assert!(nesting_estimate(")))]]]}}}") < 10);
    }

    #[test]
    fn what_may_be_read_twice_is_counted() {
        for unit in ["(a=", "({a:b=", "a(b,c=", "T<", "a<b,", "T<{a:"] {
            let times = guessing_estimate(&unit.repeat(1_000), true);
            assert!((999..=1_000).contains(&times), "{unit}: {times}");
        }
        assert!(guessing_estimate(&"a<b,".repeat(1_000), false) < 2, "JavaScript has no type arguments");
        for unit in ["(", "f(", "a=>", "x={a:1};", "if(a<b){}", "<a>", "for(i=0;i<n;i++){}", "A<B>|", "a=b\n"] {
            assert!(guessing_estimate(&unit.repeat(1_000), true) < 2, "{unit}");
        }
    }
}
