//! `generationConfig`, thinking and modalities, by model.

use super::*;

fn config(config: Value) -> Value {
    with(json!({"generationConfig": config}))
}

fn thinking(thinking: Value) -> Value {
    config(json!({"thinkingConfig": thinking}))
}

#[test]
fn numbers_are_within_their_ranges() {
    let model = "gemini-2.5-flash";
    check_cases(&[
        (
            model,
            config(json!({"temperature": 0, "topP": 1, "topK": 1, "seed": -5})),
            "",
        ),
        (
            model,
            config(json!({"temperature": 2.1})),
            "temperature must be in the range [0.0, 2.0]",
        ),
        (
            model,
            config(json!({"topP": 1.1})),
            "top_p must be in the range [0.0, 1.0]",
        ),
        (model, config(json!({"topK": 0})), "top_k must be positive"),
        (
            model,
            config(json!({"maxOutputTokens": 0})),
            "max_output_tokens must be positive",
        ),
        (model, config(json!({"maxOutputTokens": 65_536})), ""),
        (
            model,
            config(json!({"maxOutputTokens": 65_537})),
            "Request contains an invalid argument.",
        ),
        ("unknown", config(json!({"maxOutputTokens": 1_000_000})), ""),
        (
            model,
            config(json!({"stopSequences": ["a", "b", "c", "d", "e"]})),
            "",
        ),
        (
            model,
            config(json!({"stopSequences": ["a", "b", "c", "d", "e", "f"]})),
            "the number of stop_sequences must not exceed 5",
        ),
        (
            model,
            config(json!({"stopSequences": [""]})),
            "a stop sequence must not be empty",
        ),
    ]);
}

#[test]
fn argon_says_more_when_streamed_u15() {
    let body = config(json!({"maxOutputTokens": 50_000}));
    let model = "gemini-4-argon";
    check_case(Method::StreamGenerateContent, model, &body, "");
    check_case(
        Method::GenerateContent,
        model,
        &body,
        "Request contains an invalid argument.",
    );
}

#[test]
fn several_candidates_come_unary_and_before_3_only_g5() {
    let two = config(json!({"candidateCount": 2}));
    let refused = "Multiple candidates is not enabled for this model";
    for (method, model, body, expected) in [
        (Method::GenerateContent, "gemini-2.5-flash", two.clone(), ""),
        (
            Method::StreamGenerateContent,
            "gemini-2.5-flash",
            two.clone(),
            refused,
        ),
        (
            Method::GenerateContent,
            "gemini-3.1-flash-lite",
            two.clone(),
            refused,
        ),
        (
            Method::GenerateContent,
            "gemini-2.5-flash-image",
            two,
            refused,
        ),
        (
            Method::GenerateContent,
            "gemini-3.8-flash",
            config(json!({"candidateCount": 1})),
            "",
        ),
        (
            Method::GenerateContent,
            "gemini-2.5-flash",
            config(json!({"candidateCount": 9})),
            "candidate_count must be in the range [1, 8]",
        ),
    ] {
        check_case(method, model, &body, expected);
    }
}

#[test]
fn penalties_and_log_probabilities_are_gone_since_2_5_g8_g9() {
    check_cases(&[
        (
            "gemini-2.5-flash",
            config(json!({"presencePenalty": 0, "frequencyPenalty": 0.0})),
            "",
        ),
        (
            "gemini-2.5-flash",
            config(json!({"presencePenalty": 0.5})),
            "Penalty is not enabled for models/gemini-2.5-flash",
        ),
        (
            "gemini-3.8-flash",
            config(json!({"frequencyPenalty": -0.5})),
            "Penalty is not enabled for models/gemini-3.8-flash",
        ),
        (
            "gemini-2.0-flash",
            config(json!({"presencePenalty": 0.5})),
            "",
        ),
        (
            "gemini-2.0-flash",
            config(json!({"presencePenalty": 2})),
            "[-2.0, 2.0)",
        ),
        (
            "gemini-2.5-pro",
            config(json!({"responseLogprobs": true})),
            "Logprobs is not enabled for models/gemini-2.5-pro",
        ),
        (
            "gemini-2.0-flash",
            config(json!({"responseLogprobs": true, "logprobs": 20})),
            "",
        ),
        (
            "gemini-2.0-flash",
            config(json!({"responseLogprobs": true, "logprobs": 21})),
            "[0, 20]",
        ),
        (
            "gemini-2.0-flash",
            config(json!({"logprobs": 1})),
            "only be set with response_logprobs",
        ),
    ]);
}

