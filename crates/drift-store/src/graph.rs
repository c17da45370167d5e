//! The call graph as rows, and back.

use drift_graph::{CallGraph, Function, Site, Target};
use drift_text::LineSpan;
use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::{FileRow, plain};

/// Replaces the saved graph; its checksum comes back.
pub fn write_graph(connection: &Connection, graph: &CallGraph, files: &[FileRow]) -> rusqlite::Result<u128> {
    connection.execute_batch("DELETE FROM target; DELETE FROM site; DELETE FROM function; DELETE FROM external;")?;
    write_functions(connection, &graph.functions, files)?;
    write_sites(connection, &graph.sites)?;
    Ok(checksum(graph))
}

/// The saved graph and its checksum; `None` when rows contradict each other.
pub fn read_graph(connection: &Connection, files: &[FileRow]) -> rusqlite::Result<Option<(CallGraph, u128)>> {
    let Some(functions) = read_functions(connection, files)? else { return Ok(None) };
    let Some(mut sites) = read_sites(connection)? else { return Ok(None) };
    if !read_targets(connection, &mut sites)? {
        return Ok(None);
    }
    let in_range = |function: u32| (function as usize) < functions.len();
    let sound = sites.iter().all(|site| {
        (site.file as usize) < files.len()
            && site.caller.is_none_or(in_range)
            && site.targets.iter().all(|target| match target {
                Target::Function { function, .. } => in_range(*function),
                Target::Module { file, .. } => (*file as usize) < files.len(),
                Target::External { .. } => true,
            })
    });
    let graph = CallGraph { functions, sites };
    let check = checksum(&graph);
    Ok(sound.then_some((graph, check)))
}

fn checksum(graph: &CallGraph) -> u128 {
    let mut hasher = Xxh3::new();
    let mut buffer = Vec::with_capacity(256);
    let mut feed = |row: Vec<u8>| {
        hasher.update(&row);
        row
    };
    for row in &graph.functions {
        buffer.clear();
        buffer = feed(plain::append(row, buffer));
    }
    for row in &graph.sites {
        buffer.clear();
        buffer = feed(plain::append(row, buffer));
    }
    hasher.digest128()
}

fn write_functions(connection: &Connection, functions: &[Function], files: &[FileRow]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        r#"INSERT INTO function (id, file, symbol, name, kind, line, "column", end_line, end_column)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"#,
    )?;
    for (id, function) in functions.iter().enumerate() {
        let path = &files[function.file as usize].path;
        let symbol = function.id.strip_prefix(path.as_str()).expect("an id starts with its file's path");
        let span = function.span;
        insert.execute((
            id as u32,
            function.file,
            symbol,
            &function.name,
            code(&function.kind)[0],
            span.line,
            span.column,
            span.end_line,
            span.end_column,
        ))?;
    }
    Ok(())
}

fn write_sites(connection: &Connection, sites: &[Site]) -> rusqlite::Result<()> {
    let mut site_insert = connection.prepare(
        r#"INSERT INTO site (id, file, kind, line, "column", end_line, end_column, caller, status, reason)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"#,
    )?;
    let mut target_insert = connection.prepare(
        "INSERT INTO target (site, rank, function, module, external, probability) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut external_insert = connection.prepare("INSERT INTO external (id, name) VALUES (?1, ?2)")?;
    let mut externals: FxHashMap<&str, u32> = FxHashMap::default();
    for (id, site) in sites.iter().enumerate() {
        let (id, span) = (id as u32, site.span);
        let status = code(&site.status);
        site_insert.execute((
            id,
            site.file,
            code(&site.kind)[0],
            span.line,
            span.column,
            span.end_line,
            span.end_column,
            site.caller,
            status[0],
            status.get(1),
        ))?;
        for (rank, target) in site.targets.iter().enumerate() {
            let (function, module, external, probability) = match target {
                Target::Function { function, probability } => (Some(*function), None, None, *probability),
                Target::Module { file, probability } => (None, Some(*file), None, *probability),
                Target::External { name, probability } => {
                    let next = externals.len() as u32;
                    let external = *externals.entry(name).or_insert(next);
                    if external == next {
                        external_insert.execute((external, name))?;
                    }
                    (None, None, Some(external), *probability)
                }
            };
            target_insert.execute((id, rank as u32, function, module, external, f64::from(probability)))?;
        }
    }
    Ok(())
}

fn read_functions(connection: &Connection, files: &[FileRow]) -> rusqlite::Result<Option<Vec<Function>>> {
    let mut select = connection.prepare(
        r#"SELECT line, "column", end_line, end_column, file, symbol, name, kind FROM function ORDER BY id"#,
    )?;
    let mut rows = select.query([])?;
    let mut functions = Vec::new();
    while let Some(row) = rows.next()? {
        let file: u32 = row.get(4)?;
        let (Some(at), Some(kind)) = (files.get(file as usize), decode(&[row.get(7)?])) else { return Ok(None) };
        let id = format!("{}{}", at.path, row.get_ref(5)?.as_str()?);
        functions.push(Function { file, id, name: row.get(6)?, kind, span: span(row)? });
    }
    Ok(Some(functions))
}

fn read_sites(connection: &Connection) -> rusqlite::Result<Option<Vec<Site>>> {
    let mut select = connection.prepare(
        r#"SELECT line, "column", end_line, end_column, file, kind, caller, status, reason FROM site ORDER BY id"#,
    )?;
    let mut rows = select.query([])?;
    let mut sites = Vec::new();
    while let Some(row) = rows.next()? {
        let status = match row.get::<_, Option<u8>>(8)? {
            Some(reason) => decode(&[row.get(7)?, reason]),
            None => decode(&[row.get(7)?]),
        };
        let (Some(kind), Some(status)) = (decode(&[row.get(5)?]), status) else { return Ok(None) };
        let (file, caller) = (row.get(4)?, row.get(6)?);
        sites.push(Site { file, kind, span: span(row)?, caller, status, targets: Vec::new() });
    }
    Ok(Some(sites))
}

/// Whether every target has its site.
fn read_targets(connection: &Connection, sites: &mut [Site]) -> rusqlite::Result<bool> {
    let mut select = connection.prepare("SELECT name FROM external ORDER BY id")?;
    let externals: Vec<String> = select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut select =
        connection.prepare("SELECT site, function, module, external, probability FROM target ORDER BY site, rank")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let Some(site) = sites.get_mut(row.get::<_, u32>(0)? as usize) else { return Ok(false) };
        let probability = row.get::<_, f64>(4)? as f32;
        let target = match (row.get(1)?, row.get(2)?, row.get::<_, Option<u32>>(3)?) {
            (Some(function), None, None) => Target::Function { function, probability },
            (None, Some(file), None) => Target::Module { file, probability },
            (None, None, Some(external)) => match externals.get(external as usize) {
                Some(name) => Target::External { name: name.clone(), probability },
                None => return Ok(false),
            },
            _ => return Ok(false),
        };
        site.targets.push(target);
    }
    Ok(true)
}

fn span(row: &Row<'_>) -> rusqlite::Result<LineSpan> {
    Ok(LineSpan { line: row.get(0)?, column: row.get(1)?, end_line: row.get(2)?, end_column: row.get(3)? })
}

/// An enum's variant number, and behind it that of the enum it carries.
fn code<T: Serialize>(value: &T) -> Vec<u8> {
    plain::append(value, Vec::new())
}

fn decode<'d, T: Deserialize<'d>>(code: &'d [u8]) -> Option<T> {
    postcard::from_bytes(code).ok()
}
