//! What a client is told of an upload under way: enough to find its key again without any other credential.

use std::fmt;

use gempool_state::PoolId;

use crate::upload::{UploadId, id_in};

/// The name of an upload in addresses of ours: its pool and Google's id, joined by a dot, which no pool's id has.
/// A secret of the client that began the upload, as Google's id is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadTicket {
    pub(super) pool: PoolId,
    pub(super) id: UploadId,
}

impl UploadTicket {
    /// From the query of an address; `None` for what cannot be one. Whether there is such a pool, and such an upload
    /// in it, shows when it is looked for.
    pub fn of_query(query: &str) -> Option<Self> {
        let (pool, id) = id_in(query)?.split_once('.')?;
        Some(Self {
            pool: pool.parse().ok()?,
            id: UploadId::parse(id)?,
        })
    }

    /// As it stands in an address, where it needs no escapes.
    pub fn reveal(&self) -> impl fmt::Display + '_ {
        let Self { pool, id } = self;
        fmt::from_fn(move |f| write!(f, "{pool}.{}", id.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_comes_back_as_it_was_given() {
        for (pool, id) in [("env", "AbC-9_x"), ("team-a", "a.b..c"), ("0", "0")] {
            let ticket = UploadTicket {
                pool: pool.parse().unwrap(),
                id: UploadId::parse(id).unwrap(),
            };
            let query = format!("upload_id={}&upload_protocol=resumable", ticket.reveal());
            assert_eq!(UploadTicket::of_query(&query), Some(ticket), "{query}");
        }
    }

    #[test]
    fn what_cannot_be_a_ticket_is_none() {
        let long = format!("upload_id=env.{}", "a".repeat(2_000));
        for query in [
            "",
            "upload_protocol=resumable",
            "upload_id=",
            "upload_id=Abc",
            "upload_id=env.",
            "upload_id=.Abc",
            "upload_id=Env.Abc",
            "upload_id=a_b.Abc",
            "upload_id=-a.Abc",
            "upload_id=env.a%2f..",
            "upload_id=env.a/b",
            "upload_id=env.a&upload_id=env.b",
            &long,
        ] {
            assert_eq!(UploadTicket::of_query(query), None, "{query}");
        }
    }

    #[test]
    fn debug_hides_the_secret_part() {
        let ticket = UploadTicket::of_query("upload_id=env.Abc").unwrap();
        assert!(!format!("{ticket:?}").contains("Abc"));
    }
}