#[test]
fn thinking_is_wished_for_as_each_generation_has_it_r1() {
    check_cases(&[
        (
            "gemini-2.0-flash",
            thinking(json!({"thinkingBudget": 1})),
            "thinking_config is not supported.",
        ),
        ("gemini-2.0-flash", thinking(json!({})), ""),
        (
            "gemini-2.5-flash-image",
            thinking(json!({"includeThoughts": true})),
            "Thinking is not enabled for models/gemini-2.5-flash-image",
        ),
        (
            "gemini-2.5-flash",
            thinking(json!({"thinkingLevel": "LOW"})),
            "Thinking level is not supported for this model.",
        ),
        (
            "gemini-2.5-flash",
            thinking(json!({"thinkingBudget": 0})),
            "",
        ),
        (
            "gemini-2.5-flash",
            thinking(json!({"thinkingBudget": -1, "includeThoughts": true})),
            "",
        ),
        (
            "gemini-2.5-flash",
            thinking(json!({"thinkingBudget": 30_000})),
            "The thinking budget 30000 is invalid. Please choose a value between 1 and 24576.",
        ),
        (
            "gemini-2.5-flash-lite",
            thinking(json!({"thinkingBudget": 511})),
            "Please choose a value between 512 and 24576.",
        ),
        (
            "gemini-2.5-pro",
            thinking(json!({"thinkingBudget": 0})),
            "Budget 0 is invalid. This model only works in thinking mode.",
        ),
        (
            "gemini-2.5-pro",
            thinking(json!({"thinkingBudget": 128})),
            "",
        ),
        (
            "gemini-3.5-flash",
            thinking(json!({"thinkingBudget": 1024, "thinkingLevel": "LOW"})),
            "You can only set only one of thinking budget and thinking level.",
        ),
        (
            "gemini-3.5-flash",
            thinking(json!({"thinkingLevel": "MINIMAL"})),
            "",
        ),
        (
            "gemini-3.5-flash",
            thinking(json!({"thinkingBudget": 1024})),
            "",
        ),
        (
            "gemini-3.8-flash",
            thinking(json!({"thinkingLevel": "MINIMAL"})),
            "Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.",
        ),
        (
            "gemini-3.8-flash",
            thinking(json!({"thinkingLevel": "XHIGH"})),
            "Thinking level XHIGH is not",
        ),
        (
            "gemini-3.8-flash",
            thinking(json!({"thinkingBudget": 0})),
            "Request contains an invalid argument.",
        ),
        (
            "gemini-4-argon",
            thinking(json!({"thinkingLevel": "high"})),
            "",
        ),
        (
            "gemini-4-argon",
            thinking(json!({"thinkingBudget": 1024})),
            "Thinking budget is not supported",
        ),
        ("unknown", thinking(json!({"thinkingBudget": 1024})), ""),
        (
            "unknown",
            thinking(json!({"thinkingBudget": 1, "thinkingLevel": "LOW"})),
            "only one of",
        ),
    ]);
}

#[test]
fn json_mode_goes_with_tools_since_3_only_g18() {
    let json_mode = |tools: Value| {
        with(json!({"tools": tools, "generationConfig": {"responseMimeType": "application/json"}}))
    };
    let function = json!([{"functionDeclarations": [{"name": "f"}]}]);
    let search = json!([{"googleSearch": {}}]);
    check_cases(&[
        (
            "gemini-2.5-flash",
            json_mode(function.clone()),
            "Function calling with a response mime type: 'application/json' is unsupported",
        ),
        (
            "gemini-2.5-flash",
            json_mode(search.clone()),
            "Tool use with a response mime type: 'application/json' is unsupported",
        ),
        ("gemini-3-flash-preview", json_mode(function), ""),
        ("gemini-3-flash-preview", json_mode(search), ""),
        ("gemini-2.5-flash", json_mode(json!([])), ""),
    ]);
}

