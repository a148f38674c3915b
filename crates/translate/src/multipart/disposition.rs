//! The header `Content-Disposition: form-data; name="…"; filename="…"` of a part (RFC 7578 §4.2).

use std::borrow::Cow;

/// What a part is called.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Disposition<'a> {
    pub(super) name: Option<Cow<'a, str>>,
    /// Makes the part a file.
    pub(super) filename: Option<Cow<'a, str>>,
}

impl<'a> Disposition<'a> {
    /// `None` if the value is not of this form, or gives a parameter twice.
    pub(super) fn parse(value: &'a str) -> Option<Self> {
        let (kind, mut rest) = value.split_once(';').unwrap_or((value, ""));
        if !kind.trim().eq_ignore_ascii_case("form-data") {
            return None;
        }
        let mut found = Self::default();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                return Some(found);
            }
            let (key, after) = rest.split_once('=')?;
            let (text, after) = read_value(after)?;
            rest = match after.trim_start() {
                "" => "",
                more => more.strip_prefix(';')?,
            };
            let slot = match key.trim().to_ascii_lowercase().as_str() {
                "name" => &mut found.name,
                "filename" => &mut found.filename,
                // RFC 7578 forbids `filename*`, and where it comes `filename` comes too.
                _ => continue,
            };
            if slot.replace(text).is_some() {
                return None;
            }
        }
    }
}

/// A quoted string or a token, and what follows it.
fn read_value(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let text = text.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        let (token, rest) = text.split_at_checked(end)?;
        let token = token.trim_end();
        let right = !token.is_empty() && !token.contains(['"', ' ', '\t']);
        return right.then_some((Cow::Borrowed(token), rest));
    };
    let mut escaped = false;
    let end = quoted.find(|character| {
        let closes = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        closes
    })?;
    let (inner, rest) = quoted.split_at_checked(end)?;
    Some((unescape(inner), rest.strip_prefix('"')?))
}

/// Undoes the two ways of putting a quote into a name: `\"`, as RFC 822 has it, and `%22`, as
/// browsers and Python's httpx have it (WHATWG's HTML, "multipart form data", read 2026-11-24). A
/// backslash before anything else is one: Internet Explorer sent whole Windows paths.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '%']) {
        return Cow::Borrowed(text);
    }
    let replaced = text
        .replace("\\\"", "\"")
        .replace("\\\\", "\\")
        .replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n");
    Cow::Owned(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_in_every_way_of_writing_them() {
        for (value, name, filename) in [
            (r#"form-data; name="model""#, Some("model"), None),
            (r#"Form-Data;NAME=model"#, Some("model"), None),
            (
                r#"form-data; name="file"; filename="a b;c.mp3""#,
                Some("file"),
                Some("a b;c.mp3"),
            ),
            (
                r#"form-data; filename=a.wav ; name=file;"#,
                Some("file"),
                Some("a.wav"),
            ),
            (
                r#"form-data; name="f"; filename="a\"b\\c.mp3""#,
                Some("f"),
                Some("a\"b\\c.mp3"),
            ),
            (
                r#"form-data; name="f"; filename="%22%0D%0A.mp3""#,
                Some("f"),
                Some("\"\r\n.mp3"),
            ),
            (
                r#"form-data; name="f"; filename="C:\music\a.mp3""#,
                Some("f"),
                Some(r"C:\music\a.mp3"),
            ),
            (
                r#"form-data; name="f"; filename="ä.mp3"; filename*=UTF-8''%C3%A4.mp3"#,
                Some("f"),
                Some("ä.mp3"),
            ),
            (r#"form-data; name="""#, Some(""), None),
            ("form-data", None, None),
        ] {
            let found = Disposition::parse(value).unwrap();
            assert_eq!(
                (found.name.as_deref(), found.filename.as_deref()),
                (name, filename),
                "{value}"
            );
        }
    }

    #[test]
    fn refuses_what_can_be_read_in_two_ways() {
        for value in [
            "",
            "attachment; name=\"a\"",
            "form-data; name",
            "form-data; name=",
            "form-data; name=\"a",
            "form-data; name=\"a\\\"",
            "form-data; name=\"a\"b",
            "form-data; name=a b",
            "form-data; name=a\"b\"",
            "form-data; name=\"a\"; name=\"b\"",
            "form-data; name=\"a\"; filename=b; filename=c",
        ] {
            assert_eq!(Disposition::parse(value), None, "{value}");
        }
    }
}
