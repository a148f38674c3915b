//! The address of a Redis server.
//!
//! Holds the password and shows everything but it and the user.

use std::fmt;
use std::str::FromStr;

use ::redis::io::tcp::TcpSettings;
use ::redis::{Client, ConnectionInfo, IntoConnectionInfo as _, RedisResult};

/// How long the kernel repeats a packet that nobody acknowledges before the connection counts as lost: a host
/// that vanished says nothing, one whose Redis is merely stopped still acknowledges.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: std::time::Duration = std::time::Duration::from_secs(2);

/// `redis://[user:password@]host[:port][/db]` or `redis+unix:///path[?db=…&user=…&pass=…]`.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(String);

/// Not such an address. Does not repeat it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedisUrl {
    /// Cannot be read.
    #[error("expected redis://[user:password@]host[:port][/db] or redis+unix:///path")]
    Form,
    /// Would need TLS.
    #[error(
        "this build speaks no TLS to Redis: use redis:// on a trusted network, or through a tunnel"
    )]
    Tls,
}

impl FromStr for RedisUrl {
    type Err = InvalidRedisUrl;

    fn from_str(text: &str) -> Result<Self, InvalidRedisUrl> {
        if text.starts_with("rediss:") {
            return Err(InvalidRedisUrl::Tls);
        }
        let url = Self(text.to_owned());
        match url.info() {
            Ok(_) => Ok(url),
            // The library's text could repeat a part of the address.
            Err(_) => Err(InvalidRedisUrl::Form),
        }
    }
}

impl RedisUrl {
    fn info(&self) -> RedisResult<ConnectionInfo> {
        self.0.as_str().into_connection_info()
    }

    /// A client, which is not connected yet.
    pub(super) fn client(&self) -> RedisResult<Client> {
        let tcp = TcpSettings::default().set_nodelay(true);
        #[cfg(target_os = "linux")]
        let tcp = tcp.set_user_timeout(UNACKNOWLEDGED);
        Client::open(self.info()?.set_tcp_settings(tcp))
    }
}

impl fmt::Display for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.info() {
            Ok(info) => write!(
                formatter,
                "redis://{}/{}",
                info.addr(),
                info.redis_settings().db()
            ),
            Err(_) => formatter.write_str("redis:"),
        }
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
