# Every text of Yata in English. Syntax: Project Fluent 1.0.
# One section for each subject; ja.ftl has the same ids with the same variables.

## Names used inside other texts

outcome-name =
    { $outcome ->
        [immediate-investigate] Immediate with investigation
        [immediate] Immediate
        [out-of-cycle] Out-of-Cycle
        [scheduled] Scheduled
       *[defer] Defer
    }
exposure-name =
    { $exposure ->
        [none] not reachable over any network
        [internal] reachable only from the organisation's own network
        [partner] reachable by partners only
       *[internet] reachable from the internet
    }
impact-name =
    { $impact ->
        [low] low
        [medium] medium
        [high] high
       *[very-high] very high
    }
how-known =
    { $how ->
        [checked] CISA’s assessment
        [derived] derived from the published vector
       *[assumed] nobody says; the worst case is assumed
    }

## Priorities and what ruled

priority-immediate = Immediate
priority-out-of-cycle = Out-of-Cycle
priority-scheduled = Scheduled
priority-defer = Defer
ruled-by-malware = malware rule
ruled-by-unmaintained = no weakness is claimed (unmaintained)
ruled-by-notice = no weakness is claimed (notice)
ruled-by-maintenance = no weakness is claimed (maintenance update)

## Reasons: why a finding is where it is

reason-secret =
    { $places ->
        [0] { $rule }: whoever reads it can use it
        [one] { $rule }: whoever reads the file can use it
       *[other] { $rule }, in { $places } places: whoever reads one of them can use it
    }
reason-secret-live = { $rule }, issued for production: whoever reads it can use it
reason-secret-test = { $rule }, issued for tests: it opens no production
reason-secret-possible = It looks like a credential ({ $rule }): somebody has to look
reason-secret-past = It is gone from the files but stands in the history: only revoking it helps
reason-malware = { $package } is malicious: it was made to do harm. Remove it and look for what it did
reason-malware-development = It runs where things are built, too: malware is not softened by scope
reason-kev = Known to be exploited: CISA KEV lists { $cve } since { $date }
reason-kev-ransomware = Ransomware uses it: CISA KEV lists { $cve } since { $date }
reason-kev-unchecked =
    { $why ->
        [stale] Whether it is being exploited could not be checked (CISA KEV is too old); it is taken as exploited
       *[missing] Whether it is being exploited could not be checked (CISA KEV is missing); it is taken as exploited
    }
reason-active = CISA has seen it exploited
reason-poc = A way to exploit it is public
reason-poc-unknown = Nobody says whether a way to exploit it is public; it is taken as public
reason-epss = EPSS gives a { $percent } % chance that it is exploited within 30 days
reason-applies-unknown = It could not be told whether { $package } is affected; it counts as affected
reason-no-weakness =
    { $kind ->
        [unmaintained] Nobody maintains { $package } any more: the next weakness will have no fix. Replace it
        [notice] A notice about { $package }; no weakness is claimed
       *[maintenance] A maintenance update of { $package }; no weakness is claimed
    }
reason-development = It is needed only to build: judged by what build machines reach and write
reason-exposure = { $asset } is { exposure-name }
reason-exposure-unknown = Nobody said who can reach { $asset }; it is taken as reachable from the internet
reason-mission = The mission impact of { $asset } is { impact-name }
reason-mission-unknown = Nobody said what stops when { $asset } stops; the impact is taken as very high
reason-automatable =
    { $automatable ->
        [yes] Attacks can be automated ({ how-known })
       *[no] Attacks cannot be automated ({ how-known })
    }
reason-technical-impact =
    { $impact ->
        [total] An attacker gains total control or all data ({ how-known })
       *[partial] An attacker gains partial control or some data ({ how-known })
    }
reason-not-known-exploited = Not known to be exploited (CISA KEV checked)
reason-table = { $table } says { outcome-name } (“{ $answer }”)
reason-window = The next change window of { $service } opens on { $window }, after the deadline { $due }

## What would change it

change-secret-test = It would move to { outcome-name } if it were known to open nothing that matters (a test account, an expired token)
change-malware = Nothing but its removal changes this
change-nothing = No answer makes it less urgent: only the remedy does
change-kev-unlisted = It would move to { outcome-name } if a fresh CISA KEV did not list it
change-kev-listed = It would move to { outcome-name } if CISA KEV listed it
change-no-poc = It would move to { outcome-name } if no way to exploit it were public
change-poc = It would move to { outcome-name } if a way to exploit it became public
change-exposure = It would move to { outcome-name } if the asset were { exposure-name }
change-mission = It would move to { outcome-name } if the mission impact were { impact-name }
change-not-automatable = It would move to { outcome-name } if attacks could not be automated
change-partial-impact = It would move to { outcome-name } if the technical impact were only partial
change-all-assumed = No single answer moves it; it would move to { outcome-name } if all that is unknown turned out well

## Questions whose answers shorten the list

question-exposure = Who can reach { $asset }? Write exposure = "none", "internal", "partner" or "internet" in yata.toml
question-asset-impact = What stops when { $asset } stops? Write mission-impact = "low", "medium", "high" or "very-high" in yata.toml
question-service-impact = What stops when the service { $service } stops? Write mission-impact = "low", "medium", "high" or "very-high" in yata.toml
question-kev = Is any of it being exploited? Import a fresh CISA KEV catalogue
question-vulnrichment = What does CISA say of exploits, automation and impact? Import CISA vulnrichment
question-versions = Which versions does { $asset } really install? Pin them, or assess its lock file

## The three factors

threat-secret = Attackers collect leaked credentials by machine, with AI in minutes, and sign in with them
threat-malware = The attack is in the package itself; AI lets attackers make and spread such packages in numbers
threat-exploited = Attackers exploit it now; with AI they do so at machine speed
threat-public-poc = A way to exploit it is public; AI turns it into a working attack at machine speed
threat-automatable = Attacks can be automated; AI finds and attacks targets at machine speed
threat-assumed = Nobody says otherwise: attackers with AI are assumed to find and exploit it at machine speed
threat-conventional = No public exploit, and attacks cannot be automated: a conventional attacker
threat-none-claimed = No weakness is claimed: no attack is known
vulnerability-secret = A credential is kept where others can read it: { $rule }
vulnerability-ai = { $package } has a weakness that only AI technology has ({ $cwe })
vulnerability-conventional =
    { $kind ->
        [malware] { $package } is malicious
        [unsound] { $package } breaks the guarantees of its language
        [unmaintained] Nobody maintains { $package }
        [notice] A notice about { $package }
        [maintenance] A maintenance update of { $package }
       *[vulnerability] { $package } has a conventional weakness
    }
asset-ai =
    { $assumed ->
        [yes] { $asset } is an AI system; its mission impact is not known and taken as { impact-name }
       *[no] { $asset } is an AI system; its mission impact is { impact-name }
    }
asset-conventional =
    { $assumed ->
        [yes] { $asset } is a conventional system; its mission impact is not known and taken as { impact-name }
       *[no] { $asset } is a conventional system; its mission impact is { impact-name }
    }

## The nine scenarios (JCIC, table 1)

scenario-1 = Attackers who know AI well use an AI-specific weakness against an AI system
scenario-2 = Attackers who know AI well misuse a public AI service
scenario-3 = Attackers with AI as a tool use a weakness of a conventional system
scenario-4 = Attackers with AI as a tool use the weaknesses of human judgement
scenario-5 = A conventional attack or weakness harms an AI system
scenario-6 = An insider takes information out of an AI system
scenario-7 = Users of an AI service are careless
scenario-8 = An AI system fails or is set up wrongly
scenario-9 = Disaster or geopolitics reaches an AI system or its data

## Facts, their values and standings

fact-kind = Kind of advisory
fact-cves = CVE ids
fact-known-exploited = Known to be exploited (KEV)
fact-ransomware = Used by ransomware
fact-exploitation = Exploitation
fact-exploitation-unlisted = Exploitation without KEV
fact-automatable = Attacks can be automated
fact-technical-impact = Technical impact
fact-epss = EPSS probability (30 days)
fact-exposure = Exposure
fact-mission-impact = Mission impact
fact-scope = Scope
fact-severity = What it opens
fact-confidence = How sure the rule is
fact-environment = Issued for
fact-present = Stands in the files now
fact-cvss = CVSS score
value-yes = yes
value-no = no
value-none = none
value-public-poc = public proof of concept
value-active = active
value-partial = partial
value-total = total
value-internal = own network
value-partner = partners
value-internet = internet
value-unknown = unknown
value-low = low
value-medium = medium
value-high = high
value-very-high = very high
value-runtime = runtime
value-optional = optional
value-development = development
value-secret = credential
value-critical = critical
value-possible = possible
value-likely = likely
value-certain = certain
value-live = production
value-test = test
value-malware = malware
value-vulnerability = vulnerability
value-unsound = unsound
value-unmaintained = unmaintained
value-notice = notice
value-maintenance = maintenance update
standing-checked = checked
standing-derived = derived
standing-stale = stale
standing-unknown = unknown

## The command line
help = What the organisation has, what is wrong with it, what to fix first and by when
help-arg-help = Show this help
help-arg-version = Show the version
help-arg-lang = Language of what is shown; by default that of the locale
help-arg-data = Folder of the database and the intelligence index [env: YATA_DATA]; by default the platform's data folder
help-arg-color = When to use colours
help-arg-quiet = Show no progress
help-assess = Say what to fix first, why, and by when
help-assess-targets = Folders, lockfiles, package databases or SBOMs
help-assess-estate = Estate file; by default `yata.toml` in the target folder
help-assess-explain = Show every fact behind the decision on one advisory or finding
help-assess-format = Form of the answer
help-assess-output = Write the answer to a file
help-assess-fail-on = Exit with 1 if something is at least this urgent
help-assess-waive = Do not count this problem (by its file or source) as a gap; can be repeated
help-assess-as-of = Judge as of this day instead of today
help-assess-history = Look for credentials in the whole git history too
help-assess-no-secrets = Do not look for credentials
help-assess-baseline = Credentials that were known before and wait (a file made by --write-baseline)
help-assess-write-baseline = Write every open credential into a baseline file
help-assess-gitignore = Pass over what .gitignore files name
help-assess-all = Show everything instead of the most urgent
help-assess-no-save = Neither read nor write the database
help-intel = Intelligence: advisories and evidence of exploitation
help-intel-import = Read feeds from a folder in the layout of the real services
help-intel-import-folder = The folder that holds osv/, kev/, epss/, vulnrichment/ or ssvc/
help-intel-import-dated = You vouch that the feeds speak up to this day
help-intel-sync = Fetch what has changed from the real services
help-intel-sync-ecosystem = Fetch advisories of this ecosystem only; can be repeated
help-intel-sync-osv-url = Base address of the OSV data
help-intel-sync-kev-url = Address of the CISA KEV catalogue
help-intel-sync-epss-url = Address of the EPSS scores
help-intel-sync-vulnrichment-url = Address of the CISA vulnrichment archive
help-intel-status = Show every source, its age and its standing
help-intel-status-format = Form of the answer
help-intel-status-as-of = Judge ages as of this day instead of today
help-finding = Findings: what a person decides of them
help-finding-list = List findings
help-finding-list-format = Form of the answer
help-finding-list-all = Closed and settled ones too
help-finding-history = Show who changed the state of a finding, when and why
help-finding-history-id = Id of the finding, or its beginning
help-finding-accept = Accept the risk until a day
help-finding-accept-id = Id of the finding, or its beginning
help-finding-accept-until = The last day; the finding opens again after it
help-finding-accept-why = The reason
help-finding-accept-by = Who decides; by default the account's name
help-finding-mitigate = Note that something else holds the risk down until a day
help-finding-mitigate-id = Id of the finding, or its beginning
help-finding-mitigate-until = The last day; the finding opens again after it
help-finding-mitigate-why = What was done
help-finding-mitigate-by = Who decides; by default the account's name
help-finding-false-positive = Note that the finding does not apply
help-finding-false-positive-id = Id of the finding, or its beginning
help-finding-false-positive-why = The reason
help-finding-false-positive-by = Who decides; by default the account's name
help-finding-reopen = Open a finding again
help-finding-reopen-id = Id of the finding, or its beginning
help-finding-reopen-why = The reason
help-finding-reopen-by = Who decides; by default the account's name
help-lens = What a text contains: credentials, personal data, markings, injected instructions
help-lens-check = Look into a file or standard input (-)
help-lens-check-file = The file: text, archive, office document or PDF; - for standard input
help-lens-check-class = Only these classes of rules
help-lens-check-format = How to write the answer
help-lens-check-all = Show every hit
help-lens-rules = List the rules, or show the documentation of one
help-lens-rules-rule = The rule to show
help-lens-rules-format = How to write the answer
help-lens-redact = Write the same text with its values replaced by pseudonyms
help-lens-redact-file = The text; - for standard input
help-lens-redact-class = Only these classes of rules; by default credentials and personal data
help-lens-redact-output = Write to this file
help-vex = VEX: what suppliers say of vulnerabilities in their products
help-vex-import = Apply OpenVEX or CycloneDX VEX documents to the findings
help-vex-import-files = The documents

