//! International bank account numbers: their form and their check digits (ISO 13616, ISO 7064 MOD 97-10).

/// Why a text is no IBAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IbanFault {
    /// Not two letters, two digits, then letters and digits: 15 to 34 characters.
    #[error("is not two letters, two digits and 11 to 30 letters and digits")]
    Form,
    /// The check digits do not fit the rest.
    #[error("has check digits that do not fit the rest: a character is wrong or two are swapped")]
    CheckDigits,
}

/// The IBAN without spaces and in capitals.
///
/// # Errors
/// [`IbanFault`].
pub fn checked(text: &str) -> Result<String, IbanFault> {
    let iban: String =
        text.chars().filter(|of| *of != ' ').map(|of| of.to_ascii_uppercase()).collect();
    let bytes = iban.as_bytes();
    let form = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes[4..].iter().all(u8::is_ascii_alphanumeric);
    if !form {
        return Err(IbanFault::Form);
    }
    // The first four go to the end, letters count from 10, and the number is 1 modulo 97.
    let rest = bytes[4..].iter().chain(&bytes[..4]).fold(0_u32, |rest, byte| {
        if byte.is_ascii_digit() {
            (rest * 10 + u32::from(byte - b'0')) % 97
        } else {
            (rest * 100 + u32::from(byte - b'A') + 10) % 97
        }
    });
    if rest == 1 { Ok(iban) } else { Err(IbanFault::CheckDigits) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold() {
        for good in [
            "DE89 3704 0044 0532 0130 00",
            "GB29NWBK60161331926819",
            "FR1420041010050500013M02606",
            "nl91abna0417164300",
            "NO9386011117947",
        ] {
            assert!(checked(good).is_ok(), "{good}");
        }
        assert_eq!(checked("nl91 abna 0417 1643 00").unwrap(), "NL91ABNA0417164300");
    }

    #[test]
    fn every_wrong_digit_and_every_swap_of_neighbours_is_found() {
        let good = "DE89370400440532013000";
        for place in 2..good.len() {
            for digit in b'0'..=b'9' {
                let mut bytes = good.as_bytes().to_vec();
                bytes[place] = digit;
                let text = String::from_utf8(bytes).unwrap();
                assert_eq!(checked(&text).is_ok(), text == good, "{text}");
            }
            let mut bytes = good.as_bytes().to_vec();
            bytes.swap(place - 1, place);
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(checked(&text).is_ok(), text == good, "{text}");
        }
    }

    #[test]
    fn another_form_is_said() {
        assert_eq!(checked("12345678901234567"), Err(IbanFault::Form));
        assert_eq!(checked("DE8937040044"), Err(IbanFault::Form));
        assert_eq!(checked("DE89370400440532O13000"), Err(IbanFault::CheckDigits));
    }
}
