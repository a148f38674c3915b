//! Files, caches and batches: what belongs to the project of the key that made it (U12).
//!
//! Who made what with which key is remembered (`affinity`); everything that names it goes out with that key
//! and no other, and only for the client that made it (SEC-016). New things of a client are made with the
//! key that made its last ones as long as that key can, so that one request may mention several of them.
//! Bodies pass unchanged. Nothing is downloaded, and files' bytes are neither kept nor looked at.

mod affinity;
mod asking;
mod failure;
mod list;
mod made;
mod mentioned;
mod request;
mod ticket;
mod uploading;

pub(crate) use affinity::Affinity;
pub use failure::Owned;
pub(crate) use failure::of_owner;
pub(crate) use mentioned::pin_of;
pub use request::{NewUpload, ResourceReply, ResourceRequest};
pub use ticket::UploadTicket;
pub use uploading::{continue_upload, upload};

use std::rc::Rc;

use bytes::Bytes;
use gempool_pool::KeyId;
use gempool_state::PoolId;
use gempool_translate::native::{BatchOf, ResourceKind, batch_body};
use gempool_translate::{Features, InvalidRequest, resources_in};

use crate::client::Client;
use crate::client_keys::ClientId;
use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::ports::Ask;
use crate::upstream_url::{batch_path, resource_path, resources_path, update_path};
use asking::{ask_owner, make};

/// The only key that a request may go out with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pin(pub(crate) KeyId);

/// Whose a resource is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) key: KeyId,
    pub(crate) client: ClientId,
    /// The pool of both.
    pub(crate) pool: PoolId,
}

impl Owner {
    fn new(key: KeyId, client: &Client) -> Self {
        Self {
            key,
            client: client.id,
            pool: client.pool.id.clone(),
        }
    }
}

/// Answers a request of `client` about resources, uploads apart.
///
/// # Errors
/// A resource that is not the client's, a key that cannot serve it, or what Google refuses.
pub async fn resource(
    gateway: &Rc<Gateway>,
    client: &Client,
    request: ResourceRequest<'_>,
) -> Result<ResourceReply, Failure> {
    refuse_shared(client)?;
    gateway.admit(client)?;
    match request {
        ResourceRequest::List { kind, size, token } => {
            list::list(gateway, client, kind, size, token).await
        }
        ResourceRequest::Get(kind, id) => {
            let path = resource_path(kind, id, "");
            of_one(gateway, client, kind, id, &path, Ask::Get).await
        }
        ResourceRequest::Delete(kind, id) => {
            let path = resource_path(kind, id, "");
            let reply = of_one(gateway, client, kind, id, &path, Ask::Delete).await?;
            let pool = &client.pool.id;
            gateway
                .affinity
                .forget(gateway, pool, &name(kind, id))
                .await;
            Ok(reply)
        }
        ResourceRequest::CancelBatch(id) => {
            let path = resource_path(ResourceKind::Batch, id, ":cancel");
            let ask = Ask::Post(Bytes::from_static(b"{}"));
            of_one(gateway, client, ResourceKind::Batch, id, &path, ask).await
        }
        ResourceRequest::UpdateCache { id, mask, body } => {
            let path = update_path(id, mask);
            prolong(gateway, client, id, &path, body).await
        }
        ResourceRequest::CreateCache(body) => {
            let kind = ResourceKind::CachedContent;
            let path = resources_path(kind, None);
            create(gateway, client, kind, &path, body).await
        }
        ResourceRequest::StartBatch { model, of, body } => {
            start_batch(gateway, client, model, of, &body).await
        }
    }
}

/// What a client keeps at Google could be read by the owner of the key: in a pool of strangers' keys nothing is kept.
fn refuse_shared(client: &Client) -> Result<(), Failure> {
    if client.pool.facts().contribute {
        return Err(Owned::Shared.into());
    }
    Ok(())
}

/// As paths and bodies of Google name it.
fn name(kind: ResourceKind, id: &str) -> String {
    format!("{}/{id}", kind.collection())
}

async fn of_one(
    gateway: &Rc<Gateway>,
    client: &Client,
    kind: ResourceKind,
    id: &str,
    path: &str,
    ask: Ask,
) -> Result<ResourceReply, Failure> {
    let pin = pin_of(gateway, client, &[name(kind, id)]).await?;
    let (body, _) = ask_owner(gateway, client, pin, kind, path, ask).await?;
    Ok(ResourceReply::of(body))
}

/// The end of a cache is the client's to move, and it must be remembered as long as it lives.
async fn prolong(
    gateway: &Rc<Gateway>,
    client: &Client,
    id: &str,
    path: &str,
    body: Bytes,
) -> Result<ResourceReply, Failure> {
    let kind = ResourceKind::CachedContent;
    let name = name(kind, id);
    let pin = pin_of(gateway, client, std::slice::from_ref(&name)).await?;
    let (body, _) = ask_owner(gateway, client, pin, kind, path, Ask::Patch(body)).await?;
    if let Some(Pin(key)) = pin {
        let owner = Owner::new(key, client);
        made::remember_until_end(gateway, owner, kind, &name, &body).await;
    }
    Ok(ResourceReply::of(body))
}

async fn create(
    gateway: &Rc<Gateway>,
    client: &Client,
    kind: ResourceKind,
    path: &str,
    body: Bytes,
) -> Result<ResourceReply, Failure> {
    // A cache of a file can only be made by the file's key, and so can a batch that is in one.
    let pin = pin_of(gateway, client, &resources_in(&body)?).await?;
    let made = make(gateway, client, pin, kind, path, Ask::Post(body)).await?;
    made::remember(gateway, client, made.owner, kind, &made.body).await?;
    Ok(ResourceReply::of(made.body))
}

async fn start_batch(
    gateway: &Rc<Gateway>,
    client: &Client,
    model: &str,
    of: BatchOf,
    body: &[u8],
) -> Result<ResourceReply, Failure> {
    let facts = client.pool.facts();
    let spec = gateway.settings.model(model, &facts.aliases)?;
    client.check_model(model, spec.name.as_str())?;
    if spec.features != Features::default() {
        return Err(Failure::Invalid(InvalidRequest {
            message: "`model` has a suffix that is not available in a batch".to_owned(),
            param: Some("model".to_owned()),
            code: Some("unsupported_value"),
        }));
    }
    let body = Bytes::from(batch_body(of, body)?);
    let path = batch_path(&spec.name, of);
    create(gateway, client, ResourceKind::Batch, &path, body).await
}
