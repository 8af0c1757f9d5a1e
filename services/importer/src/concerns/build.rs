//! The phrases of a catalogue: keys, names, keywords, and the abbreviations of what it has.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use catalog::{Catalog, Concern};

use super::abbreviations::{GROUPS, Group, TOO_COMMON};
use super::{Candidates, Meaning, plain};

/// How strongly a concern claims a phrase. The strongest claim wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Keyword,
    /// A name without what stands in brackets and without “beantragen”.
    CoreOfName,
    Name,
    Key,
}

/// Which concerns (by their place) claim a phrase, and how strongly.
type Claims = BTreeMap<String, BTreeMap<usize, Claim>>;

/// Shorter keywords (`ag`, `id`) are too often something else.
const LEAST_KEYWORD: usize = 3;

/// All phrases with what they mean.
pub(super) fn phrases(catalog: &Catalog) -> HashMap<String, Meaning> {
    let mut claims = Claims::new();
    for (place, concern) in catalog.concerns.iter().enumerate() {
        for (phrase, claim) in phrases_of(concern) {
            let strongest = claims.entry(phrase).or_default().entry(place).or_insert(claim);
            *strongest = claim.max(*strongest);
        }
    }
    claims.remove("");
    let mentions = Mentions::new(&claims);
    let key = |place: usize| catalog.concerns[place].key.clone();
    let keys = |places: Vec<usize>| places.into_iter().map(key).collect();
    let mut meanings: HashMap<String, Meaning> = HashMap::with_capacity(claims.len());
    for (phrase, claimants) in &claims {
        let (places, is_decided) = claimed(phrase, claimants, &mentions);
        meanings.insert(phrase.clone(), Meaning::Catalog(Candidates { keys: keys(places), is_decided }));
    }
    for group in GROUPS {
        let resolved = resolved(group, &claims, &mentions);
        let first = resolved.as_ref().and_then(|(places, _)| places.first().copied());
        let meaning = match resolved {
            Some((places, is_decided)) => Meaning::Catalog(Candidates { keys: keys(places), is_decided }),
            None if group.is_decided => Meaning::NotOffered,
            None => continue,
        };
        let names = group.names.iter().filter(|_| group.is_decided);
        for spelling in group.spellings.iter().chain(names).map(|spelling| plain(spelling)) {
            if !is_taken(&claims, &spelling, first) {
                meanings.insert(spelling, meaning.clone());
            }
        }
    }
    meanings
}

/// Whether the town itself says more about a spelling than what offices in general mean by it: it is the key of another
/// concern, or the only trace of something that we know no other name for.
fn is_taken(claims: &Claims, spelling: &str, first: Option<usize>) -> bool {
    let Some(claimants) = claims.get(spelling) else { return false };
    let key = claimants.iter().find(|(_, claim)| **claim == Claim::Key).map(|(place, _)| *place);
    first.is_none() || key.is_some_and(|key| Some(key) != first)
}

fn phrases_of(concern: &Concern) -> Vec<(String, Claim)> {
    let mut phrases = vec![(plain(&concern.key), Claim::Key)];
    for (_, name) in concern.name.iter() {
        phrases.push((plain(name), Claim::Name));
        phrases.push((plain(core_of_name(name)), Claim::CoreOfName));
    }
    phrases.extend(concern.keywords.iter().map(|keyword| (plain(keyword), Claim::Keyword)));
    phrases
}

/// “Personalausweis beantragen (ab 24 Jahren)” → “Personalausweis”.
fn core_of_name(name: &str) -> &str {
    const BEFORE: &[&str] = &["Apply for a ", "Apply for an ", "Apply for "];
    const AFTER: &[&str] = &[" beantragen", " ausstellen lassen", " ausstellen", " eintragen lassen"];
    let core = name.split(['(', ':']).next().unwrap_or(name).trim();
    let core = AFTER.iter().find_map(|ending| core.strip_suffix(ending)).unwrap_or(core);
    // “Apply for an ” also begins with “Apply for a”, but not with the blank behind it.
    BEFORE.iter().find_map(|start| core.strip_prefix(start)).unwrap_or(core)
}

/// The concerns that a phrase of the catalogue can mean, and whether the first is meant.
fn claimed(phrase: &str, claimants: &BTreeMap<usize, Claim>, mentions: &Mentions) -> (Vec<usize>, bool) {
    let strongest = claimants.values().copied().max().unwrap_or(Claim::Keyword);
    let mut winners = claimants.iter().filter(|(_, claim)| **claim == strongest).map(|(place, _)| *place);
    let (first, is_alone) = (winners.next(), winners.next().is_none());
    let is_weak =
        strongest == Claim::Keyword && (TOO_COMMON.contains(&phrase) || phrase.chars().count() < LEAST_KEYWORD);
    let is_decided = is_alone && !is_weak;
    let first = first.filter(|_| is_decided);
    let related = mentions.of_all(phrase);
    let others = claimants.keys().copied().chain(related).filter(|place| Some(*place) != first);
    let mut seen = BTreeSet::new();
    let places = first.into_iter().chain(others).filter(|place| seen.insert(*place)).collect();
    (places, is_decided)
}

/// The concerns that an abbreviation can mean in this catalogue; none if it has nothing of the kind.
fn resolved(group: &Group, claims: &Claims, mentions: &Mentions) -> Option<(Vec<usize>, bool)> {
    let named: Vec<(Vec<usize>, bool)> = group
        .names
        .iter()
        .filter_map(|name| {
            let name = plain(name);
            claims.get(&name).map(|claimants| claimed(&name, claimants, mentions))
        })
        .collect();
    let is_decided = group.is_decided && named.first().is_some_and(|(_, is_decided)| *is_decided);
    let named = named.into_iter().flat_map(|(places, _)| places);
    // “Ausweis abholen” says `ausweis`, its keyword `perso abholen` the same in other words: both are related to PA.
    let related = if is_decided { mentions.of_group(group) } else { Vec::new() };
    let mut seen = BTreeSet::new();
    let places: Vec<usize> = named.chain(related).filter(|place| seen.insert(*place)).collect();
    (!places.is_empty()).then_some((places, is_decided))
}

/// Which concerns have a word in a name or keyword.
struct Mentions(HashMap<String, BTreeSet<usize>>);

impl Mentions {
    fn new(claims: &Claims) -> Self {
        let mut mentions: HashMap<String, BTreeSet<usize>> = HashMap::new();
        for (phrase, claimants) in claims {
            for word in phrase.split(' ') {
                mentions.entry(word.to_owned()).or_default().extend(claimants.keys());
            }
        }
        Self(mentions)
    }

    /// The concerns that mention each word of a phrase.
    fn of_all(&self, phrase: &str) -> Vec<usize> {
        let sets = phrase.split(' ').map(|word| self.0.get(word).cloned().unwrap_or_default());
        sets.reduce(|one, other| &one & &other).unwrap_or_default().into_iter().collect()
    }

    /// The concerns that mention one of a group's spellings.
    fn of_group(&self, group: &Group) -> Vec<usize> {
        group.spellings.iter().chain(group.names).flat_map(|spelling| self.of_all(&plain(spelling))).collect()
    }
}
