//! Pages of what a project has.

use serde_json::{Map, Value, json};

use super::{Answered, Asked, Kept, Kind, document};
use crate::google_error::GoogleError;

/// Items of a page when not asked for a number, and at most (<https://ai.google.dev/api/files>, November 2026).
const DEFAULT_PAGE: usize = 10;
const MAX_PAGE: usize = 100;

const TOKEN_PREFIX: &str = "page-from-";

pub(super) fn list(kept: &mut Kept, kind: Kind, asked: Asked<'_>) -> Answered {
    let (size, from) = place(asked.query)?;
    let project = asked.project;
    let all: Vec<Value> = match kind {
        Kind::File => kept
            .files
            .of(project)
            .map(|(id, file)| file.describe(id))
            .collect(),
        Kind::Cache => kept
            .caches
            .of(project)
            .map(|(id, cache)| cache.describe(id))
            .collect(),
        Kind::Batch => kept
            .batches
            .of(project)
            .map(|(id, batch)| batch.describe(id))
            .collect(),
    };
    let next = from.saturating_add(size);
    let field = match kind {
        Kind::File | Kind::Cache => kind.collection(),
        Kind::Batch => "operations",
    };
    let mut page = Map::new();
    if next < all.len() {
        let token = format!("{TOKEN_PREFIX}{next}");
        page.insert("nextPageToken".to_owned(), json!(token));
    }
    let items: Vec<Value> = all.into_iter().skip(from).take(size).collect();
    if !items.is_empty() {
        page.insert(field.to_owned(), Value::Array(items));
    }
    Ok(document(&page))
}

/// How many, from where.
fn place(query: &str) -> Result<(usize, usize), GoogleError> {
    let (mut size, mut from) = (DEFAULT_PAGE, 0);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let invalid = || GoogleError::invalid_argument(format!("Invalid value at '{name}'."));
        match &*name {
            "pageSize" => match value.parse() {
                Ok(0) => {}
                Ok(wanted) => size = MAX_PAGE.min(wanted),
                Err(_) => return Err(invalid()),
            },
            "pageToken" if !value.is_empty() => {
                let index = value.strip_prefix(TOKEN_PREFIX);
                from = index
                    .and_then(|index| index.parse().ok())
                    .ok_or_else(invalid)?;
            }
            _ => {}
        }
    }
    Ok((size, from))
}