## Progress
progress-walking = Looking for files of agents
progress-collecting = Reading files
progress-secrets = Looking for credentials in files
progress-history = Looking for credentials in the history
progress-matching = Matching
progress-source = { $source }

## The answer
ui-error = error
ui-head = { $assets ->
    [one] { $assets } asset
   *[other] { $assets } assets
  } · { $components } components · as of { $date }
ui-head-as-of-set = { $assets ->
    [one] { $assets } asset
   *[other] { $assets } assets
  } · { $components } components · judged as of { $date }, a day that was set instead of today
ui-nothing-found = No known problem in { $components } components; every source they need was checked.
ui-nothing-found-but-gaps = No finding, but the answer is incomplete: see below what could not be checked.
ui-summary = { $actions ->
    [one] 1 thing to do closes
   *[other] { $actions } things to do close
  } { $risks ->
    [one] 1 risk
   *[other] { $risks } risks
  }: { $immediate } now, { $outofcycle } before the next regular change, { $scheduled } with the regular changes, { $defer } with the next upgrade
ui-priority-immediate = NOW
ui-priority-out-of-cycle = BEFORE THE NEXT REGULAR CHANGE
ui-priority-scheduled = WITH THE REGULAR CHANGES
ui-priority-defer = WITH THE NEXT UPGRADE
ui-by-date = by { $date }
ui-development = development and build only
lens-class-secret = credential
lens-class-personal = personal data
lens-class-marking = marking
lens-class-injection = injected instruction
lens-more = … and { $count } more: --all shows them
lens-nothing = Nothing was found.
lens-binary = This is no text and no document that can be read: nothing was looked into.
lens-found = { $count ->
    [one] 1 hit.
   *[other] { $count } hits.
  }
lens-deserves-general = Class: general (no law or contract asks for protection, as far as the text shows)
lens-deserves-protected = Class: protected (a law or contract asks for protection: only AI services that do not learn from it)
lens-deserves-restricted = Class: restricted (must stay in the house: no outside AI service)
lens-deserves-unknown = Class: unknown, since not all of it could be looked into
lens-firing = Found
lens-silent = Passed over
lens-redact-encoding = The text is { $encoding }; the result is UTF-8.
ui-more-actions = … and { $count } more: --all shows them
ui-upgrade = Upgrade { $package } { $from } → { $to }{ $closes ->
    [one] { "" }
   *[other] {" "}· closes { $closes }
  }
ui-upgrade-compatible = Upgrade { $package } { $from } → { $to } (compatible){ $closes ->
    [one] { "" }
   *[other] {" "}· closes { $closes }
  }
ui-upgrade-breaking = Upgrade { $package } { $from } → { $to } (may break){ $closes ->
    [one] { "" }
   *[other] {" "}· closes { $closes }
  }
ui-remove = Remove { $package } { $from }: it is malware
ui-rotate = Revoke and rotate { $package }: { $rule }
ui-replace = Replace { $package } { $from }: nobody maintains it
ui-no-fix = No fixed version of { $package } { $from } is known: mitigate, or do without{ $closes ->
    [one] { "" }
   *[other] {" "}· { $closes } risks
  }
ui-pin = Pin a version of { $package }: what is installed is not known{ $closes ->
    [one] { "" }
   *[other] {" "}· { $closes } risks
  }
ui-no-version = (no version)
ui-no-owner = no owner
ui-label-for = for
ui-label-why = why
ui-label-how = how
ui-label-look = look
ui-label-note = note
ui-investigate = for signs of compromise: an upgrade alone is not enough
ui-and-more = +{ $count } more
ui-separator = ;{" "}
ui-mark-new = [new]
ui-window-after-due = the next change window ({ $date }) opens after the last day: this needs an extraordinary change
ui-past-place = { $file } in commit { $commit } ({ $author }, { $date })
ui-past-unreachable = in an object that no commit reaches
ui-author = written by { $name }
ui-changes = Since { $since }: { $new } new, { $gone } gone.
ui-gone = Gone
ui-settled = { $count ->
    [one] 1 finding is settled:
   *[other] { $count } findings are settled:
  }
ui-problems = NOT CHECKED: { $count ->
    [one] 1 gap makes
   *[other] { $count } gaps make
  } this answer incomplete (exit code 2)
ui-more-problems = … and { $count } more: --all shows them
ui-waived = { $count ->
    [one] 1 gap is
   *[other] { $count } gaps are
  } waived by name: { $names }
ui-questions = { $count ->
    [one] One answer that would shorten this list most:
   *[other] { $count } answers that would shorten this list most:
  }
ui-would-move = ({ $count ->
    [one] 1 risk
   *[other] { $count } risks
  } would become less urgent at best)
ui-sources = Intelligence: { $fresh } of { $total } sources fresh. `yata intel status` shows each; `--explain ID` shows every fact behind a decision.
state-open = open
state-accepted = accepted until { $until }
state-mitigated = mitigated until { $until }
state-false-positive = does not apply
state-fixed = fixed
how-run = { $command }
how-npm-override = add "overrides": {"{"} "{ $package }": "{ $version }" {"}"} to package.json, then npm install
how-yarn-resolution = add "resolutions": {"{"} "{ $package }": "{ $version }" {"}"} to package.json, then yarn install
how-requirement = write { $line } in { $file }
how-rotate = { $advice }
how-vendor = ask the supplier for a release with { $package } { $version } or later

## Explain
explain-not-here = Nothing here is affected by { $id }: { $components } components were checked.
explain-not-here-but-gaps = No finding for { $id } in { $components } components, but the answer is incomplete: { $count } gaps could not be checked.
explain-unknown-id = No source of intelligence speaks of { $id }.
explain-also = ids
explain-sources = sources
explain-published = published
explain-severity = severity
explain-packages = packages
explain-more = more
explain-withdrawn = { $id } was withdrawn by its publisher; it does not count.
explain-facts = Facts
explain-reasons = Reasons
explain-factors = Factors: threat × vulnerability × value of the asset
explain-threat = threat
explain-vulnerability = vulnerability
explain-asset = asset
explain-ai = AI
explain-scenario = scenario
explain-would-change = What would change it
explain-places = Places
explain-decision = Decision
explain-outcome = do it
explain-ruled-by = ruled by
explain-state = state

## Intelligence
intel-imported = { $source }: { $records } records ({ $changed } new or different, { $removed } gone)
intel-unreadable = { $count } could not be read and count as unknown: { $names }
intel-refused = { $source }: refused, this source could not be checked: { $reason }. What was known before is kept.
intel-passed-over = { $path }: not a feed, passed over
intel-not-modified = { $source }: not changed
intel-failed = { $source }: could not be fetched: { $reason }
intel-records = { $count } records
source-none = There is no intelligence yet: this source could not be checked for { $count } components. Run `yata intel sync`, or `yata intel import FOLDER`.
source-state-fresh = fresh
source-state-stale = stale
source-state-partial = partial
source-state-missing = missing
source-state-broken = broken
unknown-not-pinned = No version of { $package } is pinned, so every advisory for it may apply. Pin the version.
unknown-record-unreadable = The record { $id } could not be read ({ $why }), so it may apply.
unknown-release = The release of { $family } on this host is not known, so advisories for any release may apply.

## Findings and VEX
finding-none = No findings are stored. Run `yata assess` first.
vex-applied = { $statements } statements read; { $changed } findings changed; { $unmatched } statements match nothing yet and are remembered.

## Sentences that the report formats share (crates/formats/src/export)

export-remedy-upgrade = Upgrade { $package } from { $from } to { $to }.
export-remedy-upgrade-compatible = Upgrade { $package } from { $from } to { $to } (compatible).
export-remedy-upgrade-breaking = Upgrade { $package } from { $from } to { $to } (may break things).
export-remedy-upgrade-unpinned = Pin { $package } to { $to } or later.
export-remedy-remove = Remove { $package } and look for what it did.
export-remedy-rotate = Revoke { $package } where it was issued and issue another.
export-remedy-replace = Replace { $package }: nobody maintains it.
export-remedy-none = No fixed version of { $package } is known: reduce its exposure, or accept the risk until a date.
export-due-by = By { $date }.
export-due-next-upgrade = With the next upgrade
export-investigate = Look for signs of compromise
export-gone = No longer found.
export-sarif-root = The folder that was assessed.

## Markdown report

export-md-title = Yata: what to do at { $name }
export-md-incomplete = Not everything could be checked. The absence of a finding proves nothing; see “Could not be checked”.
export-md-as-of = Judged as of { $date }: { $assets } assets, { $actions } things to do, { $risks } open findings.
export-md-count-immediate = Immediate: { $count }
export-md-count-out-of-cycle = Out of cycle: { $count }
export-md-count-scheduled = Scheduled: { $count }
export-md-count-defer = With the next upgrade: { $count }
export-md-changes = Since { $date }: { $new } new, { $gone } gone
export-md-actions = What to do
export-md-nothing = Nothing to do was found.
export-md-nothing-incomplete = Nothing to do was found in what could be checked.
export-md-col-due = By
export-md-col-what = What to do
export-md-col-where = Asset
export-md-col-service = Service
export-md-col-owner = Owner
export-md-col-why = Why
export-md-col-finding = Finding
export-md-col-state = State
export-md-col-source = Source
export-md-col-date = Date
export-md-col-records = Records
export-md-development = development only
export-md-more = { $count } more
export-md-settled = Settled
export-md-questions = Answers that would shorten this list most
export-md-would-move = would make { $count } findings less urgent
export-md-problems = Could not be checked
export-md-waived = waived
export-md-sources = Sources
export-state-open = open
export-state-accepted = accepted
export-state-mitigated = mitigated
export-state-false-positive = false positive
export-state-fixed = fixed
export-source-fresh = fresh
export-source-stale = stale
export-source-partial = partly unreadable
export-source-missing = never imported
export-source-broken = unreadable

## VEX documents (crates/formats/src/vex); $number counts statements from 1

vex-too-large = The VEX document has { $bytes } bytes; the limit is { $limit }. Split it.
vex-not-utf8 = The VEX document is not UTF-8 (byte { $offset }).
vex-too-deep = The VEX document nests deeper than { $limit } levels.
vex-bad-form = This is not a VEX document of valid form: { $detail }.
vex-not-vex = This is neither OpenVEX nor CycloneDX. CSAF is not read yet.
vex-version = { $format } version { $version } is not supported. Read are OpenVEX 0.2.0 and CycloneDX 1.4 to 1.7.
vex-too-many = The statements of the VEX document become larger than { $limit } bytes. Split it.
vex-no-statements = The document makes no VEX statement.
vex-no-vulnerability = Statement { $number } names no vulnerability; it was not applied.
vex-bad-status = Statement { $number } has the unknown status “{ $status }”; it was not applied.
vex-bad-justification = Statement { $number } has the unknown justification “{ $justification }”; it was not applied.
vex-no-justification = Statement { $number } says “not affected” without a reason; it was not applied.
vex-no-product = Statement { $number } names no product and so applies to nothing.
vex-product-without-purl = Statement { $number }: “{ $product }” leads to no single package URL and cannot be matched.
vex-old-subcomponents = Statement { $number } lists subcomponents in the form of OpenVEX 0.0.1; it was not applied. Move them into its products.
vex-bad-time = Statement { $number } has a time that cannot be read: “{ $time }”. It counts as undated.
vex-range = Statement { $number }: the version range { $range } of { $product } cannot be applied; list the versions.
vex-version-conflict = Statement { $number } names another version than its product { $product }; that part was not applied.
vex-version-unclear = Statement { $number }: an entry for { $product } needs either a version or a range; it was not applied.
vex-more-problems = { $count } more problems in this VEX document.

## Versions

unknown-version-unreadable = The version is missing or cannot be read, so it could not be compared with the advisory.
unknown-legacy-version = A version from before PEP 440 has no certain place in the order.
unknown-event-unreadable = The advisory's range names a version that cannot be read.
unknown-no-introduced = The advisory's range does not say where it begins.
unknown-too-many-events = The advisory's range has more entries than Yata evaluates.
unknown-no-order = Versions of this ecosystem cannot be compared, and the advisory does not list this one.
unknown-git-only = The advisory names commits only, no package versions.
unknown-nothing-to-compare = The advisory names no versions.

# The estate file
problem-estate-rule-matched-nothing = { $file } line { $line }: the rule { $key } = "{ $selector }" matches nothing here, or an earlier rule takes all it would match. Correct or remove it, or list its selector under "waive" in [assess].

## Problems of the whole
problem-no-inventory = { $target } holds nothing that Yata reads, so nothing could be checked. It reads: { $formats }.

