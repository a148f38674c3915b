//! What becomes of the fields of messages and of the parts in them.

use super::{ignored, translated};
use crate::compatibility::Parameter;

const ECHO: &str = "a client's copy of what an answer told; Gemini has no use for it";

const SIGNATURE: &str = "`thoughtSignature` of the part it belongs to";

/// `messages[]` of `POST /v1/chat/completions`.
pub(crate) const MESSAGE_PARAMETERS: &[Parameter] = &[
    translated(
        "messages[].role",
        "`system` and `developer` before anybody speaks: `systemInstruction`, later a turn of the user in its place; `user`, `tool`, `function`: `user`; `assistant`: `model`",
    ),
    translated("messages[].content", "`parts`"),
    translated(
        "messages[].name",
        "before what a user or the system says, as a text of its own; of an assistant dropped; of role `function` the name in `functionResponse`",
    ),
    translated("messages[].refusal", "`text`"),
    translated(
        "messages[].audio.transcript",
        "`text`; not OpenAI's, but what answers hold",
    ),
    ignored("messages[].audio.id", "Gemini keeps no spoken answers"),
    translated(
        "messages[].images",
        "`inlineData` or `fileData`; what image models answered",
    ),
    translated(
        "messages[].tool_call_id",
        "`functionResponse.id`; its `name` is that of the call with this id, and an id that no call has is refused",
    ),
    translated("messages[].tool_calls", "`functionCall`"),
    translated(
        "messages[].tool_calls[].id",
        "`functionCall.id`, without a signature in it",
    ),
    translated("messages[].tool_calls[].type", "`function` or `custom`"),
    translated(
        "messages[].tool_calls[].function.name",
        "`functionCall.name`",
    ),
    translated(
        "messages[].tool_calls[].function.arguments",
        "`functionCall.args`; what is not a JSON object is kept under `raw`",
    ),
    translated(
        "messages[].tool_calls[].function.thought_signature",
        SIGNATURE,
    ),
    translated(
        "messages[].tool_calls[].function.provider_specific_fields.thought_signature",
        SIGNATURE,
    ),
    ignored(
        "messages[].tool_calls[].function.provider_specific_fields.thought_signatures",
        "only a message has a list of them",
    ),
    translated("messages[].tool_calls[].custom.name", "`functionCall.name`"),
    translated(
        "messages[].tool_calls[].custom.input",
        "`functionCall.args.input`",
    ),
    translated(
        "messages[].tool_calls[].extra_content.google.thought_signature",
        SIGNATURE,
    ),
    translated(
        "messages[].tool_calls[].extra_content.vertex.thought_signature",
        SIGNATURE,
    ),
    translated("messages[].tool_calls[].thought_signature", SIGNATURE),
    translated(
        "messages[].tool_calls[].provider_specific_fields.thought_signature",
        SIGNATURE,
    ),
    ignored(
        "messages[].tool_calls[].provider_specific_fields.thought_signatures",
        "only a message has a list of them",
    ),
    translated(
        "messages[].function_call.name",
        "`functionCall.name`, without `id`",
    ),
    translated("messages[].function_call.arguments", "`functionCall.args`"),
    translated("messages[].function_call.thought_signature", SIGNATURE),
    translated(
        "messages[].function_call.provider_specific_fields.thought_signature",
        SIGNATURE,
    ),
    ignored(
        "messages[].function_call.provider_specific_fields.thought_signatures",
        "only a message has a list of them",
    ),
    translated(
        "messages[].extra_content.google.thought_signature",
        SIGNATURE,
    ),
    translated(
        "messages[].extra_content.vertex.thought_signature",
        SIGNATURE,
    ),
    translated(
        "messages[].provider_specific_fields.thought_signature",
        SIGNATURE,
    ),
    translated(
        "messages[].provider_specific_fields.thought_signatures",
        SIGNATURE,
    ),
    translated(
        "messages[].reasoning_details[].type",
        "of `reasoning.encrypted` the signature is taken; thoughts are not sent back",
    ),
    translated("messages[].reasoning_details[].data", SIGNATURE),
    translated(
        "messages[].reasoning_details[].id",
        "the call that the signature is of",
    ),
    translated(
        "messages[].reasoning_details[].format",
        "details of another model than Google's are left out",
    ),
    ignored("messages[].reasoning_content", ECHO),
    ignored("messages[].reasoning", ECHO),
    // Parts of messages
    translated(
        "messages[].content[].type",
        "`text`, `image_url`, `input_audio`, `file`, `video_url`, and `refusal` of assistants",
    ),
    translated("messages[].content[].text", "`text`"),
    translated("messages[].content[].refusal", "`text`"),
    translated(
        "messages[].content[].image_url.url",
        "`data:` URLs: `inlineData`; `https:`, `gs:` and files of Gemini: `fileData`, which Google fetches; others are refused",
    ),
    translated(
        "messages[].content[].image_url.detail",
        "`mediaResolution`: `low`, `medium`, `high` and `original` (as `high`); `auto` leaves it to the model",
    ),
    translated(
        "messages[].content[].image_url.format",
        "`fileData.mimeType`",
    ),
    translated("messages[].content[].input_audio.data", "`inlineData.data`"),
    translated(
        "messages[].content[].input_audio.format",
        "`inlineData.mimeType`: `wav`, `mp3`, `aiff`, `aac`, `ogg`, `flac`, `m4a`, `opus`, `webm`",
    ),
    translated(
        "messages[].content[].file.file_data",
        "`inlineData`; a URL as in `image_url`",
    ),
    translated(
        "messages[].content[].file.file_id",
        "`fileData` for files of Gemini (`files/…`) and URLs; other ids are refused",
    ),
    translated(
        "messages[].content[].file.filename",
        "`mimeType`, by its ending",
    ),
    translated("messages[].content[].file.format", "`mimeType`"),
    translated(
        "messages[].content[].file.video_metadata",
        "`videoMetadata`",
    ),
    translated("messages[].content[].video_url.url", "as `image_url.url`"),
    translated("messages[].content[].video_url.format", "`mimeType`"),
    translated("messages[].content[].video_metadata", "`videoMetadata`"),
];
