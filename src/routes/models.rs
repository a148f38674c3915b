//! Lists of models and single ones, in the shape of whoever asks. What is listed and for how long it is
//! kept is the use case's.
//!
//! `/v1/models` is a path of all three APIs; Anthropic's and Google's clients say who they are by headers
//! that their APIs require.

use std::rc::Rc;

use gempool_relay::{Body, Client, Failure, Gateway, models};
use gempool_translate::anthropic::{model_to_anthropic, models_to_anthropic};
use gempool_translate::native::{model_to_gemini, models_to_gemini};
use gempool_translate::{Model, model_to_openai, models_to_openai};
use http::{HeaderMap, HeaderName, Response};

use crate::auth::X_GOOG_API_KEY;
use crate::refusal::Refusal;
use crate::respond;

/// When models were created, for clients that want to know: Gemini does not say, and a constant keeps their
/// caches calm. 2023-12-13, the day on which Gemini could first be called.
const CREATED_UNIX_S: u64 = 1_702_425_600;
/// Sent with every request of Anthropic's clients.
const ANTHROPIC_VERSION: HeaderName = HeaderName::from_static("anthropic-version");

/// Whose clients ask.
enum Asker {
    OpenAi,
    Anthropic,
    Google,
}

impl Asker {
    fn of(headers: &HeaderMap) -> Self {
        if headers.contains_key(ANTHROPIC_VERSION) {
            Self::Anthropic
        } else if headers.contains_key(X_GOOG_API_KEY) {
            Self::Google
        } else {
            Self::OpenAi
        }
    }
}

/// `GET /v1/models`
///
/// # Errors
/// When no key could be asked.
pub async fn list(
    gateway: &Rc<Gateway>,
    client: &Client,
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let models = models(gateway, client).await?;
    Ok(respond::json(match Asker::of(headers) {
        Asker::OpenAi => models_to_openai(&models, CREATED_UNIX_S),
        Asker::Anthropic => models_to_anthropic(&models),
        Asker::Google => models_to_gemini(&models),
    }))
}

/// `GET /v1/models/{id}`
///
/// # Errors
/// When no key could be asked, or none may use such a model.
pub async fn one(
    gateway: &Rc<Gateway>,
    client: &Client,
    id: &str,
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let models = models(gateway, client).await?;
    let model = find(&models, id)?;
    Ok(respond::json(match Asker::of(headers) {
        Asker::OpenAi => model_to_openai(model, CREATED_UNIX_S),
        Asker::Anthropic => model_to_anthropic(model),
        Asker::Google => model_to_gemini(model),
    }))
}

/// `GET /v1beta/models`
///
/// # Errors
/// When no key could be asked.
pub async fn native_list(
    gateway: &Rc<Gateway>,
    client: &Client,
) -> Result<Response<Body>, Refusal> {
    let models = models(gateway, client).await?;
    Ok(respond::json(models_to_gemini(&models)))
}

/// `GET /v1beta/models/{id}`
///
/// # Errors
/// When no key could be asked, or none may use such a model.
pub async fn native_one(
    gateway: &Rc<Gateway>,
    client: &Client,
    id: &str,
) -> Result<Response<Body>, Refusal> {
    let models = models(gateway, client).await?;
    Ok(respond::json(model_to_gemini(find(&models, id)?)))
}

fn find<'a>(models: &'a [Model], id: &str) -> Result<&'a Model, Failure> {
    let found = models.iter().find(|model| model.id == id);
    found.ok_or(Failure::NoSuchModel)
}
