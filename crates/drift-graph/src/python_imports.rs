//! Which file a Python import means.
//!
//! Modules are files and folders below a root: the folder of a script, the folder that holds the importing file's
//! outermost package, the project's own, every folder that holds a package or a project file, and those that
//! `pyproject.toml` names. Folders of one name below several roots are one package where none has a file of its own. A stub
//! stands for a module only where there is no source. Nothing is read from disk.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::imports::Resolved;
use crate::python_manifest::Layout;
use crate::{Manifest, SourceFile};

/// The modules of a project.
#[derive(Default)]
pub struct Modules {
    files: FxHashMap<String, u32>,
    /// Folders with Python files somewhere below, by path; the number stands for the folder as a namespace.
    folders: FxHashMap<String, u32>,
    folder_paths: Vec<String>,
    /// Folders that can hold a top-level package, nearest to the project's own folder first.
    roots: Vec<String>,
    /// Folders of packages that are imported by another name.
    renamed: Vec<(String, String)>,
}

impl Modules {
    pub fn new(files: &[SourceFile<'_>], manifests: &[Manifest<'_>]) -> Self {
        let mut modules = Self::default();
        let mut roots = FxHashSet::default();
        for (number, file) in files.iter().enumerate().filter(|(_, file)| is_python(file.path)) {
            modules.files.insert(file.path.to_owned(), number as u32);
            let mut folder = folder_of(file.path);
            while !modules.folders.contains_key(folder) {
                modules.folders.insert(folder.to_owned(), modules.folder_paths.len() as u32);
                modules.folder_paths.push(folder.to_owned());
                folder = folder_of(folder);
            }
        }
        for path in modules.files.keys() {
            let root = modules.package_root(path);
            let is_package = path.rsplit('/').next().is_some_and(|name| name.starts_with("__init__."));
            if is_package || path.ends_with("setup.py") {
                roots.insert(root.to_owned());
            }
        }
        roots.insert(String::new());
        let Layout { roots: named, folders: renamed } = Layout::read(manifests);
        roots.extend(named.into_iter().filter(|root| modules.folders.contains_key(root)));
        modules.renamed = renamed;
        for usual in ["src", "lib"] {
            if modules.folders.contains_key(usual) {
                roots.insert(usual.to_owned());
            }
        }
        modules.roots = roots.into_iter().collect();
        modules.roots.sort_unstable_by(|a, b| (a.matches('/').count(), a).cmp(&(b.matches('/').count(), b)));
        modules
    }

    /// The folder in which the outermost package around a file stands; a script's own folder.
    fn package_root<'p>(&self, path: &'p str) -> &'p str {
        let mut folder = folder_of(path);
        while !folder.is_empty() && self.has_init(folder) {
            folder = folder_of(folder);
        }
        folder
    }

    fn has_init(&self, folder: &str) -> bool {
        ["__init__.py", "__init__.pyi"].iter().any(|name| self.files.contains_key(&joined(folder, name)))
    }

    /// What the text of an import in a file leads to: `a.b`, `.`, `..a`.
    pub fn resolve(&self, from: &str, specifier: &str) -> Resolved {
        let name = specifier.trim_start_matches('.');
        let dots = specifier.len() - name.len();
        if dots > 0 {
            let mut folder = folder_of(from);
            for _ in 1..dots {
                folder = folder_of(folder);
            }
            return self.below(folder, name).unwrap_or(Resolved::Missing);
        }
        let own = self.package_root(from);
        let mut namespace = None;
        for (known, folder) in &self.renamed {
            let inner = name.strip_prefix(known.as_str()).and_then(|rest| match rest {
                "" => Some(""),
                _ => rest.strip_prefix('.'),
            });
            if let Some(found) = inner.and_then(|inner| self.below(folder, inner)) {
                return found;
            }
        }
        for root in std::iter::once(own).chain(self.roots.iter().map(String::as_str)) {
            match self.below(root, name) {
                Some(found @ Resolved::Folder(_)) => namespace = namespace.or(Some(found)),
                Some(found) => return found,
                None => {}
            }
        }
        namespace.unwrap_or(Resolved::External)
    }

    /// A module of this dotted name below a folder.
    fn below(&self, folder: &str, name: &str) -> Option<Resolved> {
        let path = if name.is_empty() { folder.to_owned() } else { joined(folder, &name.replace('.', "/")) };
        let at = |path: String| self.files.get(&path).map(|&file| Resolved::File(file));
        let sources = if name.is_empty() { None } else { at(format!("{path}.py")) };
        at(joined(&path, "__init__.py"))
            .or(sources)
            .or_else(|| at(joined(&path, "__init__.pyi")))
            .or_else(|| if name.is_empty() { None } else { at(format!("{path}.pyi")) })
            .or_else(|| self.folders.get(&path).map(|&folder| Resolved::Folder(folder)))
    }

    /// The module of this name in a package: a file that is the package, or a folder without one.
    pub fn child(&self, path: &str, name: &str) -> Option<Resolved> {
        let is_package = path.rsplit('/').next().is_some_and(|name| name.starts_with("__init__."));
        if is_package { self.below(folder_of(path), name) } else { None }
    }

    /// The same for a folder.
    pub fn child_of_folder(&self, folder: u32, name: &str) -> Option<Resolved> {
        let path = &self.folder_paths[folder as usize];
        self.below(path, name).or_else(|| {
            // The same package below other roots.
            let roots = || self.roots.iter().filter(|root| !root.is_empty());
            let inner = roots().find_map(|root| path.strip_prefix(root.as_str())?.strip_prefix('/'))?;
            roots().find_map(|root| self.below(&joined(root, inner), name))
        })
    }

    /// The file that is the package around a file.
    pub fn package_of(&self, path: &str) -> Option<u32> {
        let mut folder = folder_of(path);
        if path.rsplit('/').next().is_some_and(|name| name.starts_with("__init__.")) {
            folder = folder_of(folder);
        }
        ["__init__.py", "__init__.pyi"].iter().find_map(|name| self.files.get(&joined(folder, name)).copied())
    }
}

/// Whether a path is that of a Python file.
pub fn is_python(path: &str) -> bool {
    path.ends_with(".py") || path.ends_with(".pyi") || path.ends_with(".ipynb")
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
