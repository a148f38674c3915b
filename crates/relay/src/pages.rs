//! Bringing a pool's documents into memory: its root, a page of keys together with its marks, a page of client keys.
//!
//! Each is read once however many requests want it, and only when one does. What is in memory already is kept fresh by
//! `refresh.rs`.

use std::rc::Rc;

use futures::future::join;
use gempool_pool::KeyRecord;
use gempool_state::{
    Damage, PageRef, PoolId, ReadError, RootRef, read_clients, read_keys, read_marks, read_root,
};

use crate::access::Unread;
use crate::directory::{ClientPage, KnownClient};
use crate::gateway::Gateway;
use crate::pool_runtime::{PoolRuntime, version};

impl Gateway {
    /// A stored pool as the head has it; `None` if there is none. While the store is away, the pool as it was read
    /// last.
    pub(crate) async fn stored_pool(&self, id: &PoolId) -> Result<Option<Rc<PoolRuntime>>, Unread> {
        let head = self.directory.head();
        let Some(root) = head.as_ref().and_then(|head| head.pool(id)) else {
            return Ok(None);
        };
        let known = self.directory.pool(id);
        if let Some(pool) = known.as_ref().filter(|pool| pool.root() == Some(root)) {
            return Ok(Some(Rc::clone(pool)));
        }
        let read = self.read_root(id, root).await;
        match (read, known) {
            (Ok(()), _) => Ok(self.directory.pool(id)),
            (Err(Unread::Away), Some(pool)) => Ok(Some(pool)),
            (Err(unread), _) => Err(unread),
        }
    }

    /// Reads a root, into the pool that is known or into a new one.
    pub(crate) async fn read_root(&self, id: &PoolId, root_ref: RootRef) -> Result<(), Unread> {
        let is_done = || {
            let pool = self.directory.pool(id);
            pool.is_some_and(|pool| pool.root() == Some(root_ref))
        };
        let work = async {
            let vault = self.directory.vault.as_ref().ok_or(Unread::Damaged)?;
            let read = read_root(self.documents(), vault, root_ref);
            let root = self.ask_store(read).await?;
            match self.directory.pool(id) {
                Some(pool) => pool.take_root(root_ref, root),
                None => {
                    let now = self.host.now();
                    let pool = PoolRuntime::stored(id.clone(), root_ref, root, now);
                    self.directory.insert_pool(pool);
                }
            }
            Ok(())
        };
        self.once(&format!("root {id}"), is_done, work).await
    }

    /// Reads a page of a pool's keys and its marks, at the same time. A page that is damaged counts as empty: its
    /// keys serve nobody, the others go on.
    pub(crate) async fn read_page(&self, pool: &PoolRuntime, page: usize) -> Result<(), Unread> {
        let is_done = || {
            let keys = pool.keys.borrow();
            keys.is_loaded(page) && !keys.stale_pages().contains(&page)
        };
        let name = format!("page {} {page}", pool.id);
        self.once(&name, is_done, self.load_page(pool, page)).await
    }

    async fn load_page(&self, pool: &PoolRuntime, page: usize) -> Result<(), Unread> {
        let reference = pool.page(page);
        let keys = async {
            match &reference {
                Some(reference) => self.read_keys(reference).await.map(Some),
                None => Ok(None),
            }
        };
        let bits = pool.page_bits();
        let marks = self.ask_store(read_marks(self.documents(), &pool.id, bits, page));
        let (keys, marks) = join(keys, marks).await;
        // Marks that cannot be read cost a call that is in vain; keys that cannot be read cannot serve.
        if let (Some(keys), Some(reference)) = (keys?, &reference) {
            pool.keys.borrow_mut().load(page, &version(reference), keys);
        }
        if let Ok(marks) = marks {
            let now = self.host.now();
            pool.keys.borrow_mut().merge_marks(page, &marks.marks, now);
        }
        Ok(())
    }

    async fn read_keys(&self, page: &PageRef) -> Result<Vec<KeyRecord>, Unread> {
        let vault = self.directory.vault.as_ref().ok_or(Unread::Damaged)?;
        let read = async {
            match read_keys(self.documents(), vault, *page).await {
                // The tree that it belongs to is no longer the current one: a fresh head has another page.
                Err(ReadError::Damaged {
                    damage: Damage::Missing,
                    ..
                }) => Ok(Vec::new()),
                read => read,
            }
        };
        match self.ask_store(read).await {
            Err(Unread::Damaged) => Ok(Vec::new()),
            read => read,
        }
    }

    /// The client keys of one page.
    pub(crate) async fn client_page(&self, page: PageRef) -> Result<ClientPage, Unread> {
        let Some(doc) = page.doc else {
            return Ok(Rc::new([]));
        };
        if let Some(known) = self.directory.client_page(doc) {
            return Ok(known);
        }
        let is_done = || self.directory.client_page(doc).is_some();
        let work = async {
            let vault = self.directory.vault.as_ref().ok_or(Unread::Damaged)?;
            let read = read_clients(self.documents(), vault, page);
            let records = self.ask_store(read).await?;
            let clients = records.into_iter().map(KnownClient::from).collect();
            self.directory.insert_client_page(doc, clients);
            Ok(())
        };
        self.once(&format!("clients {doc}"), is_done, work).await?;
        self.directory.client_page(doc).ok_or(Unread::Damaged)
    }
}
