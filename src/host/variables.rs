//! Reads the deployment's variables from the host. What they mean is `gempool-relay`'s `settings`.

use std::collections::BTreeMap;

use gempool_relay::{SettingsError, VARIABLES};
use spin_sdk::variables::{Error, get};

/// Every variable that is set, by name.
///
/// # Errors
/// When the host's provider fails. An undefined variable is not an error, it has a default.
pub(super) async fn read_all() -> Result<BTreeMap<&'static str, String>, SettingsError> {
    let mut values = BTreeMap::new();
    for variable in VARIABLES {
        match get(variable.name).await {
            Ok(value) => {
                values.insert(variable.name, value);
            }
            Err(Error::Undefined(_)) => {}
            // The provider's own text could hold an address or a token: it is not repeated.
            Err(_) => {
                return Err(SettingsError {
                    name: variable.name,
                    problem: "the host's variable provider did not answer".to_owned(),
                });
            }
        }
    }
    Ok(values)
}
