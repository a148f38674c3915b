//! What is said in headers when a file is uploaded: Google's resumable protocol, and its two simple ones.
//!
//! Each header is read into a type of its own, in both directions, so that an upload carries these and
//! nothing else a client or an upstream might put there. Files' bytes are not looked at. Protocol as
//! google-genai 3.4 (Python) and @google/genai 2.32 speak it, November 2026.

use std::fmt;

use gempool_translate::InvalidRequest;

/// Longest header of text, in bytes: a file's name of 255 bytes, escaped for the most part, or a content type
/// with a boundary of 70.
const TEXT_BYTES_MAX: usize = 512;
/// Longest upload id, in bytes. Google's have about 200 (2026-11).
const UPLOAD_ID_BYTES_MAX: usize = 1_024;

/// How a file is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadProtocol {
    /// In steps.
    Resumable,
    /// With its description in one body of two parts.
    Multipart,
    /// Alone.
    Raw,
}

/// A step of a resumable upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadCommand {
    /// Describes the file and asks for an address.
    Start,
    /// Sends bytes.
    Upload,
    /// Ends the upload.
    Finalize,
    /// Sends the last bytes.
    UploadAndFinalize,
    /// Asks how much has arrived.
    Query,
    /// Gives the upload up.
    Cancel,
}

/// How an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadStatus {
    /// More may come.
    Active,
    /// The file is there, or never will be.
    Final,
    /// It was given up.
    Cancelled,
}

/// A header's text: visible ASCII of bounded length.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderText(String);

impl fmt::Debug for HeaderText {
    /// Names of files are the client's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeaderText({} bytes)", self.0.len())
    }
}

/// The headers of one request of an upload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadHeaders {
    /// `x-goog-upload-protocol`
    pub protocol: Option<UploadProtocol>,
    /// `x-goog-upload-command`
    pub command: Option<UploadCommand>,
    /// `x-goog-upload-offset`, in bytes.
    pub offset: Option<u64>,
    /// `x-goog-upload-header-content-length`, in bytes.
    pub length: Option<u64>,
    /// `x-goog-upload-header-content-type`
    pub media_type: Option<HeaderText>,
    /// `x-goog-upload-file-name`
    pub file_name: Option<HeaderText>,
    /// `content-type`
    pub content_type: Option<HeaderText>,
}

/// The headers of one answer of an upload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadHead {
    /// Of `x-goog-upload-url`, the only thing of it that is used.
    pub id: Option<UploadId>,
    /// `x-goog-upload-status`
    pub status: Option<UploadStatus>,
    /// `x-goog-upload-size-received`, in bytes.
    pub size_received: Option<u64>,
    /// `x-goog-upload-chunk-granularity`, in bytes.
    pub granularity: Option<u64>,
}

/// Google's name of an upload under way. Whoever knows it may send the bytes: it is a secret of the client
/// that began the upload. Clients get it as part of an [`UploadTicket`](crate::UploadTicket).
#[derive(Clone, PartialEq, Eq)]
pub struct UploadId(String);

impl fmt::Debug for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadId(…)")
    }
}

impl UploadId {
    /// `None` for what cannot be one: an id stands in addresses as it is.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_plain = (1..=UPLOAD_ID_BYTES_MAX).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        is_plain.then(|| Self(text.to_owned()))
    }

    /// The id itself.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl UploadProtocol {
    const NAMES: [(&'static str, Self); 3] = [
        ("resumable", Self::Resumable),
        ("multipart", Self::Multipart),
        ("raw", Self::Raw),
    ];
}

