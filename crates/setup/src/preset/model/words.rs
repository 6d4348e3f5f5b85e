//! The words of a preset file: enums with a word for files and a label for people.

use serde::{Deserialize, Serialize};

/// Defines an enum whose variants are words in the files, with the word and a label for people.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal, $label:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All of them, in the order of their definition.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in files and JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The name for people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    };
}

words! {
    /// What kind of application it is, for browsing.
    Category {
        /// Not for one application.
        Generic = "generic", "Generic";
        /// Scripts, workflows and models.
        Automation = "automation", "Automation and AI";
        /// Chat, mail and social media.
        Chat = "chat", "Chat and mail";
        /// Files in the cloud.
        Cloud = "cloud", "Files and cloud";
        /// Source code and builds.
        Code = "code", "Source code";
        /// Start pages.
        Dashboard = "dashboard", "Dashboards";
        /// The smart home.
        Home = "home", "Smart home";
        /// Servers and clusters.
        Infrastructure = "infrastructure", "Infrastructure";
        /// Films, music, books and photos.
        Media = "media", "Media";
        /// Metrics, logs and alerts.
        Monitoring = "monitoring", "Monitoring";
        /// Networks and firewalls.
        Network = "network", "Network";
        /// Documents, tasks and records.
        Productivity = "productivity", "Productivity";
        /// Passwords and secrets.
        Security = "security", "Security";
        /// Content management.
        Website = "website", "Websites";
    }
}

words! {
    /// How the application is connected to authentik.
    Protocol {
        /// OpenID Connect.
        Oidc = "oidc", "OpenID Connect";
        /// SAML 2.0.
        Saml = "saml", "SAML";
        /// authentik's proxy or forward auth in front of the application.
        Proxy = "proxy", "Forward auth or proxy";
        /// authentik's LDAP outpost.
        Ldap = "ldap", "LDAP";
    }
}

words! {
    /// How sure the facts are. Nothing was tried against a running application.
    Confidence {
        /// Several sources agree, or the application's own documentation says so.
        High = "high", "well documented";
        /// One source, an unusual version, or derived.
        Medium = "medium", "less certain";
    }
}

words! {
    /// Whether the application can keep a secret.
    ClientType {
        /// With a client secret.
        Confidential = "confidential", "Confidential";
        /// Without a secret, with PKCE.
        Public = "public", "Public";
    }
}

words! {
    /// What the application asks of the signing key.
    SigningKey {
        /// The provider needs none.
        None = "none", "none";
        /// Any key that authentik can sign with.
        Any = "any", "any key";
        /// An RSA key: the application takes RS256 only, or by default.
        Rsa = "rsa", "an RSA key";
    }
}

words! {
    /// What identifies a person to the application (authentik's `sub_mode`).
    SubMode {
        /// Hash of the person's number; authentik's default.
        HashedUserId = "hashed_user_id", "Hashed number";
        /// The person's number.
        UserId = "user_id", "Number";
        /// The person's UUID.
        UserUuid = "user_uuid", "UUID";
        /// The username.
        UserUsername = "user_username", "Username";
        /// The e-mail address.
        UserEmail = "user_email", "E-mail address";
        /// The user principal name.
        UserUpn = "user_upn", "UPN";
    }
}

words! {
    /// How authentik compares a redirect URI.
    Matching {
        /// Character for character.
        Strict = "strict", "Strict";
        /// As a regular expression that must match the whole.
        Regex = "regex", "Regex";
    }
}

words! {
    /// The syntax of what goes into the application.
    Format {
        /// `KEY=value` lines.
        Env = "env", "Environment variables";
        /// A Docker Compose fragment; derived from `env`, never in a preset file.
        Compose = "compose", "Docker Compose";
        /// Sections and keys.
        Ini = "ini", "INI file";
        /// Java properties.
        Properties = "properties", "Properties file";
        /// YAML.
        Yaml = "yaml", "YAML";
        /// JSON.
        Json = "json", "JSON";
        /// TOML.
        Toml = "toml", "TOML";
        /// Commands, or flags of a command; the key is `commands`.
        Cli = "cli", "Command line";
        /// Fields of a form.
        UiSteps = "ui-steps", "Steps in the web interface";
        /// Python assignments.
        Python = "python", "Python settings";
        /// `$variable['key'] = value;` for each variable and key.
        PhpAssignments = "php-assignments", "PHP settings";
        /// `$variable = [..];`
        PhpArray = "php-array", "PHP file";
        /// Entries to add to an array that exists.
        PhpEntries = "php-entries", "PHP array entries";
        /// `define('KEY', value);`
        PhpConstants = "php-constants", "PHP constants";
        /// Ruby assignments.
        Ruby = "ruby", "Ruby settings";
        /// Properties of a JavaScript object.
        Js = "js", "JavaScript settings";
        /// XML elements; `@name` is an attribute.
        Xml = "xml", "XML";
        /// Apache directives; a list is several arguments, a table a block.
        ApacheConf = "apache-conf", "Apache configuration";
        /// `key = value` lines as Dovecot reads them.
        DovecotConf = "dovecot-conf", "Dovecot configuration";
        /// Elixir `config` lines.
        Elixir = "elixir", "Elixir settings";
        /// A whole file; the key is `content`.
        File = "file", "File";
    }
}
