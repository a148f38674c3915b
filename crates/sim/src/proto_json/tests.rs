//! What is read as what, and what is refused with which words.

use serde_json::{Value, json};

use super::*;
use crate::schema::{BATCH_EMBED_CONTENTS, GENERATE_CONTENT};

fn read_json(body: Value, message: &Message) -> Result<Value, String> {
    let Value::Object(fields) = body else {
        panic!("an object");
    };
    match read(fields, message) {
        Ok(fields) => Ok(Value::Object(fields)),
        Err(error) => {
            let error = serde_json::to_value(error).unwrap();
            Err(error["error"]["message"].as_str().unwrap().to_owned())
        }
    }
}

#[test]
fn both_spellings_single_values_and_loose_literals_are_read_into_one_form_u4() {
    let cases = [
        (
            json!({"system_instruction": {"parts": {"text": "a"}}}),
            json!({"systemInstruction": {"parts": [{"text": "a"}]}}),
        ),
        (
            json!({"contents": [{"parts": [{"inline_data": {"mime_type": "image/png", "data": "_-8"}}]}]}),
            json!({"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "_-8"}}]}]}),
        ),
        (
            json!({"toolConfig": {"functionCallingConfig": {"mode": "any"}}, "safetySettings": null}),
            json!({"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}),
        ),
        (
            json!({"generationConfig": {"maxOutputTokens": "7", "topK": 5.0, "temperature": "0.5"}}),
            json!({"generationConfig": {"maxOutputTokens": 7, "topK": 5, "temperature": 0.5}}),
        ),
        (
            json!({"tools": [{"google_search": {}}, {"code_execution": null}]}),
            json!({"tools": [{"googleSearch": {}}, {}]}),
        ),
        (
            json!({"serviceTier": "FLEX", "store": false}),
            json!({"serviceTier": "flex", "store": false}),
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(
            read_json(body.clone(), &GENERATE_CONTENT),
            Ok(expected),
            "{body}"
        );
    }
}

#[test]
fn what_clients_own_is_left_alone() {
    let schema = json!({"$schema": "x", "type": ["string", "null"], "max_items": 1, "const": null});
    let body = json!({
        "contents": [{"parts": [{"functionCall": {"name": "f", "args": {"snake_case": [null, 1.0]}}}]}],
        "generationConfig": {"responseJsonSchema": schema},
        "tools": [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": schema}]}],
    });
    assert_eq!(read_json(body.clone(), &GENERATE_CONTENT), Ok(body));
}

#[test]
fn unknown_fields_are_refused_by_name_and_place_at_any_depth_u5() {
    let cases = [
        (
            json!({"temperature": 1}),
            "Unknown name \"temperature\": Cannot find field.",
        ),
        (json!({"labels": {}}), "Unknown name \"labels\": Cannot"),
        (
            json!({"generationConfig": {"max_tokens": 1}}),
            "Unknown name \"max_tokens\" at 'generation_config': Cannot",
        ),
        (
            json!({"contents": [{"parts": {"text": "a", "role": "user"}}]}),
            "Unknown name \"role\" at 'contents[0].parts': Cannot",
        ),
        (
            json!({"contents": [{"parts": [{"functionResponse": {"parts": [{"inlineData": {"displayName": "a"}}]}}]}]}),
            "Unknown name \"displayName\" at 'contents[0].parts[0].function_response.parts[0].inline_data': Cannot",
        ),
        (
            json!({"tools": [{"functionDeclarations": [{"name": "f", "strict": true}]}]}),
            "Unknown name \"strict\" at 'tools[0].function_declarations[0]': Cannot",
        ),
        (
            json!({"tools": [{"googleSearch": {"max_uses": 1}}]}),
            "Unknown name \"max_uses\" at 'tools[0].google_search': Cannot",
        ),
        (
            json!({"toolConfig": {"functionCallingConfig": {"parallel": false}}}),
            "Unknown name \"parallel\" at 'tool_config.function_calling_config': Cannot",
        ),
        (
            json!({"generationConfig": {"thinkingConfig": {"effort": "low"}}}),
            "Unknown name \"effort\" at 'generation_config.thinking_config': Cannot",
        ),
        (
            json!({"generationConfig": {"imageConfig": {"quality": "hd"}}}),
            "Unknown name \"quality\" at 'generation_config.image_config': Cannot",
        ),
        (
            json!({"generationConfig": {"speechConfig": {"voiceConfig": {"voice": "Kore"}}}}),
            "Unknown name \"voice\" at 'generation_config.speech_config.voice_config': Cannot",
        ),
    ];
    for (body, expected) in cases {
        let message = read_json(body.clone(), &GENERATE_CONTENT).unwrap_err();
        assert!(message.contains(expected), "{body}: {message}");
    }
}

#[test]
fn keywords_outside_the_openapi_subset_are_refused_in_parameters_t3() {
    let cases = [
        (
            json!({"const": 1}),
            "Unknown name \"const\" at '…': Cannot find field.",
        ),
        (
            json!({"$ref": "#/a"}),
            "Unknown name \"$ref\" at '…': Cannot find field.",
        ),
        (
            json!({"additionalProperties": false}),
            "Unknown name \"additionalProperties\" at '…': Cannot",
        ),
        (
            json!({"type": ["string", "null"]}),
            "Unknown name \"type\" at '…': Proto field is not repeating, cannot start list.",
        ),
        (
            json!({"enum": [1]}),
            "Invalid value at '….enum[0]' (TYPE_STRING), 1",
        ),
        (
            json!({"type": "text"}),
            "Invalid value at '….type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), \"text\"",
        ),
        (
            json!({"anyOf": [{"oneOf": []}]}),
            "Unknown name \"oneOf\" at '….any_of[0]': Cannot find field.",
        ),
    ];
    for (value, expected) in cases {
        let parameters =
            json!({"type": "object", "properties": {"a": {"type": "string"}, "b": value}});
        let body =
            json!({"tools": [{"functionDeclarations": [{"name": "f", "parameters": parameters}]}]});
        let expected = expected.replace(
            '…',
            "tools[0].function_declarations[0].parameters.properties[1].value",
        );
        let message = read_json(body, &GENERATE_CONTENT).unwrap_err();
        assert!(message.contains(&expected), "{message}");
    }
}

#[test]
fn values_of_the_wrong_type_are_refused_with_type_and_value() {
    let text = json!({"contents": [{"parts": [{"text": 5}]}]});
    let part = |part: Value| json!({"contents": [{"parts": [part]}]});
    let cases = [
        (
            text,
            "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 5",
        ),
        (
            json!({"contents": "hi"}),
            "Invalid value at 'contents' (type.googleapis.com/google.ai.generativelanguage.v1beta.Content), \"hi\"",
        ),
        (
            part(json!({"inlineData": {"data": "not base64!"}})),
            "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"not base64!\"",
        ),
        (
            part(json!({"functionResponse": {"response": "text"}})),
            "function_response.response' (type.googleapis.com/google.protobuf.Struct), \"text\"",
        ),
        (
            part(json!({"functionCall": {"args": [1]}})),
            "Unknown name \"args\" at 'contents[0].parts[0].function_call': Proto field is not repeating",
        ),
        (
            part(json!({"text": "a", "inlineData": {}})),
            "Invalid value at 'contents[0].parts[0]' (oneof), oneof field 'data' is already set. Cannot set 'inlineData'",
        ),
        (
            json!({"generationConfig": {"maxOutputTokens": 1.5}}),
            "Invalid value at 'generation_config.max_output_tokens' (TYPE_INT32), 1.5",
        ),
        (
            json!({"generationConfig": {"seed": 3_000_000_000_u64}}),
            "Invalid value at 'generation_config.seed' (TYPE_INT32), 3000000000",
        ),
        (
            json!({"generationConfig": {"thinkingConfig": {"thinkingLevel": "max"}}}),
            "(type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingConfig.ThinkingLevel), \"max\"",
        ),
        (
            json!({"store": "yes"}),
            "Invalid value at 'store' (TYPE_BOOL), \"yes\"",
        ),
    ];
    for (body, expected) in cases {
        let message = read_json(body.clone(), &GENERATE_CONTENT).unwrap_err();
        assert!(message.contains(expected), "{body}: {message}");
    }
}

#[test]
fn several_violations_are_one_error_and_a_flood_is_cut() {
    let two = json!({"requests": [{"a": 1}, {"b": 1}]});
    let message = read_json(two, &BATCH_EMBED_CONTENTS).unwrap_err();
    assert_eq!(message.lines().count(), 2, "{message}");

    let flood: Vec<Value> = (0..1_000).map(|_| json!({"a": 1})).collect();
    let message = read_json(json!({"requests": flood}), &BATCH_EMBED_CONTENTS).unwrap_err();
    assert_eq!(message.lines().count(), MAX_VIOLATIONS);
}

#[test]
fn base64_is_read_in_both_alphabets_with_or_without_padding() {
    for text in ["+/8=", "-_8=", "+/8", "-_8", ""] {
        assert!(decode_base64(text).is_some(), "{text}");
    }
    for text in ["a", "+_8=", "a b", "é"] {
        assert!(decode_base64(text).is_none(), "{text}");
    }
}
