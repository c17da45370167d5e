use xxhash_rust::xxh3::xxh3_128;

/// The identity of a file's content: XXH3-128 of its bytes as they are on disk.
pub fn content_hash(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}
