//! Which file an import means: relative paths, tsconfig paths, package exports, workspace packages.
//!
//! The well-kept resolver of the oxc project does the work over a file system that exists in memory only: the files that
//! were scanned, plus a `node_modules` whose entries link to the packages of the workspace, as a package manager would
//! have made them. So nothing is read from disk here, and an uninstalled workspace resolves as an installed one.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use oxc_resolver::{FileMetadata, FileSystem, ResolveError, ResolveOptions, ResolverGeneric, TsconfigDiscovery};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::python_imports::{Modules, is_python};
use crate::{Manifest, SourceFile};

/// What the text of an import leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A file of the project.
    File(u32),
    /// A folder of the project that is a package without a file of its own.
    Folder(u32),
    /// Something outside the project, called by the text of the import.
    External,
    /// Nothing: a path within the project that leads nowhere.
    Missing,
}

/// All imports of all files, by file and by the name index of the specifier.
pub struct Imports {
    by_file: Vec<FxHashMap<u32, Resolved>>,
    modules: Modules,
}

impl Imports {
    /// Resolves every specifier that the facts mention. Parallel over files; the result does not depend on threads.
    pub fn resolve(files: &[SourceFile<'_>], manifests: &[Manifest<'_>]) -> Self {
        let project = Project::new(files, manifests);
        let modules = Modules::new(files, manifests);
        let by_file = files
            .par_iter()
            .map(|file| {
                let imported = file.facts.imports.iter().map(|import| import.specifier);
                let exported = file.facts.exports.iter().filter_map(|export| match *export {
                    drift_facts::ExportFact::Local { .. } => None,
                    drift_facts::ExportFact::Forward { specifier, .. }
                    | drift_facts::ExportFact::ForwardNamespace { specifier, .. }
                    | drift_facts::ExportFact::All { specifier } => Some(specifier),
                });
                let specifiers: FxHashSet<u32> = imported.chain(exported).collect();
                let resolve = |text: &str| {
                    if is_python(file.path) {
                        modules.resolve(file.path, text)
                    } else {
                        project.resolve(file.path, text)
                    }
                };
                specifiers
                    .into_iter()
                    .map(|specifier| (specifier, resolve(&file.facts.names[specifier as usize])))
                    .collect()
            })
            .collect();
        Self { by_file, modules }
    }

