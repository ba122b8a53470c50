//! Zones, and what they hold under a name (RFC 1034, section 4.3.2).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{anyhow, bail};
use hickory_proto::rr::{LowerName, RData, Record, RecordSet, RecordType, RrKey};
use hickory_proto::serialize::txt::Parser;

/// The longest chain of aliases that is followed: a zone may have a circle of them.
const MOST_ALIASES: usize = 8;

/// Zones by their apex.
#[derive(Default)]
pub struct Zones(BTreeMap<LowerName, Zone>);

/// The records of a zone without delegations.
#[derive(Debug)]
pub struct Zone {
    apex: LowerName,
    /// Told where there is nothing: with the time that this may be remembered (RFC 2308, section 3).
    soa: Record,
    sets: BTreeMap<RrKey, RecordSet>,
    /// Every name that exists: the owners of records, and the names between them and the apex (RFC 8020).
    names: BTreeSet<LowerName>,
}

/// What a zone says to a question.
pub struct Found<'a> {
    /// Aliases that were followed, then the records asked for.
    pub records: Vec<Record>,
    /// Set where nothing was found: the zone's SOA.
    pub soa: Option<&'a Record>,
    /// Whether the name exists.
    pub exists: bool,
}

impl Zones {
    /// Whether it was added: no second one of the same name is.
    pub fn add(&mut self, zone: Zone) -> bool {
        let new = !self.0.contains_key(&zone.apex);
        if new {
            self.0.insert(zone.apex.clone(), zone);
        }
        new
    }

    /// The zone that `name` belongs to: the one with the longest apex.
    pub fn of(&self, name: &LowerName) -> Option<&Zone> {
        let mut apex = name.clone();
        loop {
            if let Some(zone) = self.0.get(&apex) {
                return Some(zone);
            }
            if apex.is_root() {
                return None;
            }
            apex = apex.base_name();
        }
    }
}

impl Zone {
    /// Reads a master file. `$INCLUDE` is refused where its path is relative.
    pub fn parse(text: String) -> anyhow::Result<Zone> {
        let (_, sets) = Parser::new(text, None, None).parse()?;
        let mut soas = sets.values().filter(|set| set.record_type() == RecordType::SOA);
        let soa = soas.next().and_then(|set| set.record()).cloned();
        let mut soa = soa.ok_or_else(|| anyhow!("it has no SOA record"))?;
        if soas.next().is_some() {
            bail!("it has two SOA records: one zone a file");
        }
        let RData::SOA(data) = &soa.data else {
            bail!("its SOA record has other data");
        };
        soa.ttl = soa.ttl.min(data.minimum);

        let apex = LowerName::new(&soa.name);
        let mut names = BTreeSet::new();
        for key in sets.keys() {
            let mut name = key.name().clone();
            if !apex.zone_of(&name) {
                bail!("{name} is not in the zone {apex}");
            }
            if key.record_type == RecordType::NS && name != apex {
                bail!("{name} is delegated: delegations are not served");
            }
            while name != apex && names.insert(name.clone()) {
                name = name.base_name();
            }
        }
        names.insert(apex.clone());
        Ok(Zone { apex, soa, sets, names })
    }

    pub fn apex(&self) -> &LowerName {
        &self.apex
    }

    /// What there is of this type under `name`, which belongs to the zone.
    pub fn find(&self, name: &LowerName, wanted: RecordType) -> Found<'_> {
        let mut records = vec![];
        let mut name = name.clone();
        loop {
            let Some(owner) = self.owner(&name) else {
                return self.nothing(records, false);
            };
            if let Some(set) = self.set(&owner, wanted) {
                records.extend(as_of(set, &name));
                return Found {
                    records,
                    soa: None,
                    exists: true,
                };
            }
            let alias = self.set(&owner, RecordType::CNAME);
            let Some(RData::CNAME(target)) = alias.and_then(|set| set.record()).map(|record| &record.data) else {
                return self.nothing(records, true);
            };
            let target = LowerName::new(&target.0);
            records.extend(alias.into_iter().flat_map(|set| as_of(set, &name)));
            // Who asked looks further where the alias leads out of the zone.
            if !self.apex.zone_of(&target) || records.len() >= MOST_ALIASES {
                return Found {
                    records,
                    soa: None,
                    exists: true,
                };
            }
            name = target;
        }
    }

    /// The name that answers for `name`: itself, or the wildcard below its closest ancestor that exists (RFC 4592).
    fn owner(&self, name: &LowerName) -> Option<LowerName> {
        if self.names.contains(name) {
            return Some(name.clone());
        }
        let mut ancestor = name.base_name();
        while !self.names.contains(&ancestor) {
            ancestor = ancestor.base_name();
        }
        let below = hickory_proto::rr::Name::from(ancestor).prepend_label("*").ok()?;
        let wildcard = LowerName::new(&below);
        self.names.contains(&wildcard).then_some(wildcard)
    }

    fn set(&self, name: &LowerName, kind: RecordType) -> Option<&RecordSet> {
        self.sets.get(&RrKey::new(name.clone(), kind))
    }

    fn nothing(&self, records: Vec<Record>, exists: bool) -> Found<'_> {
        let soa = Some(&self.soa);
        Found { records, soa, exists }
    }
}

/// The records of a set, as if they were of `name`: a wildcard's are.
fn as_of<'a>(set: &'a RecordSet, name: &'a LowerName) -> impl Iterator<Item = Record> + 'a {
    set.records_without_rrsigs().cloned().map(|mut record| {
        record.name = name.into();
        record
    })
}
