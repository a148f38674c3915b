//! What the store was made with: who cannot read it must not write it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::envelope::{self, Damage, FORMAT};
use crate::names::SCHEMA;
use crate::ports::{DocumentStore, StoreUnavailable};
use crate::read::ReadError;
use crate::vault::Vault;

/// The document. Plain, because it must be readable with any master key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Schema {
    /// The format of what was written last.
    format: u8,
    /// The oldest format whose readers understand all of it.
    min_reader: u8,
    /// A digest of the master key, as a number.
    check: String,
    /// Fields of a newer version: kept, so that an older one does not lose them.
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// What the schema says of the master key.
#[derive(Clone, Debug)]
pub(crate) enum Made {
    /// There is none: nobody has edited anything.
    Never,
    /// It is the current one.
    WithCurrentKey,
    /// It is the previous one.
    WithPreviousKey(Schema),
}

/// Whether this version and this master key may read and write the store; `false` if nothing was ever written.
///
/// # Errors
/// [`ReadError::WrongMasterKey`], [`ReadError::TooNew`], or that the schema cannot be read.
pub async fn check_schema(store: &dyn DocumentStore, vault: &Vault) -> Result<bool, ReadError> {
    Ok(!matches!(read(store, vault).await?, Made::Never))
}

pub(crate) async fn read(store: &dyn DocumentStore, vault: &Vault) -> Result<Made, ReadError> {
    #[derive(Deserialize)]
    struct Format {
        min_reader: u8,
    }

    let Some(document) = store.get(SCHEMA).await? else {
        return Ok(Made::Never);
    };
    let damaged = |damage| ReadError::damaged(SCHEMA, damage);
    // The format before the rest, which a newer format may have changed.
    let format: Format = envelope::from_plain(SCHEMA, &document).map_err(damaged)?;
    if format.min_reader > FORMAT {
        return Err(ReadError::TooNew(format.min_reader));
    }
    let schema: Schema = envelope::from_plain(SCHEMA, &document).map_err(damaged)?;
    let check = u128::from_str_radix(&schema.check, 16)
        .map_err(|_| damaged(Damage::OtherType))?
        .to_be_bytes();
    if check == vault.check() {
        Ok(Made::WithCurrentKey)
    } else if vault.recognizes(check) {
        Ok(Made::WithPreviousKey(schema))
    } else {
        Err(ReadError::WrongMasterKey)
    }
}

/// Writes the schema where there is none, or one of the previous master key.
pub(crate) async fn settle(
    store: &dyn DocumentStore,
    vault: &Vault,
    made: Made,
) -> Result<(), StoreUnavailable> {
    let check = format!("{:032x}", u128::from_be_bytes(vault.check()));
    let schema = match made {
        Made::WithCurrentKey => return Ok(()),
        Made::Never => Schema {
            format: FORMAT,
            min_reader: FORMAT,
            check,
            unknown: Map::new(),
        },
        Made::WithPreviousKey(schema) => Schema { check, ..schema },
    };
    let document =
        envelope::to_plain(SCHEMA, &schema).map_err(|error| StoreUnavailable(error.to_string()))?;
    store.set(SCHEMA, document).await
}
