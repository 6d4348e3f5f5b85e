//! The keys that seal, and the place that they come from.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret as _, SecretBox, SecretString};

use super::VaultError;
use crate::{random, store::private};

/// A key of 256 bits. `Debug` shows its id only.
pub(crate) struct Key {
    id: String,
    bytes: SecretBox<[u8; 32]>,
}

impl Key {
    /// A new key.
    pub(super) fn generate() -> Self {
        Self::of(rand::random())
    }

    fn of(bytes: [u8; 32]) -> Self {
        let digest = random::digest(&[b"ostiary key id", &bytes]);
        let (short, _) = digest.split_at(8);
        Self {
            id: random::hex(short),
            bytes: SecretBox::new(Box::new(bytes)),
        }
    }

    /// A key written as 64 hexadecimal digits.
    fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).ok()?;
            *byte = u8::from_str_radix(pair, 16)
                .ok()
                .filter(|_| !pair.contains('+'))?;
        }
        Some(Self::of(bytes))
    }

    fn text(&self) -> SecretString {
        random::hex(self.bytes.expose_secret()).into()
    }

    /// Tells keys apart without telling anything about them.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        self.bytes.expose_secret()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Where keys come from. The first key seals; the others still open.
#[derive(Debug, Clone)]
pub(crate) enum KeySource {
    /// A setting, or a file that a setting names: never written by Ostiary.
    Setting {
        /// Which, for messages.
        setting: &'static str,
        /// The keys, in hexadecimal, separated by white space or commas.
        text: SecretString,
    },
    /// A file beside the database, made when it is needed.
    File(PathBuf),
    /// Nowhere: a demo's database does not outlive its process either.
    Memory,
}

impl KeySource {
    /// The keys of the source: none where its file is not there yet.
    pub(super) fn read(&self) -> Result<Vec<Key>, VaultError> {
        match self {
            Self::Setting { setting, text } => {
                let keys = parse(text.expose_secret())
                    .ok_or_else(|| VaultError::MalformedKey((*setting).to_owned()))?;
                if keys.is_empty() {
                    return Err(VaultError::MalformedKey((*setting).to_owned()));
                }
                Ok(keys)
            }
            Self::File(path) => {
                let there = fs::symlink_metadata(path);
                if there.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
                    return Ok(Vec::new());
                }
                check_private(path)?;
                let text = fs::read_to_string(path).map_err(|source| failed(path, source))?;
                parse(&text).ok_or_else(|| VaultError::MalformedKey(path.display().to_string()))
            }
            Self::Memory => Ok(Vec::new()),
        }
    }

    /// Keeps the keys. Settings cannot be written: they say so.
    pub(super) fn write(&self, keys: &[Key]) -> Result<(), VaultError> {
        match self {
            Self::Setting { setting, .. } => Err(VaultError::Given(setting)),
            Self::File(path) => write_file(path, keys),
            Self::Memory => Ok(()),
        }
    }

    /// For messages.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Setting { setting, .. } => (*setting).to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::Memory => "memory".to_owned(),
        }
    }
}

fn parse(text: &str) -> Option<Vec<Key>> {
    text.split(|c: char| c.is_whitespace() || c == ',')
        .filter(|part| !part.is_empty())
        .map(Key::parse)
        .collect()
}

/// Writes beside the old file and puts the new one in its place, so that there is always a whole one.
fn write_file(path: &Path, keys: &[Key]) -> Result<(), VaultError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let written = (|| {
        // What lies there is left over from an attempt that was cut off, or somebody else's link.
        if let Err(error) = fs::remove_file(&new)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        private(&mut options);
        let mut file = options.open(&new)?;
        for key in keys {
            writeln!(file, "{}", key.text().expose_secret())?;
        }
        file.sync_all()?;
        fs::rename(&new, path)?;
        // The rename itself lasts only once the folder is written.
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        fs::File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
    })();
    written.map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: std::io::Error) -> VaultError {
    VaultError::File {
        path: path.display().to_string(),
        source,
    }
}

/// Refuses a key that other users of the machine can read.
fn check_private(path: &Path) -> Result<(), VaultError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(path).map_err(|source| failed(path, source))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(VaultError::OpenFile(path.display().to_string()));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_64_hexadecimal_digits() {
        let good = "0123456789abcdefABCDEF0123456789abcdefabcdef01234567890123456789";
        assert_eq!(
            Key::parse(good).unwrap().text().expose_secret(),
            good.to_lowercase()
        );
        for bad in [
            "",
            "0123",
            &good[1..],
            &format!("{good}0"),
            &good.replace('0', "x"),
            &good.replace("01", "+1"),
            &"é".repeat(32),
        ] {
            assert!(Key::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn setting_may_hold_several_keys() {
        let (one, two) = (Key::generate(), Key::generate());
        let text = format!(
            "{},\n {}\n",
            one.text().expose_secret(),
            two.text().expose_secret()
        );
        let source = |text: &str| KeySource::Setting {
            setting: "secret_key",
            text: text.into(),
        };
        let read = source(&text).read().unwrap();
        let ids: Vec<&str> = read.iter().map(Key::id).collect();
        assert_eq!(ids, [one.id(), two.id()]);
        assert!(matches!(
            source("nonsense").read(),
            Err(VaultError::MalformedKey(_))
        ));
        assert!(matches!(
            source(" ").read(),
            Err(VaultError::MalformedKey(_))
        ));
        assert!(matches!(
            source(&text).write(&read),
            Err(VaultError::Given("secret_key"))
        ));
    }

    #[test]
    fn debug_shows_no_key() {
        let key = Key::generate();
        let shown = format!("{key:?}");
        assert!(!shown.contains(key.text().expose_secret()) && shown.contains(key.id()));
    }

    #[cfg(unix)]
    #[test]
    fn file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ostiary.sqlite.key");
        let source = KeySource::File(path.clone());
        assert!(source.read().unwrap().is_empty());
        source.write(&[Key::generate()]).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(source.read().unwrap().len(), 1);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(source.read(), Err(VaultError::OpenFile(_))));
    }
}