# Inventory and collect. Every message has { $file }: the path relative to the root, unless noted.
problem-bad-entry = `{ $entry }` in { $file } could not be read: { $why }. The rest of the file was. Correct the entry, or make the file again with its tool.
problem-version-not-pinned = No version is pinned for { $package } in { $file }, so it cannot be compared with advisories. Pin it (for example `name==1.2.3`), or assess the environment where it is installed.
problem-package-by-address = { $file } takes a package from { $address } without naming it. Write its name and version, so that it can be compared with advisories.
problem-include-not-read = { $file } includes { $include }, which is not read on its own. Give that file to Yata too, or name it `requirements-….txt`.
problem-constraints-not-applied = The versions of the constraints file { $include } are not applied to { $file }. Assess a file with pinned versions (`pip freeze`), or the installed environment.
problem-components-without-purl = Components in { $file } ({ $count }) carry no package URL (purl), the first is { $first }. They cannot be compared with advisories. Have the tool that makes the SBOM write purls.
problem-distribution-unknown = The distribution of the packages in { $file } is not known, because the host has no readable etc/os-release. Add the file, so that the packages can be compared with advisories.
problem-distribution-without-release = The release of { $ecosystem } that the packages in { $file } belong to is not known. Check VERSION_ID in etc/os-release.
problem-too-many-components = { $file } has { $count } components more than the limit of { $limit }; those were left out. Split the file.
problem-too-many-problems = { $file } has { $count } more problems; the first { $limit } are shown.
problem-not-the-format = { $file } has the name of a { $format } file, but { $why }. Make it again with its tool, or give it another name.
problem-json-truncated = { $file } ends in the middle of its JSON (line { $line }, column { $column }). It was probably cut off; copy it or make it again.
problem-json-syntax = { $file } is not valid JSON (line { $line }, column { $column }): { $why }. Correct it or make it again.
problem-json-shape = { $file } does not have the expected structure (line { $line }, column { $column }): { $why }. Make it again with its tool.
problem-json-duplicate-key = { $file } has the key `{ $key }` twice in one object (line { $line }, column { $column }), so it is not clear which one counts. Leave one.
problem-toml-syntax = { $file } is not valid TOML (line { $line }, column { $column }): { $why }. Correct it or make it again.
problem-not-utf8 = { $file } is not UTF-8 text (byte { $offset }, line { $line }). Save it as UTF-8.
problem-utf16 = { $file } is UTF-16 text. Save it as UTF-8.
problem-format-unsupported = { $file } ({ $format }) cannot be read yet, so what it names was not checked. Give Yata an SBOM (CycloneDX or SPDX in JSON) of the same project.
problem-unknown-format = { $file } is none of the formats that Yata reads: { $formats }.
problem-file-too-large = { $file } has { $size } MiB, more than the limit of { $limit } MiB, and was not read. Split it.
problem-special-file = { $file } is not a regular file (a pipe, a socket or a device) and was not opened.
problem-not-permitted = { $file } may not be read by this user. Give the permission, or run Yata as a user who has it.
problem-not-found = { $file } is not there (any more). Check the path, or run again.
problem-unreadable = { $file } could not be read: { $why }.
problem-link-out-of-tree = { $file } is a link that leads out of the assessed tree and was not followed. Assess its target too.
problem-link-broken = { $file } is a link that leads nowhere or to itself. Correct or remove it.
problem-folder-too-deep = { $file } is nested deeper than { $limit } folders; what is inside was not looked at. Assess it on its own.
# no file
problem-passed-over = { $count } folders of other people's code or build results were not looked into for credentials: { $folders }
problem-document-too-deep = { $file }: archives are nested more than { $detail } deep; what lies deeper was not looked into
problem-document-too-many-members = { $file }: more than { $detail } members; the rest was not looked into
problem-document-member-too-large = { $file }: larger than { $detail } bytes unpacked; only its beginning was looked into
problem-document-total-too-large = { $file }: more than { $detail } bytes unpacked; the rest was not looked into
problem-document-ratio-too-high = { $file }: expands more than { $detail } times, as a decompression bomb does; only its beginning was looked into
problem-document-too-much-text = { $file }: more than { $detail } bytes of text; the rest was not looked into
problem-document-nested-too-deep = { $file }: elements are nested more than { $detail } deep; what lies deeper was left out
problem-document-too-many-objects = { $file }: more than { $detail } objects or steps; the rest was not looked into
problem-document-encrypted = { $file } is encrypted and was not looked into
problem-document-broken = { $file } is broken ({ $detail }); the rest of it was not looked into
problem-document-format = { $file } is { $detail }, which is not looked into: unpack or convert it
problem-document-font = { $file }: the font { $detail } does not say which characters it shows; that text was not looked into
problem-document-more = { $file }: { $count } more gaps of the same kind
problem-document-too-large = { $file } is a document or archive of more than { $limit } MiB and was not looked into: unpack it
problem-history-broken = { $file }: the object { $detail } is broken and was not looked into (git fsck)
problem-history-too-large = { $file }: the object { $detail } is too large and was not looked into
problem-history-missing = { $file }: the object { $detail } is missing
problem-history-file = { $file }: { $detail } cannot be read
problem-history-shallow = { $file }: a shallow clone; the history before { $detail } commits is not here (git fetch --unshallow)
problem-history-partial = { $file }: a partial clone; objects that were never fetched were not looked into
problem-history-too-complex = { $file }: the commit { $detail } has too many folders to compare; where its finds came from is incomplete
problem-history-more = { $file }: { $detail } more problems of the history
problem-too-many-inventories = The tree has { $count } inventories more than the limit of { $limit }; those were not read. Assess it in parts.

# Sources that are not fresh
source-missing = { $source }: this source could not be checked, because it was never imported. Run `yata intel sync`, or import a folder that has it with `yata intel import FOLDER`.
source-no-release = { $ecosystem }: this source could not be checked, because no imported advisory speaks of it. Check that the name and release are right and still supported, then run `yata intel sync` or import a newer archive.
source-undated = { $source }: this source could not be checked, because nothing in it bears a date and its age is not known. Run `yata intel sync`, or import the folder again and say up to which day it speaks: `yata intel import FOLDER --dated DATE`.
source-broken = { $source }: this source could not be checked, because its last import was refused: { $reason }. What was known before is kept. Run `yata intel sync`, or fetch the file again and run `yata intel import FOLDER`.
source-stale = { $source }: this source could not be checked as of today. It speaks up to { $date } ({ $age } days ago; at most { $max } are allowed). Run `yata intel sync`, or import a newer folder; if the files were fetched later than that, say so: `yata intel import FOLDER --dated DATE`.
source-partial = { $source }: this source could not be checked for { $count ->
    [one] one record that cannot be read and may be about any package
   *[other] { $count } records that cannot be read and may be about any package
} ({ $names }). The publisher may repair this: run `yata intel sync` again later, and tell the publisher if it stays.

# Reasons in the history of a finding, given by a sensor (no arguments)
history-first-seen = seen for the first time
history-seen-again = seen again after it was fixed
history-not-seen = no longer seen
history-merged = now reported as part of another finding: their advisories turned out to be the same
history-vex-gone = the VEX statement it rested on no longer matches
ui-label-via = via
explain-passed-on = { $id } is passed on by { $records }.
problem-left-out = { $count ->
    [one] 1 file is
   *[other] { $count } files are
  } left out of the assessment, because { $file } says so under leave_out.
source-foreign = No source of advisories speaks of the ecosystem { $ecosystem }: this source could not be checked. Look at these components by hand, or waive “OSV { $ecosystem }” by name.
ui-investigate-assumed = for signs that it was used: whether it is exploited could not be checked
ui-incomplete = INCOMPLETE: { $count ->
    [one] 1 gap
   *[other] { $count } gaps
  }, listed at the end.
ui-incomplete-assumed = INCOMPLETE: { $count ->
    [one] 1 gap
   *[other] { $count } gaps
  }, listed at the end; { $assumed } risks are this urgent only because CISA KEV could not be checked.
how-parent = upgrade { $parent } to a release that allows { $package } { $version }
problem-no-components = { $file } names no components, so nothing was compared.
export-remedy-pin = Pin a version of { $package }: what is installed is not known
problem-own-feeds = Nothing but these feeds was asked, because { $file } says so under intel.feeds.

### Console: the frame of every page
nav-label = Main
nav-skip = Skip to the content
nav-today = Today
nav-queue = Queue
nav-assets = Assets
nav-risk-map = Risk map
nav-sources = Sources
nav-ledger = Ledger
nav-report = Report
nav-people = People
nav-tokens = Tokens
nav-sign-out = Sign out
page-refused = This was not done
page-to-start = To the start page
refusal-not-found = There is nothing at this address, or it is not yours to see.
refusal-forbidden = Your role does not allow this. An administrator can change your role.
refusal-unauthorized = Sign in first. Programs send a valid token in the header Authorization: Bearer.
refusal-cross-site = The form did not come from this session's own page, or the session has ended. Open the page again and send the form from there.
refusal-form = The form could not be read: { $error }
refusal-too-many = Too many attempts. Try again in { $seconds } seconds.
refusal-unavailable = The database cannot take this now. Try again in a few seconds; if it stays so, the service's log says why.
refusal-internal = Something failed in the service. Its log says what.
refusal-store = { $error }

### Service: the command line
help-serve = Run the service: web console and API, on this machine's address 127.0.0.1:7330 until told otherwise
help-serve-config = Settings from a TOML file; options and variables YATA_SERVE_… win over it
help-serve-listen = Address and port to listen on; anything but loopback needs TLS
help-serve-public-url = The address under which people reach the service, where a proxy stands in front
help-serve-database = A postgres:// address for shared use; without it the embedded database of the data folder
help-serve-estate = The estate file that says what services and deadlines there are
help-serve-time-zone = Time zone of days and times, for example Asia/Tokyo
help-serve-as-of = Judge as of this day instead of today, for exercises; every page says so
help-serve-log = How to write the log: text or json
help-serve-tls-certificate = PEM file of the certificate chain; SIGHUP reads it again
help-serve-tls-key = PEM file of its private key
serve-listening = Yata serves { $url } (listening on { $address }). Ctrl-C ends it.
serve-first-link = Nobody has an account yet. Open this link within an hour to make the first one, an administrator's:
  { $link }
help-backup = Write the whole database and its keys into one file, as it stands at one moment
help-backup-file = The file; it must not exist, and only you can read it
help-backup-database = The postgres:// address of the database; without it the embedded one
help-backup-check = Read an existing backup and say whether it is whole and unchanged
help-backup-no-keys = Leave the keys out; without them second factors and signatures are lost
help-restore = Put a backup into a new database, of either engine
help-restore-file = The file that `yata backup` wrote
help-restore-database = The postgres:// address of the new database; without it the embedded one
backup-made = { $rows } rows are in { $file } (SHA-256 { $digest }).
backup-holds-keys = It holds the keys of the service: keep it as you keep a password.
backup-whole = { $file } is whole and unchanged: { $rows } rows, SHA-256 { $digest }.
backup-restored = { $rows } rows were restored from { $file }.

### Console: Today, queue, finding
ui-page-as-of = Judged as of { $date }, a day that was set instead of today.
ui-theme-change = Change the colours
ui-theme-system = Auto
ui-theme-light = Light
ui-theme-dark = Dark
ui-keys = Keyboard
ui-close = Close
ui-key-search = Go to the search field
ui-key-down = Next row
ui-key-up = Row before
ui-key-select = Select the row, or take it out of the selection
ui-key-open = Open the row
ui-key-help = Show this help
ui-key-close = Close this help
queue-lead = Everything that was found, the most urgent first. The address keeps the filter: send it to whoever needs it.
queue-rule-title = { $rule }
queue-comma = {", "}
queue-crumbs = Where this page is
queue-pages = Pages
queue-shown = { $shown } of { $total } shown
queue-first-page = First page
queue-next-page = Next page
queue-col-priority = Priority
queue-col-due = Last day
queue-col-what = What
queue-col-asset = Asset
queue-col-why = Why
queue-col-fix = What to do
queue-col-state = State
queue-col-title = Title
queue-col-until = Until
queue-col-closes = Findings that it closes
queue-col-finding = Finding
queue-select = Selection
queue-select-all = Select all rows of this page
queue-select-one = Select { $what }
queue-investigate = Investigate
queue-unassigned = nobody assigned
queue-closes = closes { $count } findings
queue-due-none = no last day
queue-due-over = { $days ->
    [one] 1 day over
   *[other] { $days } days over
  }
queue-due-today = today
queue-due-in = { $days ->
    [one] in 1 day
   *[other] in { $days } days
  }
queue-due-days = { $from } to { $to }
queue-overdue = Overdue
queue-due-soon = Within 3 days
queue-due-week = Within 7 days
queue-due-month = Within 30 days
queue-ai-none = none of the three
queue-no-service = no service
queue-export = Export what is shown
queue-export-cut = There is more: this file ends at { $limit } rows. Narrow the filter and export again.
queue-bad-format = The format is csv, json or xlsx.
queue-unread = Parts of the address were not understood, so they do not filter:
queue-grouping = Grouping
queue-by-action = By what to do
queue-by-finding = Each by itself
queue-total-actions = { $count ->
    [one] 1 thing to do
   *[other] { $total } things to do
  }
