//! Writing for people and for scripts: lines to standard output, remarks to standard error.

use std::io::{self, Write};

use anyhow::Result;

/// Writes to standard output: results only, so that it can be piped.
///
/// # Errors
/// When nobody reads any more.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes a line to standard error: what a person wants to know and a script does not.
pub(crate) fn remark(line: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "{line}");
}

/// A table with aligned columns; no row, no table.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let longest = cells.map(|cell| cell.chars().count()).max();
        let title = head.get(column).map_or(0, |title| title.chars().count());
        longest.unwrap_or(0).max(title)
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |cells: [&str; N]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        let line = padded.collect::<Vec<_>>().join("  ");
        line.trim_end().to_owned() + "\n"
    };
    let mut text = line(head);
    for row in rows {
        text.push_str(&line(row.each_ref().map(String::as_str)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            ["a".to_owned(), "1".to_owned()],
            ["longer".to_owned(), String::new()],
        ];
        assert_eq!(
            table(["NAME", "N"], &rows),
            "NAME    N\na       1\nlonger\n"
        );
    }
}
