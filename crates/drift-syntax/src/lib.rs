//! Text in; syntax tree and problems out.

#[cfg(feature = "javascript")]
pub mod javascript;
mod nesting;
#[cfg(feature = "python")]
pub mod python;

use drift_text::Span;

pub use nesting::{guessing_estimate, nesting_estimate};

/// A language that Drift reads, with the dialect its file name implies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// js, mjs, jsx: a module or a script, whichever the text turns out to be
    JavaScript,
    /// cjs: a CommonJS module
    CommonJs,
    /// ts, mts, cts
    TypeScript,
    /// tsx
    TypeScriptJsx,
    /// d.ts, d.mts, d.cts: declarations without bodies
    TypeScriptDeclaration,
    /// py, pyi: a stub is read like any other module
    Python,
    /// ipynb: a notebook, whose cells of code are one module
    Notebook,
}

impl Language {
    /// The language of a path by its ending; `None` when Drift does not read it.
    pub fn of_path(path: &str) -> Option<Self> {
        let (stem, ending) = path.rsplit_once('.')?;
        match ending {
            "js" | "mjs" | "jsx" => Some(Self::JavaScript),
            "cjs" => Some(Self::CommonJs),
            "ts" | "mts" | "cts" if stem.ends_with(".d") => Some(Self::TypeScriptDeclaration),
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" => Some(Self::TypeScriptJsx),
            "py" | "pyi" => Some(Self::Python),
            "ipynb" => Some(Self::Notebook),
            _ => None,
        }
    }

    /// Whether a `<` can begin type arguments.
    pub const fn has_types(self) -> bool {
        matches!(self, Self::TypeScript | Self::TypeScriptJsx | Self::TypeScriptDeclaration)
    }
}

/// Something in a file that could not be understood. Broken source is ordinary input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, in bytes; the whole file when the parser gave up.
    pub span: Span,
    /// What, for people.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_ending_decides_the_language() {
        assert_eq!(Language::of_path("a/b.mjs"), Some(Language::JavaScript));
        assert_eq!(Language::of_path("a.d.ts"), Some(Language::TypeScriptDeclaration));
        assert_eq!(Language::of_path("a.tsx"), Some(Language::TypeScriptJsx));
        assert_eq!(Language::of_path("a.pyi"), Some(Language::Python));
        assert_eq!(Language::of_path("a.ipynb"), Some(Language::Notebook));
        assert_eq!(Language::of_path("a.css"), None);
        assert_eq!(Language::of_path("js"), None);
    }
}
