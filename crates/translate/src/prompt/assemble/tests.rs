//! Whole requests: how the concerns come together. Each concern's own rules are beside it.

mod fields;
mod properties;

use std::collections::BTreeMap;

use serde_json::{Value, json, value::RawValue};

use super::*;
use crate::{
    Features, InvalidRequest, ModelName, SafetySetting as Threshold, Signing, ThinkingOverride,
    gemini::request::{
        Blob, Content, Data, FunctionCall, FunctionResponse, FunctionResponsePart, MediaResolution,
        Modality, Part, ResolutionLevel, ServiceTier, ThinkingLevel,
    },
    prompt::{
        Amount, Effort, Function, OutputFormat, Sampling, ThinkingWish, ToolChoice, Tools, values,
    },
};

/// What a target says besides the model.
#[derive(Default)]
struct Circumstances {
    features: Features,
    safety: Vec<Threshold>,
    signatures: BTreeMap<String, String>,
    streamed: bool,
}

fn bodies(
    model: &str,
    draft: Draft<'_>,
    around: &Circumstances,
) -> Result<(Vec<Value>, bool), InvalidRequest> {
    let model: ModelName = model.parse()?;
    let target = Target {
        model: &model,
        features: around.features,
        safety: &around.safety,
        signatures: &around.signatures,
        signing: Signing::Kept,
        streamed: around.streamed,
    };
    let assembled = assemble(draft, &target)?;
    let signed = assembled.signed;
    let bodies = assembled.into_bodies(0)?;
    let bodies = bodies
        .iter()
        .map(|body| serde_json::from_slice(body).unwrap());
    Ok((bodies.collect(), signed))
}

fn body(model: &str, draft: Draft<'_>) -> Result<Value, InvalidRequest> {
    let (mut bodies, _) = bodies(model, draft, &Circumstances::default())?;
    assert_eq!(bodies.len(), 1);
    Ok(bodies.remove(0))
}

fn hi<'a>() -> Draft<'a> {
    Draft {
        turns: vec![Content::user(vec![Part::text("hi")])],
        ..Draft::default()
    }
}

