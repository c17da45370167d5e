use serde::Serialize;

/// Appends the postcard form of plain data.
pub fn append(value: &impl Serialize, buffer: Vec<u8>) -> Vec<u8> {
    postcard::to_extend(value, buffer).expect("plain data has a postcard form, and memory takes everything")
}
