//! Uploads of files: in one request, or begun with one and continued with others.
//!
//! Google names an upload under way by an id in an address of its own; the client gets the id in an address of
//! ours, with its pool before it. Google's SDK for Python sends the bytes without any credential (google-genai
//! 3.4), as Google's own service allows: the id is one, for this upload only and for as long as it lasts.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use gempool_translate::native::ResourceKind;
use gempool_translate::{InvalidRequest, UpstreamFault};
use serde::Deserialize;

use super::asking::{Made, ask_owner, make};
use super::{NewUpload, Owned, Pin, ResourceReply, UploadTicket, made, refuse_shared};
use crate::client::Client;
use crate::failure::Failure;
use crate::fault::{Fault, failure_of};
use crate::gateway::Gateway;
use crate::ports::Ask;
use crate::upload::{
    UploadCommand, UploadHead, UploadHeaders, UploadId, UploadProtocol, UploadStatus,
};
use crate::upstream_url::{MULTIPART_PATH, UPLOAD_PATH, upload_path};

/// How long an upload may take, as Google has it (Cloud Storage's resumable uploads, from which the protocol is,
/// last a week; uploads of files were seen to fail after a day).
const UPLOAD_LIFE: Duration = Duration::from_hours(24);

const KIND: ResourceKind = ResourceKind::File;

/// What is read of a file's description.
#[derive(Deserialize)]
struct Description {
    file: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

/// Begins an upload of `client`, or makes it at once where the protocol is a simple one.
///
/// # Errors
/// A protocol or command that does not begin an upload, a name that is taken, or what Google refuses.
pub async fn upload(
    gateway: &Rc<Gateway>,
    client: &Client,
    new: NewUpload,
) -> Result<ResourceReply, Failure> {
    refuse_shared(client)?;
    gateway.admit(client)?;
    let NewUpload { headers, body } = new;
    match (headers.protocol, headers.command) {
        (Some(UploadProtocol::Resumable), Some(UploadCommand::Start)) => {
            begin(gateway, client, headers, body).await
        }
        (Some(UploadProtocol::Resumable) | None, _) => Err(not_begun()),
        (Some(protocol @ (UploadProtocol::Multipart | UploadProtocol::Raw)), None) => {
            let path = match protocol {
                UploadProtocol::Multipart => MULTIPART_PATH,
                UploadProtocol::Raw | UploadProtocol::Resumable => UPLOAD_PATH,
            };
            let ask = Ask::Upload(headers, body);
            let made = make(gateway, client, None, KIND, path, ask).await?;
            finish(gateway, client, made).await
        }
        (Some(UploadProtocol::Multipart | UploadProtocol::Raw), Some(_)) => Err(not_begun()),
    }
}

async fn begin(
    gateway: &Rc<Gateway>,
    client: &Client,
    headers: UploadHeaders,
    body: Bytes,
) -> Result<ResourceReply, Failure> {
    if let Some(name) = name_in(&body)
        && gateway
            .affinity
            .find(gateway, &client.pool.id, &name)
            .await?
            .is_some()
    {
        return Err(Owned::Taken.into());
    }
    let ask = Ask::Upload(headers, body);
    let made = make(gateway, client, None, KIND, UPLOAD_PATH, ask).await?;
    let Some(id) = made.upload.id.clone() else {
        let malformed = Fault::Broken(UpstreamFault::Malformed);
        return Err(failure_of(gateway, &client.pool, &malformed));
    };
    let expires = gateway.host.now().saturating_add(UPLOAD_LIFE);
    let affinity = &gateway.affinity;
    let name = name_of(&id);
    affinity.remember(gateway, &name, made.owner, expires).await;
    Ok(ResourceReply {
        body: made.body,
        upload: made.upload,
        ticket: Some(UploadTicket {
            pool: client.pool.id.clone(),
            id,
        }),
    })
}

/// Continues an upload. Whoever has its ticket may; a client that says who it is must be the one that began it.
///
/// # Errors
/// An upload that is unknown or another client's, a command that begins one, or what Google refuses.
pub async fn continue_upload(
    gateway: &Rc<Gateway>,
    client: Option<&Client>,
    ticket: &UploadTicket,
    step: NewUpload,
) -> Result<ResourceReply, Failure> {
    let NewUpload { headers, body } = step;
    if matches!(headers.command, None | Some(UploadCommand::Start)) {
        return Err(not_begun());
    }
    let UploadTicket { pool, id } = ticket;
    let name = name_of(id);
    let owner = gateway.affinity.find(gateway, pool, &name).await?;
    let owner = owner.filter(|owner| {
        client.is_none_or(|client| client.pool.id == *pool && client.id == owner.client)
    });
    let unknown = || {
        Failure::from(Owned::Unknown {
            name: "(upload)".to_owned(),
        })
    };
    let owner = owner.ok_or_else(unknown)?;
    let client = gateway.owner(&owner).await?.ok_or_else(unknown)?;
    let key = owner.key;
    // Said at the beginning, and of the file; the SDKs repeat them with each piece.
    let headers = UploadHeaders {
        protocol: None,
        length: None,
        media_type: None,
        file_name: None,
        ..headers
    };
    let path = upload_path(id);
    let ask = Ask::Upload(headers, body);
    let (body, upload) = ask_owner(gateway, &client, Some(Pin(key)), KIND, &path, ask).await?;
    match upload.status {
        Some(UploadStatus::Final) => {
            gateway.affinity.forget(gateway, pool, &name).await;
            let made = Made {
                owner,
                body,
                upload,
            };
            finish(gateway, &client, made).await
        }
        Some(UploadStatus::Cancelled) => {
            gateway.affinity.forget(gateway, pool, &name).await;
            Ok(unmoved(body, upload))
        }
        Some(UploadStatus::Active) | None => Ok(unmoved(body, upload)),
    }
}

/// There is no address to go on at, or it stays what it was.
fn unmoved(body: Bytes, upload: UploadHead) -> ResourceReply {
    ResourceReply {
        body,
        upload,
        ticket: None,
    }
}

async fn finish(
    gateway: &Rc<Gateway>,
    client: &Client,
    made: Made,
) -> Result<ResourceReply, Failure> {
    made::remember(gateway, client, made.owner, KIND, &made.body).await?;
    Ok(unmoved(made.body, made.upload))
}

/// The name that the client chose, if it did.
fn name_in(body: &[u8]) -> Option<String> {
    let description: Description = serde_json::from_slice(body).ok()?;
    description.file?.name
}

/// The id is a secret: of names, the store gets digests only.
fn name_of(id: &UploadId) -> String {
    format!("upload/{}", id.as_str())
}

fn not_begun() -> Failure {
    Failure::Invalid(InvalidRequest {
        message: "an upload begins with `x-goog-upload-protocol: resumable` and `x-goog-upload-command: start`, \
                  goes on at the address in `x-goog-upload-url`, or is one request with the protocol \
                  `multipart` or `raw`"
            .to_owned(),
        param: Some("x-goog-upload-command".to_owned()),
        code: Some("invalid_value"),
    })
}
