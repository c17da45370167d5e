/// An upper estimate of how deep the syntax tree of a JavaScript or TypeScript text can be.
///
/// Parsers and visitors recurse, so a caller picks a stack size, or refuses the file, before parsing. Counted are open
/// brackets plus, inside each of them, the operators and keywords since the last separator, because each may nest one
/// level deeper (`a + b + c`, `!!!x`, `x => y => z`, `else if … else if`). Strings and comments are counted as code, so
/// the estimate errs on the deep side. O(bytes), no allocation beyond one number per open bracket.
pub fn nesting_estimate(text: &str) -> u32 {
    let mut open: Vec<u32> = Vec::new(); // operators counted outside each open bracket
    let mut here: u32 = 0;
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
                open.push(here);
                outside = outside.saturating_add(here).saturating_add(1);
                here = 0;
            }
            b')' | b']' | b'}' => {
                if let Some(before) = open.pop() {
                    outside = outside.saturating_sub(before).saturating_sub(1);
                    here = before.saturating_add(1);
                } else {
                    here = 0;
                }
            }
            b',' | b';' => here = 0,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'!' | b'~' | b'?' | b':' | b'=' | b'<' | b'>' | b'&' | b'|' | b'^'
            | b'.' | b'`' | b'@' => here = here.saturating_add(1),
            _ => {}
        }
        deepest = deepest.max(outside.saturating_add(here));
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::nesting_estimate;

    #[test]
    fn ordinary_code_is_shallow() {
        let source = "export function f(a, b) { if (a) { return [a, b, { c: a + b }]; } else { return g(a)(b); } }\n";
        assert!(nesting_estimate(&source.repeat(1_000)) < 4_000);
        let separated = "const x = a.b.c(d, e) + 1;\n".repeat(10_000);
        assert!(nesting_estimate(&separated) < 20);
    }

    #[test]
    fn every_way_to_nest_is_seen() {
        for unit in ["(", "[", "{", "!", "a+", "a=>", "a?b:", "if(a)", "else if(a)b", "new ", "a.b", "<a>", "`${"] {
            assert!(nesting_estimate(&unit.repeat(10_000)) >= 10_000, "{unit}");
        }
    }

    #[test]
    fn unbalanced_brackets_do_not_underflow() {
        assert!(nesting_estimate(")))]]]}}}") < 10);
    }
}