    /// For each file, the number of its group: files that imports connect, directly or through others, whichever way.
    /// A value can only get from one file to another within a group; scripts share their globals and form one.
    pub fn groups(&self, files: &[SourceFile<'_>]) -> Vec<u32> {
        let mut parent: Vec<u32> = (0..files.len() as u32).collect();
        let mut first_script = None;
        for (file, specifiers) in self.by_file.iter().enumerate() {
            let file = file as u32;
            for resolved in specifiers.values() {
                if let Resolved::File(target) = *resolved {
                    unite(&mut parent, file, target);
                }
            }
            if let Some(package) = self.modules.package_of(files[file as usize].path) {
                unite(&mut parent, file, package);
            }
            if !files[file as usize].facts.is_module {
                unite(&mut parent, file, *first_script.get_or_insert(file));
            }
        }
        (0..files.len() as u32).map(|file| root(&mut parent, file)).collect()
    }

    /// The module of this name inside a package, which is this file.
    pub fn child(&self, path: &str, name: &str) -> Option<Resolved> {
        self.modules.child(path, name)
    }

    /// The same inside a package without a file of its own.
    pub fn child_of_folder(&self, folder: u32, name: &str) -> Option<Resolved> {
        self.modules.child_of_folder(folder, name)
    }

    /// What a specifier of a file leads to.
    pub fn get(&self, file: u32, specifier: u32) -> Resolved {
        self.by_file[file as usize].get(&specifier).copied().unwrap_or(Resolved::Missing)
    }
}

/// The smallest file of a group stands for it, so that the order of uniting does not matter.
fn unite(parent: &mut [u32], left: u32, right: u32) {
    let (left, right) = (root(parent, left), root(parent, right));
    let (low, high) = (left.min(right), left.max(right));
    parent[high as usize] = low;
}

fn root(parent: &mut [u32], mut file: u32) -> u32 {
    while parent[file as usize] != file {
        parent[file as usize] = parent[parent[file as usize] as usize];
        file = parent[file as usize];
    }
    file
}

/// Where the project is mounted in the file system in memory.
const ROOT: &str = "/p";

struct Project {
    resolver: ResolverGeneric<Memory>,
    index: FxHashMap<PathBuf, u32>,
    /// Folder of each workspace package, by package name.
    packages: FxHashMap<String, PathBuf>,
}

impl Project {
    fn new(files: &[SourceFile<'_>], manifests: &[Manifest<'_>]) -> Self {
        let mut memory = Tree::default();
        let mut index = FxHashMap::default();
        for (number, file) in files.iter().enumerate() {
            let path = mounted(file.path);
            memory.add(&path, None);
            index.insert(path, number as u32);
        }
        let mut packages = FxHashMap::default();
        let mut conditions = vec!["source".to_owned()];
        for manifest in manifests {
            let path = mounted(manifest.path);
            memory.add(&path, Some(manifest.text));
            if manifest.path.rsplit('/').next() != Some("package.json") {
                continue;
            }
            let Ok(json) = serde_json::from_str::<serde_json::Value>(manifest.text) else {
                continue;
            };
            source_conditions(json.get("exports"), &mut conditions);
            if let (Some(name), Some(folder)) = (json.get("name").and_then(|name| name.as_str()), path.parent())
                && is_package_name(name)
            {
                packages.entry(name.to_owned()).or_insert_with(|| folder.to_owned());
            }
        }
        for (name, folder) in &packages {
            memory.link(&Path::new(ROOT).join("node_modules").join(name), folder);
        }
        conditions.extend(["import", "require", "module", "node", "browser", "default"].map(str::to_owned));
        let strings = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let options = ResolveOptions {
            tsconfig: Some(TsconfigDiscovery::Auto),
            condition_names: conditions,
            extensions: strings(&[
                ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts", ".d.mts", ".d.cts", ".json",
            ]),
            extension_alias: vec![
                (".js".to_owned(), strings(&[".ts", ".tsx", ".js", ".jsx", ".d.ts"])),
                (".jsx".to_owned(), strings(&[".tsx", ".jsx"])),
                (".mjs".to_owned(), strings(&[".mts", ".mjs", ".d.mts"])),
                (".cjs".to_owned(), strings(&[".cts", ".cjs", ".d.cts"])),
            ],
            main_fields: strings(&["source", "module", "main"]),
            ..ResolveOptions::default()
        };
        let memory = Memory(Arc::new(memory));
        Self { resolver: ResolverGeneric::new_with_file_system(memory, options), index, packages }
    }

    fn resolve(&self, from: &str, specifier: &str) -> Resolved {
        let path = mounted(from);
        let specifier = specifier.split(['?', '!']).next().unwrap_or(specifier);
        if let Ok(found) = self.resolver.resolve_file(&path, specifier)
            && let Some(&file) = self.index.get(found.path())
        {
            return Resolved::File(file);
        }
        if let Some(file) = self.unbuilt(specifier) {
            return Resolved::File(file);
        }
        let is_path = specifier.starts_with('.') || specifier.starts_with('/');
        let is_source = drift_source(specifier);
        if is_path && is_source { Resolved::Missing } else { Resolved::External }
    }

