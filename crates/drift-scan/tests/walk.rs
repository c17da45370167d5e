//! What a folder's listing holds.

use std::fs;
use std::path::Path;

use drift_scan::{DEFAULT_MAX_FILE_BYTES, Entry, Role, ScanError, SkipReason, Stamp, read, walk};
use tempfile::TempDir;

fn role(path: &str) -> Role {
    let name = Path::new(path);
    match name.extension().and_then(|ending| ending.to_str()) {
        Some("ts") => Role::Source,
        Some("json") => Role::Manifest,
        _ => Role::Other,
    }
}

/// A folder with these files; a path that ends in `/` is an empty folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    add(root.path(), files);
    root
}

fn add(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let at = root.join(path);
        if path.ends_with('/') {
            fs::create_dir_all(at).expect("made");
        } else {
            fs::create_dir_all(at.parent().expect("inside")).expect("made");
            fs::write(at, text).expect("written");
        }
    }
}

/// The listing, one line per entry: sources bare, manifests with `+`, skipped with `- … reason`.
fn listing(root: &Path) -> Vec<String> {
    let walked = walk(root, &role).expect("a folder");
    let sources = walked.sources.into_iter().map(|entry| entry.path);
    let manifests = walked.manifests.into_iter().map(|entry| format!("+ {}", entry.path));
    let skipped = walked.skipped.into_iter().map(|row| format!("- {} {}", row.path, row.reason));
    sources.chain(manifests).chain(skipped).collect()
}

fn check(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(listing(folder(files).path()), expected);
}

#[test]
fn every_folder_name_is_walked_but_dependencies_and_version_control() {
    check(
        &[
            ("packages/a.ts", ""),
            ("vendor/bin/out/target/b.ts", ""),
            (".hidden/c.ts", ""),
            ("package.json", "{}"),
            ("readme.md", ""),
            ("node_modules/x/d.ts", ""),
            ("packages/node_modules/y/package.json", ""),
            (".git/hooks/e.ts", ""),
            (".drift/f.ts", ""),
        ],
        &[
            ".hidden/c.ts",
            "packages/a.ts",
            "vendor/bin/out/target/b.ts",
            "+ package.json",
            "- .git/ version-control-folder",
            "- node_modules/ dependency-folder",
            "- packages/node_modules/ dependency-folder",
        ],
    );
}

#[test]
fn nested_rules_decide_and_the_deepest_wins() {
    check(
        &[
            (".gitignore", "*.gen.ts\n/dist/\n!keep.gen.ts\n"),
            ("a.gen.ts", ""),
            ("keep.gen.ts", ""),
            ("dist/b.ts", ""),
            ("src/dist/c.ts", ""),
            ("src/.gitignore", "!d.gen.ts\nlocal.ts\n"),
            ("src/d.gen.ts", ""),
            ("src/local.ts", ""),
            ("local.ts", ""),
        ],
        &[
            "keep.gen.ts",
            "local.ts",
            "src/d.gen.ts",
            "src/dist/c.ts",
            "- a.gen.ts ignored-by-rule",
            "- dist/ ignored-by-rule",
            "- src/local.ts ignored-by-rule",
        ],
    );
}

#[test]
fn drift_rules_come_before_those_of_git() {
    check(
        &[(".gitignore", "a.ts"), (".driftignore", "!a.ts\nb.ts"), ("a.ts", ""), ("b.ts", "")],
        &["a.ts", "- b.ts ignored-by-rule"],
    );
}

#[test]
fn the_repository_above_the_root_has_its_say_and_those_further_up_have_none() {
    let outer = folder(&[
        (".gitignore", "b.ts"),
        ("repo/.git/info/exclude", "secret.ts\n"),
        ("repo/.gitignore", "a.ts\nskipped/\n"),
        ("repo/app/a.ts", ""),
        ("repo/app/b.ts", ""),
        ("repo/app/secret.ts", ""),
    ]);
    assert_eq!(
        listing(&outer.path().join("repo/app")),
        ["b.ts", "- a.ts ignored-by-rule", "- secret.ts ignored-by-rule"]
    );
}

#[test]
fn an_ignored_folder_that_is_named_as_root_is_walked() {
    let repo = folder(&[(".git/", ""), (".gitignore", "cache/\n*.ts\n"), ("cache/p/a.ts", "")]);
    assert_eq!(listing(&repo.path().join("cache/p")), ["a.ts"]);
}

#[test]
fn a_repository_inside_answers_to_itself() {
    check(
        &[
            (".git/", ""),
            (".gitignore", "a.ts"),
            ("sub/.git", "gitdir: ../.git/modules/sub"),
            (".git/modules/sub/info/exclude", "b.ts"),
            ("sub/a.ts", ""),
            ("sub/b.ts", ""),
        ],
        &["sub/a.ts", "- .git/ version-control-folder", "- sub/b.ts ignored-by-rule"],
    );
}