queue-total-findings = { $count ->
    [one] 1 finding
   *[other] { $total } findings
  }
queue-empty-filtered = Nothing matches this filter.
queue-empty = Nothing is open. Either nothing was found, or no sensor has reported yet: the sources and sensors say which.
queue-empty-sources = Sources and sensors
queue-clear = Clear the filter
queue-search = Advisory, alias or rule
queue-search-hint = CVE-…, GHSA-…, rule
queue-search-do = Show
queue-mine = Assigned to me
queue-filtered-by = Filtered by
queue-take-away = {" "}(take away)
queue-filters = More filters
queue-counts-not = Counts by value are not shown while a day, an advisory, an asset, an action or an assignee is asked for.
queue-by-service = Service
queue-by-owner = Owner
queue-by-kind = Kind
queue-by-ai = AI enters
queue-by-advisory = Advisory
queue-by-asset = Asset
queue-by-one-action = One action
deed-what = What is decided
deed-accept = Accept the risk until a day
deed-mitigate = It is mitigated until a day
deed-false-positive = It does not apply
deed-assign = Assign to somebody
deed-reopen = Open it again
deed-until = Until (included)
deed-until-hint = After this day it is open again by itself.
deed-why = Reason
deed-why-hint = It stands in the history and in the ledger. Write no secrets.
deed-assignee = Assignee
deed-assignee-hint = Leave it empty to assign nobody.
deed-you-approve = You are an approver: this is done at once, and you are named as its approver.
deed-others-approve = Accepting and mitigating wait for an approver; the rest is done at once.
deed-selected = Selected rows:
deed-limit = At most { $limit } at once
deed-do = Do this with the selected rows
deed-do-one = Decide
deed-needs-until = Give the last day.
deed-until-past = { $day } has passed. Give today or a later day.
deed-needs-why = Give the reason.
deed-too-long = The text is too long: at most { $limit } characters.
deed-needs-choice = Choose what is to be done.
deed-bad-item = The form names something that is no finding. Open the page again.
deed-none-selected = Nothing was selected. Go back and select rows.
deed-result = What became of it
deed-result-count = { $done } of { $count } done.
deed-outcome = Outcome
deed-back = Back to the list
deed-done = Done
deed-proposed = Proposed: waits for an approver
deed-unknown = Not done: there is no such finding
deed-not-allowed = Not done: it belongs to a service that is not yours
deed-already-fixed = Not done: no sensor sees it any more
deed-waiting = Not done: a proposal waits for its answer already
deed-same = Nothing to do: it is so already
deed-changed = Not done: it changed meanwhile and is now “{ $state }”. Look at it and decide again.
proposal-own = This is your own proposal: somebody else approves or refuses it.
proposal-answered = This proposal has an answer already.
proposal-waits = It waits for an approver.
proposal-why = Note (needed to refuse)
proposal-approve = Approve
proposal-refuse = Refuse
proposal-none = Nothing waits for approval.
proposal-lead = Decisions that wait for an approver, the oldest first. Nobody answers an own proposal.
finding-why = Why it stands here
finding-fix = What to do
finding-no-fix = There is no fixed version: mitigate it, or accept it until a day.
finding-standing = State and decision
finding-first-seen = First seen
finding-fixed = No sensor sees it any more: there is nothing to decide.
finding-decide = Decide
finding-not-yours = It belongs to a service that is not yours: you cannot decide about it.
finding-asset-name = Name
finding-clock = Days count from
finding-tables = What each decision table says
finding-table = Table
finding-inputs = Inputs
finding-fact = Fact
finding-value = Value
finding-fact-standing = Standing
finding-assumed = What is unknown or stale counts at its worst case.
finding-past = In the history of the repository
finding-direct = named by the project itself
finding-indirect = brought in by another package
finding-path = Way of dependencies
finding-advisory = What is published
finding-same-advisory = Everything that this advisory is about here
finding-history = History
finding-approved-from = proposed by { $name }
finding-proposed = Proposed: { $state }
finding-refused = The proposal was refused
finding-overtaken = The proposal lapsed: somebody decided otherwise
finding-discussion = Discussion
finding-no-comments = Nobody has said anything yet.
finding-comment = Comment (plain text)
finding-comment-do = Add the comment
finding-comment-empty = The comment is empty.
finding-copy = Copy
finding-copied = Copied
today-counts = What is to be done, in numbers
today-overdue-hint = the last day has passed
today-soon-hint = today included
today-immediate-hint = open, whenever they are due
today-waiting = Waiting for approval
today-waiting-hint = proposed decisions
today-mine = Assigned to me
today-mine-hint = open
today-now = To be done now
today-next = Nothing is due: what comes next
today-all = Show all
today-nothing = Nothing.
today-who = Who has to act
today-who-hint = Things to do before the next regular change
today-investigate = To be investigated
today-investigate-hint = An upgrade alone is not enough: look for signs that it was already used.
today-changed = Changed since yesterday
today-changes = Changes
today-opened = Opened
today-settled = Decided
today-fixed = Fixed
today-since = Since
today-no-changes = Nothing changed.
today-changes-total = { $count ->
    [one] 1 change
   *[other] { $total } changes
  }
today-sources = Standing of the sources
today-sources-wrong = What a stale or missing source would say counts at its worst case.
today-no-sources = No sensor has reported yet, so nothing is known of any source.
today-speaks-up-to = Speaks up to
today-reported-by = Seen by
today-undated = undated
### Ledger: what an entry says (ids audit-) and what its verification finds (ids ledger-)
audit-signed-in = signed in
audit-sign-in-failed = could not sign in
audit-signed-out = signed out
audit-account-created = created an account
audit-account-edited = edited an account
audit-account-enabled = enabled an account
audit-account-disabled = disabled an account
audit-account-deleted = deleted an account
audit-password-changed = changed a password
audit-password-reset = reset a password
audit-factor-added = added an authenticator or passkey
audit-factor-removed = removed an authenticator or passkey
audit-sessions-ended = ended all sessions of an account
audit-role-changed = changed a role
audit-token-created = created a token
audit-token-revoked = revoked a token
audit-refused = was refused
audit-snapshot-imported = brought in a snapshot
audit-accepted = accepted a risk
audit-mitigated = marked a risk as mitigated
audit-false-positive = marked a finding as a false positive
audit-reopened = reopened a finding
audit-assigned = assigned a finding
audit-asset-edited = edited an asset
audit-comment-added = commented
audit-exported = exported data
audit-setting-changed = changed a setting
audit-rules-changed = changed the rules
audit-key-rotated = replaced the key of the ledger
audit-backed-up = made a backup
audit-restored = restored a backup
audit-schema-upgraded = upgraded the database
audit-people-imported = imported people
audit-intel-imported = imported intelligence
audit-service-started = started the service
audit-other = did something else
ledger-edited = Entry { $index } was changed after it was written.
ledger-reordered = Entry { $index } is not at its place: it was written as entry { $logged }.
ledger-stored-hash = The hash stored beside entry { $index } is wrong; the entry itself is as it was signed.
ledger-gap = Entries { $first } to { $last } are missing.
ledger-repeated = Entry { $index } is there again, or out of order.
ledger-truncated = The ledger ends after { $entries } entries, but the checkpoint { $checkpoint } covers { $size }: the end was cut off.
ledger-rewritten = The ledger does not lead to the checkpoint { $checkpoint } of { $size } entries: entries after the first { $proven } were changed without the key.
ledger-rebuilt = The ledger was built anew with its key: it leads to its own newest checkpoint, but not to the earlier checkpoint { $checkpoint } of { $size } entries. The first { $proven } entries are proven.
ledger-bad-signature = The signature of the checkpoint { $checkpoint } is wrong.
ledger-unknown-key = The checkpoint { $checkpoint } is not signed by a known key of this ledger.
ledger-other-log = The checkpoint { $checkpoint } belongs to another ledger: { $origin }.
ledger-malformed = The checkpoint { $checkpoint } cannot be read: { $what }.
ledger-no-checkpoint = There is no checkpoint that can be trusted, so nothing is proven.
ledger-tile = The stored tile { $tile } is missing, or is not what the entries give.
### Console: people
account-passkey = Passkey
account-passkey-do = Add a passkey
account-passkey-failed = The browser or the key did not finish, or too much time passed. Try again.
account-passkey-impossible = Passkeys need a service with the name of a host, not an address of numbers: use localhost or a name.
account-passkey-intro = A key of this device, a phone or a security key. It signs you in without a password, and no false site can use it. It needs JavaScript.
account-passkey-name = Name of the passkey
account-passkey-name-hint = So that you know it again, for example the device.
account-passkey-taken = This passkey is known already, or the account has 20 of them.
sign-in-passkey-do = Sign in with a passkey
sign-in-passkey-failed = The passkey did not sign you in. Try again, or use another way.
sign-in-sso-do = Sign in with { $name }
sign-in-sso-failed = The single sign-on did not work: { $why }. Start again; if it stays so, tell an administrator.
sign-in-sso-no-group = { $name } knows you, but none of your groups has a role here. An administrator can add your group.
sign-in-sso-taken = There is an account with your address that does not use single sign-on. Sign in with it, and connect it on the page of your account.
sign-in-sso-disabled = Your account is disabled. Ask an administrator.
sign-in-sso-title = Single sign-on
account-sso = Single sign-on
account-sso-connected = { $name } leads to this account.
account-sso-do = Connect with { $name }
account-added = Added
account-codes-do = Make new recovery codes
account-codes-intro = Keep these codes where you keep important papers. Each works once in place of the second factor. They are shown only now; older codes no longer work.
account-codes-kept = I have kept them: continue
account-codes-left = { $count ->
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
 }
account-codes-title = Recovery codes
account-current-password = Current password
account-factor = Second factor
account-factor-add = Add or replace a second factor
account-factor-intro = A password alone opens no account here. Set up a second factor.
account-factor-last = This is the last second factor of the account. Add another one first.
account-factor-title = Set up a second factor
account-factors = Second factors
account-language = Language
account-language-do = Use this language
account-password = Password
account-password-do = Change the password
account-password-wrong = This is not the current password of the account.
account-remove = Remove
account-remove-do = Remove { $name }
account-session-address = Address
account-session-browser = Browser
account-session-end = End
account-session-this = This session
account-sessions = Sessions
account-sign-out-everywhere = Sign out everywhere
account-title = Your account
account-totp = Authenticator app
account-totp-code-hint = The six digits that the app shows now.
account-totp-do = Use this app
account-totp-intro = Scan the code with an authenticator app, or type the secret into it. Then enter what the app shows.
account-totp-qr = QR code for the authenticator app
account-totp-secret = The secret as text:
account-used = Last used
people-active = Active
people-change-do = Save
people-change-hint = A change ends the person's sessions at once.
people-disabled = Disabled
people-email-taken = There is an account with this address.
people-invite = Invite somebody
people-invite-do = Make an invitation
people-last-administrator = This is the last administrator. Make somebody else an administrator first.
people-link-intro = Give this link to { $email } in a way that nobody else reads. It works once, and is shown only now.
people-link-title = One-time link
people-link-until = It works until
people-more = Further people
people-reset = New way to sign in
people-reset-do = Make a one-time link
people-reset-intro = For who lost password or second factor: a link to set both anew. The old ones work until the link is used.
people-role = Role
people-role-administrator = Administrator: also manages people and tokens
people-role-analyst = Analyst: works on findings and the register
people-role-approver = Approver: also approves and refuses
people-role-owner = Owner of services: decides about own services
people-role-viewer = Viewer: reads
people-services = Services
people-services-hint = For an owner: ids of the services, with commas between them.
people-services-wrong = Give at most 100 services, each with at most 200 characters.
people-signed-in = Last signed in
people-standing = Standing
people-title = People
people-unfinished = Sign-up not finished
sign-in-code = Code
sign-in-code-hint = The six digits of the authenticator app, or a recovery code.
sign-in-code-wrong = The code is wrong, has expired or was used before. Wait for the next one.
sign-in-do = Sign in
sign-in-email = E-mail address
sign-in-email-taken = There is an account with this address. Use another one.
sign-in-email-wrong = This is not an e-mail address.
sign-in-join-do = Continue to the second factor
sign-in-join-gone = This link was used, has expired or is wrong. Ask for a new one; for the first account, restart the service.
sign-in-join-intro = Choose a name and a password. The second factor comes next.
sign-in-join-title = Your account
sign-in-lost = Lost your password or second factor? An administrator can make you a one-time link.
sign-in-name = Name
sign-in-name-hint = It is written into decisions and the ledger.
sign-in-name-wrong = Give a name of 1 to 200 visible characters.
sign-in-new-password = New password
sign-in-new-password-hint = At least 12 characters; several words that do not belong together are good.
sign-in-other-account = Cancel, and sign in with another account
sign-in-password = Password
sign-in-password-common = This password is among the first that are tried. Choose another one.
sign-in-password-long = The password is longer than 256 bytes.
sign-in-password-personal = The password contains a part of your name or address. Choose another one.
sign-in-password-short = The password has fewer than 12 characters.
sign-in-reset-intro = Choose a new password. The second factor comes next; your old ones end with this.
sign-in-second-title = Second factor
sign-in-title = Sign in
sign-in-unfinished = This sign-up is not finished. Open your one-time link again, or ask an administrator for a new one.
sign-in-wrong = Address or password is wrong.
tokens-assets = Assets
tokens-assets-hint = For a sensor: what it may speak of, one a line: names of assets, or beginnings of names that end in *.
tokens-assets-wrong = A sensor needs 1 to 200 names of assets; * stands only at the end.
tokens-days = Days until it expires
tokens-days-hint = 1 to 365.
tokens-days-wrong = Give a number of days from 1 to 365.
tokens-expired = Expired
tokens-made-by = Made by
tokens-make = Make a token
tokens-make-do = Make the token
tokens-name = Name
tokens-name-hint = What uses it, and where.
tokens-revoke = Revoke
tokens-revoke-named = Revoke { $name }
tokens-revoked = Revoked
tokens-scope = Scope
tokens-scope-operator = Operator: reads, decides, edits the register
tokens-scope-reader = Reader: reads everything
tokens-scope-sensor = Sensor: pushes snapshots of its own assets
tokens-shown-once = Copy the token now. It is not kept, and is never shown again.
tokens-standing = Standing
tokens-title = Tokens
tokens-until = Works until
tokens-unused = Never