fn function(name: &'static str, parameters: &str) -> Function<'static> {
    let parameters = RawValue::from_string(parameters.to_owned()).unwrap();
    Function {
        name: name.into(),
        description: None,
        parameters: Some(std::borrow::Cow::Owned(parameters)),
    }
}

fn call(id: &'static str, name: &'static str) -> Part<'static> {
    Data::FunctionCall(FunctionCall {
        id: Some(id.into()),
        name: name.into(),
        args: values::arguments(r#"{"n":1.0}"#),
    })
    .into()
}

fn result(id: &'static str, name: &'static str, text: &'static str) -> FunctionResponse<'static> {
    FunctionResponse {
        id: Some(id.into()),
        name: name.into(),
        response: values::result(text),
        parts: Vec::new(),
    }
}

/// An agent's second request: two parallel calls, one with an image for a result.
fn agent() -> Draft<'static> {
    let mut seen = result("b", "look", "seen");
    seen.parts.push(FunctionResponsePart {
        inline_data: Blob {
            mime_type: "image/png".into(),
            data: "AA==".into(),
        },
    });
    Draft {
        instructions: vec![Part::text("Be brief.")],
        turns: vec![
            Content::user(vec![Part::text("hi")]),
            Content::model(vec![call("a", "get weather"), call("b", "look")]),
            Content::user(vec![Data::FunctionResponse(seen).into()]),
            Content::user(vec![
                Data::FunctionResponse(result("a", "", "sunny")).into(),
            ]),
        ],
        tools: Tools {
            functions: vec![
                function(
                    "get weather",
                    r#"{"type":"object","properties":{"n":{"type":"number"}}}"#,
                ),
                function("look", "{}"),
            ],
            google_search: true,
            ..Tools::default()
        },
        output: OutputFormat::Json,
        thinking: ThinkingWish {
            amount: Some(Amount::Effort(Effort::Low)),
            include_thoughts: None,
        },
        sampling: Sampling {
            temperature: Some(0.5),
            max_output_tokens: Some(10),
            ..Sampling::default()
        },
        ..Draft::default()
    }
}

#[test]
fn an_agent_on_gemini_3_has_all_its_wishes() {
    assert_eq!(
        body("gemini-3-flash-preview", agent()),
        Ok(json!({
            "contents": [
                {"role": "user", "parts": [{"text": "hi"}]},
                {"role": "model", "parts": [
                    {"functionCall": {"id": "a", "name": "get_weather", "args": {"n": 1.0}}, "thoughtSignature": "skip_thought_signature_validator"},
                    {"functionCall": {"id": "b", "name": "look", "args": {"n": 1.0}}},
                ]},
                {"role": "user", "parts": [
                    {"functionResponse": {"id": "a", "name": "get_weather", "response": {"result": "sunny"}}},
                    {"functionResponse": {"id": "b", "name": "look", "response": {"result": "seen"}, "parts": [{"inlineData": {"mimeType": "image/png", "data": "AA=="}}]}},
                ]},
            ],
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "tools": [
                {"functionDeclarations": [
                    {"name": "get_weather", "parametersJsonSchema": {"type": "object", "properties": {"n": {"type": "number"}}}},
                    {"name": "look"},
                ]},
                {"googleSearch": {}},
            ],
            "toolConfig": {"includeServerSideToolInvocations": true},
            "generationConfig": {
                "maxOutputTokens": 10, "temperature": 0.5, "responseMimeType": "application/json",
                "thinkingConfig": {"includeThoughts": true, "thinkingLevel": "LOW"},
            },
            "store": false,
        }))
    );
}

#[test]
fn the_same_agent_on_gemini_2_5_has_what_it_can_have() {
    assert_eq!(
        body("gemini-2.5-flash", agent()),
        Ok(json!({
            "contents": [
                {"role": "user", "parts": [{"text": "hi"}]},
                {"role": "model", "parts": [
                    {"functionCall": {"id": "a", "name": "get_weather", "args": {"n": 1.0}}},
                    {"functionCall": {"id": "b", "name": "look", "args": {"n": 1.0}}},
                ]},
                {"role": "user", "parts": [
                    {"functionResponse": {"id": "a", "name": "get_weather", "response": {"result": "sunny"}}},
                    {"functionResponse": {"id": "b", "name": "look", "response": {"result": "seen"}}},
                    {"inlineData": {"mimeType": "image/png", "data": "AA=="}},
                ]},
            ],
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "tools": [
                {"functionDeclarations": [
                    {"name": "get_weather", "parametersJsonSchema": {"type": "object", "properties": {"n": {"type": "number"}}}},
                    {"name": "look"},
                ]},
            ],
            "generationConfig": {
                "maxOutputTokens": 10, "temperature": 0.5,
                "thinkingConfig": {"includeThoughts": true, "thinkingBudget": 1024},
            },
            "store": false,
        }))
    );
}

#[test]
fn instructions_go_into_the_prompt_of_models_that_take_no_others_g19() {
    let draft = || Draft {
        instructions: vec![Part::text("Say cheerfully:")],
        voice: Some("Kore".into()),
        ..hi()
    };
    assert_eq!(
        body("gemini-2.5-flash-preview-tts", draft()),
        Ok(json!({
            "contents": [{"role": "user", "parts": [{"text": "Say cheerfully:"}, {"text": "hi"}]}],
            "generationConfig": {
                "responseModalities": ["AUDIO"],
                "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}},
            },
            "store": false,
        }))
    );
    let gemma = body("gemma-3-27b-it", draft()).unwrap();
    assert_eq!(gemma["contents"][0]["parts"].as_array().unwrap().len(), 2);
    assert_eq!(gemma.get("systemInstruction"), None);
}

#[test]
fn features_of_the_name_reach_the_request() {
    let around = Circumstances {
        features: Features {
            search: true,
            thinking: Some(ThinkingOverride::Off),
            image: true,
            ..Features::default()
        },
        ..Circumstances::default()
    };
    let draft = Draft {
        instructions: vec![Part::text("Draw.")],
        ..hi()
    };
    let (found, _) = bodies("gemini-2.5-flash", draft, &around).unwrap();
    assert_eq!(found[0].get("systemInstruction"), None);
    assert_eq!(
        found[0]["contents"][0]["parts"][0],
        json!({"text": "Draw."})
    );
    assert_eq!(found[0]["tools"], json!([{"googleSearch": {}}]));
    assert_eq!(
        found[0]["generationConfig"],
        json!({"responseModalities": ["TEXT", "IMAGE"], "thinkingConfig": {"thinkingBudget": 0}})
    );
}

#[test]
fn safety_is_the_clients_or_else_the_deployments_g23() {
    let threshold = |category: &str| Threshold {
        category: category.to_owned(),
        threshold: "OFF".to_owned(),
    };
    let around = Circumstances {
        safety: vec![threshold("A"), threshold("B")],
        ..Circumstances::default()
    };
    let (found, _) = bodies("gemini-2.5-flash", hi(), &around).unwrap();
    assert_eq!(
        found[0]["safetySettings"],
        json!([{"category": "A", "threshold": "OFF"}, {"category": "B", "threshold": "OFF"}])
    );
    let draft = Draft {
        safety: vec![SafetySetting {
            category: "C".into(),
            threshold: "BLOCK_NONE".into(),
        }],
        ..hi()
    };
    let (found, _) = bodies("gemini-2.5-flash", draft, &around).unwrap();
    assert_eq!(
        found[0]["safetySettings"],
        json!([{"category": "C", "threshold": "BLOCK_NONE"}])
    );
}

#[test]
fn cached_content_excludes_instructions_and_tools_g24() {
    let cached = || Draft {
        cached_content: Some("cachedContents/x".into()),
        ..hi()
    };
    let found = body("gemini-2.5-flash", cached()).unwrap();
    assert_eq!(found["cachedContent"], "cachedContents/x");
    let with_tools = |tools| Draft { tools, ..cached() };
    let search = Circumstances {
        features: Features {
            search: true,
            ..Features::default()
        },
        ..Circumstances::default()
    };
    let plain = Circumstances::default();
    for (draft, around, what) in [
        (
            Draft {
                instructions: vec![Part::text("s")],
                ..cached()
            },
            &plain,
            "instructions",
        ),
        (
            with_tools(Tools {
                functions: vec![function("f", "{}")],
                ..Tools::default()
            }),
            &plain,
            "tools",
        ),
        (
            with_tools(Tools {
                choice: ToolChoice::None,
                ..Tools::default()
            }),
            &plain,
            "tools",
        ),
        (
            with_tools(Tools {
                url_context: true,
                ..Tools::default()
            }),
            &plain,
            "tools",
        ),
        (cached(), &search, "tools"),
    ] {
        let error = bodies("gemini-2.5-flash", draft, around).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("cached_content"));
        assert!(
            error.message.contains(&format!("with {what} in")),
            "{error}"
        );
    }
}

