//! A spoken answer to the bytes of a sound file.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    AnswerMeta, UnaryAnswer, UpstreamFault,
    absent::{Wanted, explain},
    answer::{Answer, CallReader, Media, Output, StopKind, sound::SoundFormat},
    gemini::response::GenerateContentResponse,
    prompt::function_names::FunctionNames,
    wav,
};

/// `content-type` of samples without a header, as OpenAI calls them.
const PCM: &str = "audio/pcm";

/// `content-type` of a WAV file.
const WAV: &str = "audio/wav";

/// Decodes the sound of an answer and joins its pieces.
///
/// # Errors
/// Why there is no sound; `Unusable` if it was cut off, since a sound cannot say so itself, or if it
/// is of a kind that was not asked for; `Malformed` for data that is not base64.
pub(super) fn render(
    answers: &[&[u8]],
    format: SoundFormat,
    meta: &AnswerMeta,
) -> Result<UnaryAnswer, UpstreamFault> {
    let upstream = answers.first().copied().unwrap_or_default();
    let response = GenerateContentResponse::parse(upstream)?;
    let mut calls = CallReader::new(FunctionNames::default(), "", meta);
    let answer = Answer::read(&response, &mut calls)?;
    let candidate = answer.candidates.first();
    let said = candidate.map_or(&[][..], |candidate| &candidate.said);
    let pieces: Vec<Media<'_>> = said
        .iter()
        .filter_map(|said| match said.output {
            Output::Media(media) if media.is_audio() => Some(media),
            _ => None,
        })
        .collect();
    let is_cut = candidate.is_some_and(|candidate| candidate.stopped.kind == StopKind::Length);
    let Some(first) = pieces.first().filter(|_| !is_cut) else {
        return Err(explain(&response, &answer, Wanted::Sound));
    };
    let (body, content_type) = match (format, wav::is_bare(first.mime_type)) {
        (SoundFormat::Pcm16, true) => (decode(&pieces, Vec::new())?, PCM),
        (SoundFormat::Wav, true) => (wav_file(&pieces, first)?, WAV),
        // Not seen so far: sound with a header of its own.
        (SoundFormat::Wav, false) if first.mime_type.starts_with(WAV) => {
            (decode(&pieces, Vec::new())?, WAV)
        }
        (SoundFormat::Wav | SoundFormat::Pcm16, false) => {
            return Err(UpstreamFault::Unusable {
                reason: "unsupported_output".to_owned(),
                message: "it spoke in a format that was not asked for".to_owned(),
            });
        }
    };
    Ok(UnaryAnswer {
        body,
        content_type,
        usage: answer.usage,
        empty: false,
        signatures: Vec::new(),
    })
}

/// Decodes straight behind the header, so that the sound is in memory only once.
fn wav_file(pieces: &[Media<'_>], first: &Media<'_>) -> Result<Vec<u8>, UpstreamFault> {
    let mut file = decode(pieces, vec![0; wav::HEADER_BYTES])?;
    let data_bytes = u32::try_from(file.len().saturating_sub(wav::HEADER_BYTES)).ok();
    if let Some(header) = file.first_chunk_mut() {
        *header = wav::header(data_bytes, wav::rate(first.mime_type));
    }
    Ok(file)
}

/// Appends the decoded pieces to `bytes`.
fn decode(pieces: &[Media<'_>], mut bytes: Vec<u8>) -> Result<Vec<u8>, UpstreamFault> {
    let encoded: usize = pieces.iter().map(|piece| piece.data.len()).sum();
    bytes.reserve_exact(encoded.div_ceil(4).saturating_mul(3));
    for piece in pieces {
        STANDARD
            .decode_vec(piece.data, &mut bytes)
            .map_err(|_| UpstreamFault::Malformed)?;
    }
    Ok(bytes)
}
