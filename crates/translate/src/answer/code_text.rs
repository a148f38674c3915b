//! Code that Google ran, as text for clients whose API knows no such thing (A7).
//!
//! It becomes fenced blocks, as most proxies show it: dropping it would leave answers that speak of
//! code nobody sees, and a tool call would ask the client to answer what is answered already. A
//! block that would be empty is no block.

use super::Output;

/// Shortest fence of Markdown, in backticks.
const FENCE: usize = 3;

/// The block for an output that is code or its result; `None` for all others.
pub(crate) fn code_text(output: &Output<'_>) -> Option<String> {
    let (label, text) = match output {
        Output::Code { language, code } => (label(language), *code),
        Output::CodeResult { output, .. } => ("output".to_owned(), *output),
        Output::Text(_)
        | Output::Thought(_)
        | Output::Call(_)
        | Output::Media(_)
        | Output::Nothing => return None,
    };
    let text = text.trim_end_matches('\n');
    if text.is_empty() {
        return None;
    }
    // Backticks in the text would end the block early.
    let runs = text.split(|character| character != '`').map(str::len);
    let fence = "`".repeat(FENCE.max(runs.max().unwrap_or(0) + 1));
    Some(format!("\n{fence}{label}\n{text}\n{fence}\n"))
}

/// `PYTHON` as Markdown has it.
fn label(language: &str) -> String {
    match language {
        "LANGUAGE_UNSPECIFIED" => String::new(),
        language => language.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_results_are_fenced_blocks_a7() {
        let code = |language, code| code_text(&Output::Code { language, code });
        assert_eq!(
            code("PYTHON", "print(1)\n").as_deref(),
            Some("\n```python\nprint(1)\n```\n")
        );
        assert_eq!(
            code("LANGUAGE_UNSPECIFIED", "x").as_deref(),
            Some("\n```\nx\n```\n")
        );
        assert_eq!(
            code("PYTHON", "s = '''```'''").as_deref(),
            Some("\n````python\ns = '''```'''\n````\n")
        );
        for ok in [true, false] {
            let output = "1\n2\n";
            assert_eq!(
                code_text(&Output::CodeResult { ok, output }).as_deref(),
                Some("\n```output\n1\n2\n```\n")
            );
        }
    }

    #[test]
    fn nothing_makes_no_block() {
        let silent = Output::CodeResult {
            ok: true,
            output: "\n",
        };
        assert_eq!(code_text(&silent), None);
        assert_eq!(code_text(&Output::Text("`a`")), None);
    }
}
