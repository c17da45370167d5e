//! The positions of a text, worked out without the engine's own line index.

use drift_text::LineSpan;

/// For each line, the columns at which a character starts or the line ends, ascending.
pub struct Positions(Vec<Vec<u32>>);

impl Positions {
    pub fn of(text: &str) -> Self {
        let mut lines = vec![vec![1]];
        let mut column = 1;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let crlf = character == '\r' && characters.peek() == Some(&'\n');
            column += character.len_utf16() as u32;
            lines.last_mut().expect("there is a first line").push(column);
            if matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}') && !crlf {
                lines.push(vec![1]);
                column = 1;
            }
        }
        Self(lines)
    }

    /// How many lines there are.
    pub fn line_count(&self) -> usize {
        self.0.len()
    }

    /// Whether it starts and ends at characters of the text, in this order.
    pub fn hold(&self, span: LineSpan) -> bool {
        let LineSpan { line, column, end_line, end_column } = span;
        (line, column) <= (end_line, end_column) && self.has(line, column) && self.has(end_line, end_column)
    }

    fn has(&self, line: u32, column: u32) -> bool {
        let line = (line as usize).checked_sub(1).and_then(|line| self.0.get(line));
        line.is_some_and(|columns| columns.binary_search(&column).is_ok())
    }
}
