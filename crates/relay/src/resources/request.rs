//! What may be asked about resources, read from path, query and body by the edge.

use bytes::Bytes;
use gempool_translate::native::{BatchOf, ResourceKind};

use super::UploadTicket;
use crate::upload::{UploadHead, UploadHeaders};

/// A request about resources, uploads apart.
#[derive(Debug)]
pub enum ResourceRequest<'a> {
    /// A page of the client's own.
    List {
        /// Of which kind.
        kind: ResourceKind,
        /// How many, if the client says so.
        size: Option<u16>,
        /// Where the last page ended; empty for the first.
        token: &'a str,
    },
    /// One.
    Get(ResourceKind, &'a str),
    /// Ends one.
    Delete(ResourceKind, &'a str),
    /// Stops a batch.
    CancelBatch(&'a str),
    /// Prolongs a cache.
    UpdateCache {
        /// Which one.
        id: &'a str,
        /// What is changed.
        mask: Option<&'a str>,
        /// To what.
        body: Bytes,
    },
    /// Makes a cache.
    CreateCache(Bytes),
    /// Makes a batch.
    StartBatch {
        /// As the client wrote it.
        model: &'a str,
        /// Of what.
        of: BatchOf,
        /// Of which requests.
        body: Bytes,
    },
}

/// A request that begins an upload, or is one.
#[derive(Debug)]
pub struct NewUpload {
    /// What its headers say.
    pub headers: UploadHeaders,
    /// The file's description, the file, or both.
    pub body: Bytes,
}

/// An answer with status 200.
#[derive(Debug)]
pub struct ResourceReply {
    /// JSON of Google, or nothing.
    pub body: Bytes,
    /// How an upload stands.
    pub upload: UploadHead,
    /// Of the upload that has begun.
    pub ticket: Option<UploadTicket>,
}

impl ResourceReply {
    pub(super) fn of(body: Bytes) -> Self {
        Self {
            body,
            upload: UploadHead::default(),
            ticket: None,
        }
    }
}