    /// A workspace package whose manifest points at files that a build would make: its sources instead.
    fn unbuilt(&self, specifier: &str) -> Option<u32> {
        let parts = if specifier.starts_with('@') { 2 } else { 1 };
        let end = specifier.match_indices('/').nth(parts - 1).map_or(specifier.len(), |(at, _)| at);
        let folder = self.packages.get(&specifier[..end])?;
        let rest = specifier[end..].trim_start_matches('/');
        let rest = rest.strip_prefix("dist/").or_else(|| rest.strip_prefix("lib/")).unwrap_or(rest);
        let rest = if rest.is_empty() { "index" } else { rest };
        [format!("./src/{rest}"), format!("./{rest}"), format!("./lib/{rest}")].iter().find_map(|candidate| {
            let found = self.resolver.resolve(folder, candidate).ok()?;
            self.index.get(found.path()).copied()
        })
    }
}

/// Whether a path could mean a source file: no ending, or one of a language that Drift reads.
fn drift_source(specifier: &str) -> bool {
    let last = specifier.rsplit('/').next().unwrap_or(specifier);
    match last.rsplit_once('.') {
        None | Some(("", _)) => true,
        Some((_, ending)) => {
            matches!(ending, "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx")
                || !matches!(
                    ending,
                    "json"
                        | "css"
                        | "scss"
                        | "sass"
                        | "less"
                        | "svg"
                        | "png"
                        | "jpg"
                        | "jpeg"
                        | "gif"
                        | "webp"
                        | "html"
                        | "txt"
                        | "md"
                        | "mdx"
                        | "wasm"
                        | "node"
                        | "vue"
                        | "svelte"
                        | "graphql"
                        | "gql"
                        | "yaml"
                        | "yml"
                        | "woff"
                        | "woff2"
                        | "ico"
                        | "astro"
                )
        }
    }
}

fn mounted(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

fn is_package_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 214
        && !name.starts_with(['.', '/'])
        && !name.contains("..")
        && !name.contains('\\')
}

/// Custom conditions by which packages name their own sources, such as `@scope/source`.
fn source_conditions(exports: Option<&serde_json::Value>, into: &mut Vec<String>) {
    let Some(serde_json::Value::Object(entries)) = exports else {
        return;
    };
    for (key, value) in entries {
        if key.ends_with("/source") && !key.starts_with('.') && !into.contains(key) {
            into.push(key.clone());
        }
        source_conditions(Some(value), into);
    }
}

/// Files, folders and links by absolute path.
#[derive(Default)]
struct Tree {
    entries: FxHashMap<PathBuf, Entry>,
}

enum Entry {
    Folder,
    /// With its text, where the resolver may want to read it.
    File(Option<String>),
    Link(PathBuf),
}

impl Tree {
    fn add(&mut self, path: &Path, text: Option<&str>) {
        self.entries.insert(path.to_owned(), Entry::File(text.map(str::to_owned)));
        self.folders(path);
    }

    fn link(&mut self, path: &Path, to: &Path) {
        if !self.entries.contains_key(path) {
            self.entries.insert(path.to_owned(), Entry::Link(to.to_owned()));
            self.folders(path);
        }
    }

    fn folders(&mut self, path: &Path) {
        for folder in path.ancestors().skip(1) {
            if self.entries.contains_key(folder) {
                break;
            }
            self.entries.insert(folder.to_owned(), Entry::Folder);
        }
    }

    /// The entry behind all links on the way.
    fn follow(&self, path: &Path) -> io::Result<PathBuf> {
        let mut real = PathBuf::new();
        for part in path.components() {
            real.push(part);
            if let Some(Entry::Link(to)) = self.entries.get(&real) {
                real.clone_from(to);
            }
        }
        if self.entries.contains_key(&real) { Ok(real) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

#[derive(Clone)]
struct Memory(Arc<Tree>);

impl FileSystem for Memory {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read_to_string(path).map(String::into_bytes)
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        match self.0.entries.get(&self.0.follow(path)?) {
            Some(Entry::File(Some(text))) => Ok(text.clone()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.symlink_metadata(&self.0.follow(path)?)
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let entry = match self.0.entries.get(path) {
            Some(entry) => entry,
            None => &self.0.entries[&self.0.follow(path)?],
        };
        Ok(FileMetadata::new(
            matches!(entry, Entry::File(_)),
            matches!(entry, Entry::Folder),
            matches!(entry, Entry::Link(_)),
        ))
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        match self.0.entries.get(path) {
            Some(Entry::Link(to)) => Ok(to.clone()),
            _ => Err(io::Error::from(io::ErrorKind::InvalidInput).into()),
        }
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.0.follow(path)
    }
}
