//! Which resource a path means.

use super::batches::Of;

/// Something that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Cache,
    Batch,
}

/// What is asked about resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// With the id of one that has begun.
    Upload(Option<String>),
    List(Kind),
    Get(Kind, String),
    Delete(Kind, String),
    CreateCache,
    UpdateCache(String),
    /// The model without `models/`.
    StartBatch(Of, String),
    CancelBatch(String),
}

impl Kind {
    pub(crate) fn collection(self) -> &'static str {
        match self {
            Self::File => "files",
            Self::Cache => "cachedContents",
            Self::Batch => "batches",
        }
    }
}

impl Resource {
    /// Understands the whole path of an upload; its id is in the query.
    pub(crate) fn upload(method: &http::Method, path: &str, query: &str) -> Option<Self> {
        let versions = ["/upload/v1beta/", "/upload/v1/", "/upload/v1alpha/"];
        let is_upload = versions
            .iter()
            .any(|version| path.strip_prefix(version) == Some("files"));
        let is_sent = [http::Method::POST, http::Method::PUT].contains(method);
        let id = url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "upload_id")
            .map(|(_, id)| id.into_owned());
        (is_upload && is_sent).then_some(Self::Upload(id))
    }

    /// Understands what follows the version.
    pub(crate) fn parse(method: &http::Method, path: &str) -> Option<Self> {
        if let Some(name) = path.strip_prefix("models/") {
            let (model, suffix) = name.rsplit_once(':')?;
            let of = Of::from_suffix(suffix)?;
            let is_name = !model.is_empty() && !model.contains('/');
            return (method == http::Method::POST && is_name)
                .then(|| Self::StartBatch(of, model.to_owned()));
        }
        let (collection, id) = match path.split_once('/') {
            Some((collection, id)) => (collection, Some(id)),
            None => (path, None),
        };
        let kinds = [Kind::File, Kind::Cache, Kind::Batch];
        let kind = kinds
            .into_iter()
            .find(|kind| kind.collection() == collection)?;
        let Some(id) = id.filter(|id| !id.is_empty() && !id.contains('/')) else {
            return match (kind, method.as_str(), id) {
                (_, "GET", None) => Some(Self::List(kind)),
                (Kind::Cache, "POST", None) => Some(Self::CreateCache),
                _ => None,
            };
        };
        match (kind, method.as_str(), id.strip_suffix(":cancel")) {
            (Kind::Batch, "POST", Some(id)) => Some(Self::CancelBatch(id.to_owned())),
            _ if id.contains(':') => None,
            (_, "GET", None) => Some(Self::Get(kind, id.to_owned())),
            (_, "DELETE", None) => Some(Self::Delete(kind, id.to_owned())),
            (Kind::Cache, "PATCH", None) => Some(Self::UpdateCache(id.to_owned())),
            _ => None,
        }
    }
}