### Console: risk map and sources
chart-empty = Nothing to draw
chart-more = and { "{" }n{ "}" } more
chart-table = The same numbers as a table
risk-map-lead = Every number leads to exactly the findings that it counts. Numbers in brackets are to be dealt with now.
risk-map-scenarios = Nine scenarios, by where AI enters
risk-map-scenario = Scenario
risk-map-all = All
risk-map-heat = Open findings by service and week of their last day
risk-map-heat-says = One row for each service; the darker, the more findings are due in that week.
risk-map-service = Service
risk-map-no-service = (no service)
risk-map-open-due = Open findings that are due
risk-map-none = none
risk-map-earlier = earlier
risk-map-later = later
risk-map-undated = no date
risk-map-burn = How the list shrinks
risk-map-burn-says = Open findings at the end of each day, and what is due in the coming days.
risk-map-day = Day
risk-map-open-findings = Open findings
risk-map-open = Open
risk-map-plan = Plan
risk-map-due = Due
sources-lead = What the judgements rest on. A source that is stale or missing never means that nothing was found: its facts count at their worst case.
sources-intelligence = Intelligence
sources-no-intelligence = No sensor has reported its sources of intelligence yet. Run `yata assess` on this data folder, or with --server.
sources-name = Source
sources-standing = Standing
sources-date = Speaks up to
sources-records = Records
sources-unreadable = unreadable
sources-said-by = Seen by
sources-fresh = fresh
sources-stale = stale
sources-partial = in part
sources-missing = missing
sources-broken = broken
sources-sensors = Sensors
sources-no-sensors = No sensor has reported an asset yet.
sources-asset = Asset
sources-sensor = Sensor
sources-seen = Looked last
sources-components = Components
sources-problems = Not checked
sources-all-checked = all checked
sources-gaps = gaps
sources-notes = notes
sources-waived = waived
### Service: the command line
### Ledger: what an entry says (ids audit-) and what its verification finds (ids ledger-)


### API
api-applies-unknown = The sensor could not tell whether it applies.
api-busy = The service is reading as many reports as it can hold. Try again in a few seconds.
api-slow = The body did not arrive in time. Send it again, or in parts (POST /api/v1/uploads).
api-body-too-large = The body is larger than { $mib } MiB. Send it in parts (POST /api/v1/uploads), compressed.
api-small-too-large = The body is larger than { $kib } KiB.
api-inflated-too-large = The body holds more than { $mib } MiB once it is inflated.
api-body-broken = The body did not arrive whole.
api-encoding = The content encoding “{ $given }” is not taken: send gzip, or none.
api-gzip = The body cannot be inflated: { $error }
api-gzip-trailing = Something stands after the end of the body.
api-content-type = The body must be of the media type { $known }.
api-accept = What can be answered is { $known }, and the request accepts none of it.
api-query = The query could not be read: { $error }
api-query-too-long = The query is too long.
api-parameter-unknown = There is no query parameter “{ $name }”. Known are: { $known }
api-parameter-value = The value of “{ $name }” { $what }.
api-id = The address holds no identifier.
api-malformed = The body is no JSON: { $error }
api-invalid = At { $path }: { $error }
api-method = The address does not take this method; the header Allow names those that it takes.
api-asset-path = The address names the asset { $path }, and the body speaks of { $body }.
api-asset-unknown = The asset is not known.
api-foreign-asset = The token may not speak of the asset “{ $name }”. An administrator can make one that may.
api-older = The report is of { $at }, and a newer one of { $last } is stored. If it is new, the sensor's clock is wrong.
api-uploads-many = The token has begun too many uploads. Complete them, or wait until they expire.
api-digest = The part does not have the digest that was given; it has { $digest }. Send it again.
api-upload-size = The upload has { $bytes } bytes, and { $received } of them are there.
api-changed = It has changed since you read it. Read it again.
api-already-fixed = No sensor sees the finding any more, so there is nothing to decide.
api-proposal-waits = A proposal about this finding waits for its answer already.

### Push
push-assets = Sending to the server
push-parts = Sending in parts
push-again = Trying again in { $seconds } s: { $error }
help-assess-server = Send what is found to a Yata service instead of storing it here: https://…
help-assess-token-file = The file that holds the token for --server; nobody else may be able to read it
help-assess-server-ca = Trust only the certificates of this file (PEM) for --server
### ledger
help-ledger = Show and verify the ledger: who did what, and that nobody rewrote it
help-ledger-verify = Read the whole ledger and say what was changed in it: exit code 0 nothing, 1 something, 2 it cannot be told
help-ledger-verify-checkpoint = An earlier checkpoint that was kept elsewhere, to hold the ledger against; may be given several times
help-ledger-verify-database = The postgres:// address of the database; without it the embedded one
help-ledger-verify-key = A file with the public keys of the ledger, one a line; without it the key of the data folder
help-ledger-show = Show the last entries
help-ledger-show-last = How many entries
help-ledger-show-format = How to write them; json is one OCSF event a line
help-ledger-show-database = The postgres:// address of the database; without it the embedded one
help-ledger-checkpoint = Print the newest checkpoint, to be kept elsewhere
help-ledger-checkpoint-database = The postgres:// address of the database; without it the embedded one
help-ledger-prove = Write the proof that an entry is in the ledger
help-ledger-prove-entry = The number of the entry
help-ledger-prove-output = Write to this file instead of standard output
help-ledger-prove-database = The postgres:// address of the database; without it the embedded one
help-ledger-check-proof = Check the proof of an entry; it needs nothing but the public key
help-ledger-check-proof-file = The proof
help-ledger-check-proof-key = A file with the public keys of the ledger; without it the key of the data folder
help-ledger-key = Print the public key of the ledger
ledger-page-reading = reading the ledger
ledger-page-none = The ledger has not begun yet.
ledger-page-no-entry = There is no entry { $index }, or it has no place yet.
ledger-page-whole = The ledger is whole: { $entries } entries lead to all { $checkpoints } checkpoints.
ledger-page-broken = The ledger is not as it was written ({ $count } findings):
ledger-page-mislabelled = Beside entry { $index } stand other things than in it: a search may miss it.
ledger-page-more = { $count } more findings are not listed.
ledger-page-pending = { $count } acts wait for their place in the ledger.
ledger-page-proven = Entry { $index } is in the ledger { $origin }: the proof leads to its signed checkpoint of { $size } entries.
ledger-page-unproven = The proof does not hold: { $why }.
ledger-page-not-sealed = What was done is stored, and waits for its place in the ledger: { $why }
ledger-page-put-aside = This data folder knew another ledger: the checkpoint that shows it is now { $file }.
ledger-page-lead = Everything that was done here, in an order that nobody can change unnoticed.
ledger-page-pages = Pages of the ledger
ledger-page-newest = Newest entries
ledger-page-older = Older entries
ledger-page-size = { $entries } entries; { $pending } acts wait for their place.
ledger-page-signed = Signed
ledger-page-verify = Verify now
ledger-page-checkpoint = Newest checkpoint
ledger-page-actor = Who
ledger-page-thing = To what
ledger-page-kind = Kind
ledger-page-all = All
ledger-page-search = Search
ledger-page-nothing = No entry found.
ledger-page-entry = Entry
ledger-page-time = When
ledger-page-what = What
ledger-page-why = Why
ledger-page-unreadable = This entry cannot be read. Verify the ledger.
ledger-page-proof = Download the proof
ledger-page-proof-hint = The proof shows an auditor, who has only the public key, that this entry is in the ledger: yata ledger check-proof.
ledger-page-entry-title = Entry { $index } of the ledger
ledger-page-busy = The ledger is being verified already. Try again in a moment.
ledger-page-verified = Verification of the ledger

### The register of assets
asset-around = Dependencies
asset-around-more = There are more than are drawn here.
asset-around-none = Nobody has said what this asset depends on, and no asset depends on it.
asset-around-says = From left to right: what depends on what. This asset has the strong outline.
asset-bad-value = A value of the form was not understood. Choose it again.
asset-changed-meanwhile = Somebody or a sensor changed this asset meanwhile. Nothing was stored. The form shows what is known now: change it again.
asset-components = Components
asset-data-hint = Classes of data, with commas between them
asset-depends-hint = Names of the assets it depends on, one a line
asset-due = Last day
asset-edit = Say what you know
asset-facts = What is known
asset-findings = Open findings
asset-first-page = First page
asset-history = History
asset-in-queue = Show in the queue
asset-next-page = Next page
asset-no = no
asset-no-components = No component begins so.
asset-no-findings = No open findings
asset-no-history = Nobody changed anything here yet.
asset-no-reason = Say why: the reason goes into the history and the ledger.
asset-no-sensor = No sensor has looked at this asset.
asset-no-version = not pinned
asset-not-registered = not in the register
asset-nothing-said = not said
asset-pages = Pages
asset-priority = Priority
asset-purl = Package URL
asset-said-by = said by { $name }
asset-said-by-people = said by a person
asset-said-by-sensor = reported by the sensor
asset-said-in = from { $place }
asset-saw = { $components } components
asset-search = Name or package URL begins with
asset-search-do = Search
asset-seen-ago =
    { $days ->
        [1] 1 day ago
       *[other] { $days } days ago
    }
