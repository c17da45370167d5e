//! Links the addon against what Node provides at run time.

fn main() {
    napi_build::setup();
}
