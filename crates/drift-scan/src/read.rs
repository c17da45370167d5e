use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::{Entry, SkipReason, content_hash};

/// Git's rule: a file is binary when a NUL byte is among its first 8,000.
const BINARY_PROBE_BYTES: usize = 8_000;

/// A file's content as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Without a byte order mark.
    pub text: String,
    /// Of the bytes on disk.
    pub hash: u128,
    /// How many bytes were read: not those of the listing when the file has changed since.
    pub bytes: u64,
    /// What was lost in decoding, e.g. `not-utf8: 3 bytes read as Latin-1`; `None` when nothing was.
    pub damage: Option<String>,
}

/// Reads and decodes one file: UTF-8, or UTF-16 where a byte order mark says so. Bytes that are neither are read as
/// Latin-1, unpaired surrogates become U+FFFD, and [`Source::damage`] says so.
///
/// # Errors
/// The reason why the file is to be skipped.
pub fn read(root: &Path, entry: &Entry, max_bytes: u64) -> Result<Source, SkipReason> {
    let too_large = |bytes| SkipReason::TooLarge { bytes, limit: max_bytes };
    if entry.stamp.bytes > max_bytes {
        return Err(too_large(entry.stamp.bytes));
    }
    let unreadable = |error: std::io::Error| SkipReason::Unreadable(error.to_string());
    let file = File::open(root.join(&entry.path)).map_err(unreadable)?;
    let mut bytes = Vec::with_capacity(entry.stamp.bytes as usize + 1);
    // It may have grown since it was listed.
    file.take(max_bytes + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large(bytes.len() as u64));
    }
    let (hash, size) = (content_hash(&bytes), bytes.len() as u64);
    let (text, damage) = decode(bytes)?;
    Ok(Source { text, hash, bytes: size, damage })
}

fn decode(mut bytes: Vec<u8>) -> Result<(String, Option<String>), SkipReason> {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => return Ok(decode_utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => return Ok(decode_utf16(rest, u16::from_be_bytes)),
        [0xEF, 0xBB, 0xBF, ..] => drop(bytes.drain(..3)),
        _ => {}
    }
    if bytes[..bytes.len().min(BINARY_PROBE_BYTES)].contains(&0) {
        return Err(SkipReason::Binary);
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let (text, bytes) = decode_mixed(error.as_bytes());
            (text, Some(format!("not-utf8: {bytes} bytes read as Latin-1")))
        }
    })
}

/// Keeps what is UTF-8 and reads every other byte as Latin-1, which it nearly always is; says how many those were.
/// U+FFFD instead would end a name, and parsers take it for the mark of a binary file.
fn decode_mixed(bytes: &[u8]) -> (String, usize) {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut invalid = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
        invalid += chunk.invalid().len();
    }
    (text, invalid)
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, Option<String>) {
    let pairs = bytes.chunks_exact(2);
    let mut invalid = usize::from(!pairs.remainder().is_empty());
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let mut text: String = char::decode_utf16(units)
        .map(|decoded| {
            decoded.unwrap_or_else(|_| {
                invalid += 1;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if bytes.len() % 2 == 1 {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    let damage = (invalid > 0).then(|| format!("not-utf16: {invalid} units replaced"));
    (text, damage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_that_of_what_was_read_though_the_listing_says_another() {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::write(root.path().join("a.ts"), "let a;").expect("written");
        let listed = crate::Stamp { bytes: 99, ..Default::default() };
        let source = read(root.path(), &Entry { path: "a.ts".to_owned(), stamp: listed }, 1_000).expect("read");
        assert_eq!((source.bytes, source.text.as_str()), (6, "let a;"));
    }

    fn decoded(bytes: &[u8]) -> (String, Option<String>) {
        decode(bytes.to_vec()).expect("text")
    }

    #[test]
    fn byte_order_marks_choose_the_encoding_and_vanish() {
        assert_eq!(decoded(b"\xEF\xBB\xBFa"), ("a".into(), None));
        assert_eq!(decoded(b"\xFF\xFEa\0\xE9\0"), ("aé".into(), None));
        assert_eq!(decoded(b"\xFE\xFF\0a\0\xE9"), ("aé".into(), None));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_read_as_latin1_and_counted() {
        let (text, damage) = decoded(b"caf\xE9; \xC3\xA9 \xFFx");
        assert_eq!(text, "caf\u{E9}; \u{E9} \u{FF}x");
        assert_eq!(damage.as_deref(), Some("not-utf8: 2 bytes read as Latin-1"));
    }

    #[test]
    fn half_a_surrogate_pair_and_half_a_unit_are_replaced_and_counted() {
        let (text, damage) = decoded(b"\xFF\xFE\x00\xD8a\0b");
        assert_eq!(text, "\u{FFFD}a\u{FFFD}");
        assert_eq!(damage.as_deref(), Some("not-utf16: 2 units replaced"));
    }

    #[test]
    fn a_nul_near_the_start_means_binary() {
        assert_eq!(decode(b"abc\0def".to_vec()), Err(SkipReason::Binary));
        let mut late = vec![b' '; BINARY_PROBE_BYTES];
        late.push(0);
        assert!(decode(late).is_ok());
    }
}
