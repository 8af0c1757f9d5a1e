//! The other people of the demo: common names of the region, addresses that belong to nobody (RFC 2606).

use rand::Rng;
use rand::seq::IteratorRandom;

const FIRST: &str = "Anna Ayşe Bernd Birgit Christian Claudia Daniel Dilara Elif Emma Fatma Finn Gabriele Günter Hannah Heike \
    Ibrahim Inge Jan Jana Jonas Jörg Julia Jürgen Karin Katarzyna Klaus Lea Leon Lukas Magdalena Manfred \
    Maria Marie Markus Mehmet Michael Monika Nele Nina Oksana Oleksandr Paul Petra Piotr Renate Sabine \
    Sebastian Silke Stefan Susanne Thomas Tobias Ulrike Ursula Uwe Werner Wolfgang Yusuf Zeynep";
const LAST: &str = "Albers Aydın Bäcker Baumann Beckmann Berger Brinkmann Bußmann Çelik Demir Dreier Ernst Fischer Franke \
    Gerdes Groß Hagemann Hartmann Heitkamp Hoffmann Horstmann Jansen Kaiser Kaya Kemper Klein Kowalski \
    Kovalenko Krüger Kuhlmann Lange Lehmann Lohmann Meier Möller Müller Neumann Niemeyer Nowak Öztürk \
    Petrenko Pohlmann Rasche Richter Rolf Rüther Schäfer Schmidt Schröder Schulte Schulze Schwarz Stratmann \
    Tiemann Vogt Wagner Weber Westermann Wiese Winkler Wolff Yılmaz Zimmermann";

/// Last part of every demo person's address: tells their bookings from a visitor's.
pub(super) const MAIL_HOST: &str = "demo.example";

/// Somebody.
pub(super) struct Person {
    pub name: String,
    pub email: String,
}

impl Person {
    pub fn random(rng: &mut impl Rng) -> Self {
        let first = one_of(FIRST, rng);
        let last = one_of(LAST, rng);
        let number: u16 = rng.random_range(1..1000);
        Self { name: format!("{first} {last}"), email: format!("{}.{}{number}@{MAIL_HOST}", plain(first), plain(last)) }
    }
}

fn one_of(names: &'static str, rng: &mut impl Rng) -> &'static str {
    names.split(' ').choose(rng).unwrap_or_default()
}

/// Such as `juergen` for Jürgen.
fn plain(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        'ä' | 'Ä' => "ae".to_owned(),
        'ö' | 'Ö' => "oe".to_owned(),
        'ü' | 'Ü' => "ue".to_owned(),
        'ß' => "ss".to_owned(),
        'ş' => "s".to_owned(),
        'ı' => "i".to_owned(),
        'Ç' => "c".to_owned(),
        other => other.to_ascii_lowercase().to_string(),
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_plain() {
        for name in FIRST.split(' ').chain(LAST.split(' ')) {
            assert!(plain(name).bytes().all(|byte| byte.is_ascii_lowercase()), "{name} becomes {}", plain(name));
        }
    }
}
