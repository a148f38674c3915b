//! The documents of the tree: the head points to pools and client keys, a pool's root points to pages of keys.
//!
//! Only what they hold; who reads them is `read.rs`, who writes them `fold/`.

use std::collections::BTreeMap;

use gempool_pool::UnixMillis;
use serde::{Deserialize, Serialize};

use crate::client_key::ClientKeyId;
use crate::names::DocId;
use crate::pool_config::{PoolConfig, PoolId};
use crate::vault::{Secret, Writing};

/// Everything there is, at one moment.
#[derive(Clone, Debug)]
pub struct Head {
    pub(crate) body: HeadBody,
    /// Which writing it is; none while it is only being made.
    pub(crate) writing: Option<Writing>,
}

/// What the document says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct HeadBody {
    /// The oldest format whose readers understand what it points to.
    pub(crate) min_reader: u8,
    /// The last edit that is in it.
    pub(crate) folded: u64,
    /// The last edit whose operation is no longer kept.
    pub(crate) trimmed: u64,
    /// What client keys are named with. It outlives the master key that it was made of.
    #[serde(with = "secret")]
    pub(crate) clients_secret: Secret,
    pub(crate) pools: BTreeMap<PoolId, DocId>,
    pub(crate) clients: Pages,
    /// The last edits that were refused, oldest first.
    pub(crate) refused: Vec<(u64, Refusal)>,
    /// The last numbers that nobody filled, as first and last of each row, oldest first.
    pub(crate) holes: Vec<(u64, u64)>,
    pub(crate) garbage: Garbage,
}

/// Why an edit changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Its object had changed since the editor saw it.
    Conflict,
    /// Its pool was not there.
    NoPool,
    /// A limit would have been passed.
    Full,
    /// A document that it had to change cannot be read.
    Damaged,
    /// It cannot be read itself.
    Unreadable,
}

/// Documents that nothing points to any more.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Garbage {
    /// The youngest, by the fold that dropped them.
    pub(crate) young: Vec<Dropped>,
    /// Lists of older ones.
    pub(crate) lists: Vec<DroppedList>,
}

/// What one fold dropped.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dropped {
    pub(crate) at: UnixMillis,
    pub(crate) seq: u64,
    pub(crate) docs: Vec<DocId>,
}

/// A document that lists dropped documents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DroppedList {
    pub(crate) at: UnixMillis,
    pub(crate) seq: u64,
    pub(crate) doc: DocId,
    /// How many of the list are deleted.
    pub(crate) done: usize,
}

/// Records spread over 2^bits pages by the first bits of their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// How many bits number the pages.
    pub bits: u8,
    /// The pages in order.
    pub pages: Vec<PageRef>,
}

impl Default for Pages {
    /// One page with nothing in it.
    fn default() -> Self {
        Self {
            bits: 0,
            pages: vec![PageRef::EMPTY],
        }
    }
}

/// Where a page is, and what can be known without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "PageTuple", into = "PageTuple")]
pub struct PageRef {
    /// Its document; none if it has no record. Another content has another one.
    pub doc: Option<DocId>,
    /// Its records.
    pub records: u32,
    /// Those of them that are not disabled.
    pub enabled: u32,
    /// The weights of those together.
    pub weight: u64,
}

impl PageRef {
    /// A page with nothing in it.
    pub const EMPTY: Self = Self {
        doc: None,
        records: 0,
        enabled: 0,
        weight: 0,
    };
}

/// In documents, a thousand references need to be short.
type PageTuple = (Option<DocId>, u32, u32, u64);

impl From<PageTuple> for PageRef {
    fn from((doc, records, enabled, weight): PageTuple) -> Self {
        Self {
            doc,
            records,
            enabled,
            weight,
        }
    }
}

impl From<PageRef> for PageTuple {
    fn from(page: PageRef) -> Self {
        (page.doc, page.records, page.enabled, page.weight)
    }
}

/// Where a pool's root is. Another content has another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootRef {
    /// Its document.
    pub doc: DocId,
}

/// A pool without its keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Root {
    /// What its admin decided.
    pub config: PoolConfig,
    /// Where its keys are.
    pub keys: Pages,
}

impl Root {
    /// How many keys the pool has.
    pub fn key_count(&self) -> u64 {
        self.keys.records()
    }
}

impl Pages {
    /// How many records there are.
    pub fn records(&self) -> u64 {
        self.pages.iter().map(|page| u64::from(page.records)).sum()
    }

    /// The page with this number.
    pub fn page(&self, number: usize) -> PageRef {
        self.pages.get(number).copied().unwrap_or(PageRef::EMPTY)
    }
}

impl Head {
    /// The last edit that is in it. A head with a smaller number than one seen before is older: who meets one folds
    /// ([`crate::Ledger::fold`]), which brings back what it lacks.
    pub fn folded(&self) -> u64 {
        self.body.folded
    }

    /// The pools by id.
    pub fn pools(&self) -> impl Iterator<Item = (&PoolId, RootRef)> {
        self.body
            .pools
            .iter()
            .map(|(id, doc)| (id, RootRef { doc: *doc }))
    }

    /// Where this pool is.
    pub fn pool(&self, id: &PoolId) -> Option<RootRef> {
        self.body.pools.get(id).map(|doc| RootRef { doc: *doc })
    }

    /// Where client keys are.
    pub fn clients(&self) -> &Pages {
        &self.body.clients
    }

    /// The page that has this client key, if any has.
    pub fn client_page(&self, id: ClientKeyId) -> PageRef {
        self.body.clients.page(id.page(self.body.clients.bits))
    }

    /// What a client key is called. It depends on this store's secret and on nothing that a rotation of the master
    /// key changes.
    pub fn client_key_id(&self, client_key: &str) -> ClientKeyId {
        self.body.clients_secret.client_key_id(client_key)
    }
}

/// A secret in a sealed document, as hexadecimal digits.
mod secret {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use crate::master_key::MasterKey;
    use crate::vault::Secret;

    pub(super) fn serialize<S: Serializer>(
        secret: &Secret,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text: String = secret.0.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Secret, D::Error> {
        let key: MasterKey = String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)?;
        Ok(Secret(*key.bytes()))
    }
}
