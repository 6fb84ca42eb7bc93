//! Differences that are wanted.

/// A record of which the index says "affected" where the pseudo-code of the OSV schema, fed with the events as the
/// record has them, does not; and why. The schema leaves open what counts where one version ends and begins a range.
pub(crate) const EXPLAINED: &[(&str, &str)] = &[
    (
        "PYSEC-2022-42972",
        "0.12.2 to 0.13.0 and 0.13.0 to 0.14.0rc1: the record begins again at 0.13.0 and writes that first; its text \
         names 0.13.0 to 0.13.2 as vulnerable",
    ),
    (
        "PYSEC-2023-72",
        "3.1.1 to 3.2.0 and 3.2.0 to 3.2.2: the record begins again at 3.2.0 and writes that first; its text corrects \
         CVE-2022-33891, which affects 3.2.0 too",
    ),
];