asset-seen-today = within a day
asset-sensors = Sensors
asset-store = Store
asset-stored = Stored. The findings were judged again.
asset-take-back = Take back what people said
asset-take-back-says = Then what the sensors report counts again.
asset-title = Problem
asset-version = Version
asset-what = What
asset-why = Why
asset-yes = yes
assets-ai = AI system
assets-all = All assets
assets-any = any
assets-comma = {", "}
assets-coverage = What is known of the assets
assets-data = Data
assets-depends-on = Depends on
assets-export = Export as CSV
assets-export-cut = Only the first { $limit } assets are in this file.
assets-filter = Filter the assets
assets-filter-do = Filter
assets-id = Id
assets-kind = Kind
assets-kind-agent = agent
assets-kind-ai-made-app = tool made with AI
assets-kind-ai-service = AI service
assets-kind-data = data
assets-kind-host = host
assets-kind-model = model
assets-kind-repository = repository
assets-kind-sbom = SBOM
assets-lead = What there is to protect, and how much of it is known. What nobody says counts as the worst.
assets-name = Name
assets-name-begins = Name begins with
assets-no-exposure = Exposure unknown
assets-no-owner = Without an owner
assets-no-service = no service
assets-none = There are no assets yet. Run { "`yata assess`" } or a sensor.
assets-none-found = No asset matches.
assets-open = Open findings
assets-open-immediate = Of them immediate
assets-orphaned = Owner has left
assets-outcome-changed = changed meanwhile, not done
assets-outcome-done = done
assets-outcome-not-allowed = not allowed
assets-outcome-same = it is so already
assets-outcome-unknown = no such asset
assets-owner = Owner
assets-seen = Last seen
assets-service = Service
assets-shown = { $shown } of { $total }
assets-staff-active = It is not said whether this person works here: true or false.
assets-staff-active-people = Work here
assets-staff-at = Imported
assets-staff-cells = The row has { $cells } cells, and there are { $columns } columns.
assets-staff-control = A text has control characters.
assets-staff-empty = There are no people in it.
assets-staff-file = File
assets-staff-formats = CSV in UTF-8 with the columns id, name, email, team, active; or a SCIM 2.0 list of users as JSON. The list replaces what this source gave before.
assets-staff-hand-over = Hand over
assets-staff-handed = { $done } of { $all } assets were handed over to { $owner }.
assets-staff-import = Import a list
assets-staff-import-do = Import
assets-staff-imported = { $people } people were imported.
assets-staff-incomplete = Say who the new owner is, and why.
assets-staff-json = This is not the JSON of a SCIM list: { $error }
assets-staff-lead = Who works here, from other systems. An owner whom no list knows, or who has left, leaves assets without anybody who answers for them.
assets-staff-line = { $line }:
assets-staff-long = A text is longer than { $limit } characters.
assets-staff-many = There are more than { $limit } people.
assets-staff-new-owner = New owner
assets-staff-no-columns = The first line must name the columns id, name and active, each once.
assets-staff-no-id = A person has no id or no name.
assets-staff-no-list = This is JSON, and not a SCIM 2.0 list (ListResponse).
assets-staff-no-source = Give the source a name of at most 200 characters.
assets-staff-no-sources = Nobody was imported yet: it is not known which owners have left.
assets-staff-none-orphaned = Every owner works here.
assets-staff-none-picked = Choose at least one asset.
assets-staff-not-utf8 = The file is not UTF-8 (perhaps Shift_JIS). Save it as "CSV UTF-8" and import it again.
assets-staff-nothing-changed = Nothing was imported. Correct these lines or entries, and import again:
assets-staff-orphaned = Assets whose owner does not work here
assets-staff-outcome = Outcome
assets-staff-part = The list has { $given } of { $total } users: export all of them.
assets-staff-paste = or paste the list here
assets-staff-people = People
assets-staff-pick = Choose
assets-staff-quote = A quotation mark that begins here has no end.
assets-staff-source = Source
assets-staff-source-hint = Where the list comes from, such as "HR".
assets-staff-sources = Imported lists
assets-staff-title = People and owners
assets-staff-too-many = Choose at most { $limit } assets at once.
assets-staff-twice = The id { $id } was there before, at { $line }.
assets-staff-unknown = Unknown: no list of people was imported.
assets-unread = Part of the address was not understood:
assets-unseen = Not seen for { $days } days
assets-without-filter = take away
report-accepted = What is accepted
report-accepted-none = Nothing is accepted or mitigated.
report-accepted-says = findings are accepted or mitigated until a day; the next of these days is { $until }. The annex says by whom.
report-action = What to do
report-actions = The first actions
report-actions-of = { $shown } of { $total } actions
report-annex = Annex
report-asset = Asset
report-bad-from = The first day is not a date: give it as 2026-11-01.
report-bad-lang = The language is not one of those that there are: en, ja.
report-between = {" "}
report-by = Decided by
report-caption = { $what }, as of { $date }
report-classification = Confidential
report-closed = Closed
report-closes = Closes
report-course = How the list shrinks
report-dated = as of { $date }, made { $made }
report-days = What opened and closed, by day
report-figures = Key figures
report-footer = Yata · made { $made }
report-from = From
report-from-range = The first day must be one of the last { $days } days.
report-language = Language
report-matters = What matters
report-method = How to read this report
report-method-days = Days are those of the service's time zone, but what opened and closed is counted by days of UTC.
report-method-links = Every figure leads to exactly the rows behind it. The rows are those of the moment when the link is opened.
report-method-rank = Findings are ranked by their last day and by expected harm: the probability that they are exploited, and what stops then.
report-method-unknown = What nobody has said is written as unknown and counts as the worst; a dot stands for none.
report-more = All { $total } rows
report-no-day = no day
report-no-pdf = This program was built without PDF. Open the report and print it from the browser.
report-nothing-known = Nothing was assessed yet: how many findings there are is unknown.
report-of-assets = of { $assets } assets
report-open = Open
report-opened = Opened
report-overdue = Overdue
report-pdf = Take as PDF
report-pdf-late = The PDF took too long. Try again later, or print the report from the browser.
report-period = { $from } to { $to }
report-print = For paper or PDF, print from the browser.
report-risks = Scenarios, and where AI enters
report-says-all-known = Every asset has an owner and a known exposure, and every source of intelligence is fresh.
report-says-course = Since { $from }, { $opened } opened and { $closed } closed.
report-says-end = {" "}are due within 30 days.{" "}
report-says-gaps = Of { $assets } assets: { $owner } without an owner, { $exposure } without known exposure. Sources of intelligence that are not fresh: { $stale } of { $sources }.
report-says-no-sources = What the sources of intelligence said is unknown: no sensor reported any.
report-says-open = Open findings:{" "}
report-says-overdue = ; of them{" "}
report-says-soon = {" "}are overdue, and{" "}
report-settled = Accepted and mitigated
report-show = Show
report-since = since { $date }
report-soon = Due within { $days } days
report-sources = Sources
report-sources-fresh = Sources that are fresh
report-state = State
report-title = Security risk report
report-unknown = unknown
report-until = Until
report-weeks = Services by week of the last day
audit-password-shown = showed a password
audit-invited = invited a person
audit-recovery-codes-made = made new recovery codes
audit-proposed = proposed a decision
audit-vex-imported = brought in VEX statements

### Ways in: open links, single sign-on, the start of the service

account-sso-already = This account is connected already. Disconnect it first.
account-sso-disconnect = Disconnect
account-sso-intro = Confirm with your password. Whoever { $name } knows as you can then sign in to this account.
account-sso-onward = Continue to { $name } to finish.
people-link-ends = Works until
people-link-first = The first account
people-link-join = An invitation
people-link-made-by = Made by
people-link-purpose = For
people-link-reset = A new way to sign in
people-link-revoke = Revoke
people-open-links = One-time links that still work
serve-other-key = The file { $file } is not the key that this database was used with: second factors, open sign-ins and known browsers rest on it. Copy `service.key` from the other replica or from the backup. If it is lost, start once with --accept-service-key: everybody with one-time codes then has to be given a new way to sign in.
serve-shared-network = Warning: a proxy in front seems to speak TLS, but `trusted_proxies` is empty. All callers then seem to come from one address and share one limit on sign-in attempts. Set `trusted_proxies` to the address of the proxy.
sign-in-sso-last-administrator = Your groups at { $name } no longer make you an administrator, but you are the last one here. Sign in with your password and make somebody else an administrator, or have your groups corrected.
help-serve-trusted-proxies = Addresses of own proxies, with commas between them: whom they say they pass on is believed
help-serve-accept-service-key = Go on with a service.key that is not the one of the database; one-time codes have to be set up again

### The console: who is asked to approve, those who left, ranked anew

assets-staff-blocked = Accounts of those who left that were blocked, with their sessions: { $accounts }. Tokens they had made that were revoked: { $tokens }.
assets-staff-kept = The last administrator is among those who left. That account stays open. Make somebody else an administrator, then import the list again.
deed-asked = Ask for approval
deed-asked-any = Any approver
deed-asked-hint = It is shown on that person's start page. Any other approver may answer too.
deed-asked-nobody = Nobody: I decide
deed-bad-approver = This person cannot approve. Choose another one.
proposal-all = All
proposal-asked = { $name } is asked
proposal-asked-you = Asked of you
today-asked-hint = proposals that wait for your answer
today-ranked-anew = Ranked anew, by priority:
audit-invitation-revoked = revoked a one-time link
audit-report-made = made a report
audit-sso-connected = connected single sign-on
audit-sso-disconnected = disconnected single sign-on
### The ledger and its witness
help-ledger-verify-witness-key = The public key of a witness (name+id+key): its cosignature must be there
ledger-witness-never = The witness has not countersigned any checkpoint of this ledger.
ledger-witness-until = The witness countersigned { $size } of { $entries } entries, the last time at { $at }.
### What arrives: reports, forms, connections
api-too-many-items = The body holds more items than there is room for. Send less at once.
refusal-form-large = The form is larger than 256 KiB.
help-serve-connections-per-address = How many connections one address may hold at the same time (256); trusted proxies are not counted

### Pushed findings

api-too-many-findings = The asset would have more than { $limit } findings that are not fixed, together with those of other sensors. Report it as several assets.
sources-long-problems = gaps, too long to list

### Coding agents

help-agents = Coding agents: which there are, what they may do, what is wrong with it
help-agents-list = List agents with their settings, MCP servers, hooks, skills, plugins and rule files
help-agents-list-paths = Look at these trees alone; without any: your home directory, the system and the current project
help-agents-list-home = Look at this home directory and the system, too
help-agents-list-root = Where the machine's file system begins, for a mounted disk
help-agents-list-format = How to write the answer
help-agents-audit = Say what is wrong with the settings, servers, skills and rules of agents, and mend it
help-agents-audit-paths = Look at these trees alone; without any: your home directory, the system and the current project
help-agents-audit-home = Look at this home directory and the system, too
help-agents-audit-root = Where the machine's file system begins, for a mounted disk
help-agents-audit-organisation = The organisation's file; without it the one of the machine, where the machine is looked at
help-agents-audit-agent = Only findings of this agent; may be given again
help-agents-audit-fail-on = The severity from which on the exit code is 1
help-agents-audit-format = How to write the answer
help-agents-audit-output = Write to this file
help-agents-audit-fix = Show the edits that mend what was found, ask for each file, write and look again
help-agents-audit-yes = Write without asking
help-agents-checks = List the checks, or explain one in both languages
help-agents-checks-id = The check to explain
help-agents-checks-format = How to write the answer
agents-severity-low = low
agents-severity-medium = medium
agents-severity-high = high
agents-severity-critical = critical
agents-confidence-low = a sign
agents-confidence-medium = likely
agents-confidence-high = certain
agents-scope-managed = managed
agents-scope-system = system
agents-scope-user = user
agents-scope-plugin = plugin
agents-scope-project = project
agents-scope-local = local
agents-role-settings = settings
agents-role-servers = servers file
agents-role-hooks = hooks file
agents-role-rules = permission rules
agents-role-instructions = instructions
agents-role-skill = skill
agents-role-command = command
agents-role-subagent = sub-agent
agents-role-plugin = plugin
agents-role-marketplace = marketplace
agents-role-tools = tool list
agents-server-local = local server
agents-server-remote = remote server
agents-server-plugin = server of a plugin
agents-hook = hook
agents-unpinned = (not pinned)
agents-version-unknown = version unknown
agents-owned-by = owner { $owner }
agents-written-by = last change by { $author }
agents-the-machine = This machine
agents-label-why = Why:
agents-label-fix = Fix:
agents-label-severity = Severity
agents-label-confidence = Confidence
agents-label-agents = Agents
agents-label-ids = Lists
agents-label-source = Source
agents-label-place = Place
agents-label-title = What is wrong
agents-label-check = Check
agents-all-agents = all
agents-also = also { $checks }
agents-checks-count = { $count ->
    [one] { $count } check.
   *[other] { $count } checks.
 } One in full: yata agents checks ID
agents-looked-at = Looked at { $files ->
    [one] { $files } file
   *[other] { $files } files
 } of { $agents ->
    [one] { $agents } agent.
   *[other] { $agents } agents.
 }
agents-nothing-looked-at = Nothing was looked at: there is no agent, no skill and no manifest of tools here. This does not say that nothing is wrong.
agents-nothing-wrong = Nothing is wrong with the agents.
agents-found = { $count ->
    [one] { $count } finding
   *[other] { $count } findings
 } in { $files ->
    [one] { $files } place
   *[other] { $files } places
 }: { $severities }
agents-fixable = { $count ->
    [one] { $count } of them has
   *[other] { $count } of them have
 } an exact edit: yata agents audit --fix shows and writes it.
agents-problems = { $count ->
    [one] { $count } place was
   *[other] { $count } places were
 } not checked, so the answer is incomplete:
agents-fix-ask = Write this to { $file }? [y/N]
agents-fixed = Written: { $file }
agents-not-fixed = Not written: { $file }: { $why }
agents-fix-only-shown = Nothing was written: answer on a terminal, or give --yes.
agents-md-title = Coding agents: what is wrong
agents-problem-too-many = More than { $limit } files; the rest was not read.
agents-problem-too-much = { $count } files were not read: all together are larger than { $limit } MiB.
agents-problem-large = It is too large or nested too deeply, so what it sets is unknown.
agents-problem-encoding = It is not UTF-8, so what it sets is unknown.
agents-problem-unsupported = A part of it is written in a way that is not read, so what it sets is unknown.
agents-problem-syntax = It cannot be parsed, so what it sets is unknown, to the agent too. Mend the syntax.
agents-change-unused = It would move to { outcome-name } if it were known that nobody can make use of it
agents-reason-why = { $why }
agents-advice = { $advice }
agents-reason-possible = It is a sign only: somebody has to look
agents-reason-project = The file is in the repository: everyone who opens it gets it
agents-reason-end = What, and by when: { $evidence }
agents-threat = What an agent reads can steer it: attackers hide instructions in pages, packages and issues, in numbers and with AI
agents-vulnerability = An AI agent may do, or is told, more than it should: { $rule }
how-reconfigure = { $advice }{ $fixable ->
    [yes] {" "}(yata agents audit --fix writes it)
   *[other] { "" }
 }
