//! The enumerations of request messages, the unspecified value first.

use super::Enum;

const fn new(name: &'static str, values: &'static [&'static str]) -> Enum {
    Enum { name, values }
}

pub(super) static TYPE: Enum = new(
    "Type",
    &[
        "TYPE_UNSPECIFIED",
        "STRING",
        "NUMBER",
        "INTEGER",
        "BOOLEAN",
        "ARRAY",
        "OBJECT",
        "NULL",
    ],
);

pub(super) static CALLING_MODE: Enum = new(
    "FunctionCallingConfig.Mode",
    &["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"],
);

pub(super) static BEHAVIOR: Enum = new(
    "FunctionDeclaration.Behavior",
    &["UNSPECIFIED", "BLOCKING", "NON_BLOCKING"],
);

pub(super) static SCHEDULING: Enum = new(
    "FunctionResponse.Scheduling",
    &["SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"],
);

pub(super) static ENVIRONMENT: Enum = new(
    "Tool.ComputerUse.Environment",
    &["ENVIRONMENT_UNSPECIFIED", "ENVIRONMENT_BROWSER"],
);

pub(super) static RETRIEVAL_MODE: Enum = new(
    "DynamicRetrievalConfig.Mode",
    &["MODE_UNSPECIFIED", "MODE_DYNAMIC"],
);

pub(super) static LANGUAGE: Enum = new(
    "ExecutableCode.Language",
    &["LANGUAGE_UNSPECIFIED", "PYTHON"],
);

pub(super) static OUTCOME: Enum = new(
    "CodeExecutionResult.Outcome",
    &[
        "OUTCOME_UNSPECIFIED",
        "OUTCOME_OK",
        "OUTCOME_FAILED",
        "OUTCOME_DEADLINE_EXCEEDED",
    ],
);

pub(super) static MODALITY: Enum = new(
    "GenerationConfig.Modality",
    &["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO"],
);

/// `XHIGH` is in Google's SDK; no model is known to take it.
pub(super) static THINKING_LEVEL: Enum = new(
    "ThinkingConfig.ThinkingLevel",
    &[
        "THINKING_LEVEL_UNSPECIFIED",
        "LOW",
        "MEDIUM",
        "HIGH",
        "MINIMAL",
        "XHIGH",
    ],
);

pub(super) static MEDIA_RESOLUTION: Enum = new(
    "GenerationConfig.MediaResolution",
    &[
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
    ],
);

pub(super) static PART_RESOLUTION: Enum = new(
    "MediaResolution.Level",
    &[
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
        "MEDIA_RESOLUTION_ULTRA_HIGH",
    ],
);

/// The first seven are of an older API: known, and refused by every model that is left.
pub(super) static HARM_CATEGORY: Enum = new(
    "HarmCategory",
    &[
        "HARM_CATEGORY_UNSPECIFIED",
        "HARM_CATEGORY_DEROGATORY",
        "HARM_CATEGORY_TOXICITY",
        "HARM_CATEGORY_VIOLENCE",
        "HARM_CATEGORY_SEXUAL",
        "HARM_CATEGORY_MEDICAL",
        "HARM_CATEGORY_DANGEROUS",
        "HARM_CATEGORY_HARASSMENT",
        "HARM_CATEGORY_HATE_SPEECH",
        "HARM_CATEGORY_SEXUALLY_EXPLICIT",
        "HARM_CATEGORY_DANGEROUS_CONTENT",
        "HARM_CATEGORY_CIVIC_INTEGRITY",
    ],
);

pub(super) static HARM_BLOCK_THRESHOLD: Enum = new(
    "SafetySetting.HarmBlockThreshold",
    &[
        "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
        "BLOCK_LOW_AND_ABOVE",
        "BLOCK_MEDIUM_AND_ABOVE",
        "BLOCK_ONLY_HIGH",
        "BLOCK_NONE",
        "OFF",
    ],
);

pub(super) static SERVICE_TIER: Enum = new(
    "ServiceTier",
    &["unspecified", "standard", "flex", "priority"],
);

pub(super) static TASK_TYPE: Enum = new(
    "TaskType",
    &[
        "TASK_TYPE_UNSPECIFIED",
        "RETRIEVAL_QUERY",
        "RETRIEVAL_DOCUMENT",
        "SEMANTIC_SIMILARITY",
        "CLASSIFICATION",
        "CLUSTERING",
        "QUESTION_ANSWERING",
        "FACT_VERIFICATION",
        "CODE_RETRIEVAL_QUERY",
    ],
);