impl UploadCommand {
    const NAMES: [(&'static str, Self); 6] = [
        ("start", Self::Start),
        ("upload", Self::Upload),
        ("finalize", Self::Finalize),
        ("upload, finalize", Self::UploadAndFinalize),
        ("query", Self::Query),
        ("cancel", Self::Cancel),
    ];
}

impl UploadStatus {
    const NAMES: [(&'static str, Self); 3] = [
        ("active", Self::Active),
        ("final", Self::Final),
        ("cancelled", Self::Cancelled),
    ];

    /// As the header has it.
    pub fn as_str(self) -> &'static str {
        name_of(&Self::NAMES, &self)
    }
}

impl HeaderText {
    fn parse(text: &str) -> Option<Self> {
        let is_plain =
            text.len() <= TEXT_BYTES_MAX && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        is_plain.then(|| Self(text.to_owned()))
    }
}

impl UploadHeaders {
    /// Reads them; `value` gives a header's text by its name.
    ///
    /// # Errors
    /// [`InvalidRequest`] for a value that Google does not document.
    pub fn read<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Result<Self, InvalidRequest> {
        Ok(Self {
            protocol: one_of(&UploadProtocol::NAMES, "x-goog-upload-protocol", &value)?,
            command: one_of(&UploadCommand::NAMES, "x-goog-upload-command", &value)?,
            offset: parsed("x-goog-upload-offset", &value, |text| text.parse().ok())?,
            length: parsed("x-goog-upload-header-content-length", &value, |text| {
                text.parse().ok()
            })?,
            media_type: parsed(
                "x-goog-upload-header-content-type",
                &value,
                HeaderText::parse,
            )?,
            file_name: parsed("x-goog-upload-file-name", &value, HeaderText::parse)?,
            content_type: parsed("content-type", &value, HeaderText::parse)?,
        })
    }

    /// Names and values, as they are sent.
    pub fn list(&self) -> Vec<(&'static str, String)> {
        let protocol = self
            .protocol
            .map(|protocol| name_of(&UploadProtocol::NAMES, &protocol).to_owned());
        let command = self
            .command
            .map(|command| name_of(&UploadCommand::NAMES, &command).to_owned());
        let text = |text: &Option<HeaderText>| text.as_ref().map(|text| text.0.clone());
        [
            ("x-goog-upload-protocol", protocol),
            ("x-goog-upload-command", command),
            (
                "x-goog-upload-offset",
                self.offset.map(|offset| offset.to_string()),
            ),
            (
                "x-goog-upload-header-content-length",
                self.length.map(|length| length.to_string()),
            ),
            ("x-goog-upload-header-content-type", text(&self.media_type)),
            ("x-goog-upload-file-name", text(&self.file_name)),
            ("content-type", text(&self.content_type)),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
        .collect()
    }
}

impl UploadHead {
    /// Reads them; `value` gives a header's text by its name. What is odd is as good as absent.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let number = |name: &str| value(name).and_then(|text| text.parse().ok());
        Self {
            id: value("x-goog-upload-url").and_then(|url| {
                let (_, query) = url.split_once('?')?;
                id_in(query).and_then(UploadId::parse)
            }),
            status: value("x-goog-upload-status")
                .and_then(|text| known(&UploadStatus::NAMES, &text)),
            size_received: number("x-goog-upload-size-received"),
            granularity: number("x-goog-upload-chunk-granularity"),
        }
    }

