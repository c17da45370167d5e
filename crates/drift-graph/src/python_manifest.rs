//! What the manifests of Python projects say about where packages lie: `pyproject.toml`, as setuptools, Poetry, PDM, Hatch
//! and Flit read it.

use toml::{Table, Value};

use crate::Manifest;

/// Where packages lie.
#[derive(Default)]
pub struct Layout {
    /// Folders that hold top-level packages.
    pub roots: Vec<String>,
    /// Folders of packages that are imported by another name, by that dotted name.
    pub folders: Vec<(String, String)>,
}

impl Layout {
    /// Reads all manifests. A broken one is left out.
    pub fn read(manifests: &[Manifest<'_>]) -> Self {
        let mut layout = Self::default();
        for manifest in manifests {
            let (folder, name) = manifest.path.rsplit_once('/').unwrap_or(("", manifest.path));
            if name == "pyproject.toml"
                && let Ok(table) = manifest.text.parse::<Table>()
            {
                layout.read_table(folder, &table);
            }
        }
        layout
    }

    fn read_table(&mut self, folder: &str, table: &Table) {
        let at = |keys: &[&str]| {
            let (first, rest) = keys.split_first()?;
            rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
        };
        if let Some(folders) = at(&["tool", "setuptools", "package-dir"]).and_then(Value::as_table) {
            for (name, path) in folders {
                match (name.as_str(), path.as_str()) {
                    ("", Some(path)) => self.root(folder, path),
                    (name, Some(path)) => self.folders.push((name.to_owned(), below(folder, path))),
                    _ => {}
                }
            }
        }
        for path in texts(at(&["tool", "setuptools", "packages", "find", "where"])) {
            self.root(folder, path);
        }
        for package in at(&["tool", "poetry", "packages"]).and_then(Value::as_array).into_iter().flatten() {
            if let Some(path) = package.get("from").and_then(Value::as_str) {
                self.root(folder, path);
            }
        }
        if let Some(path) = at(&["tool", "pdm", "build", "package-dir"]).and_then(Value::as_str) {
            self.root(folder, path);
        }
        let hatch = ["tool", "hatch", "build", "targets", "wheel", "packages"];
        for path in texts(at(&hatch)) {
            self.root(folder, path.trim_end_matches('/').rsplit_once('/').map_or("", |(parent, _)| parent));
        }
    }

    fn root(&mut self, folder: &str, path: &str) {
        self.roots.push(below(folder, path));
    }
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// A path below a folder, without `.` and the slashes around it.
fn below(folder: &str, path: &str) -> String {
    let parts = folder.split('/').chain(path.split('/')).filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(path: &str, text: &str) -> (Vec<String>, Vec<(String, String)>) {
        let Layout { roots, folders } = Layout::read(&[Manifest { path, text }]);
        (roots, folders)
    }

    #[test]
    fn says_where_packages_lie() {
        let named = "[tool.setuptools.package-dir]\n\"\" = \"lib\"\nshop = \"./code/\"\n";
        let (roots, folders) = layout("a/pyproject.toml", named);
        assert_eq!(roots, ["a/lib"]);
        assert_eq!(folders, [("shop".to_owned(), "a/code".to_owned())]);
        for text in [
            "[tool.setuptools.packages.find]\nwhere = ['lib']",
            "[tool.poetry]\npackages = [{ include = 'x', from = 'lib' }]",
            "[tool.pdm.build]\npackage-dir = 'lib'",
            "[tool.hatch.build.targets.wheel]\npackages = ['lib/x']",
        ] {
            assert_eq!(layout("pyproject.toml", text).0, ["lib"], "{text}");
        }
    }

    #[test]
    fn broken_and_other_files_say_nothing() {
        for (path, text) in [("pyproject.toml", "[tool"), ("pyproject.toml", "tool = 1"), ("x.toml", "[tool]")] {
            assert_eq!(layout(path, text), (Vec::new(), Vec::new()));
        }
    }
}
