use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::StoreError;
use crate::migrate::{Kind, migrate};

/// How long a writer waits for another one. Writing a million lines' index takes about a second.
const BUSY_TIMEOUT: Duration = Duration::from_mins(1);

/// An open index.
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
}

/// What [`Store::open`] gives.
pub struct Opened {
    /// Ready to use.
    pub store: Store,
    /// What was set aside to get there, as a sentence; `None` when nothing was.
    pub warning: Option<String>,
}

impl Store {
    /// Opens the index at `path`, made anew when there is none. A file there that is damaged, foreign or of a later
    /// Drift is kept beside it as `….unusable`, and an empty index takes its place.
    ///
    /// # Errors
    /// [`StoreError::Folder`] and [`StoreError::Database`] when nothing can be written there.
    pub fn open(path: &Path) -> Result<Opened, StoreError> {
        let folder_error = |source| StoreError::Folder { path: path.to_owned(), source };
        prepare_folder(path).map_err(folder_error)?;
        // Held while the file may be replaced; the system lets go of it when the process dies, however it does.
        let lock = File::create(with_suffix(path, ".lock")).map_err(folder_error)?;
        lock.lock().map_err(folder_error)?;
        match Self::connect(path) {
            Ok((store, Kind::Current)) => Ok(Opened { store, warning: None }),
            Ok((store, Kind::Foreign)) => {
                drop(store);
                Self::replace(path, "was not made by Drift")
            }
            Ok((store, Kind::Newer)) => {
                drop(store);
                Self::replace(path, "was made by a later Drift")
            }
            Err(StoreError::Corrupt { .. }) => Self::replace(path, "is damaged"),
            Err(error) => Err(error),
        }
    }

    /// Opens the index at `path` if there is one that can be read; `None` otherwise. Makes and replaces nothing.
    ///
    /// # Errors
    /// [`StoreError::Locked`]
    pub fn open_existing(path: &Path) -> Result<Option<Self>, StoreError> {
        if !path.is_file() {
            return Ok(None);
        }
        match Self::connect(path) {
            Ok((store, Kind::Current)) => Ok(Some(store)),
            Err(error @ StoreError::Locked { .. }) => Err(error),
            Ok(_) | Err(_) => Ok(None),
        }
    }

    /// Sets a damaged index aside and opens an empty one.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn reset(self) -> Result<Opened, StoreError> {
        let path = self.path.clone();
        drop(self);
        let lock = File::create(with_suffix(&path, ".lock"));
        let lock = lock.and_then(|file| file.lock().map(|()| file));
        let _lock = lock.map_err(|source| StoreError::Folder { path: path.clone(), source })?;
        Self::replace(&path, "is damaged")
    }

    /// Lets the database grow to no more than so many pages, as a full disk would; it never shrinks by this.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.sql(|db| db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())))
    }

    /// Moves what is in the log into the database, after much was written.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the disk is full or refuses; what was saved stays saved.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.sql(|db| db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
    }

    fn connect(path: &Path) -> Result<(Self, Kind), StoreError> {
        let connect = || {
            let mut connection = Connection::open(path)?;
            connection.busy_timeout(BUSY_TIMEOUT)?;
            let kind = migrate(&mut connection)?;
            if kind == Kind::Current {
                // With these a crash of the process loses nothing, one of the machine at most the last index.
                connection.pragma_update(None, "journal_mode", "wal")?;
                connection.pragma_update(None, "synchronous", "normal")?;
                // Rows refer to each other by ids that were just made, so checking each reference would prove nothing.
                connection.pragma_update(None, "foreign_keys", false)?;
                // What is in the log is read from there; moving it at each close would make a small edit wait for the disk.
                connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            }
            Ok((connection, kind))
        };
        let (connection, kind) = connect().map_err(|error| StoreError::sqlite(path, error))?;
        Ok((Self { connection, path: path.to_owned() }, kind))
    }

    fn replace(path: &Path, fault: &str) -> Result<Opened, StoreError> {
        let aside = with_suffix(path, ".unusable");
        let moved = fs::rename(path, &aside)
            .and_then(|()| remove(&with_suffix(path, "-wal")))
            .and_then(|()| remove(&with_suffix(path, "-shm")));
        moved.map_err(|source| StoreError::Folder { path: path.to_owned(), source })?;
        let (store, _) = Self::connect(path)?;
        let warning = format!("the index {} {fault}: kept as {}, and built anew", path.display(), aside.display());
        Ok(Opened { store, warning: Some(warning) })
    }

    pub(crate) fn sql<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        work(&self.connection).map_err(|source| StoreError::sqlite(&self.path, source))
    }
}

/// Makes the folder; one that is Drift's own keeps itself out of version control.
fn prepare_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder)?;
    let rules = folder.join(".gitignore");
    if folder.file_name().is_some_and(|name| name == ".drift") && !rules.exists() {
        fs::write(rules, "*\n")?;
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