    /// Names and values for the client, but for the address.
    pub fn list(&self) -> Vec<(&'static str, String)> {
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        [
            (
                "x-goog-upload-status",
                self.status.map(|status| status.as_str().to_owned()),
            ),
            ("x-goog-upload-size-received", number(self.size_received)),
            ("x-goog-upload-chunk-granularity", number(self.granularity)),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
        .collect()
    }
}

/// What the query of an upload's address, Google's or ours, says that the upload is; two say nothing.
pub(crate) fn id_in(query: &str) -> Option<&str> {
    let mut ids = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("upload_id="));
    ids.next().filter(|_| ids.next().is_none())
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    let found = names.iter().find(|(_, known)| known == value);
    found.map_or("", |(name, _)| name)
}

/// Case and spaces after commas do not matter in Google's protocol.
fn known<T: Copy>(names: &[(&'static str, T)], text: &str) -> Option<T> {
    let pieces: Vec<&str> = text.split(',').map(str::trim).collect();
    let text = pieces.join(", ").to_ascii_lowercase();
    let found = names.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value)
}

fn one_of<'a, T: Copy>(
    names: &[(&'static str, T)],
    header: &'static str,
    value: &impl Fn(&str) -> Option<&'a str>,
) -> Result<Option<T>, InvalidRequest> {
    parsed(header, value, |text| known(names, text))
}

fn parsed<'a, T>(
    header: &'static str,
    value: &impl Fn(&str) -> Option<&'a str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, InvalidRequest> {
    value(header)
        .map(|text| {
            parse(text).ok_or_else(|| InvalidRequest {
                message: format!("the header `{header}` has a value that is not supported"),
                param: Some(header.to_owned()),
                code: Some("invalid_value"),
            })
        })
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &'static str)]) -> Result<UploadHeaders, InvalidRequest> {
        UploadHeaders::read(|name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| *value)
        })
    }

    #[test]
    fn a_clients_headers_go_on_as_they_were_meant() {
        let pairs = [
            ("x-goog-upload-protocol", "Resumable"),
            ("x-goog-upload-command", "upload,finalize"),
            ("x-goog-upload-offset", "8388608"),
            ("x-goog-upload-header-content-length", "18810"),
            ("x-goog-upload-header-content-type", "application/pdf"),
            ("x-goog-upload-file-name", "a b.pdf"),
            ("content-type", "application/json"),
        ];
        let list = read(&pairs).unwrap().list();
        let sent: Vec<(&str, &str)> = list
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut expected = pairs;
        expected[0].1 = "resumable";
        expected[1].1 = "upload, finalize";
        assert_eq!(sent, expected);
        assert!(read(&[]).unwrap().list().is_empty());
    }

    #[test]
    fn what_is_not_documented_is_refused_by_name() {
        for (name, value) in [
            ("x-goog-upload-protocol", "ftp"),
            ("x-goog-upload-command", "start, cancel"),
            ("x-goog-upload-offset", "-1"),
            ("x-goog-upload-header-content-length", "1e9"),
            ("content-type", "text/plain\r\nx-goog-api-key: k"),
            ("x-goog-upload-file-name", "ä"),
        ] {
            let error = read(&[(name, value)]).unwrap_err();
            assert_eq!(error.param.as_deref(), Some(name));
        }
    }

    #[test]
    fn of_the_upstreams_address_only_the_id_is_used() {
        for (url, id) in [
            (
                "https://g.test/upload/v1beta/files?upload_id=AbC-9_x&upload_protocol=resumable",
                Some("AbC-9_x"),
            ),
            ("https://evil.test/?upload_id=a", Some("a")),
            ("https://g.test/upload?upload_id=a&upload_id=b", None),
            ("https://g.test/upload?upload_id=a%2f..", None),
            ("https://g.test/upload?upload_id=", None),
            ("https://g.test/upload", None),
        ] {
            let head =
                UploadHead::read(|name| (name == "x-goog-upload-url").then(|| url.to_owned()));
            assert_eq!(head.id.as_ref().map(UploadId::as_str), id, "{url}");
            assert!(head.list().is_empty());
        }
        let head = UploadHead::read(|name| match name {
            "x-goog-upload-status" => Some("active".to_owned()),
            "x-goog-upload-size-received" => Some("12".to_owned()),
            "x-goog-upload-chunk-granularity" => Some("lots".to_owned()),
            _ => None,
        });
        let expected = [
            ("x-goog-upload-status", "active".to_owned()),
            ("x-goog-upload-size-received", "12".to_owned()),
        ];
        assert_eq!(head.list(), expected);
    }

    #[test]
    fn debug_shows_neither_ids_nor_names() {
        let id = UploadId::parse("AbC").unwrap();
        let text = HeaderText::parse("diary.txt").unwrap();
        assert!(!format!("{id:?}{text:?}").contains("AbC"));
        assert!(!format!("{text:?}").contains("diary"));
    }
}
