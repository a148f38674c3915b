//! The documents of the tree: the head points to pools and client keys, a pool's root points to pages of keys.
//!
//! Only what they hold; who reads them is `read.rs`, who writes them `fold/`.

use std::collections::BTreeMap;

use gempool_pool::UnixMillis;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::client_key::ClientKeyId;
use crate::envelope::FORMAT;
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
    /// Fields of a newer version: kept, so that an older one does not lose them.
    #[serde(flatten)]
    pub(crate) unknown: Map<String, Value>,
}

impl HeadBody {
    /// The head of a store that nobody has edited.
    pub(crate) fn empty(clients_secret: Secret) -> Self {
        Self {
            min_reader: FORMAT,
            folded: 0,
            trimmed: 0,
            clients_secret,
            pools: BTreeMap::new(),
            clients: Pages::default(),
            refused: Vec::new(),
            holes: Vec::new(),
            garbage: Garbage::default(),
            unknown: Map::new(),
        }
    }

    /// Notes an edit that changed nothing.
    pub(crate) fn refuse(&mut self, seq: u64, refusal: Refusal) {
        self.refused.push((seq, refusal));
        keep_last(&mut self.refused, MAX_REFUSED);
    }

    /// Notes a number that nobody filled.
    pub(crate) fn skip(&mut self, seq: u64) {
        match self.holes.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(seq) => *last = seq,
            _ => self.holes.push((seq, seq)),
        }
        keep_last(&mut self.holes, MAX_HOLES);
    }

    /// Whether an edit with this number is in the tree, applied or refused. What is older than the oldest hole that is
    /// still noted counts as a hole: an edit that is made twice is better than one that is lost.
    pub(crate) fn includes(&self, seq: u64) -> bool {
        let forgotten = match self.holes.first() {
            Some((first, _)) if self.holes.len() == MAX_HOLES => seq < *first,
            _ => false,
        };
        let is_hole = self
            .holes
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&seq));
        seq <= self.folded && !is_hole && !forgotten
    }

    /// Why the edit changed nothing, if it is so and not too long ago.
    pub(crate) fn refusal(&self, seq: u64) -> Option<Refusal> {
        self.refused
            .iter()
            .find_map(|(refused, refusal)| (*refused == seq).then_some(*refusal))
    }
}

fn keep_last<T>(ring: &mut Vec<T>, most: usize) {
    let surplus = ring.len().saturating_sub(most);
    ring.drain(..surplus);
}

/// Refused edits that a head remembers: an editor looks for its own within seconds. 256 are 7 KiB of the 64.
const MAX_REFUSED: usize = 256;

/// Rows of holes that a head remembers: each one is an editor that crashed. 128 are 4 KiB of the 64.
const MAX_HOLES: usize = 128;

/// Why an edit changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Its object had changed since the editor saw it.
    #[error("it was changed meanwhile")]
    Conflict,
    /// Its pool was not there.
    #[error("the pool is gone")]
    NoPool,
    /// A limit would have been passed.
    #[error("there is no room")]
    Full,
    /// A document that it had to change cannot be read.
    #[error("a document that it would change cannot be read")]
    Damaged,
    /// It cannot be read itself.
    #[error("the edit was damaged in the store")]
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
    /// Fields of a newer version: kept, so that an older one does not lose them.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::MAX_DOCUMENT_BYTES;

    const SEQ: u64 = 999_999_999_999;

    fn page() -> PageRef {
        PageRef {
            doc: Some(DocId(u64::MAX)),
            records: 256,
            enabled: 256,
            weight: 256_000,
        }
    }

    #[test]
    fn the_largest_head_fits_into_its_document_flt31() {
        let mut head = HeadBody::empty(Secret([0xff; 32]));
        (head.folded, head.trimmed) = (SEQ, SEQ);
        for number in 0..crate::validate::MAX_POOLS {
            let id = format!("{number:032}").parse().unwrap();
            head.pools.insert(id, DocId(u64::MAX));
        }
        head.clients = Pages {
            bits: 9,
            pages: vec![page(); 512],
        };
        for number in 0..2 * SEQ.min(1_000) {
            head.refuse(SEQ + number, Refusal::Unreadable);
            head.skip(SEQ + 2 * number);
        }
        let at = UnixMillis(1_800_000_000_000);
        head.garbage.young = vec![
            Dropped {
                at,
                seq: SEQ,
                docs: vec![DocId(u64::MAX)],
            };
            crate::fold::MAX_YOUNG
        ];
        head.garbage.lists = vec![
            DroppedList {
                at,
                seq: SEQ,
                doc: DocId(u64::MAX),
                done: 2_000,
            };
            crate::fold::MAX_LISTS
        ];
        let bytes = serde_json::to_vec(&head).unwrap().len();
        assert!(bytes < MAX_DOCUMENT_BYTES - 1_024, "{bytes}");
    }

    #[test]
    fn the_largest_root_fits_into_its_document_flt31() {
        let id = "a".parse().unwrap();
        let root = Root {
            config: PoolConfig::new(id, UnixMillis(0)),
            keys: Pages {
                bits: 10,
                pages: vec![page(); 1_024],
            },
            unknown: Map::new(),
        };
        let bytes = serde_json::to_vec(&root).unwrap().len() + crate::validate::MAX_CONFIG_BYTES;
        assert!(bytes < MAX_DOCUMENT_BYTES - 1_024, "{bytes}");
    }

    #[test]
    fn holes_are_remembered_as_rows_and_the_oldest_are_forgotten() {
        let mut head = HeadBody::empty(Secret([1; 32]));
        for seq in [3, 4, 5, 9] {
            head.skip(seq);
        }
        head.folded = 10;
        assert_eq!(head.holes, [(3, 5), (9, 9)]);
        for (seq, included) in [
            (2, true),
            (3, false),
            (5, false),
            (6, true),
            (9, false),
            (11, false),
        ] {
            assert_eq!(head.includes(seq), included, "{seq}");
        }
        for number in 10..10 + 128 {
            head.skip(2 * number);
        }
        head.folded = 1_000;
        assert!(
            !head.includes(9),
            "an edit that is made twice is better than one that is lost"
        );
        assert!(head.includes(21));
    }

    #[test]
    fn references_are_short() {
        assert_eq!(
            serde_json::to_string(&page()).unwrap(),
            r#"["ffffffffffffffff",256,256,256000]"#
        );
        assert_eq!(
            serde_json::to_string(&Pages::default()).unwrap(),
            r#"{"bits":0,"pages":[[null,0,0,0]]}"#
        );
    }
}
