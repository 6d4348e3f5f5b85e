//! When a request may be sent again, and after which pause.

use std::time::Duration;

use http::{Method, StatusCode};

/// The longest that the first pause can be.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Whether sending `method` twice is the same as sending it once.
pub(crate) fn is_repeatable(method: &Method) -> bool {
    *method == Method::GET
}

/// Whether a gateway in front of authentik answered in its place.
pub(crate) fn is_gateway_error(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    )
}

/// The pause before the attempt after `failed` failed ones (from 1 on): doubled each time, and by
/// chance between half and the whole of it, so that many clients do not come back at once.
pub(crate) fn pause(failed: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << failed.saturating_sub(1).min(5));
    longest.mul_f64(rand::random_range(0.5..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_get_is_repeatable() {
        assert!(is_repeatable(&Method::GET));
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!is_repeatable(&method));
        }
    }

    #[test]
    fn pause_grows_and_is_bounded() {
        for _ in 0..100 {
            assert!((100..=200).contains(&pause(1).as_millis()));
            assert!((200..=400).contains(&pause(2).as_millis()));
            assert!((3200..=6400).contains(&pause(u32::MAX).as_millis()));
        }
    }
}
