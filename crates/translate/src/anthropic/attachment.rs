//! Images, documents and search results to Gemini parts (P2–P8, §7.1).
//!
//! Where they may stand is decided by `user` and `result`. What kind of image Gemini reads is
//! Google's to say: only the shape of the media type is checked.

use super::{
    message::{Block, Content, SourceObject},
    user::{kind, not_content, out_of_place, push_text, required_text},
};
use crate::{
    gemini::request::{Data, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::TextOr,
    media::{self, Budget},
};

/// The only type of documents in base64 and by address.
const PDF: &str = "application/pdf";

/// What an image is taken for whose address does not tell: Gemini wants a type, and looks itself.
const LIKELY_IMAGE: &str = "image/jpeg";

/// Appends the parts of a block of type `kind`.
///
/// # Errors
/// A [`Refusal`] whose path is relative to the block.
pub(super) fn convert_attachment<'a>(
    block: &'a Block<'_>,
    kind: &str,
    budget: &mut Budget,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    match kind {
        "text" => push_text(parts, required_text(block)?),
        "image" => parts.push(convert_image(block, budget)?.into()),
        "document" => convert_document(block, budget, parts)?,
        "search_result" => parts.push(Part::text(search_result_text(block)?)),
        "thinking" | "redacted_thinking" | "tool_use" | "server_tool_use" => {
            return Err(out_of_place(
                kind,
                "it belongs into a message of role `assistant`",
            ));
        }
        "tool_reference" => return Err(out_of_place(kind, "it belongs into a `tool_result`")),
        _ => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!(
                    "unknown type {}; use `text`, `image`, `document`, `search_result` or \
                     `tool_result`",
                    Quoted(kind)
                ),
            ));
        }
    }
    Ok(())
}

/// The data of an `image` block.
pub(super) fn convert_image<'a>(
    block: &'a Block<'_>,
    budget: &mut Budget,
) -> Result<Data<'a>, Refusal> {
    budget.take_image()?;
    let source = required_source(block)?;
    let data = match source_kind(source, "`base64`, `url` or `file`")? {
        "base64" => required(source.media_type.as_deref(), "media_type")
            .and_then(image_type)
            .and_then(|media_type| from_base64(media_type, source)),
        "url" => required(source.url.as_deref(), "url").and_then(|url| {
            media::from_url_of(LIKELY_IMAGE, url, None).map_err(|refusal| refusal.within("url"))
        }),
        "file" => from_file(source, None),
        other => Err(unknown_source(other, "`base64`, `url` or `file`")),
    };
    data.map_err(|refusal| refusal.within("source"))
}

/// The parts of a `document` block: what it is called, then what is in it.
pub(super) fn convert_document<'a>(
    block: &'a Block<'_>,
    budget: &mut Budget,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    const KINDS: &str = "`base64`, `text`, `url`, `file` or `content`";
    let source = required_source(block)?;
    let head = [block.title.as_deref(), block.context.as_deref()];
    let head: Vec<&str> = head
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    if !head.is_empty() {
        parts.push(Part::text(format!("{}\n", head.join("\n"))));
    }
    let data = match source_kind(source, KINDS)? {
        "base64" => {
            required_type(source, PDF)?;
            from_base64(PDF, source)
        }
        "url" => required(source.url.as_deref(), "url").and_then(|url| {
            media::from_url(url, Some(PDF)).map_err(|refusal| refusal.within("url"))
        }),
        "file" => from_file(source, Some(PDF)),
        "text" => {
            required_type(source, "text/plain")?;
            let text = required(source.data.as_deref(), "data");
            push_text(parts, text.map_err(|refusal| refusal.within("source"))?);
            return Ok(());
        }
        "content" => {
            return convert_content(source, budget, parts)
                .map_err(|refusal| refusal.within("source"));
        }
        other => Err(unknown_source(other, KINDS)),
    };
    parts.push(data.map_err(|refusal| refusal.within("source"))?.into());
    Ok(())
}

