//! Notebooks: the code of their cells as one module, and where each part of it stands in the file.

/// Values nest no deeper than this in a notebook that is read.
const MAX_DEPTH: u32 = 200;
/// Magic after which a cell holds Python all the same.
const MAGIC_OF_PYTHON: &[&str] = &["%%time", "%%timeit", "%%capture", "%%prun"];

/// Code, and where it stands in the file that it was taken from.
#[derive(Default)]
pub(super) struct Notebook {
    /// All cells of code, one after the other.
    pub code: String,
    /// For each byte of the code, where its character starts and ends in the file.
    pub places: Vec<(u32, u32)>,
}

impl Notebook {
    /// Reads a notebook. `None`: it is none, or its code is that of another language.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0, notebook: Self::default(), cell: Cell::default(), language: None };
        reader.skip_blanks();
        reader.value(&mut Vec::new(), 0)?;
        let is_python = reader.language.as_deref().is_none_or(|language| language.eq_ignore_ascii_case("python"));
        is_python.then_some(reader.notebook)
    }

    fn push(&mut self, cell: Cell) {
        let first = cell.source.code.lines().next().unwrap_or("").trim();
        let is_foreign =
            first.starts_with("%%") && !MAGIC_OF_PYTHON.contains(&first.split_whitespace().next().unwrap_or_default());
        if !cell.is_code || is_foreign {
            return;
        }
        let Self { code, places } = cell.source;
        let end = places.last().map_or(0, |&(_, end)| end);
        for line in code.split_inclusive('\n') {
            // Magic and commands of the shell become comments.
            let blank = line.len() - line.trim_start().len();
            self.code.push_str(&line[..blank]);
            let rest = &line[blank..];
            match rest.strip_prefix(['%', '!', '?']) {
                Some(after) => {
                    self.code.push('#');
                    self.code.push_str(after);
                }
                None => self.code.push_str(rest),
            }
        }
        self.places.extend(places);
        if !self.code.is_empty() && !self.code.ends_with('\n') {
            self.code.push('\n');
            self.places.push((end, end));
        }
    }
}

#[derive(Default)]
struct Cell {
    is_code: bool,
    source: Notebook,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    notebook: Notebook,
    /// The cell that is being read.
    cell: Cell,
    language: Option<String>,
}

impl Reader<'_> {
    /// Reads a value; `path`: the keys around it, an empty one for each array.
    fn value(&mut self, path: &mut Vec<String>, depth: u32) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'{' => self.items(b'}', path, depth),
            b'[' => self.items(b']', path, depth),
            b'"' => {
                let read = self.string()?;
                self.note(path, read);
                Some(())
            }
            _ => {
                let rest = &self.text[self.at..];
                let end = rest.find([',', ']', '}']).unwrap_or(rest.len());
                self.at += end;
                (end > 0).then_some(())
            }
        }
    }

    fn items(&mut self, close: u8, path: &mut Vec<String>, depth: u32) -> Option<()> {
        self.at += 1;
        self.skip_blanks();
        while self.peek()? != close {
            let mut key = String::new();
            if close == b'}' {
                key = self.string()?.code;
                self.skip_blanks();
                self.eat(b':')?;
                self.skip_blanks();
            }
            path.push(key);
            self.value(path, depth + 1)?;
            path.pop();
            self.skip_blanks();
            if self.peek()? == b',' {
                self.at += 1;
                self.skip_blanks();
            }
        }
        self.at += 1;
        if matches!(&path[..], [cells, one] if cells == "cells" && one.is_empty()) {
            let cell = std::mem::take(&mut self.cell);
            self.notebook.push(cell);
        }
        Some(())
    }

    /// What a text says about the notebook.
    fn note(&mut self, path: &[String], read: Notebook) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path[..] {
            ["cells", "", "cell_type"] => self.cell.is_code = read.code == "code",
            ["cells", "", "source"] | ["cells", "", "source", ""] => {
                self.cell.source.code.push_str(&read.code);
                self.cell.source.places.extend(read.places);
            }
            ["metadata", "kernelspec", "language"] | ["metadata", "language_info", "name"] => {
                self.language.get_or_insert(read.code);
            }
            _ => {}
        }
    }

    fn string(&mut self) -> Option<Notebook> {
        self.eat(b'"')?;
        let mut read = Notebook::default();
        loop {
            let start = self.at;
            let mut rest = self.text[start..].chars();
            let character = match rest.next()? {
                '"' => {
                    self.at += 1;
                    return Some(read);
                }
                '\\' => {
                    self.at += 1;
                    self.escaped()?
                }
                plain => {
                    self.at += plain.len_utf8();
                    plain
                }
            };
            read.code.push(character);
            let place = (start as u32, self.at as u32);
            read.places.extend(std::iter::repeat_n(place, character.len_utf8()));
        }
    }

    /// The character behind a backslash.
    fn escaped(&mut self) -> Option<char> {
        let kind = self.peek()?;
        self.at += 1;
        Some(match kind {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let high = self.unit()?;
                if (0xD800..0xDC00).contains(&high) && self.text[self.at..].starts_with("\\u") {
                    self.at += 2;
                    let low = self.unit()?;
                    let pair = char::decode_utf16([high, low]).next();
                    return Some(pair.and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                char::from_u32(high.into()).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            b'"' | b'\\' | b'/' => kind.into(),
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        u16::from_str_radix(digits, 16).ok()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, expected: u8) -> Option<()> {
        (self.peek()? == expected).then(|| self.at += 1)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }
}