#[test]
fn a_root_that_is_no_folder_is_an_error() {
    let root = folder(&[("a.ts", "")]);
    let error = |path: &str| walk(&root.path().join(path), &role).expect_err("no folder");
    assert!(matches!(error("b"), ScanError::RootMissing { .. }));
    assert!(matches!(error("a.ts"), ScanError::RootNotAFolder { .. }));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    #[test]
    fn no_link_is_followed_and_each_is_named() {
        let outside = folder(&[("x.ts", ""), ("other.txt", "")]);
        let root = folder(&[("real/a.ts", ""), (".gitignore", "quiet")]);
        let link = |target: &Path, name: &str| symlink(target, root.path().join(name)).expect("linked");
        link(Path::new("real"), "folder");
        link(Path::new("real/a.ts"), "same.ts");
        link(&outside.path().join("x.ts"), "out.ts");
        link(outside.path(), "out");
        link(&outside.path().join("other.txt"), "other.txt");
        link(Path::new("."), "loop");
        link(Path::new("quiet"), "quiet");
        link(Path::new("self.ts"), "self.ts");
        link(Path::new("nowhere"), "dangling.ts");
        link(Path::new("nowhere"), "dangling.txt");
        assert_eq!(
            listing(root.path()),
            [
                "real/a.ts",
                "- dangling.ts symlink-dangling",
                "- folder symlink",
                "- loop symlink-loop",
                "- out symlink-outside-root",
                "- out.ts symlink-outside-root",
                "- same.ts symlink",
                "- self.ts symlink-loop",
            ]
        );
    }

    #[test]
    fn what_is_no_file_is_never_opened() {
        let root = folder(&[("folder.ts/a.ts", "")]);
        let _socket = std::os::unix::net::UnixListener::bind(root.path().join("s.ts")).expect("bound");
        // A pipe in place of the rules would block whoever opens it.
        let pipe = |name: &str| {
            let made = std::process::Command::new("mkfifo").arg(root.path().join(name)).status();
            assert!(made.expect("mkfifo runs").success());
        };
        pipe("p.ts");
        pipe(".gitignore");
        assert_eq!(listing(root.path()), ["folder.ts/a.ts", "- p.ts not-a-regular-file", "- s.ts not-a-regular-file"]);
    }

    #[test]
    fn a_name_that_is_no_text_is_named_as_well_as_it_can_be() {
        let root = folder(&[("a b\n'\"#ü.ts", "")]);
        fs::write(root.path().join(OsStr::from_bytes(b"\xFF.ts")), "").expect("written");
        fs::create_dir(root.path().join(OsStr::from_bytes(b"\xFE"))).expect("made");
        assert_eq!(listing(root.path()), ["a b\n'\"#ü.ts", "- \u{FFFD}.ts name-not-utf8", "- \u{FFFD}/ name-not-utf8"]);
    }

    #[test]
    fn a_folder_that_may_not_be_listed_is_named() {
        use std::os::unix::fs::PermissionsExt;
        let root = folder(&[("locked/a.ts", ""), ("b.ts", "")]);
        let locked = root.path().join("locked");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("set");
        let seen = listing(root.path());
        let readable = fs::read_dir(&locked).is_ok(); // As root it is.
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("set");
        let expected: &[&str] = if readable {
            &["b.ts", "locked/a.ts"]
        } else {
            &["b.ts", "- locked/ unreadable: Permission denied (os error 13)"]
        };
        assert_eq!(seen, expected);
    }
}

fn entry(path: &str, bytes: u64) -> Entry {
    Entry { path: path.into(), stamp: Stamp { bytes, ..Stamp::default() } }
}

#[test]
fn files_are_read_up_to_the_limit() {
    let root = folder(&[("a.ts", "12345")]);
    let read = |bytes, limit| read(root.path(), &entry("a.ts", bytes), limit);
    assert_eq!(read(5, 5).expect("fits").text, "12345");
    assert_eq!(read(5, 4), Err(SkipReason::TooLarge { bytes: 5, limit: 4 }));
    // It has grown since it was listed.
    assert_eq!(read(1, 4), Err(SkipReason::TooLarge { bytes: 5, limit: 4 }));
}

#[test]
fn a_file_that_vanished_is_unreadable() {
    let gone = read(folder(&[]).path(), &entry("a.ts", 1), DEFAULT_MAX_FILE_BYTES);
    assert!(matches!(gone, Err(SkipReason::Unreadable(_))), "{gone:?}");
}

#[test]
fn stamps_tell_an_edit() {
    let root = folder(&[("a.ts", "1")]);
    let stamp = || walk(root.path(), &role).expect("a folder").sources[0].stamp;
    let before = stamp();
    assert_eq!(before, stamp());
    add(root.path(), &[("a.ts", "22")]);
    assert_ne!(before, stamp());
}
