use crate::{LineSpan, Span};

/// Turns byte offsets of one text into lines and columns.
///
/// Lines end at `\n`, `\r\n`, a lone `\r`, U+2028 or U+2029, as ECMAScript defines them. Building is O(bytes), a
/// look-up O(log lines + log characters beyond ASCII).
pub struct LineIndex {
    length: u32,
    starts: Vec<u32>,
    /// For each character beyond ASCII: where it ends, and how many bytes more than UTF-16 units the text up to there has.
    surplus: Vec<(u32, u32)>,
}

impl LineIndex {
    /// Reads the whole text once.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut surplus = Vec::new();
        let mut more = 0;
        let mut at = 0;
        while at < bytes.len() {
            let (width, units, ends_line) = match bytes[at] {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => (2, 2, true),
                b'\n' | b'\r' => (1, 1, true),
                0xE2 if bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) => {
                    (3, 1, true)
                }
                0..=0x7F => (1, 1, false),
                0x80..=0xDF => (2, 1, false),
                0xE0..=0xEF => (3, 1, false),
                0xF0..=0xFF => (4, 2, false),
            };
            at += width;
            if width as u32 > units {
                more += width as u32 - units;
                surplus.push((at as u32, more));
            }
            if ends_line {
                starts.push(at as u32);
            }
        }
        Self { length: text.len() as u32, starts, surplus }
    }

    /// How many lines the text has; an empty text has one.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The 1-based line and 1-based UTF-16 column of a byte offset. Offsets past the end count as the end.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let offset = offset.min(self.length);
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let start = self.starts[line];
        let units = offset - start - (self.surplus_before(offset) - self.surplus_before(start));
        (line as u32 + 1, units + 1)
    }

    /// The span in lines and columns.
    pub fn line_span(&self, span: Span) -> LineSpan {
        let (line, column) = self.line_column(span.start);
        let (end_line, end_column) = self.line_column(span.end);
        LineSpan { line, column, end_line, end_column }
    }

    fn surplus_before(&self, offset: u32) -> u32 {
        match self.surplus.partition_point(|&(end, _)| end <= offset) {
            0 => 0,
            index => self.surplus[index - 1].1,
        }
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
