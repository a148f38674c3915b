//! Tools whose schema Anthropic's models know by heart and Gemini's do not.
//!
//! The client runs them; the model only has to be told how to call them. Parameters are those of
//! <https://platform.claude.com/docs/en/agents-and-tools/tool-use/bash-tool>, `…/text-editor-tool`
//! and `…/memory-tool` (November 2026) and of the commands in anthropic-python 2.12; the wording
//! is ours. Tools of computers and browsers are not here: models are trained on them.

use serde_json::value::RawValue;

/// The version of the text editor from which on there is no `undo_edit`, and `insert` takes
/// `insert_text` instead of `new_str`
/// (<https://github.com/anthropics/anthropic-sdk-python/issues/1155>).
pub(super) const EDITOR_WITHOUT_UNDO: u32 = 20_250_429;

/// A tool with a schema of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BuiltIn {
    Bash,
    TextEditor,
    /// Before [`EDITOR_WITHOUT_UNDO`].
    OldTextEditor,
    Memory,
}

impl BuiltIn {
    /// What Anthropic calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::TextEditor => "str_replace_based_edit_tool",
            Self::OldTextEditor => "str_replace_editor",
            Self::Memory => "memory",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Bash => {
                "Runs a command in a bash session that keeps its state between calls. Give \
                 `command`, or `restart` to begin a new session."
            }
            Self::TextEditor | Self::OldTextEditor => {
                "Views, creates and edits text files. `command` decides which other parameters \
                 are needed."
            }
            Self::Memory => {
                "Keeps notes in files under `/memories` that last between conversations. Look \
                 there before a task, and write down what will be of use later."
            }
        }
    }

    /// The parameters; always there, as a test shows.
    pub(super) fn schema(self) -> Option<&'static RawValue> {
        serde_json::from_str(match self {
            Self::Bash => BASH,
            Self::TextEditor => TEXT_EDITOR,
            Self::OldTextEditor => OLD_TEXT_EDITOR,
            Self::Memory => MEMORY,
        })
        .ok()
    }
}

const BASH: &str = r#"{"type":"object","properties":{
"command":{"type":"string","description":"The command to run. Required unless `restart` is true."},
"restart":{"type":"boolean","description":"Whether to end the session and begin a new one."}
}}"#;

const TEXT_EDITOR: &str = r#"{"type":"object","properties":{
"command":{"type":"string","enum":["view","str_replace","create","insert"],"description":"What to do."},
"path":{"type":"string","description":"The file; for `view`, also a directory to list."},
"view_range":{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":2,"description":"For `view` of a file: first and last line, counted from 1; -1 as the last means the end of the file."},
"old_str":{"type":"string","description":"For `str_replace`: the text to replace, exactly as it stands in the file, white space included; it must occur once."},
"new_str":{"type":"string","description":"For `str_replace`: what to put in its place."},
"file_text":{"type":"string","description":"For `create`: what the new file holds."},
"insert_line":{"type":"integer","description":"For `insert`: the line after which to insert; 0 is the beginning of the file."},
"insert_text":{"type":"string","description":"For `insert`: the text to insert."}
},"required":["command","path"]}"#;

const OLD_TEXT_EDITOR: &str = r#"{"type":"object","properties":{
"command":{"type":"string","enum":["view","str_replace","create","insert","undo_edit"],"description":"What to do. `undo_edit` takes back the last edit of the file."},
"path":{"type":"string","description":"The file; for `view`, also a directory to list."},
"view_range":{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":2,"description":"For `view` of a file: first and last line, counted from 1; -1 as the last means the end of the file."},
"old_str":{"type":"string","description":"For `str_replace`: the text to replace, exactly as it stands in the file, white space included; it must occur once."},
"new_str":{"type":"string","description":"For `str_replace`: what to put in its place. For `insert`: the text to insert."},
"file_text":{"type":"string","description":"For `create`: what the new file holds."},
"insert_line":{"type":"integer","description":"For `insert`: the line after which to insert; 0 is the beginning of the file."}
},"required":["command","path"]}"#;

const MEMORY: &str = r#"{"type":"object","properties":{
"command":{"type":"string","enum":["view","create","str_replace","insert","delete","rename"],"description":"What to do."},
"path":{"type":"string","description":"The file or directory under `/memories`; not for `rename`."},
"view_range":{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":2,"description":"For `view` of a file: first and last line, counted from 1."},
"file_text":{"type":"string","description":"For `create`: what the file holds."},
"old_str":{"type":"string","description":"For `str_replace`: the text to replace, exactly as it stands in the file."},
"new_str":{"type":"string","description":"For `str_replace`: what to put in its place."},
"insert_line":{"type":"integer","description":"For `insert`: the line where to insert; 0 is the beginning of the file."},
"insert_text":{"type":"string","description":"For `insert`: the text to insert."},
"old_path":{"type":"string","description":"For `rename`: the present path."},
"new_path":{"type":"string","description":"For `rename`: the new path."}
},"required":["command"]}"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_an_object_schema() {
        for tool in [
            BuiltIn::Bash,
            BuiltIn::TextEditor,
            BuiltIn::OldTextEditor,
            BuiltIn::Memory,
        ] {
            let schema: serde_json::Value =
                serde_json::from_str(tool.schema().unwrap().get()).unwrap();
            assert_eq!(schema["type"], "object", "{tool:?}");
            for (name, property) in schema["properties"].as_object().unwrap() {
                assert!(property["description"].is_string(), "{tool:?} {name}");
            }
        }
    }
}
