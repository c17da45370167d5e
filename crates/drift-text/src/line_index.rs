use crate::{LineSpan, Span};

/// Turns byte offsets of one text into lines and columns.
///
/// Lines end at `\n`, `\r\n`, a lone `\r`, U+2028 or U+2029, as ECMAScript defines them. Building is O(bytes), a
/// look-up O(log lines + line length) and O(log lines) in lines that are plain ASCII.
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<u32>,
    ascii: bool,
}

impl<'t> LineIndex<'t> {
    /// Reads the whole text once.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut at = 0;
        while at < bytes.len() {
            let width = match bytes[at] {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => Some(2),
                b'\n' | b'\r' => Some(1),
                0xE2 if bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) => Some(3),
                _ => None,
            };
            at += width.unwrap_or(1);
            if width.is_some() {
                starts.push(at as u32);
            }
        }
        Self { text, starts, ascii: text.is_ascii() }
    }

    /// How many lines the text has; an empty text has one.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The 1-based line and 1-based UTF-16 column of a byte offset. Offsets past the end count as the end.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let offset = offset.min(self.text.len() as u32);
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let start = self.starts[line];
        let column = if self.ascii {
            offset - start
        } else {
            self.text
                .get(start as usize..offset as usize)
                .map_or(offset - start, |prefix| prefix.chars().map(|c| c.len_utf16() as u32).sum())
        };
        (line as u32 + 1, column + 1)
    }

    /// The span in lines and columns.
    pub fn line_span(&self, span: Span) -> LineSpan {
        let (line, column) = self.line_column(span.start);
        let (end_line, end_column) = self.line_column(span.end);
        LineSpan { line, column, end_line, end_column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: u32) -> (u32, u32) {
        LineIndex::new(text).line_column(offset)
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        assert_eq!(at("", 0), (1, 1));
        assert_eq!(at("ab\ncd", 4), (2, 2));
    }

    #[test]
    fn every_ecmascript_line_end_starts_a_line() {
        assert_eq!(at("a\r\nb", 3), (2, 1));
        assert_eq!(at("a\rb", 2), (2, 1));
        assert_eq!(at("a\u{2028}b", 4), (2, 1));
    }

    #[test]
    fn columns_count_utf16_units() {
        assert_eq!(at("é𝒳x", 2), (1, 2));
        assert_eq!(at("é𝒳x", 6), (1, 4));
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(at("ab", 99), (1, 3));
    }
}
