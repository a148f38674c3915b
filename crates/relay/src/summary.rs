//! The summary of a large pool in the store: one document that tells which pages have new marks, and which have no
//! usable key.
//!
//! What is in it is `gempool-pool`'s. It speaks of certain pages: one that was written for others, because keys have come
//! or gone since, is passed over and replaced, or keys that came would be hidden by what was true before them.

use gempool_pool::Summary;
use gempool_state::{read_plain, summary_name, write_plain};
use serde::{Deserialize, Serialize};

use crate::access::Unread;
use crate::gateway::Gateway;
use crate::pool_runtime::PoolRuntime;

#[derive(Serialize, Deserialize)]
struct Document {
    /// Which pages it speaks of.
    layout: u64,
    summary: Summary,
}

impl Gateway {
    /// Takes in what the others told of the pool.
    pub(crate) async fn read_summary(&self, pool: &PoolRuntime) -> Result<(), Unread> {
        let name = summary_name(&pool.id);
        let document = self.ask_store(read_plain(self.documents(), &name)).await;
        pool.summary_read.set(true);
        // A damaged one says nothing, and is replaced by the next that is written.
        let document: Option<Document> = match document {
            Err(Unread::Away) => return Err(Unread::Away),
            Err(Unread::Damaged) => None,
            Ok(document) => document,
        };
        if let Some(document) = document.filter(|document| document.layout == pool.layout()) {
            let now = self.host.now();
            let mut keys = pool.keys.borrow_mut();
            keys.merge_summary(&document.summary, now);
        }
        Ok(())
    }

    /// Adds what this instance knows. A pool of one page has none.
    pub(crate) async fn write_summary(&self, pool: &PoolRuntime) -> Result<(), Unread> {
        self.read_summary(pool).await?;
        let Some(summary) = pool.keys.borrow_mut().summary(self.host.now()) else {
            return Ok(());
        };
        let document = Document {
            layout: pool.layout(),
            summary,
        };
        let name = summary_name(&pool.id);
        let written = write_plain(self.documents(), &name, &document);
        self.ask_store(written).await
    }
}