ui-reconfigure = { $rule }: { $package }
export-remedy-reconfigure = Change { $package }.
fact-weight = How bad it is
value-misconfiguration = configuration
agents-evidence = What stands there
agents-layer = Whose word it is
agents-owner = Owner of the file
agents-author = Last change by
### Texts for agents
texts-hidden-unicode = Characters that do not show stand here. A person does not see them, the model reads them.
texts-bidi = Characters turn the direction of writing: what is read is not what is shown.
texts-hidden-comment = Text that is not shown tells the model what to do.
texts-long-blank = Text stands so far behind blanks that nobody scrolls to it.
texts-encoded-block = Encoded text holds an order or a command.
texts-pipe-shell = Code is taken from the network and run at once. Whoever holds the address decides what runs.
texts-dynamic-command = The command runs when the text is loaded, before anybody has seen what it does.
texts-allowed-tools-wide = The allowed tools leave nothing to ask.
texts-credential-read = Credentials are read, and the description does not say so.
texts-exfiltrates = Something of the user's leaves for a place that the user did not name.
texts-undeclared-network = The script contacts { $what }, which neither description nor text names.
texts-undeclared-network-somewhere = The script contacts the network, and neither description nor text says so.
texts-undeclared-process = The script starts { $what }, and neither description nor text says so.
texts-undeclared-process-some = The script starts a program or deletes files, and neither description nor text says so.
texts-persistence = Something is made to start by itself from now on.
texts-memory-write = A note for later sessions is left that takes their caution away.
texts-settings-write = The settings of an agent are changed.
texts-reroutes = The network or whom the machine trusts there is changed for more than the task, and stays so.
texts-overrides = The text puts itself above the user, the organisation or earlier instructions.
texts-conceals = An act is kept from the user or the reviewer.
texts-skips-approval = A question to the user or a guard is left out.
texts-remote-instructions = A text from elsewhere is fetched and followed. It can change after the review.
texts-unpinned-install = Packages are installed without a version, or from an address that the text names.
texts-password-archive = An archive with a known password, or a site where files are shared, keeps scanners out.
texts-binary = { $what } cannot be reviewed by reading.
texts-symlink-out = The link leads to { $what }, outside of the folder. What lies there is read as a part of it.
texts-path-escape = The text reaches for a file outside of its folder and the project.
texts-lookalike-name = The name looks like { $what }.
texts-front-matter = The front matter is missing or faulty: the skill is loaded in another way than meant, or not at all.
texts-hooks-inside = The front matter brings hooks: a program runs at each tool call.
texts-grabs-every-task = The description claims every task, so that the skill enters every conversation.
texts-git-config-plant = Git is set up to run a program of the repository.
texts-literal-secret = A key or password stands in the text.
texts-import-outside = A file outside of the project enters every conversation.
texts-too-long = The rules are too long: they are followed less and reviewed less.
texts-tool-instructs = The description of { $what } tells the model what to do beside the call.
texts-tool-cross-reference = The description of { $what } changes how another server's tool is used.
texts-tool-secret-parameter = { $what } asks for what it does not need: secrets, files or the conversation.
texts-tool-name-collision = The name { $what } belongs to another tool as well. A call may reach the wrong one.
texts-tool-annotation = { $what } says that it only reads or destroys nothing, and its name says otherwise.
texts-unread = A file was not looked into: { $what }.
texts-skipped-large = The file is larger than { $limit } bytes and was not looked into.
texts-skipped-encoding = The file is not UTF-8 and was not looked into.
texts-skipped-many = There are more files than are looked into.
texts-skipped-long = The text is longer than is looked at; its end was not looked into.
texts-skipped-json = The manifest is not JSON and was not looked into.
### hook
hook-say-empty = no input
hook-say-too-large = input of more than { $bytes } bytes
hook-say-unreadable = input is not readable
hook-say-not-an-object = input is not an object
hook-say-missing = no { $field }
hook-say-unknown-event = unknown event { $event }
hook-say-internal = the hook failed, so the call is blocked
hook-say-slow = the hook did not come to an answer in time, so the call is blocked
hook-say-settings = the settings of the hook cannot be read, so every call is blocked: { $problem }
hook-say-needs-person = needs a person: approve it in your own terminal
hook-say-needs-person-because = needs a person: approve it in your own terminal: { $why }
hook-say-by-policy = { $why } (policy { $policy })
hook-say-policy = policy { $policy }
hook-say-not-allowed = not allowed
hook-say-ambiguous = the name { $tool } can mean tools of more than one server
hook-say-no-memory = the hook cannot remember that content from outside comes in
hook-say-not-logged = the decision cannot be logged, and the organisation requires the log
hook-say-policy-broken = the policy of the hook cannot be read, so every call is blocked: { $problem }
hook-say-too-many = this names more files than can be looked at before it runs
hook-say-unseen = this runs { $path }, which the session wrote and which cannot be read as a text
hook-say-about = { $target }: { $why }
help-hook = Decide what coding agents may do: `yata hook AGENT` is what an agent calls before a tool runs (claude-code, codex, cursor, gemini-cli, copilot, windsurf, devin, antigravity, amazon-q)
help-hook-install = Put the hook into an agent's settings
help-hook-install-agent = The agent; may be given several times
help-hook-install-scope = Whose settings: the person's, the repository's or the machine's
help-hook-install-dry-run = Only show what would change
help-hook-uninstall = Take the hook out of an agent's settings
help-hook-uninstall-agent = The agent; may be given several times
help-hook-uninstall-scope = Whose settings: the person's, the repository's or the machine's
help-hook-uninstall-dry-run = Only show what would change
help-hook-status = Where the hook is installed, and which policy decides
help-hook-status-format = As text or as JSON
help-hook-coverage = Name the calls that went past the hook, by the agents' own transcripts
help-hook-coverage-format = As text or as JSON
help-hook-log = Show the decisions in the log of this machine
help-hook-log-last = How many
help-hook-log-format = As text or as JSON lines (OCSF)
help-hook-log-verify = Read the log again and say whether it was edited, cut or reordered
help-hook-log-checkpoint = Sign the state of the log and print the checkpoint, to be kept elsewhere
hook-install-nothing = { $agent }: nothing to change in { $path }
hook-install-dry-run = { $agent }: only shown, not written
hook-install-written = { $agent }: written
hook-install-kept = What was there before is in { $path }
hook-install-codex-trust = Codex skips a new or changed hook until you have trusted it with /hooks, unless the organisation manages it.
hook-status-installed = installed
hook-status-partly = partly, or in another form
hook-status-unreadable = cannot be read
hook-status-nowhere = The hook is not in the settings of any agent here.
hook-status-policy = Policy: { $source }, version { $version }
hook-status-policy-broken = The policy cannot be read, so every call is blocked: { $problem }
hook-status-settings-broken = The settings of the hook cannot be read, so every call is blocked: { $problem }
hook-status-log = Log: { $path }
hook-log-holds = The log holds: { $entries } entries are as they were written.
hook-log-broken = The log does not hold: { $entries } entries were read.
hook-log-overdue = Entries wait outside of the log for longer than a minute: { $waiting }. Something may keep it locked.
hook-log-unsigned = No checkpoint was signed yet: who can write these files could have built them anew.
hook-log-none = There is no log yet.
hook-log-head-differs = Log { $log }: the entries do not lead to what its head says
hook-coverage-agent = { $agent }: { $transcripts } transcripts, { $calls } calls, { $decided } decided by the hook, { $before } before its first decision, { $unrun } that the agent refused by itself, { $missed } went past it
hook-coverage-unread = Not read: { $path }
audit-hook-allowed = an agent's call may run
audit-hook-asked = an agent's call needs a person
audit-hook-denied = refused an agent's call
audit-hook-failed = refused a call that could not be read
audit-hook-started = an agent began a session
audit-hook-log-mended = mended the log of the machine after a process had died
audit-hook-log-cut = found the log of the machine shorter than it was, and began another one
### Policy
help-policy = The policy that decides what agents may do: check, test, explain, replay
help-policy-check = Read all policies, hold them against the schema, and find those that have no effect
help-policy-check-policies = The folder of your own policies; a file replaces the built-in one of the same name
help-policy-check-alone = Leave the built-in policies out
help-policy-check-format = How to write the answer
help-policy-test = Run the cases of the policies
help-policy-test-files = Files of cases (JSON lines); by default those beside the policies, or the built-in ones
help-policy-test-policies = The folder of your own policies; a file replaces the built-in one of the same name
help-policy-test-alone = Leave the built-in policies out
help-policy-test-format = How to write the answer
help-policy-explain = Decide one request and say why, what each policy lacks, and what would change it
help-policy-explain-request = The request as JSON; - for standard input
help-policy-explain-policies = The folder of your own policies; a file replaces the built-in one of the same name
help-policy-explain-alone = Leave the built-in policies out
help-policy-explain-format = How to write the answer
help-policy-explain-all = Show the policies for other actions too
help-policy-replay = Decide past events again: what a new policy would have asked, blocked and let through
help-policy-replay-events = The past decisions (JSON lines); - for standard input
help-policy-replay-policies = The folder of the new policies; a file replaces the built-in one of the same name
help-policy-replay-alone = Leave the built-in policies out
help-policy-replay-format = How to write the answer
help-policy-replay-all = Show every event that moves
help-policy-compile = Write the form that the hook reads
help-policy-compile-policies = The folder of your own policies; a file replaces the built-in one of the same name
help-policy-compile-alone = Leave the built-in policies out
help-policy-compile-output = Write to this file
help-policy-schema = Show what policies can speak of
help-policy-default = Write the built-in policies and their cases into a folder
help-policy-default-folder = The folder
policy-after = after: { $allow } allowed, { $ask } asked, { $deny } denied
policy-allow = allow
policy-ask = ask
policy-before = before: { $allow } allowed, { $ask } asked, { $deny } denied
policy-changes = What would make it milder:
policy-contradicted = `{ $policy }` never allows anything: wherever it applies, { $by } forbids.
policy-decided = Decision: { $decision } (policy version { $version })
policy-default-mode = in the agent’s usual mode
policy-deny = deny
policy-duplicate = `{ $policy }` says the same to the same requests as { $by }.
policy-failed = could not be evaluated
policy-far = { $count } policies share no condition with this request: --all shows them
policy-in-group = as a member of the group `{ $name }`
policy-lacks = lacks: { $condition }
policy-more = { $count } more: --all shows them
policy-moves-by = `{ $policy }` decides { $count } of them
policy-never-applies = `{ $policy }` can never apply: its conditions contradict each other.
policy-no-class = without the class `{ $name }` in the content
policy-no-trait = without the trait `{ $name }`
policy-no-traits = without any trait
policy-not-tainted = without untrusted content in the session
policy-not-valid = The policies are not valid. Nothing can be decided by them.
policy-others = Policies that do not decide:
policy-outranked = applies, but a stricter decision goes before it
policy-replay-skipped = skipped: { $count } records without a request
policy-replayed = { $events } events decided again (policy version { $version }): { $moved } would be decided differently, { $unread } lines could not be read.
policy-shadowed = `{ $policy }` never asks: wherever it applies, { $by } denies.
policy-sound = No policy is without effect.
policy-sums = { $policies } policies: { $deny } deny, { $ask } ask, { $allow } allow (version { $version }).
policy-tested = { $cases } cases, { $failures } of them failed.
policy-unread = line { $line } is no event: { $why }
### Tool calls
calls-destroys-files = deletes, empties or overwrites files that nothing makes again
calls-destroys-disk = writes to a disk, partition or file system as a whole
calls-discards-work = throws away work that nothing else holds
calls-rewrites-history = changes recorded or published history
calls-destroys-data = deletes or overwrites data of a database or store
calls-destroys-infrastructure = removes or stops machines, containers or cloud resources
calls-changes-infrastructure = changes machines, clusters or cloud resources
calls-reads-secret = reads keys, tokens, passwords or the environment
calls-sends-out = sends files, secrets or the output of commands to another machine
calls-outward = asks another machine
calls-runs-remote-code = runs code that comes from another machine
calls-opens-remote-shell = gives a shell to somebody else
calls-disables-security = switches off a check, a log or a protection
calls-changes-agent = changes the settings of an agent, or the hook and its policy
calls-persists = makes something run again later
calls-installs-unusual = installs from an unusual place, or a package whose name looks like another
calls-changes-supply-chain = changes what builds or CI run
calls-publishes = publishes, releases or deploys
calls-changes-access = makes or changes accounts, keys, roles or tokens
calls-escalates = runs as another user, or prepares it
calls-escapes-container = reaches from a container to its host
calls-exposes-network = opens a port or a tunnel to others
calls-loosens-permissions = lets more people read or write files
calls-exhausts = uses up or stops this machine, or attacks another
calls-deceives = holds characters that make it look other than it is
calls-outside-project = reaches outside the project
calls-evades = is written so as to hide what it does
calls-not-understood = cannot be told before it runs

