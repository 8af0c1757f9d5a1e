//! What can be asked of a town's accounts on the command line.

use booking::{EmailAddress, PersonName};
use clap::{Args, Subcommand};
use identity::Role;
use tenancy::TenantSlug;

/// Lists, invites and switches accounts.
#[derive(Clone, Debug, Subcommand)]
pub enum StaffCommand {
    /// Lists a town's accounts: address, role, state, second factor, last use, name
    List {
        /// Short name of the town, such as werne
        #[arg(long, value_name = "SLUG", value_parser = TenantSlug::parse)]
        town: TenantSlug,
    },
    /// Invites somebody by mail; once more, if they have not answered yet
    Invite(Colleague),
    /// Switches an account off: its sessions end at once
    Disable(Whose),
    /// Switches an account on again
    Enable(Whose),
    /// Takes the second factor of somebody away who has lost phone and recovery codes
    ForgetSecondFactor(Whose),
    /// Ends an account's connection to a person at the town's identity provider: the next one with its address gets it
    ForgetProvider(Whose),
}

/// An account.
#[derive(Clone, Debug, Args)]
pub struct Whose {
    /// Short name of the town, such as werne
    #[arg(long, value_name = "SLUG", value_parser = TenantSlug::parse)]
    pub town: TenantSlug,
    /// The address they sign in with
    #[arg(value_name = "EMAIL", value_parser = EmailAddress::parse)]
    pub email: EmailAddress,
}

/// Somebody who is to get an account.
#[derive(Clone, Debug, Args)]
pub struct Colleague {
    /// Where and under which address
    #[command(flatten)]
    pub whose: Whose,
    /// Their name, as colleagues and the history call them
    #[arg(long, value_parser = PersonName::parse)]
    pub name: PersonName,
    /// What they may do: phone, clerk, lead, admin or reader
    #[arg(long, value_parser = role)]
    pub role: Role,
    /// Language of their pages and mails
    #[arg(long, default_value = "de", value_parser = ["de", "en"])]
    pub language: String,
}

impl StaffCommand {
    /// The town it is about.
    pub fn town(&self) -> &TenantSlug {
        match self {
            Self::List { town } => town,
            Self::Invite(colleague) => &colleague.whose.town,
            Self::Disable(whose)
            | Self::Enable(whose)
            | Self::ForgetSecondFactor(whose)
            | Self::ForgetProvider(whose) => &whose.town,
        }
    }
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| format!("expected one of {}", Role::ALL.map(Role::as_str).join(", ")))
}
