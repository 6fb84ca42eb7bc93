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

threat-malware = The attack is in the package itself; AI lets attackers make and spread such packages in numbers
threat-exploited = Attackers exploit it now; with AI they do so at machine speed
threat-public-poc = A way to exploit it is public; AI turns it into a working attack at machine speed
threat-automatable = Attacks can be automated; AI finds and attacks targets at machine speed
threat-assumed = Nobody says otherwise: attackers with AI are assumed to find and exploit it at machine speed
threat-conventional = No public exploit, and attacks cannot be automated: a conventional attacker
threat-none-claimed = No weakness is claimed: no attack is known
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
