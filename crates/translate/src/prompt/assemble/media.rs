//! Media in the conversation, where and how the model takes them (P3, P5, P9).

use crate::{
    gemini::request::{Content, Data, FileData, Part, ResolutionLevel},
    invalid_request::{Code, Refusal},
    model::{ModelCapabilities, ResolutionPlace, ResultImages, WebFiles},
};

/// Addresses that Google has behind `fileUri` for every model: what was uploaded to it, and videos
/// of its own (P4).
const GOOGLES_OWN: [&str; 5] = [
    "https://generativelanguage.googleapis.com/",
    "https://www.youtube.com/",
    "https://youtube.com/",
    "https://youtu.be/",
    "https://m.youtube.com/",
];

/// Fits every part. Gives the resolution that is asked for the request as a whole, which is the
/// highest of those asked for one part: detail that is missing cannot be made up for (P5).
///
/// # Errors
/// A file of the public web for a model that does not fetch any (P3).
pub(super) fn fit(
    contents: &mut [Content<'_>],
    capabilities: ModelCapabilities,
) -> Result<Option<ResolutionLevel>, Refusal> {
    let mut highest = None;
    for content in contents {
        for part in &mut content.parts {
            if let Data::FileData(file) = &part.data {
                check_file(file, capabilities)?;
            }
            if capabilities.media_resolution != ResolutionPlace::Part {
                let level = part.media_resolution.take().map(|asked| asked.level);
                highest = highest.max(level);
            }
        }
        if capabilities.result_images == ResultImages::BesideResult {
            move_images_out(&mut content.parts);
        }
    }
    Ok(highest.filter(|_| capabilities.media_resolution == ResolutionPlace::Request))
}

fn check_file(file: &FileData<'_>, capabilities: ModelCapabilities) -> Result<(), Refusal> {
    let uri = &*file.file_uri;
    let is_web = uri.starts_with("https://") || uri.starts_with("http://");
    let is_googles = GOOGLES_OWN.iter().any(|own| uri.starts_with(own));
    if capabilities.web_files == WebFiles::Fetched || !is_web || is_googles {
        return Ok(());
    }
    Err(Refusal::new(
        Code::UnsupportedValue,
        "model",
        "does not fetch images and files from URLs; send them inline, as a data URL \
         (`data:image/png;base64,…`), or use a model from Gemini 2.5 on",
    ))
}

/// Puts images of results behind the last result of the turn.
fn move_images_out(parts: &mut Vec<Part<'_>>) {
    let mut images = Vec::new();
    let mut after_results = 0;
    for (index, part) in parts.iter_mut().enumerate() {
        if let Data::FunctionResponse(result) = &mut part.data {
            let moved = result.parts.drain(..);
            images.extend(moved.map(|image| Part::from(Data::InlineData(image.inline_data))));
            after_results = index + 1;
        }
    }
    if !images.is_empty() {
        parts.splice(after_results..after_results, images);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        InvalidRequest,
        gemini::request::{Blob, FunctionResponse, FunctionResponsePart, MediaResolution},
        model::capabilities,
        prompt::values,
    };

    fn image(data: &'static str) -> Blob<'static> {
        Blob {
            mime_type: "image/png".into(),
            data: data.into(),
        }
    }

    fn fitted(model: &str, parts: Vec<Part<'_>>) -> (String, Option<ResolutionLevel>) {
        let mut contents = vec![Content::user(parts)];
        let resolution = fit(&mut contents, capabilities(model)).unwrap();
        (
            serde_json::to_string(&contents[0].parts).unwrap(),
            resolution,
        )
    }

    #[test]
    fn detail_is_asked_for_by_part_or_for_all_p5() {
        let parts = || {
            [
                Some(ResolutionLevel::Low),
                Some(ResolutionLevel::High),
                None,
            ]
            .map(|level| Part {
                media_resolution: level.map(|level| MediaResolution { level }),
                ..Data::InlineData(image("A")).into()
            })
        };
        let (by_part, resolution) = fitted("gemini-3.8-flash", parts().into());
        assert_eq!(by_part.matches("mediaResolution").count(), 2);
        assert_eq!(resolution, None);
        for (model, expected) in [
            ("gemini-2.5-flash", Some(ResolutionLevel::High)),
            ("gemini-2.0-flash", Some(ResolutionLevel::High)),
            ("gemini-1.5-flash", None),
            ("gemma-3-27b-it", None),
        ] {
            let (parts, resolution) = fitted(model, parts().into());
            assert!(!parts.contains("mediaResolution"), "{model}");
            assert_eq!(resolution, expected, "{model}");
        }
    }

    #[test]
    fn images_of_results_go_inside_since_3_and_beside_before_p9() {
        let result = |id: &'static str, data: &'static str| -> Part<'static> {
            Data::FunctionResponse(FunctionResponse {
                id: Some(id.into()),
                name: "f".into(),
                response: values::empty_object(),
                parts: vec![FunctionResponsePart {
                    inline_data: image(data),
                }],
            })
            .into()
        };
        let parts = || vec![result("1", "A"), result("2", "B"), Part::text("t")];
        let (inside, _) = fitted("gemini-3-flash-preview", parts());
        assert_eq!(
            inside,
            r#"[{"functionResponse":{"id":"1","name":"f","response":{},"parts":[{"inlineData":{"mimeType":"image/png","data":"A"}}]}},{"functionResponse":{"id":"2","name":"f","response":{},"parts":[{"inlineData":{"mimeType":"image/png","data":"B"}}]}},{"text":"t"}]"#
        );
        let (beside, _) = fitted("gemini-2.5-flash", parts());
        assert_eq!(
            beside,
            r#"[{"functionResponse":{"id":"1","name":"f","response":{}}},{"functionResponse":{"id":"2","name":"f","response":{}}},{"inlineData":{"mimeType":"image/png","data":"A"}},{"inlineData":{"mimeType":"image/png","data":"B"}},{"text":"t"}]"#
        );
    }

    #[test]
    fn old_models_fetch_nothing_from_the_web_p3() {
        // (address, fetched by 2.0)
        for (uri, fetched) in [
            ("https://example.com/cat.png", false),
            ("http://example.com/cat.png", false),
            (
                "https://generativelanguage.googleapis.com/v1beta/files/abc",
                true,
            ),
            ("https://www.youtube.com/watch?v=x", true),
            ("https://youtu.be/x", true),
            ("gs://bucket/x", true),
        ] {
            let check = |model| {
                let file = Data::FileData(FileData {
                    mime_type: None,
                    file_uri: uri.into(),
                });
                fit(&mut [Content::user(vec![file.into()])], capabilities(model))
            };
            assert!(check("gemini-2.5-flash").is_ok(), "{uri}");
            assert!(check("gemini-flash-latest").is_ok(), "{uri}");
            match check("gemini-2.0-flash") {
                Ok(_) => assert!(fetched, "{uri}"),
                Err(refusal) => {
                    let error = InvalidRequest::from(refusal);
                    assert!(
                        !fetched && error.message.contains("data URL"),
                        "{uri}: {error}"
                    );
                    assert_eq!(error.param.as_deref(), Some("model"));
                }
            }
        }
    }
}
