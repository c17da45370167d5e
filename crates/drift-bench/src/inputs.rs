use std::fmt::Write as _;
use std::fs;

use tempfile::TempDir;

/// Classes in each generated file.
const CLASSES: usize = 4;

/// A generated project: the same files for the same size.
pub struct Project {
    /// Path and text of each file, sorted by path.
    pub files: Vec<(String, String)>,
}

/// A project of so many TypeScript files: classes that inherit across files, callbacks, re-exports, library calls.
/// Every file has 4 × 6 functions and 4 × 9 call sites.
pub fn project(files: usize) -> Project {
    let mut project = Project { files: (0..files).map(|at| (path(at), text(at, files))).collect() };
    project.files.sort();
    project
}

impl Project {
    /// Functions in it.
    pub fn function_count(&self) -> usize {
        self.files.len() * CLASSES * 6
    }

    /// Call sites in it.
    pub fn site_count(&self) -> usize {
        self.files.len() * CLASSES * 9
    }

    /// Bytes of source.
    pub fn byte_count(&self) -> usize {
        self.files.iter().map(|(_, text)| text.len()).sum()
    }

    /// The files on disk; they go when the value does.
    ///
    /// # Panics
    /// When the temporary folder cannot be written.
    pub fn write(&self) -> TempDir {
        let root = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in &self.files {
            let at = root.path().join(path);
            fs::create_dir_all(at.parent().expect("inside the root")).expect("the folder is made");
            fs::write(at, text).expect("the file is written");
        }
        root
    }
}

fn path(at: usize) -> String {
    format!("src/part{:02}/module{at:05}.ts", at % 20)
}

fn text(at: usize, files: usize) -> String {
    let (next, far) = ((at + 1) % files, (at * 7 + 3) % files);
    let mut text = format!(
        "import {{ step0 as next }} from \"../part{:02}/module{next:05}.ts\";\n\
         import * as far from \"../part{:02}/module{far:05}.ts\";\n",
        next % 20,
        far % 20,
    );
    for class in 0..CLASSES {
        write!(
            text,
            "
/** Part {class} of module {at}. */
export class Stage{class} extends Object {{
  #items: number[] = [];
  constructor(readonly size: number) {{
    super();
  }}
  add(item: number): this {{
    this.#items.push(next(item));
    return this;
  }}
  total(): number {{
    return this.#items.map((item) => far.step{class}(item)).reduce(sum{class});
  }}
}}
export function step{class}(item: number): number {{
  return item > 0 ? new Stage{class}(item).add(item - 1).size : Math.abs(item);
}}
const sum{class} = (left: number, right: number): number => left + right;
"
        )
        .expect("memory takes everything");
    }
    text
}
