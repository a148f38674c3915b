//! Turns `ui/dist` into the table that `src/site.rs` includes: type, entity tag and compressed
//! variants of each file, computed once here so that the component never has to.
//!
//! It does not build the page; `cargo xtask build` does, before it builds the component.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Where Vite writes the page, relative to this package.
const DIST: &str = "ui/dist";

/// All files together, uncompressed, in bytes: three times what the budget of 150 kB gzip for the
/// whole page comes to, so that a stray video or source map fails the build and not the user.
const MAX_TOTAL_BYTES: usize = 2 * 1024 * 1024;

/// Most of SHA-256 that is of use in a tag, in bytes: 128 bits make a chance collision impossible.
const ETAG_BYTES: usize = 16;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let dist = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join(DIST);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={DIST}");

    let files = if dist.join("index.html").is_file() {
        list_files(&dist)?
    } else if env::var("CARGO_CFG_TARGET_ARCH")? == "wasm32" {
        return Err(format!(
            "the web page is not built ({DIST}/index.html is missing): run `cargo xtask build`"
        )
        .into());
    } else {
        println!("cargo::warning=the web page is not built: `cargo xtask build` makes it");
        Vec::new()
    };

    let mut table = String::from("&[\n");
    let mut total_bytes = 0;
    for file in files {
        let bytes = fs::read(&file)?;
        total_bytes += bytes.len();
        write_asset(&mut table, &out, &relative_path(&dist, &file)?, &bytes)?;
    }
    if total_bytes > MAX_TOTAL_BYTES {
        return Err(format!(
            "{DIST} holds {total_bytes} bytes, more than {MAX_TOTAL_BYTES}: find what does not belong there"
        )
        .into());
    }
    table.push_str("]\n");
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

/// All files below `folder`; the table is sorted by relative path, which is what `Site::find` needs.
fn list_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    // By the text of the relative path: comparing `Path` would compare component by component.
    files.sort_by_cached_key(|file| relative_path(folder, file).ok());
    Ok(files)
}

fn relative_path(root: &Path, file: &Path) -> Result<String> {
    let path = file
        .strip_prefix(root)?
        .to_str()
        .ok_or("name is not UTF-8")?;
    Ok(path.replace('\\', "/"))
}

fn write_asset(table: &mut String, out: &Path, path: &str, bytes: &[u8]) -> Result<()> {
    let lifetime = if is_content_hashed(path) {
        "Immutable"
    } else {
        "Revalidate"
    };
    writeln!(
        table,
        "Asset {{ path: {path:?}, content_type: {:?}, lifetime: Lifetime::{lifetime}, identity: {}, gzip: {}, brotli: {} }},",
        content_type(path)?,
        variant(out, bytes)?,
        smaller_variant(out, &gzip(bytes)?, bytes)?,
        smaller_variant(out, &brotli(bytes)?, bytes)?,
    )?;
    Ok(())
}

fn smaller_variant(out: &Path, encoded: &[u8], original: &[u8]) -> Result<String> {
    if encoded.len() < original.len() {
        Ok(format!("Some({})", variant(out, encoded)?))
    } else {
        Ok("None".to_owned())
    }
}

/// Stores the bytes under the name of their hash and returns the expression that embeds them.
fn variant(out: &Path, bytes: &[u8]) -> Result<String> {
    let hash: String = Sha256::digest(bytes)
        .iter()
        .take(ETAG_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let file = out.join(&hash);
    fs::write(&file, bytes)?;
    let etag = format!("\"{hash}\"");
    Ok(format!(
        "Variant {{ bytes: include_bytes!({file:?}), etag: {etag:?} }}"
    ))
}

/// Vite names such files `assets/<name>-<eight characters of base64url>.<extension>`.
fn is_content_hashed(path: &str) -> bool {
    const HASH_LENGTH: usize = 8;
    let Some(name) = path.strip_prefix("assets/") else {
        return false;
    };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let Some((head, hash)) = stem
        .len()
        .checked_sub(HASH_LENGTH)
        .and_then(|at| stem.split_at_checked(at))
    else {
        return false;
    };
    head.ends_with('-')
        && hash
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Guessing would let a browser guess too, so a new kind of file must be added here.
fn content_type(path: &str) -> Result<&'static str> {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    Ok(match extension {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "png" => "image/png",
        "svg" => "image/svg+xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => return Err(format!("{path}: no content type known, add it to admin/build.rs").into()),
    })
}

/// No name and no time in the header, so that the same input gives the same bytes.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut encoded, &parameters)?;
    Ok(encoded)
}
