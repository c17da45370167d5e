use rusqlite::Connection;

/// `DRFT`, in the header of every index.
pub const APPLICATION_ID: i32 = 0x4452_4654;

/// In order; the database's `user_version` says how many it has had.
const MIGRATIONS: &[&str] = &[include_str!("migrations/001_index.sql"), include_str!("migrations/002_blocks.sql")];

/// What a database file turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// Ours, and up to date.
    Current,
    /// Not made by Drift.
    Foreign,
    /// Made by a later Drift.
    Newer,
}

/// Brings an empty or older index up to date, in one transaction per step.
pub fn migrate(connection: &mut Connection) -> rusqlite::Result<Kind> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let empty = application == 0 && version == 0 && tables == 0;
    if application != APPLICATION_ID && !empty {
        return Ok(Kind::Foreign);
    }
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > MIGRATIONS.len() {
        return Ok(Kind::Newer);
    }
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", step as u32 + 1)?;
        transaction.commit()?;
    }
    Ok(Kind::Current)
}
