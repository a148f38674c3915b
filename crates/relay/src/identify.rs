//! Which client a credential makes: a client key of the deployment's variables, one of the store, or a Gemini key that
//! is brought to a pool of contributors.
//!
//! Headers are the gateway's `src/auth.rs`. What a client may do then is `client.rs`.

use std::rc::Rc;

use futures::FutureExt as _;

use crate::access::Unread;
use crate::client::Client;
use crate::client_keys::{CLIENT_KEY_BYTES_MAX, ClientId};
use crate::contribution::Contributor;
use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::pool_runtime::PoolRuntime;
use crate::resources::Owner;
use crate::uses::account_of_contributor;

/// Where a credential stood, and for what: only one that Google's own clients send may be a Gemini key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// In a place for client keys.
    AsClientKey,
    /// Where Google's clients put their Gemini keys, on a path of Google's API.
    AsGeminiKey,
}

impl From<Unread> for Failure {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Away | Unread::Damaged => Self::StoreAway,
        }
    }
}

impl Gateway {
    /// Whose credential `text` is; `None` if nobody's.
    ///
    /// # Errors
    /// What keeps a known client out, or from being known.
    pub async fn identify(
        self: &Rc<Self>,
        text: &str,
        presented: Presented,
    ) -> Result<Option<Client>, Failure> {
        if text.is_empty() || text.len() > CLIENT_KEY_BYTES_MAX {
            return Ok(None);
        }
        self.set_up().await?;
        if let Some(id) = self.settings.client_keys.identify(text) {
            return Ok(Some(self.client(id, Rc::clone(&self.environment))));
        }
        if self.directory.vault.is_none() {
            return Ok(None);
        }
        if !self.directory.is_servable(self.host.now()) {
            return Err(Failure::StoreAway);
        }
        if let Some(client) = self.stored_client(text).boxed_local().await? {
            return Ok(Some(client));
        }
        match presented {
            Presented::AsClientKey => Ok(None),
            Presented::AsGeminiKey => self.contributor(text).boxed_local().await,
        }
    }

    async fn stored_client(self: &Rc<Self>, text: &str) -> Result<Option<Client>, Failure> {
        let Some(head) = self.directory.head() else {
            return Ok(None);
        };
        let id = head.client_key_id(text);
        let clients = self.client_page(head.client_page(id)).await?;
        // The id is a keyed digest: comparing it tells nobody anything about a key.
        let Some(known) = clients.iter().find(|known| known.id == id) else {
            return Ok(None);
        };
        known.policy.open(self.host.now())?;
        let Some(pool) = self.stored_pool(&known.pool).await? else {
            return Ok(None);
        };
        if pool.facts().disabled {
            return Err(Failure::PoolDisabled);
        }
        pool.note_use(self.host.now());
        Ok(Some(Client {
            policy: Rc::clone(&known.policy),
            account: Some(id),
            ..self.client(ClientId::stored(id), pool)
        }))
    }

    /// Who brings a Gemini key to the pool that takes such.
    async fn contributor(self: &Rc<Self>, text: &str) -> Result<Option<Client>, Failure> {
        let Some(contributor) = Contributor::find(self, text).await? else {
            return Ok(None);
        };
        let account = account_of_contributor(contributor.id);
        let pool = Rc::clone(&contributor.pool);
        pool.note_use(self.host.now());
        Ok(Some(Client {
            contributor: Some(Rc::new(contributor)),
            account: Some(account),
            ..self.client(ClientId::stored(account), pool)
        }))
    }

    /// The client that made something, as far as going on with it needs one. Nobody need have been identified before,
    /// so the store may be news to this instance.
    ///
    /// # Errors
    /// A store that is away, and a pool that serves nobody.
    pub(crate) async fn owner(self: &Rc<Self>, owner: &Owner) -> Result<Option<Client>, Failure> {
        if owner.pool == self.environment.id {
            return Ok(Some(
                self.client(owner.client, Rc::clone(&self.environment)),
            ));
        }
        self.set_up().await?;
        if !self.directory.is_servable(self.host.now()) {
            return Err(Failure::StoreAway);
        }
        let Some(pool) = self.stored_pool(&owner.pool).await? else {
            return Ok(None);
        };
        if pool.facts().disabled {
            return Err(Failure::PoolDisabled);
        }
        Ok(Some(self.client(owner.client, pool)))
    }

    fn client(&self, id: ClientId, pool: Rc<PoolRuntime>) -> Client {
        Client {
            id,
            pool,
            policy: Rc::clone(&self.unlimited),
            account: None,
            contributor: None,
        }
    }
}
