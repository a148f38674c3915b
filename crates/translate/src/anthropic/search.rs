//! What Google searched for an answer, as a web search of Anthropic's (N1, N2).
//!
//! Gemini names queries and pages but not which query found which page, so there is one search for
//! all. Pages are named by their domain, and their addresses are redirects of Google's (N2). That
//! is what is known; quotations are not, which is why there are no citations.

use std::borrow::Cow;

use serde::Deserialize;

use super::block::WebSearchResult;
use crate::{
    answer::Notes,
    json::{Object, Text},
};

/// A search that was made.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Search {
    queries: Vec<String>,
    pages: Vec<Page>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Page {
    title: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Grounding<'a> {
    #[serde(borrow)]
    web_search_queries: Option<Vec<Text<'a>>>,
    grounding_chunks: Option<Vec<Chunk<'a>>>,
}

#[derive(Deserialize)]
struct Chunk<'a> {
    /// Absent for what is not from the web.
    #[serde(borrow)]
    web: Option<Web<'a>>,
}

#[derive(Deserialize)]
struct Web<'a> {
    #[serde(borrow)]
    uri: Option<Text<'a>>,
    title: Option<Text<'a>>,
}

impl Search {
    /// Takes what notes say. Later ones repeat or complete earlier ones (N3). What cannot be read is
    /// left out: decoration must not break an answer.
    pub(super) fn note(&mut self, notes: &Notes<'_>) {
        let Some(json) = notes.grounding else {
            return;
        };
        let Ok(Object(grounding)) = serde_json::from_str::<Object<Grounding<'_>>>(json.get())
        else {
            return;
        };
        let queries = grounding.web_search_queries.unwrap_or_default();
        let queries: Vec<String> = queries.iter().map(|query| (**query).to_owned()).collect();
        if !queries.is_empty() {
            self.queries = queries;
        }
        let chunks = grounding.grounding_chunks.unwrap_or_default();
        let pages: Vec<Page> = chunks.into_iter().filter_map(Page::read).collect();
        if !pages.is_empty() {
            self.pages = pages;
        }
    }

    /// `None` if there was no search.
    pub(super) fn made(&self) -> Option<&Self> {
        (!self.queries.is_empty()).then_some(self)
    }

    /// How many searches there were.
    pub(super) fn requests(&self) -> u64 {
        u64::try_from(self.queries.len()).unwrap_or(u64::MAX)
    }

    /// All queries in one.
    pub(super) fn query(&self) -> String {
        self.queries.join("; ")
    }

    /// All pages.
    pub(super) fn results(&self) -> Vec<WebSearchResult<'static>> {
        let results = self.pages.iter().map(|page| WebSearchResult {
            r#type: "web_search_result",
            title: Cow::Owned(page.title.clone()),
            url: Cow::Owned(page.url.clone()),
            encrypted_content: "",
            page_age: None,
        });
        results.collect()
    }
}

impl Page {
    fn read(chunk: Chunk<'_>) -> Option<Self> {
        let web = chunk.web?;
        let url = web.uri.as_deref().filter(|uri| !uri.is_empty())?;
        Some(Self {
            title: web.title.as_deref().unwrap_or(url).to_owned(),
            url: url.to_owned(),
        })
    }
}

/// The id of the search in an answer, in the form of Anthropic's.
pub(super) fn search_id(fallback_id: &str) -> String {
    format!("srvtoolu_{fallback_id:0>24}")
}