/// A document that is given as blocks.
fn convert_content<'a>(
    source: &'a SourceObject<'_>,
    budget: &mut Budget,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    match &source.content {
        None => Err(Refusal::missing(
            "content",
            "a string or an array of content blocks",
        )),
        Some(Content::Ran(_)) => Err(not_content("content")),
        Some(Content::Text(text)) => {
            push_text(parts, text);
            Ok(())
        }
        Some(Content::Blocks(blocks)) => {
            for (index, block) in blocks.iter().enumerate() {
                let converted = kind(block, "text").and_then(|kind| match kind {
                    "text" => required_text(block).map(|text| push_text(parts, text)),
                    "image" => convert_image(block, budget).map(|data| parts.push(data.into())),
                    _ => Err(out_of_place(
                        kind,
                        "a document holds `text` and `image` only",
                    )),
                });
                converted.map_err(|refusal| refusal.within(format_args!("content[{index}]")))?;
            }
            Ok(())
        }
    }
}

/// A `search_result` block: title, address and texts, a line each.
pub(super) fn search_result_text(block: &Block<'_>) -> Result<String, Refusal> {
    let title = required(block.title.as_deref(), "title")?;
    let source = match block.source.as_deref() {
        Some(TextOr::Text(source)) => source,
        Some(TextOr::Other(_)) => {
            return Err(Refusal::new(
                Code::InvalidType,
                "source",
                "expected a string",
            ));
        }
        None => return Err(Refusal::missing("source", "where the result is from")),
    };
    let mut text = format!("{title}\n{}", &**source);
    let Some(Content::Blocks(blocks)) = &block.content else {
        return Err(Refusal::missing("content", "an array of `text` blocks"));
    };
    for (index, block) in blocks.iter().enumerate() {
        let line = kind(block, "text").and_then(|kind| match kind {
            "text" => required_text(block),
            _ => Err(out_of_place(kind, "a search result holds `text` only")),
        });
        let line = line.map_err(|refusal| refusal.within(format_args!("content[{index}]")))?;
        text.push('\n');
        text.push_str(line);
    }
    Ok(text)
}

fn required_source<'a, 'b>(block: &'a Block<'b>) -> Result<&'a SourceObject<'b>, Refusal> {
    match block.source.as_deref() {
        Some(TextOr::Other(source)) => Ok(source),
        Some(TextOr::Text(_)) => Err(Refusal::new(
            Code::InvalidType,
            "source",
            "expected an object, found a string",
        )),
        None => Err(Refusal::missing("source", "an object with a `type`")),
    }
}

fn source_kind<'a>(source: &'a SourceObject<'_>, kinds: &str) -> Result<&'a str, Refusal> {
    let kind = source.r#type.as_deref();
    kind.ok_or_else(|| Refusal::missing("source.type", kinds))
}

fn unknown_source(kind: &str, kinds: &str) -> Refusal {
    Refusal::new(
        Code::InvalidValue,
        "type",
        format_args!("unknown type {}; use {kinds}", Quoted(kind)),
    )
}

fn from_base64<'a>(media_type: &'a str, source: &'a SourceObject<'_>) -> Result<Data<'a>, Refusal> {
    let data = required(source.data.as_deref(), "data")?;
    media::from_base64(media_type, data).map_err(|refusal| refusal.within("data"))
}

fn from_file<'a>(
    source: &'a SourceObject<'_>,
    media_type: Option<&'a str>,
) -> Result<Data<'a>, Refusal> {
    let id = required(source.file_id.as_deref(), "file_id")?;
    media::from_file_id(id, media_type).map_err(|refusal| refusal.within("file_id"))
}

/// A media type of images; whether Gemini knows it is Google's to say.
fn image_type(media_type: &str) -> Result<&str, Refusal> {
    match media::media_type(media_type) {
        Ok(known) if known.starts_with("image/") => Ok(media_type),
        _ => Err(Refusal::new(
            Code::InvalidValue,
            "media_type",
            format_args!(
                "{} is not the media type of an image, `image/png` for instance",
                Quoted(media_type)
            ),
        )),
    }
}

/// The media type that the kind of source prescribes; one that is left out is not missed.
fn required_type(source: &SourceObject<'_>, expected: &str) -> Result<(), Refusal> {
    match source.media_type.as_deref() {
        None => Ok(()),
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(Refusal::new(
            Code::InvalidValue,
            "source.media_type",
            format_args!("must be `{expected}`, not {}", Quoted(found)),
        )),
    }
}

fn required<'a>(value: Option<&'a str>, field: &str) -> Result<&'a str, Refusal> {
    value.ok_or_else(|| Refusal::missing(field, "a string"))
}
