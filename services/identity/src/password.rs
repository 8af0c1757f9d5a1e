//! Passwords: which are good enough, and how they are kept.
//!
//! Argon2id with the parameters of OWASP's cheat sheet (19 MiB, two passes), off the async threads, two at a time: a
//! flood of sign-ins must not take all memory and both cores.

use std::fmt;
use std::sync::OnceLock;

use anyhow::Context as _;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Fewest characters (BSI and NIST SP 800-63B: length before variety).
const LEAST: usize = 12;
/// Most characters.
const MOST: usize = 200;

/// A password that is good enough.
#[derive(Clone)]
pub struct Password(String);

/// Why a password is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// It is too short.
    #[error("fewer than {least} characters")]
    TooShort {
        /// Fewest characters.
        least: usize,
    },
    /// It is too long.
    #[error("more than {most} characters")]
    TooLong {
        /// Most characters.
        most: usize,
    },
    /// It can be guessed: a usual word, a row of keys, the own name or address.
    #[error("easy to guess")]
    TooEasy,
}

impl Password {
    /// Takes a password that is chosen anew. `known`: what everybody knows of the person and the town.
    ///
    /// # Errors
    /// [`BadPassword`].
    pub fn choose(typed: &str, known: &[&str]) -> Result<Self, BadPassword> {
        let password = normal(typed);
        let length = password.chars().count();
        if length < LEAST {
            return Err(BadPassword::TooShort { least: LEAST });
        }
        if length > MOST {
            return Err(BadPassword::TooLong { most: MOST });
        }
        let as_one: Vec<String> = known.iter().map(|it| joined(it)).collect();
        let mut words: Vec<&str> = known.iter().flat_map(|it| it.split(|c: char| !c.is_alphanumeric())).collect();
        words.extend(as_one.iter().map(String::as_str));
        words.extend(["stadttermin", "passwort", "termin", "verwaltung"]);
        // zxcvbn knows English rows of keys only.
        words.extend(["qwertzuiopü", "qwertzuiop", "asdfghjklöä", "yxcvbnm"]);
        let start: String = password.chars().take(60).collect();
        match zxcvbn::zxcvbn(&start, &words).score() {
            zxcvbn::Score::Three | zxcvbn::Score::Four => Ok(Self(password)),
            _ => Err(BadPassword::TooEasy),
        }
    }

    /// As it is kept: a PHC string.
    ///
    /// # Errors
    /// If the machine has no randomness or no memory.
    pub async fn hash(self) -> anyhow::Result<String> {
        off_thread(move || Ok(Argon2::default().hash_password(self.0.as_bytes())?.to_string())).await
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Whether `typed` is the password that `kept` was made of. Without one it takes as long, and is not.
///
/// # Errors
/// If `kept` is damaged.
pub(crate) async fn verify(kept: Option<String>, typed: &str) -> anyhow::Result<bool> {
    let typed = normal(typed);
    let (compared, is_somebody) = off_thread(move || {
        let is_somebody = kept.is_some();
        let kept = match kept {
            Some(kept) => kept,
            None => nobodys()?.to_owned(),
        };
        Ok((Compared::new(&typed, &kept)?, is_somebody))
    })
    .await?;
    // Whose it was is nobody's business, and that it was done is what has to be the same for everybody.
    tracing::debug!("a password was compared");
    Ok(compared.0 && is_somebody)
}

/// Whether a password fits: nobody knows without the work of comparing it.
struct Compared(bool);

impl Compared {
    fn new(typed: &str, kept: &str) -> anyhow::Result<Self> {
        let kept = PasswordHash::new(kept).context("a kept password is damaged")?;
        Ok(Self(Argon2::default().verify_password(typed.as_bytes(), &kept).is_ok()))
    }
}

/// What an unknown account's password is compared with, so that it takes as long as a known one's.
fn nobodys() -> anyhow::Result<&'static str> {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    if let Some(known) = NOBODYS.get() {
        return Ok(known);
    }
    let made = Argon2::default().hash_password(&crate::vault::random::<16>())?.to_string();
    Ok(NOBODYS.get_or_init(|| made))
}