#[test]
fn several_answers_are_several_calls_where_one_gives_one_g5_g7() {
    let draft = || Draft {
        sampling: Sampling {
            candidates: Some(3),
            seed: Some(i32::MAX),
            ..Sampling::default()
        },
        ..hi()
    };
    let around = Circumstances::default();
    let (one, _) = bodies("gemini-2.5-flash", draft(), &around).unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(one[0]["generationConfig"]["candidateCount"], 3);
    let (three, _) = bodies("gemini-3.8-flash", draft(), &around).unwrap();
    let seeds: Vec<&Value> = three
        .iter()
        .map(|body| &body["generationConfig"]["seed"])
        .collect();
    assert_eq!(seeds, [i32::MAX, i32::MIN, i32::MIN + 1]);
    assert!(
        three
            .iter()
            .all(|body| body["generationConfig"].get("candidateCount").is_none())
    );
}

#[test]
fn kept_signatures_count_as_signed_s3_5_s3_8() {
    let around = Circumstances {
        signatures: BTreeMap::from([("a".to_owned(), "kept".to_owned())]),
        ..Circumstances::default()
    };
    let (found, signed) = bodies("gemini-3.8-flash", agent(), &around).unwrap();
    assert_eq!(
        found[0]["contents"][1]["parts"][0]["thoughtSignature"],
        "kept"
    );
    assert!(signed);
    let (_, signed) = bodies("gemini-3.8-flash", agent(), &Circumstances::default()).unwrap();
    assert!(!signed);
}

#[test]
fn tier_storing_and_resolution_pass_through_g13_g14_p5() {
    let draft = Draft {
        turns: vec![Content::user(vec![Part {
            media_resolution: Some(MediaResolution {
                level: ResolutionLevel::Low,
            }),
            ..Data::InlineData(Blob {
                mime_type: "image/png".into(),
                data: "AA==".into(),
            })
            .into()
        }])],
        service_tier: Some(ServiceTier::Flex),
        store: true,
        ..Draft::default()
    };
    let found = body("gemini-2.5-flash", draft).unwrap();
    assert_eq!(found["serviceTier"], "flex");
    assert_eq!(found["store"], true);
    assert_eq!(
        found["generationConfig"],
        json!({"mediaResolution": "MEDIA_RESOLUTION_LOW"})
    );
}
