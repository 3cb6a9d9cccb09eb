//! Who is let in.

use sha2::{Digest, Sha256};
use tonic::Status;
use tonic::codegen::http::HeaderMap;

/// The digests of the credentials that are let in; none lets everybody in.
pub(crate) struct Auth {
    accepted: Vec<[u8; 32]>,
}

impl Auth {
    /// Lets in these names with passwords, and these bearer tokens.
    pub(crate) fn new(users: &[(String, String)], tokens: &[String]) -> Auth {
        let basic = users.iter().map(|(name, password)| {
            digest("basic", base64(format!("{name}:{password}").as_bytes()).as_bytes())
        });
        let bearer = tokens.iter().map(|token| digest("bearer", token.as_bytes()));
        Auth { accepted: basic.chain(bearer).collect() }
    }

    /// Checks the credentials of a call.
    ///
    /// # Errors
    /// Unauthenticated if there are none, or none that are accepted.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), Status> {
        if self.accepted.is_empty() {
            return Ok(());
        }
        let refused = |what: &str| Err(Status::unauthenticated(what));
        let Some(header) = headers.get("authorization") else {
            return refused(
                "this server asks for credentials; give a user and password, or a token",
            );
        };
        let mut words = header.as_bytes().splitn(2, |byte| *byte == b' ');
        let scheme = words.next().unwrap_or_default().to_ascii_lowercase();
        let given = digest(
            str::from_utf8(&scheme).unwrap_or_default(),
            words.next().unwrap_or_default().trim_ascii(),
        );
        // Digests of all are compared to the last byte: how long it takes says nothing.
        let equal = |accepted: &[u8; 32]| {
            accepted.iter().zip(&given).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
        };
        if self.accepted.iter().fold(false, |found, accepted| found | equal(accepted)) {
            return Ok(());
        }
        refused("these credentials are not known here; check the user and password, or the token")
    }
}

fn digest(scheme: &str, credentials: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(scheme.as_bytes());
    hash.update([0]);
    hash.update(credentials);
    hash.finalize().into()
}

/// Base64 with padding, as clients send a name with its password.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| char::from(LETTERS[(bits & 63) as usize]);
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        text.push(letter(bits >> 18));
        text.push(letter(bits >> 12));
        text.push(if chunk.len() > 1 { letter(bits >> 6) } else { '=' });
        text.push(if chunk.len() > 2 { letter(bits) } else { '=' });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(auth: &Auth, header: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("authorization", header.parse().unwrap());
        }
        auth.check(&headers).is_ok()
    }

    #[test]
    fn base64_as_in_rfc_4648() {
        let vectors =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (bytes, text) in vectors {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn only_what_was_named_is_let_in() {
        let users = [("admin".to_owned(), "changeit".to_owned())];
        let auth = Auth::new(&users, &["t-1".to_owned()]);
        assert!(call(&auth, Some("Basic YWRtaW46Y2hhbmdlaXQ=")));
        assert!(call(&auth, Some("basic YWRtaW46Y2hhbmdlaXQ=")));
        assert!(call(&auth, Some("Bearer t-1")));
        for refused in [None, Some(""), Some("Bearer t-2"), Some("Basic t-1"), Some("Bearer")] {
            assert!(!call(&auth, refused), "{refused:?}");
        }
        assert!(call(&Auth::new(&[], &[]), None));
    }
}