#[test]
fn a_schema_needs_json_mode_and_is_one() {
    let schema = json!({"type": "object"});
    let model = "gemini-2.5-flash";
    let json = "application/json";
    check_cases(&[
        (
            model,
            config(json!({"responseMimeType": json, "responseJsonSchema": schema})),
            "",
        ),
        (
            model,
            config(
                json!({"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["a"]}}),
            ),
            "",
        ),
        (
            model,
            config(json!({"responseJsonSchema": schema})),
            "only allowed with a JSON or enum",
        ),
        (
            model,
            config(
                json!({"responseMimeType": json, "responseJsonSchema": schema, "responseSchema": schema}),
            ),
            "only one schema can be set",
        ),
        (
            model,
            config(json!({"responseMimeType": "text/html"})),
            "response_mime_type: allowed mimetypes are",
        ),
        (
            "gemma-3-27b-it",
            config(json!({"responseMimeType": json})),
            "JSON mode is not enabled for models/gemma-3-27b-it",
        ),
    ]);
}

#[test]
fn speech_models_speak_and_do_nothing_else_g19() {
    let tts = "gemini-2.5-flash-preview-tts";
    let speak = |fields: Value| {
        let mut body = with(json!({"generationConfig": {
            "responseModalities": ["AUDIO"],
            "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}}
        }}));
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        body
    };
    let voice = |name: &str| {
        config(json!({
            "responseModalities": ["AUDIO"],
            "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": name}}}
        }))
    };
    let text_only = "The requested combination of response modalities (TEXT) is not supported by the model. models/gemini-2.5-flash-preview-tts accepts the following combination of response modalities:\n* AUDIO\n";
    check_cases(&[
        (tts, speak(json!({})), ""),
        (tts, with(json!({})), text_only),
        (
            tts,
            config(json!({"responseModalities": ["TEXT", "AUDIO"]})),
            "(TEXT, AUDIO)",
        ),
        (
            tts,
            speak(json!({"systemInstruction": {"parts": [{"text": "a"}]}})),
            "Developer instruction is not enabled for models/gemini-2.5-flash-preview-tts",
        ),
        (
            tts,
            speak(json!({"tools": [{"functionDeclarations": [{"name": "f"}]}]})),
            "Function calling is not enabled",
        ),
        (
            tts,
            speak(
                json!({"contents": [{"parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}, {"parts": [{"text": "c"}]}]}),
            ),
            "Multiturn chat is not enabled",
        ),
        (
            tts,
            voice("alloy"),
            "Voice name alloy is not supported. Allowed voice names are: achernar, ",
        ),
        (tts, voice("zephyr"), ""),
        (
            "gemini-2.5-flash",
            config(json!({"responseModalities": ["AUDIO"]})),
            "(AUDIO) is not supported",
        ),
        (
            "gemini-2.5-flash",
            config(json!({"speechConfig": {}})),
            "Cannot extract voices from a non-audio request.",
        ),
    ]);
}

#[test]
fn images_come_out_of_image_models_in_known_shapes_i1_i2() {
    let image = "gemini-2.5-flash-image";
    let shape = |shape: Value| config(json!({"imageConfig": shape}));
    check_cases(&[
        (image, with(json!({})), ""),
        (
            image,
            config(json!({"responseModalities": ["TEXT", "IMAGE"]})),
            "",
        ),
        (
            image,
            config(json!({"responseModalities": ["AUDIO"]})),
            "* IMAGE\n* TEXT, IMAGE\n",
        ),
        (image, shape(json!({"aspectRatio": "16:9"})), ""),
        (
            image,
            shape(json!({"aspectRatio": "1:8"})),
            "invalid argument",
        ),
        (image, shape(json!({"imageSize": "2K"})), "invalid argument"),
        (
            "nano-banana-2.1",
            shape(json!({"aspectRatio": "1:8", "imageSize": "4K"})),
            "",
        ),
        (
            "nano-banana-2.1",
            shape(json!({"imageSize": "8K"})),
            "invalid argument",
        ),
        (
            "gemini-2.5-flash",
            config(json!({"responseModalities": ["TEXT", "IMAGE"]})),
            "(TEXT, IMAGE) is not",
        ),
        (
            "gemini-2.5-flash",
            config(json!({"responseModalities": ["TEXT"]})),
            "",
        ),
        (
            "gemini-2.5-flash",
            shape(json!({"aspectRatio": "1:1"})),
            "not enabled for this model",
        ),
        (
            "unknown",
            config(json!({"responseModalities": ["TEXT", "IMAGE"]})),
            "",
        ),
    ]);
}