### AI-made systems, approval fatigue
help-app = Systems that an AI made: their register, and what is missing
help-app-register = Put a system into the register; asks nothing
help-app-register-path = The system's folder
help-app-register-name = Its name; by default the folder's
help-app-register-owner = The team or person that answers for it
help-app-register-tier = Who it is for: one person, colleagues, the business, the public
help-app-register-data-class = The classes of its data (personal, customer, …), or none
help-app-register-review-by = The day by which somebody looks at it again
help-app-register-maintained-by = Who brings in updates, if not the owner
help-app-register-control = A control that is in place, and where it can be seen; may be given again
help-app-register-register = The register; by default the nearest apps.toml
help-app-register-as-of = The day of the entry; by default today
help-app-list = Show the register
help-app-list-path = A folder of the repository
help-app-list-register = The register; by default the nearest apps.toml
help-app-list-format = How to write the answer
help-app-check = Find systems that are not registered, not owned, not maintained, or lack controls
help-app-check-path = The folder to look at
help-app-check-register = The register; by default the nearest apps.toml
help-app-check-unmaintained-after = Days without a commit after which a system counts as unmaintained
help-app-check-as-of = Judge as of this day; by default today
help-app-check-format = How to write the answer
help-app-check-output = Write to this file
app-fault-syntax = This is no TOML that can be read ({ $what }).
app-fault-unknown-key = There is no key `{ $what }`.
app-fault-missing-key = The key `{ $what }` is missing.
app-fault-bad-value = `{ $what }` has a value that it cannot have.
app-fault-duplicate = Two apps are called `{ $what }`.
app-fault-unknown-control = There is no control `{ $what }`.
app-fault-too-many = There are more apps than are read.
app-tier-personal = personal
app-tier-internal = internal
app-tier-official = official
app-tier-public = public
app-level-note = Note
app-level-warning = Warning
app-level-error = Error
app-confidence-low = a sign
app-confidence-medium = likely
app-confidence-high = certain
app-evidence-author = Author
app-evidence-trailer = Trailer
app-evidence-generated-with = Commit message
app-evidence-mark = Mark in a file
app-evidence-agent-file = File for an agent
app-unregistered = { $name } shows traces of AI and is not registered.
app-fix-unregistered = Register it (yata app register) or switch it off by { $end }.
app-rule-unregistered = An AI-made system is not registered.
app-ownerless = Nobody answers for { $name }.
app-fix-ownerless = Name an owner in the register or switch it off by { $end }.
app-rule-ownerless = A registered system has no owner.
app-data-unsaid = Nobody has said what data { $name } handles.
app-fix-data-unsaid = Write data_classes by { $end }; until then the data counts as sensitive.
app-rule-data-unsaid = A registered system does not say what data it handles.
app-no-review-date = { $name } has no review date.
app-fix-no-review-date = Write review_by by { $end }.
app-rule-no-review-date = A registered system has no review date.
app-review-overdue = The review of { $name } is overdue.
app-fix-review-overdue = Review it, set the next date, or switch it off by { $end }.
app-rule-review-overdue = The review of a registered system is overdue.
app-unmaintained = { $name } has had no commit for { $days } days.
app-fix-unmaintained = Bring in updates and name who maintains it, or switch it off by { $end }.
app-rule-unmaintained = A registered system is no longer maintained.
app-gone = The folder of { $name } is not there.
app-fix-gone = Correct the path, or take the entry out, by { $end }.
app-rule-gone = The folder of a registered system is not there.
app-control-missing = { $name } lacks a control ({ $id }): { $control }
app-fix-control-missing = Bring it in by { $end } and write in [app.controls] where it can be seen: { $id } = "…"
app-rule-control-missing = A required control is missing.
app-rule-help = What a system must have follows from who it is for and what data it handles. Source:
app-control-security-check = The code was checked with the organisation's prompt for security checks, and the answers were acted on.
app-control-base-prompt = The code is generated with the organisation's base prompt for secure systems.
app-control-data-handling = What personal and customer data goes where is written down and agreed, services of third parties among it.
app-control-updates = Security updates of dependencies arrive by themselves or on fixed dates.
app-control-skills-policy = Skills, plugins and MCP servers used to build it are on the organisation's list.
app-control-approval = Somebody with the right to do so has approved that it is built and used.
app-control-ci = Each change runs through checks that a non-developer can read.
app-control-staging = Changes are tried in a place that is not production.
app-control-sign-in = People sign in through the organisation's single sign-on with a second factor.
app-control-audit-log = Who did what is logged and kept.
app-control-vulnerability-response = It is written down who acts on a vulnerability, and by when.
app-control-external-test = Somebody independent has tested it before it opened to the outside.
app-problem-folder = The folder { $folder } cannot be read.
app-problem-file = The file { $file } cannot be read.
app-problem-many-files = More than { $limit } files: the rest was not looked at.
app-problem-no-history = { $folder } has no history of git: how much of it an AI wrote, and whether somebody maintains it, cannot be told.
app-problems = What could not be told ({ $count }):
app-listed = { $count } in { $file }
app-no-register = There is no register yet: { $file }
app-registered = { $name } is registered in { $file }.
app-needs = It must have ({ $count }; + is in place):
app-label-name = Name
app-label-tier = Tier
app-label-data = Data
app-label-owner = Owner
app-label-review = Review by
app-label-path = Path
app-checked = Registered: { $apps }. Systems found: { $systems }. Findings: { $findings }. As of { $day }.
app-end = by { $end }
app-end-past = was due { $end }
app-share = { $agents }: { $part } of { $all } commits, { $marked } marked files ({ $confidence })
help-agents-fatigue = Count how often agents asked and were allowed, and suggest rules
help-agents-fatigue-logs = Logs to read; without any: those of Claude Code and Codex in the home directory
help-agents-fatigue-home = Look in this home directory
help-agents-fatigue-allow-reading-logs = Allow Yata to read the logs, which hold what people typed
help-agents-fatigue-format = How to write the answer
fatigue-not-allowed = logs of agents hold what people typed and what files say. Yata reads them only if you allow it: --allow-reading-logs, or { $variable }=1
fatigue-reading = Reading logs
fatigue-too-many = Not read: more than { $limit } logs; the newest are read first.
fatigue-too-large = Not read: larger than { $limit } MiB.
fatigue-unreadable = Cannot be read.
fatigue-line-malformed = This line is no JSON object; it was left out.
fatigue-line-long = This line is longer than 4 MiB; it was left out.
fatigue-label-agent = Agent
fatigue-label-what = What
fatigue-label-calls = Calls
fatigue-label-prompts = Prompts
fatigue-label-approved = Approved
fatigue-label-refused = Refused
fatigue-label-blocked = Blocked
fatigue-allow = Allow rules that would have spared prompts for safe calls:
fatigue-deny = Deny rules that would have stopped what ran:
fatigue-spares = { $count } prompts
fatigue-stops = { $count } calls
fatigue-bad-without-rule = Harmful calls that no rule can tell ({ $count }): a hook must decide.
fatigue-unguarded = Calls in a mode that asks nobody: { $count }.
fatigue-total = Logs: { $sessions }. Calls: { $calls }. Prompts: { $prompts } (approved { $approved }, refused { $refused }; { $percent } % of the answers were yes).
fatigue-estimate = Prompts are estimated from mode, rules of today and tool: logs do not record each question. Refusals are recorded.
### Managed settings and approvals of coding agents
help-agents-settings = Write the managed settings of agents from the organisation's file, with what they cannot say
help-agents-settings-agent = Only this agent; may be given again. Without any: all that the organisation allows
help-agents-settings-organisation = The organisation's file
help-agents-settings-rules = The rules; without it the ones that come with Yata
help-agents-settings-os = The system to write for; without it this one
help-agents-settings-out = Write the files below this folder, as they lie on the machine
help-agents-settings-drift = Compare this machine with what would be issued; exit code 1 where it differs
help-agents-settings-root = Where the machine's file system begins, for a mounted disk
help-agents-settings-format = How to write the answer
help-agents-pin = Approve what is there: write the hashes of skills, plugins, servers, hooks and rule files to agents.lock
help-agents-pin-paths = Look at these trees alone; without any: your home directory, the system and the current project
help-agents-pin-home = Look at this home directory and the system, too
help-agents-pin-root = Where the machine's file system begins, for a mounted disk
help-agents-pin-lock = The lock to write
help-agents-pin-owner = Who answers for all of it
help-agents-pin-review = The day on which somebody looks again
help-agents-diff = Say what has changed since it was approved; exit code 1 where anything has
help-agents-diff-paths = Look at these trees alone; without any: your home directory, the system and the current project
help-agents-diff-home = Look at this home directory and the system, too
help-agents-diff-root = Where the machine's file system begins, for a mounted disk
help-agents-diff-lock = The lock to compare with
help-agents-diff-format = How to write the answer
managed-wrong-syntax = Line { $line }: this is no valid TOML.
managed-wrong-key = Line { $line }: nothing is known of the key “{ $what }”.
managed-wrong-agent = Line { $line }: there is no agent “{ $what }”.
managed-wrong-missing = Line { $line }: “{ $what }” is missing or incomplete.
managed-wrong-both = Line { $line }: “{ $what }” says two things of which only one can hold.
managed-wrong-path = Line { $line }: “{ $what }” has to be a whole path.
managed-wrong-value = Line { $line }: “{ $what }” has a value that cannot be used.
managed-written = { $agent }: { $file }
managed-schema-unchecked = These files were not checked against the vendors’ published schemas here. For each version of Yata, the audit and the own validators of Claude Code, Codex and Gemini CLI examine what an example organisation gets.
managed-schema-none = No schema is published for these files, so they were not checked against one.
managed-losses = What the settings of { $agent } cannot say
managed-loss = { $item } ({ $about }): { $settings }; { $hook }
managed-settings-no = not in the settings
managed-settings-part = only in part in the settings
managed-settings-yes = in the settings
managed-hook-no = the hook cannot cover it
managed-hook-part = the hook covers most calls
managed-hook-yes = the hook covers it
managed-item-command = Commands by their first words
managed-item-text = Commands by their whole text
managed-item-read = Files that are read
managed-item-edit = Files that are changed
managed-item-host = Hosts that are closed
managed-item-tool = Tools of MCP servers
managed-item-meaning = What a call would do
managed-item-servers = Which MCP servers may start, and what they run
managed-item-marketplaces = Where plugins come from
managed-item-network = Which hosts are open
managed-item-models = Which models may be used
managed-item-account = Which account may be used
managed-item-version = The lowest version
managed-item-retention = How many days transcripts stay
managed-item-telemetry = Where telemetry goes
managed-item-bypass = No mode without questions
managed-item-hooks-only = Only the organisation’s hooks
managed-item-rules-only = Only the organisation’s rules
managed-item-fail-closed = A hook that fails blocks the call
managed-item-variables = Variables with secrets are hidden from commands
managed-drift-file-missing = the file was issued and is not there
managed-drift-file-added = the file was never issued
managed-drift-file-unread = the file cannot be read, so nothing is known of it
managed-drift-missing = { $key } lacks { $issued }
managed-drift-added = { $key } has { $found }, which was not issued
managed-drift-changed = { $key } is { $found }, issued was { $issued }
managed-drift-total = { $count ->
    [0] No difference in { $files } issued files.
    [one] 1 difference in { $files } issued files.
   *[other] { $count } differences in { $files } issued files.
}
managed-pinned = { $count } things are approved in { $file }.
managed-diff-total = { $count ->
    [0] Nothing has changed: { $pins } approved things are as they were.
    [one] 1 change since { $pins } things were approved.
   *[other] { $count } changes since { $pins } things were approved.
}
managed-change-added = new
managed-change-changed = changed
managed-change-removed = gone

### Managed settings and the policy
agents-settings-wrong-milder = Line { $line }: the policy is stricter about “{ $what }” than this file. Change the policy, or the file.
agents-settings-unknown = What was issued to this machine is not known, so it was not compared: { $why }
agents-settings-policy = The policy that decided: version { $version } ({ $source }).
agents-settings-policy-moved = The settings were issued from policy version { $from }; the policy is now version { $version }.
agents-settings-policy-untold = No record says from which policy the settings were issued; the policy is now version { $version }.
agents-settings-stricter-head = Where the settings are stricter than the policy
agents-settings-stricter = { $pattern } ({ $rule }): { $decision }; also stops { $calls } – { $agents }
agents-settings-note-sandbox = The agent’s own tools obey it, its sandbox leaves it out.
agents-settings-note-walk = All of it would cost a walk through the home directory at each start; only what lies in fixed places is named.
help-agents-settings-policies = Policies of your own, beside the built-in ones; without it the policy that decides on this machine
help-agents-settings-alone = Leave the built-in policies out

### Files of limited size
file-not-opened = cannot open `{ $file }`
file-not-read = cannot read `{ $file }`
file-not-regular = `{ $file }` is no regular file
file-too-large = `{ $file }` is larger than { $limit } bytes
file-not-utf8 = `{ $file }` is not UTF-8 text (byte { $byte }, line { $line })
