//! Under which host, over which scheme and from whom a request came, seen through the town's own web server.
//!
//! `X-Forwarded-*` is believed only from trusted proxies: anyone else could use it to pass for another town's visitor
//! or to slip past the rate limits.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, header};

use crate::limits::ClientKey;

/// A range of addresses, such as `10.0.0.0/8` or `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// Not a range of addresses as we write it.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no network: expected an address or a range such as 10.0.0.0/8")]
pub struct BadNetwork(String);

/// How a request reached us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Host in lower case, with its port if one was named; empty if none was named.
    pub host: String,
    pub is_https: bool,
    pub client: ClientKey,
}

impl Arrival {
    pub fn of(request: &Request, trusted: &[Network]) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip().to_canonical());
        let headers = request.headers();
        let is_trusted = peer.is_some_and(|it| trusted.iter().any(|network| network.contains(it)));
        let forwarded = |name: &str| if is_trusted { last_of(headers, name) } else { None };
        // HTTP/2 names the host in the address, HTTP/1 in a header.
        let own = request.uri().authority().map(|it| it.as_str()).or_else(|| text(headers, header::HOST.as_str()));
        let host = forwarded("x-forwarded-host").or(own).unwrap_or_default().to_ascii_lowercase();
        let client = if is_trusted { first_untrusted(headers, trusted).or(peer) } else { peer };
        Self {
            host,
            is_https: forwarded("x-forwarded-proto") == Some("https"),
            client: client.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).into(),
        }
    }

    /// Scheme and host, such as `https://www.werne.de`.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.is_https { "https" } else { "http" }, self.host)
    }
}

/// The nearest address in `X-Forwarded-For` that is not one of our proxies: what stands left of it, anyone can write.
fn first_untrusted(headers: &HeaderMap, trusted: &[Network]) -> Option<IpAddr> {
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|it| it.to_str().ok()).collect();
    let addresses = lines.iter().rev().flat_map(|line| line.rsplit(','));
    addresses
        .map_while(|it| it.trim().parse::<IpAddr>().ok())
        .map(|it| it.to_canonical())
        .find(|it| !trusted.iter().any(|network| network.contains(*it)))
}

/// The value the nearest proxy has added.
fn last_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|it| !it.is_empty())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

impl Network {
    fn contains(&self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                own.to_bits() & mask == other.to_bits() & mask
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                own.to_bits() & mask == other.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let bad = || BadNetwork(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| bad())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| bad())?;
        if bits > most { Err(bad()) } else { Ok(Self { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    const HEADERS: &[(&str, &str)] = &[
        ("host", "Inner:8080"),
        ("x-forwarded-host", "evil.example, www.Werne.de"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", "203.0.113.9, 198.51.100.7, 10.1.2.3"),
    ];

    fn arrival(peer: &str, trusted: &[&str]) -> Arrival {
        let mut request = Request::builder().uri("/terminvergabe");
        for (name, value) in HEADERS {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let peer: IpAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer, 1)));
        let trusted: Vec<Network> = trusted.iter().map(|it| it.parse().unwrap()).collect();
        Arrival::of(&request, &trusted)
    }

    fn client(address: &str) -> ClientKey {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn a_trusted_proxy_is_believed() {
        let seen = arrival("10.0.0.1", &["10.0.0.0/8"]);
        assert_eq!(seen, Arrival { host: "www.werne.de".into(), is_https: true, client: client("198.51.100.7") });
        assert_eq!(seen.origin(), "https://www.werne.de");
    }

    #[test]
    fn nobody_else_is() {
        let seen = arrival("192.0.2.4", &["10.0.0.0/8"]);
        assert_eq!(seen, Arrival { host: "inner:8080".into(), is_https: false, client: client("192.0.2.4") });
    }

    #[test]
    fn networks_are_read_and_compared() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("0.0.0.0/0", "8.8.8.8", "::1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("fd00::/8", "fd12::1", "fe80::1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(inside.parse().unwrap()) && !network.contains(outside.parse().unwrap()));
        }
        for bad in ["", "10.0.0.0/33", "werne", "10.0.0/8", "::1/x"] {
            assert!(bad.parse::<Network>().is_err(), "{bad} was taken");
        }
    }
}