/// `leabeispiel` for a name or an address of Lea Beispiel's: written as one, it would count as two words.
fn joined(known: &str) -> String {
    let name = known.split('@').next().unwrap_or(known);
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> anyhow::Result<T> {
    let turn = AT_ONCE.acquire().await?;
    let worked = tokio::task::spawn_blocking(move || {
        // Who hangs up does not stop the work: the turn ends with it, not with whoever waits for it.
        let _turn = turn;
        work()
    });
    worked.await?
}

/// The same letters typed on another system are the same password; nobody types more than fits a form.
fn normal(typed: &str) -> String {
    typed.nfkc().take(MOST * 4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(typed: &str) -> BadPassword {
        Password::choose(typed, &["Lea Beispiel", "lea.beispiel@werne.de", "Stadt Werne"]).unwrap_err()
    }

    #[test]
    fn what_can_be_guessed_is_refused() {
        assert_eq!(refused("kurz und gut"[..11].trim()), BadPassword::TooShort { least: 12 });
        assert_eq!(refused(&"lang".repeat(60)), BadPassword::TooLong { most: 200 });
        for easy in
            ["passwort1234", "aaaaaaaaaaaaaa", "123456789012", "leabeispiel2026", "stadttermin1!", "qwertzuiopü+"]
        {
            let answer = Password::choose(easy, &["Lea Beispiel", "lea.beispiel@werne.de", "Stadt Werne"]);
            assert_eq!(answer.err(), Some(BadPassword::TooEasy), "{easy}");
        }
        for good in ["vier blaue Boote im Hafen", "7&kLm!pQ2vXz", "Rathausuhr geht immer vor"] {
            assert!(Password::choose(good, &["Lea Beispiel"]).is_ok(), "{good}");
        }
        assert_eq!(format!("{:?}", Password("geheim".to_owned())), "Password(…)");
    }

    #[tokio::test]
    async fn who_hangs_up_gives_no_turn_away() {
        let running = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let most = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        // None of them ends before all have hung up, however slow the machine.
        let (all_hung_up, ends) = std::sync::mpsc::channel::<()>();
        let ends = std::sync::Arc::new(std::sync::Mutex::new(ends));
        for _ in 0..8 {
            let (running, most, ends) = (running.clone(), most.clone(), ends.clone());
            let work = off_thread(move || {
                let at_once = running.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
                most.fetch_max(at_once, std::sync::atomic::Ordering::SeqCst);
                let _ = ends.lock().map(|it| it.recv());
                running.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                Ok(())
            });
            let waited = tokio::time::timeout(std::time::Duration::from_millis(20), work).await;
            assert!(waited.is_err(), "it hung up");
        }
        drop(all_hung_up);
        assert!(most.load(std::sync::atomic::Ordering::SeqCst) <= 2);
    }

    #[tokio::test]
    async fn nobodys_password_is_as_much_work_as_a_chosen_one() {
        let chosen = Password::choose("fünf große Kähne am Ufer", &[]).unwrap().hash().await.unwrap();
        let [chosen, nobodys] = [chosen.as_str(), nobodys().unwrap()].map(|it| PasswordHash::new(it).unwrap());
        assert_eq!((nobodys.algorithm, &nobodys.params), (chosen.algorithm, &chosen.params));
        assert_eq!(nobodys.hash.map(|it| it.len()), chosen.hash.map(|it| it.len()));
    }

    #[tokio::test]
    async fn a_password_fits_itself_however_it_is_written() {
        let kept = Password::choose("fünf große Kähne am Ufer", &[]).unwrap().hash().await.unwrap();
        assert!(kept.starts_with("$argon2id$"));
        let decomposed: String = unicode_normalization::UnicodeNormalization::nfd("fünf große Kähne am Ufer").collect();
        assert!(verify(Some(kept.clone()), &decomposed).await.unwrap());
        assert!(!verify(Some(kept), "fünf kleine Kähne am Ufer").await.unwrap());
        assert!(!verify(None, "fünf große Kähne am Ufer").await.unwrap());
    }
}
