//! The file: read whole, replaced whole. A kill leaves the old or the new one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::details::Details;

/// The form of the file.
const FORM: &str = "souk-vault/v1";

/// Details with their salt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// 64 random hexadecimal digits: without them a commitment could be tried out account by account.
    pub salt: String,
    /// The details.
    pub details: Details,
}

impl Kept {
    /// With a salt of its own.
    pub fn new(details: Details) -> Self {
        let half = || uuid::Uuid::new_v4().simple().to_string();
        Self { salt: format!("{}{}", half(), half()), details }
    }

    /// What the log has of it.
    pub fn commitment(&self) -> String {
        self.details.commitment(&self.salt)
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    form: String,
    #[serde(default)]
    accounts: BTreeMap<String, Kept>,
    #[serde(default)]
    payees: BTreeMap<String, Kept>,
}

/// What is wrong with the vault's file.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is none.
    #[error("{} is no vault of this edition: {what}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// Where and what; no details.
        what: String,
    },
    /// Others may read it.
    #[error("{} can be read by others (mode {mode:o}): chmod 600 it", path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

/// The vault.
#[derive(Debug)]
pub struct Vault {
    path: PathBuf,
    content: Content,
}

impl Vault {
    /// Opens the vault of a path; an absent file is an empty vault.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let path = path.to_owned();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let content = Content { form: FORM.to_owned(), ..Content::default() };
                return Ok(Self { path, content });
            }
            Err(source) => return Err(VaultError::Read { path, source }),
        };
        owner_only(&path)?;
        // What the parser says could quote details: only the place is told.
        let content: Content = serde_json::from_str(&text).map_err(|error| VaultError::Form {
            path: path.clone(),
            what: format!("line {}, column {}", error.line(), error.column()),
        })?;
        if content.form != FORM {
            return Err(VaultError::Form { path, what: format!("its form is not {FORM}") });
        }
        Ok(Self { path, content })
    }

    /// A vault that has nothing and is nowhere.
    pub fn none() -> Self {
        Self { path: PathBuf::new(), content: Content::default() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A payee.
    pub fn payee(&self, payee: &str) -> Option<&Kept> {
        self.content.payees.get(payee)
    }

    /// Ids of all payees.
    pub fn payees(&self) -> impl Iterator<Item = &str> {
        self.content.payees.keys().map(String::as_str)
    }

    /// An account of the platform.
    pub fn account(&self, account: &str) -> Option<&Kept> {
        self.content.accounts.get(account)
    }

    /// Ids of all accounts of the platform.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &Kept)> {
        self.content.accounts.iter().map(|(id, kept)| (id.as_str(), kept))
    }

    /// Keeps a payee, durable when this returns.
    ///
    /// # Errors
    /// [`VaultError::Write`]; the file is then as it was.
    pub fn keep_payee(&mut self, payee: &str, kept: Kept) -> Result<(), VaultError> {
        self.content.payees.insert(payee.to_owned(), kept);
        self.write()
    }

    /// Keeps an account of the platform, durable when this returns.
    ///
    /// # Errors
    /// [`VaultError::Write`]; the file is then as it was.
    pub fn keep_account(&mut self, account: &str, kept: Kept) -> Result<(), VaultError> {
        self.content.accounts.insert(account.to_owned(), kept);
        self.write()
    }

    fn write(&self) -> Result<(), VaultError> {
        // Never replaced by less than all of it.
        serde_json::to_string_pretty(&self.content)
            .map_err(io::Error::from)
            .and_then(|text| replace(&self.path, (text + "\n").as_bytes()))
            .map_err(|source| VaultError::Write { path: self.path.clone(), source })
    }
}

#[cfg(unix)]
fn owner_only(path: &Path) -> Result<(), VaultError> {
    use std::os::unix::fs::MetadataExt as _;
    let read = |source| VaultError::Read { path: path.to_owned(), source };
    let mode = path.metadata().map_err(read)?.mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(VaultError::OpenToOthers { path: path.to_owned(), mode })
}

#[cfg(not(unix))]
fn owner_only(_path: &Path) -> Result<(), VaultError> {
    Ok(())
}

/// Replaces a file by one that only its owner may read: written beside it, synced, then renamed.
///
/// # Errors
/// What the system says; the file is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        Some(_) | None => Path::new("."),
    };
    // Temporary files are made for their owner alone (mode 600).
    let mut file =
        tempfile::Builder::new().prefix(".replacing-").suffix(".tmp").tempfile_in(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details() -> Details {
        let (holder, iban) = ("Tea House".to_owned(), Some("DE89370400440532013000".to_owned()));
        Details { holder, iban, ..Details::default() }
    }

    #[test]
    fn what_is_kept_is_there_again_and_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vault.json");
        let kept = Kept::new(details());
        Vault::open(&path).unwrap().keep_payee("PE-1", kept.clone()).unwrap();
        let vault = Vault::open(&path).unwrap();
        assert_eq!(vault.payee("PE-1"), Some(&kept));
        assert_eq!(kept.salt.len(), 64);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(Vault::open(&path), Err(VaultError::OpenToOthers { .. })));
        }
    }

    #[test]
    fn a_damaged_vault_is_told_without_its_details() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vault.json");
        replace(
            &path,
            b"{\"form\":\"souk-vault/v1\",\"payees\":{\"PE-1\":\"DE89370400440532013000\"}}",
        )
        .unwrap();
        let said = Vault::open(&path).unwrap_err().to_string();
        assert!(said.contains("line 1") && !said.contains("DE89"), "{said}");
    }
}
