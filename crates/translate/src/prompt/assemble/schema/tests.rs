//! Schemas before and after.

use super::*;

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

fn check(schema: &str, expected: &str) {
    assert_eq!(convert_to_openapi(&raw(schema)).get(), expected, "{schema}");
}

#[test]
fn parameters_without_any_are_left_out_t4() {
    for (schema, nothing) in [
        ("{}", true),
        (r#"{"type":"object"}"#, true),
        (r#"{"type":"object","properties":{}}"#, true),
        (
            r#"{ "$schema":"x", "type":"object", "properties": { }, "required": [ ], "additionalProperties":false }"#,
            true,
        ),
        (r#"{"type":"object","description":"nothing"}"#, true),
        (r#"{"type":"object","additionalProperties":true}"#, false),
        (r#"{"type":"object","properties":{"a":{}}}"#, false),
        (r#"{"type":"string"}"#, false),
        (r##"{"$ref":"#/$defs/A"}"##, false),
        ("true", false),
        ("[]", false),
    ] {
        assert_eq!(takes_nothing(&raw(schema)), nothing, "{schema}");
    }
}

#[test]
fn json_schema_is_sent_as_it_came_t3() {
    let schema =
        raw(r#"{"type":["object","null"],"properties":{"b":{"const":1.50},"a":{}},"not":{}}"#);
    let sent = refresh(Cow::Borrowed(&schema));
    assert!(matches!(sent, Cow::Borrowed(same) if same.get() == schema.get()));
}

#[test]
fn old_definitions_are_found_where_gemini_looks_for_them() {
    for (schema, expected) in [
        (
            r##"{"properties":{"a":{"$ref":"#/definitions/A"}},"definitions":{"A":{"items":{"$ref":"#/definitions/A"}}}}"##,
            r##"{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"items":{"$ref":"#/$defs/A"}}}}"##,
        ),
        // A field that only has that name.
        (
            r##"{"properties":{"definitions":{"$ref":"#/definitions/A"}},"definitions":{"A":{}}}"##,
            r##"{"properties":{"definitions":{"$ref":"#/$defs/A"}},"$defs":{"A":{}}}"##,
        ),
        // Both: whoever wrote that means it.
        (
            r##"{"$ref":"#/definitions/A","definitions":{},"$defs":{}}"##,
            r##"{"$ref":"#/definitions/A","definitions":{},"$defs":{}}"##,
        ),
        (
            r#"{"properties":{"definitions":{}}}"#,
            r#"{"properties":{"definitions":{}}}"#,
        ),
    ] {
        assert_eq!(refresh(Cow::Owned(raw(schema))).get(), expected);
    }
}

#[test]
fn what_openapi_knows_is_kept_in_order_with_its_literals() {
    check(
        r#"{"type":"object","title":"T","description":"d","properties":{
            "b":{"type":"number","minimum":1.50,"maximum":2e3,"format":"double","default":1.70},
            "a":{"type":"string","minLength":1,"maxLength":5,"pattern":"^a","format":"date-time","example":"x"},
            "c":{"type":"array","items":{"type":"INTEGER","format":"int64"},"minItems":1,"maxItems":3},
            "d":{"type":"boolean","nullable":true}
        },"required":["b","a"],"minProperties":1}"#,
        r#"{"type":"OBJECT","title":"T","description":"d","minProperties":1,"properties":{"b":{"type":"NUMBER","default":1.70,"format":"double","minimum":1.50,"maximum":2e3},"a":{"type":"STRING","example":"x","format":"date-time","minLength":1,"maxLength":5,"pattern":"^a"},"c":{"type":"ARRAY","minItems":1,"maxItems":3,"items":{"type":"INTEGER","format":"int64"}},"d":{"type":"BOOLEAN","nullable":true}},"required":["b","a"]}"#,
    );
}

#[test]
fn each_unknown_keyword_has_its_remedy() {
    for (schema, expected) in [
        // Dropped.
        (
            r#"{"$schema":"x","$id":"y","type":"object","strict":true,"additionalProperties":false,"properties":{"a":{"type":"string","format":"uri","deprecated":true,"examples":["e"]}},"patternProperties":{},"not":{},"if":{},"then":{}}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}"#,
        ),
        // const and enum.
        (r#"{"const":"x"}"#, r#"{"type":"STRING","enum":["x"]}"#),
        (
            r#"{"type":"integer","enum":[1,2.50],"minimum":1}"#,
            r#"{"type":"STRING","enum":["1","2.50"]}"#,
        ),
        (
            r#"{"type":"string","enum":["a","",null]}"#,
            r#"{"type":"STRING","nullable":true,"enum":["a"]}"#,
        ),
        (r#"{"const":true}"#, r#"{"type":"BOOLEAN"}"#),
        (
            r#"{"type":"boolean","enum":[true,false]}"#,
            r#"{"type":"BOOLEAN"}"#,
        ),
        // Lists of types.
        (
            r#"{"type":["string","null"],"maxLength":3}"#,
            r#"{"type":"STRING","nullable":true,"maxLength":3}"#,
        ),
        (
            r#"{"type":["string","integer","null"],"description":"d","maxLength":3,"minimum":0}"#,
            r#"{"description":"d","nullable":true,"anyOf":[{"type":"STRING","maxLength":3},{"type":"INTEGER","minimum":0}]}"#,
        ),
        (
            r#"{"type":["array","object"],"items":{"type":"string"},"properties":{"a":{"type":"string"}},"required":["a"]}"#,
            r#"{"anyOf":[{"type":"ARRAY","items":{"type":"STRING"}},{"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["a"]}]}"#,
        ),
        (r#"{"type":"null"}"#, r#"{"type":"STRING","nullable":true}"#),
        // Alternatives.
        (
            r#"{"oneOf":[{"type":"string"},{"type":"number"}],"title":"t"}"#,
            r#"{"title":"t","anyOf":[{"type":"STRING"},{"type":"NUMBER"}]}"#,
        ),
        (
            r#"{"anyOf":[{"type":"string","description":"inner"},{"type":"null"}],"description":"outer"}"#,
            r#"{"type":"STRING","description":"outer","nullable":true}"#,
        ),
        (
            r#"{"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}"#,
        ),
        // allOf.
        (
            r#"{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["b","a"]}]}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"NUMBER"}},"required":["a","b"]}"#,
        ),
        // Exclusive bounds of both kinds.
        (
            r#"{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1.50}"#,
            r#"{"type":"NUMBER","minimum":0,"maximum":1.50}"#,
        ),
        (
            r#"{"type":"number","minimum":3,"exclusiveMinimum":true}"#,
            r#"{"type":"NUMBER","minimum":3}"#,
        ),
        // Arrays need items, tuples have one schema for all.
        (
            r#"{"type":"array"}"#,
            r#"{"type":"ARRAY","items":{"type":"STRING"}}"#,
        ),
        (
            r#"{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"items":false}"#,
            r#"{"type":"ARRAY","items":{"anyOf":[{"type":"STRING"},{"type":"NUMBER"}]}}"#,
        ),
        (
            r#"{"type":"array","items":[{"type":"string"},{"type":"number"}]}"#,
            r#"{"type":"ARRAY","items":{"anyOf":[{"type":"STRING"},{"type":"NUMBER"}]}}"#,
        ),
        // Required fields must exist.
        (
            r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a","b",1]}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["a"]}"#,
        ),
        // No type.
        (
            r#"{"properties":{"a":{}}}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}"#,
        ),
        (
            r#"{"items":true}"#,
            r#"{"type":"ARRAY","items":{"type":"STRING"}}"#,
        ),
        (r#"{"minimum":1}"#, r#"{"type":"NUMBER","minimum":1}"#),
        // Nonsense in known keywords.
        (
            r#"{"type":7,"description":{},"minLength":-1,"maxLength":"3","pattern":5,"minimum":"0","enum":"a","required":"a","properties":[],"anyOf":{},"items":3}"#,
            r#"{"type":"ARRAY","items":{"type":"STRING"}}"#,
        ),
    ] {
        check(schema, expected);
    }
}

#[test]
fn references_are_written_out_until_they_recur() {
    for (schema, expected) in [
        (
            r##"{"type":"object","properties":{"a":{"$ref":"#/$defs/A","description":"mine"}},"$defs":{"A":{"type":"string","description":"its own"}}}"##,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING","description":"mine"}}}"#,
        ),
        (
            r##"{"$ref":"#/definitions/a~1b","definitions":{"a/b":{"type":"number"}}}"##,
            r#"{"type":"NUMBER"}"#,
        ),
        (
            r##"{"$ref":"#/$defs/N","$defs":{"N":{"type":"object","properties":{"next":{"$ref":"#/$defs/N"},"v":{"type":"string"}}}}}"##,
            r#"{"type":"OBJECT","properties":{"next":{"type":"OBJECT"},"v":{"type":"STRING"}}}"#,
        ),
        (
            r##"{"type":"object","properties":{"all":{"$ref":"#"}}}"##,
            r#"{"type":"OBJECT","properties":{"all":{"type":"OBJECT","properties":{"all":{"type":"OBJECT"}}}}}"#,
        ),
        (r##"{"$ref":"#/$defs/missing"}"##, r#"{"type":"OBJECT"}"#),
        (
            r#"{"$ref":"https://example.com/schema"}"#,
            r#"{"type":"OBJECT"}"#,
        ),
    ] {
        check(schema, expected);
    }
}

#[test]
fn references_cannot_blow_a_schema_up_sec_066() {
    // Each definition refers twice to the next: 2^30 without a limit.
    let definitions: Vec<String> = (0..30)
        .map(|index| {
            let next = index + 1;
            format!(r##""d{index}":{{"properties":{{"a":{{"$ref":"#/$defs/d{next}"}},"b":{{"$ref":"#/$defs/d{next}"}}}}}}"##)
        })
        .collect();
    let schema = format!(
        r##"{{"$ref":"#/$defs/d0","$defs":{{{},"d30":{{"type":"string"}}}}}}"##,
        definitions.join(",")
    );
    let converted = convert_to_openapi(&raw(&schema));
    assert!(converted.get().len() < 100_000, "{}", converted.get().len());
    // One long text, used a thousand times.
    let uses: Vec<String> = (0..1_000)
        .map(|index| format!(r##""p{index}":{{"$ref":"#/$defs/A"}}"##))
        .collect();
    let schema = format!(
        r##"{{"properties":{{{}}},"$defs":{{"A":{{"description":"{}"}}}}}}"##,
        uses.join(","),
        "x".repeat(30_000)
    );
    let converted = convert_to_openapi(&raw(&schema));
    assert!(converted.get().len() < 200_000, "{}", converted.get().len());
    let huge = format!(r#"{{"description":"{}"}}"#, "x".repeat(300_000));
    check(&huge, r#"{"type":"OBJECT"}"#);
}
