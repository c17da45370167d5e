use drift_engine::EngineError;
use napi::bindgen_prelude::JsObjectValue;
use napi::{Env, Error, JsError, JsValue};

/// The error as JavaScript sees it: `code` is the stable code, `hint` the next step where there is one.
pub fn to_js(env: Env, error: &EngineError) -> Error {
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        source = cause.source();
    }
    let object = JsError::from(Error::new(error.code(), message)).into_unknown(env);
    if let (Some(hint), Ok(mut object)) = (error.hint(), object.coerce_to_object()) {
        // An error without its hint is still the error.
        let _ = object.set_named_property("hint", hint);
    }
    Error::from(object)
}
