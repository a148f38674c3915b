//! Composition root: one app per instance, and a request's way through it.
//!
//! It decides the order (route, then credential, then body) and nothing else. No variable is read here;
//! the edge hands them over.

use std::rc::Rc;

use bytes::Bytes;
use gempool_relay::ports::Host;
use gempool_relay::{
    Body, Client, Gateway, Presented, Settings, SettingsError, Switch, UploadTicket,
};
use http::{HeaderMap, Method, Request, Response};

use crate::auth::{X_GOOG_API_KEY, client_key, is_anonymous, is_where_google_has_it};
use crate::intake::Intake;
use crate::refusal::Refusal;
use crate::respond;
use crate::router::{Access, Asker, Route, error_shape, find};
use crate::routes;

/// What an instance answers with.
pub struct App {
    gateway: Result<Rc<Gateway>, SettingsError>,
    desk: Desk,
}

/// What reading a request needs.
pub struct Desk {
    /// The instance's host.
    pub host: Rc<dyn Host>,
    /// The bodies that it holds.
    pub intake: Intake,
}

impl App {
    /// Builds the app. Settings that cannot be used are not fatal: every answer then says which variable
    /// to mend, and `/health` does too.
    pub fn new(settings: Result<Settings, SettingsError>, host: Rc<dyn Host>) -> Self {
        Self {
            gateway: settings.map(|settings| Gateway::new(settings, Rc::clone(&host))),
            desk: Desk {
                host,
                intake: Intake::default(),
            },
        }
    }

    /// Answers one request. Never fails: whatever goes wrong is an answer, too.
    pub async fn respond<B>(&self, request: Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Unpin,
    {
        let request_id = format!("{:016x}", self.desk.host.next_u64());
        let head_only = request.method() == Method::HEAD;
        let asker = match request.headers().contains_key(X_GOOG_API_KEY) {
            true => Asker::Google,
            false => Asker::Other,
        };
        let shape = error_shape(request.uri(), asker);
        let mut response = match self.answer(request, asker).await {
            Ok(response) => response,
            Err(refusal) => respond::refusal(&refusal, shape),
        };
        respond::finish(&mut response, &request_id, head_only);
        response
    }

    async fn answer<B>(&self, request: Request<B>, asker: Asker) -> Result<Response<Body>, Refusal>
    where
        B: http_body::Body<Data = Bytes> + Unpin,
    {
        let uri = request.uri().clone();
        // An unknown path is refused before any secret is looked at.
        let route = find(request.method(), uri.path(), asker)?;
        let gateway = match &self.gateway {
            Ok(gateway) => gateway,
            Err(problem) if route == Route::Health => return Ok(routes::health::broken(problem)),
            Err(problem) => return Err(Refusal::from(problem.clone())),
        };
        let query = uri.query();
        let upload = query.and_then(UploadTicket::of_query);
        let open = match route.access() {
            Access::Anyone => true,
            Access::Contributors => gateway.takes_contributions() == Switch::On,
            Access::UploadId => upload.is_some() && is_anonymous(request.headers(), query),
            Access::ClientKey | Access::GeminiKey => false,
        };
        let client = if open {
            Err(Refusal::Unauthorized)
        } else {
            Ok(Box::pin(identify(gateway, route, request.headers(), query)).await?)
        };
        match route {
            Route::Ask(endpoint) => {
                Box::pin(routes::exchange::handle(
                    gateway, client?, endpoint, request, &self.desk,
                ))
                .await
            }
            Route::Resource(path) => {
                Box::pin(routes::resources::handle(
                    gateway, client?, path, request, &self.desk,
                ))
                .await
            }
            Route::Upload => match upload {
                Some(ticket) => {
                    let client = client.ok();
                    Box::pin(routes::uploads::go_on(
                        gateway, client, &ticket, request, &self.desk,
                    ))
                    .await
                }
                None => {
                    Box::pin(routes::uploads::begin(
                        gateway, client?, request, &self.desk,
                    ))
                    .await
                }
            },
            Route::Models => routes::models::list(gateway, &client?, request.headers()).await,
            Route::Model(id) => routes::models::one(gateway, &client?, id, request.headers()).await,
            Route::NativeModels => routes::models::native_list(gateway, &client?).await,
            Route::NativeModel(id) => routes::models::native_one(gateway, &client?, id).await,
            Route::KeyCount => routes::key_count::handle(gateway, client.ok().as_ref()).await,
            Route::Contribution => {
                routes::contribution::handle(gateway, &client?, request.method()).await
            }
            Route::Status => Ok(routes::status::handle(gateway, &client?).await),
            Route::Health => Ok(routes::health::handle(gateway).await),
            Route::ChatCompleted => routes::chat_completed::handle(request, &self.desk).await,
        }
    }
}

/// Who asks.
async fn identify(
    gateway: &Rc<Gateway>,
    route: Route<'_>,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<Client, Refusal> {
    gateway.set_up().await?;
    let key = client_key(headers, query, gateway.takes_key_in_url())?;
    let presented = match route.access() {
        Access::GeminiKey => Presented::AsGeminiKey,
        _ if route.is_googles() && is_where_google_has_it(headers) => Presented::AsGeminiKey,
        _ => Presented::AsClientKey,
    };
    let client = gateway.identify(&key, presented).await?;
    client.ok_or(Refusal::Unauthorized)
}
