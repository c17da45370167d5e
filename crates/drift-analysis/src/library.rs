//! What functions outside the project make of what they are given, by their names: a list, for nobody reads their code.

use drift_facts::values::effect;

/// What comes of a value that a function outside the project gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing of it is in the result.
    Nothing,
    /// The result is made of it, with this effect.
    Made(u8),
    /// The result is a container of the same elements.
    Container,
    /// It is kept in the receiver.
    Kept,
}

/// Answers yes or no, a place, or how much: nothing that carries what is in the value.
const TELL: &str = " len length size count includes has startsWith endsWith startswith endswith indexOf lastIndexOf \
    findIndex index find_all_count test isinstance issubclass hasattr callable type typeof bool Boolean some every \
    isArray isNaN isFinite isInteger isdigit isalpha isalnum isnumeric isspace search charCodeAt codePointAt \
    localeCompare any all exists hasOwnProperty hasOwn assert assertEqual equal ";
const NUMBERS: &str = " int float Number parseInt parseFloat BigInt ord round abs floor ceil trunc toFixed ";
const DIGESTS: &str = " digest hexdigest hash hashSync md5 sha1 sha224 sha256 sha384 sha512 blake2b pbkdf2Sync scryptSync \
    createHmac generate_password_hash hashpw ";
const ENCODERS: &str = " encodeURIComponent encodeURI btoa b64encode urlsafe_b64encode urlencode quote_plus hexlify ";
const QUOTERS: &str = " escape escapeHtml escapeHTML escape_string escapeId escapeLiteral escapeIdentifier quote \
    quoteattr escapeRegExp escapeshellarg literal_column bindparam sanitize sanitizeHtml escape_html ";
const JOINERS: &str = " format join concat sprintf format_map stringify dumps ";
const CONTAINERS: &str = " slice filter sort sorted reverse toSorted toReversed copy list tuple set dict from assign \
    structuredClone deepcopy values items entries fromEntries freeze Array Set Map frozenset ";
const KEEPERS: &str = " push append add set unshift insert extend appendleft put setdefault enqueue push_back ";
const REPLACERS: &str = " replace replaceAll sub subn translate ";

/// @param `name`: the last part of what is called; `callee`: as far as it is written in names; `texts`: of its arguments
///   that are written out; `on_member`: it is called on something.
pub fn outcome(name: &str, callee: &str, texts: &[&str], on_member: bool) -> Outcome {
    let is = |list: &str| list.contains(&format!(" {name} "));
    let replaces_quotes = || texts.iter().any(|text| text.contains(['\'', '"', '`', '<', '\\']));
    if name.is_empty() {
        Outcome::Made(0)
    } else if on_member && is(KEEPERS) && !is_of_library(callee) {
        Outcome::Kept
    } else if is(TELL) {
        Outcome::Nothing
    } else if is(NUMBERS) || callee.starts_with("Math.") || callee.starts_with("math.") {
        Outcome::Made(effect::NUMBER)
    } else if is(DIGESTS) || callee.starts_with("hashlib.") {
        Outcome::Made(effect::HASHED)
    } else if is(ENCODERS) || callee == "urllib.parse.quote" {
        Outcome::Made(effect::ENCODED)
    } else if is(QUOTERS) || is(REPLACERS) && replaces_quotes() {
        Outcome::Made(effect::QUOTED)
    } else if is(JOINERS) {
        Outcome::Made(effect::JOINED)
    } else if is(CONTAINERS) {
        Outcome::Container
    } else {
        Outcome::Made(0)
    }
}

/// A function of a namespace of the language, not a member of a value.
fn is_of_library(callee: &str) -> bool {
    ["Object.", "Array.", "Reflect.", "Math.", "JSON."].iter().any(|namespace| callee.starts_with(namespace))
}

/// Whether a text has a place in it for a value that is given beside it: `?`, `$1`, `:name`, `%s`, `@name`, `{}`.
pub fn has_placeholder(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters.iter().enumerate().any(|(at, &letter)| {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let before = at.checked_sub(1).map_or(' ', |before| letters[before]);
        match letter {
            '?' => true,
            '$' => next.is_ascii_digit(),
            ':' => (next.is_alphabetic() || next == '_') && before != ':' && !before.is_alphanumeric(),
            '%' => matches!(next, 's' | 'd' | '('),
            '@' => next.is_alphabetic() && !before.is_alphanumeric(),
            '{' => next == '}' || next == '0',
            _ => false,
        }
    })
}
