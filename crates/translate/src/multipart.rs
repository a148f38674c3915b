//! Bodies of type `multipart/form-data`.
