//! Uploads of files to Google, in one request or in steps. Bytes and ids pass through; the address that Google
//! gives for the next step becomes one of ours.

use std::rc::Rc;

use bytes::Bytes;
use gempool_relay::{
    Body, Client, Failure, Gateway, NewUpload, UploadHeaders, UploadTicket, continue_upload, upload,
};
use http::request::Parts;
use http::{Request, Response};

use crate::app::Desk;
use crate::origin::origin;
use crate::refusal::Refusal;
use crate::{request_body, respond};

/// Where steps go, without prefixes: every client can reach it.
const PATH: &str = "/upload/v1beta/files";

/// Begins an upload, or makes it at once.
///
/// # Errors
/// Whatever keeps Google from taking it.
pub async fn begin<B>(
    gateway: &Rc<Gateway>,
    client: Client,
    request: Request<B>,
    desk: &Desk,
) -> Result<Response<Body>, Refusal>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let (head, body, _held) = request_body::read(request, &desk.intake, &*desk.host).await?;
    let headers = headers(&head)?;
    let reply = upload(gateway, &client, NewUpload { headers, body }).await?;
    let url = reply.ticket.as_ref().map(|ticket| {
        let (origin, id) = (origin(&head), ticket.reveal());
        format!("{origin}{PATH}?upload_id={id}&upload_protocol=resumable")
    });
    Ok(respond::resource(reply, url.as_deref()))
}

/// Goes on with an upload.
///
/// # Errors
/// Whatever keeps Google from taking it.
pub async fn go_on<B>(
    gateway: &Rc<Gateway>,
    client: Option<Client>,
    ticket: &UploadTicket,
    request: Request<B>,
    desk: &Desk,
) -> Result<Response<Body>, Refusal>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    let (head, body, _held) = request_body::read(request, &desk.intake, &*desk.host).await?;
    let headers = headers(&head)?;
    let reply = continue_upload(
        gateway,
        client.as_ref(),
        ticket,
        NewUpload { headers, body },
    )
    .await?;
    Ok(respond::resource(reply, None))
}

fn headers(head: &Parts) -> Result<UploadHeaders, Refusal> {
    let read = UploadHeaders::read(|name| {
        let value = head.headers.get(name);
        value.map(|value| value.to_str().unwrap_or("\u{fffd}"))
    });
    read.map_err(|invalid| Refusal::from(Failure::from(invalid)))
}
