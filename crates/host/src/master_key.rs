//! The master key, with which the gateway seals what it stores: where it comes from.
//!
//! Given by hand in the variable `master_key` or in a file; else made once and kept in a file beside the store. The
//! host hands it on and does not look into it: whether it is a good one is the gateway's to say.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gempool_kv::StoreUrl;

/// Bytes of a new key.
const KEY_BYTES: usize = 32;
/// Longest key file, in bytes: a key is 64, the rest is white space.
const FILE_BYTES_MAX: u64 = 1024;
/// File for a store that is not on this machine's disk.
const FILE_OF_A_REMOTE_STORE: &str = "./gempool.key";

/// The key for `store`: `variable` if it is not empty, else what is in `file`, else a new one, which lasts as long as
/// the store does.
///
/// # Errors
///
/// If both are given, or the file cannot be read or made, or others may read it. Never repeats the key.
pub fn find(variable: &str, file: Option<&Path>, store: &StoreUrl) -> anyhow::Result<String> {
    match (variable, file) {
        ("", Some(file)) => {
            read(file).with_context(|| format!("cannot use --master-key-file {}", file.display()))
        }
        ("", None) => match beside(store) {
            Some(file) => read_or_make(&file)
                .with_context(|| format!("cannot use the master key in {}", file.display())),
            None => random(),
        },
        (variable, None) => Ok(variable.to_owned()),
        (_, Some(_)) => anyhow::bail!("give the master key once: MASTER_KEY or --master-key-file"),
    }
}

/// Where the key of a store is kept, or `None` for a store that does not outlive the process. Beside a SQLite file,
/// so that one backup has both; whoever wants them apart says where.
fn beside(store: &StoreUrl) -> Option<PathBuf> {
    match store {
        StoreUrl::Memory => None,
        StoreUrl::Sqlite(path) => {
            let mut name = path.clone().into_os_string();
            name.push(".key");
            Some(name.into())
        }
        StoreUrl::Redis(_) => Some(FILE_OF_A_REMOTE_STORE.into()),
    }
}

fn read_or_make(path: &Path) -> anyhow::Result<String> {
    if !path.exists() {
        make(path)?;
    }
    // Also what was just made: another process may have been quicker.
    read(path)
}

/// Reads a key. The check is of the open file, which nobody can swap any more.
fn read(path: &Path) -> anyhow::Result<String> {
    let file = std::fs::File::open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata()?.permissions().mode();
        anyhow::ensure!(
            mode & 0o077 == 0,
            "other users may read or change it (mode {:03o}): chmod 600 it",
            mode & 0o777
        );
    }
    let mut text = String::new();
    file.take(FILE_BYTES_MAX).read_to_string(&mut text)?;
    let text = text.trim();
    anyhow::ensure!(!text.is_empty(), "it is empty");
    Ok(text.to_owned())
}

/// Makes a file with a new key, whole or not at all, unless there is one by now.
fn make(path: &Path) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Has mode 0600 from the start and a name that nobody else has.
    let mut file = tempfile::Builder::new()
        .prefix(".gempool-key-")
        .tempfile_in(folder)?;
    writeln!(file, "{}", random()?)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(error.error.into()),
    }
    // A key that a power cut could take would take what it sealed along.
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    tracing::warn!(
        file = %path.display(),
        "made a master key; without this file what is stored cannot be read: back it up"
    );
    Ok(())
}

fn random() -> anyhow::Result<String> {
    let mut bytes = [0; KEY_BYTES];
    #[expect(
        clippy::disallowed_methods,
        reason = "a key that only the operating system's generator may make"
    )]
    getrandom::fill(&mut bytes).context("cannot get random bytes")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(folder: &Path) -> StoreUrl {
        StoreUrl::Sqlite(folder.join("a.db"))
    }

    fn write(path: &Path, text: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(path, text).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_key_that_is_given_is_handed_on_and_none_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite(folder.path());
        assert_eq!(find("given", None, &store).unwrap(), "given");
        let file = folder.path().join("key");
        write(&file, "in a file\n", 0o600);
        assert_eq!(find("", Some(&file), &store).unwrap(), "in a file");
        assert!(find("given", Some(&file), &store).is_err());
        assert!(!folder.path().join("a.db.key").exists());
    }

    #[test]
    fn a_key_is_made_once_beside_the_store_and_is_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite(folder.path());
        let key = find("", None, &store).unwrap();
        assert!(key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(find("", None, &store).unwrap(), key);
        let file = folder.path().join("a.db.key");
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn whoever_starts_at_the_same_moment_gets_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite(folder.path());
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| find("", None, &store).unwrap()))
                .collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[test]
    fn a_store_in_memory_has_a_key_of_its_own_each_time() {
        let [one, two] = [(); 2].map(|()| find("", None, &StoreUrl::Memory).unwrap());
        assert_ne!(one, two);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_without_showing_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        for mode in [0o644, 0o640, 0o604, 0o660] {
            write(&file, "secret", mode);
            let error = format!(
                "{:#}",
                find("", Some(&file), &StoreUrl::Memory).unwrap_err()
            );
            assert!(error.contains("chmod 600"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_missing_or_empty_is_refused_where_it_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        assert!(find("", Some(&file), &StoreUrl::Memory).is_err());
        write(&file, " \n", 0o600);
        assert!(find("", Some(&file), &StoreUrl::Memory).is_err());
    }
}
