//! The server's clock: nothing else here reads the time of day.

use std::time::Duration;

use jiff::Timestamp;

/// Milliseconds since the epoch.
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Now.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// RFC 3339 in UTC, with milliseconds.
pub(crate) fn rfc3339(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}")
}

/// When it was so long ago, as RFC 3339.
pub(crate) fn ago(time: Duration) -> String {
    let ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    rfc3339(now_ms().saturating_sub(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_has_milliseconds() {
        assert_eq!(rfc3339(1_700_000_000_120), "2023-11-14T22:13:20.120Z");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
    }
}
