-- What a program of schema version 1 wrote: one asset, one component, one finding, accepted.
INSERT INTO asset (id, kind, name, body, updated_at)
VALUES ('as_b8174ad3b3aab0d28154', 'repository', 'shop', '{"id":"as_b8174ad3b3aab0d28154","kind":"repository","name":"shop","service":null,"owner":null,"exposure":"unknown","mission_impact":"unknown","data_classes":[],"is_ai":false,"depends_on":[]}', 1767268800000000);
INSERT INTO component_set (id, components, body)
VALUES ('cs_42618a09deb253c70e211a511273d6f79974fb17e6375d07755b37267f828e86', 1, '[{"purl":"pkg:cargo/a@1.0.0","package":{"ecosystem":"crates.io","name":"a"},"version":"1.0.0","source":null}]');
INSERT INTO snapshot (asset_id, sensor, seen_at, digest, component_set_id, problems)
VALUES ('as_b8174ad3b3aab0d28154', 'assess', 1767268800000000, '6c396d25dabd0939bbfb02fd3a8ea1aa990a47c00b5526af01794a2b8634ea08', 'cs_42618a09deb253c70e211a511273d6f79974fb17e6375d07755b37267f828e86', '[]');
INSERT INTO snapshot_occurrences (asset_id, sensor, body)
VALUES ('as_b8174ad3b3aab0d28154', 'assess', '[[{"file":"Cargo.lock","line":7,"scope":"runtime","direct":false,"path":["部品@1.0.0","a@1.0.0"]}]]');
INSERT INTO finding (id, asset_id, rule, kind, purl, state, until_day, decided_by, vex_statement_id, first_seen, changed_at, changes, body)
VALUES ('fi_1d04458ff2857df32557', 'as_b8174ad3b3aab0d28154', 'A', 'vulnerability', 'pkg:cargo/a@1.0.0', 'accepted', '2026-03-01', 'person', NULL, 1767268800000000, 1767268800000000, 2, '{"ids":["A"],"kind":"vulnerability","title":"入力の検証が足りない","component":{"purl":"pkg:cargo/a@1.0.0","package":{"ecosystem":"crates.io","name":"a"},"version":"1.0.0","source":null,"occurrences":[{"file":"Cargo.lock","line":7,"scope":"runtime","direct":false,"path":["部品@1.0.0","a@1.0.0"]}]},"applies":{"applies":"affected"},"remedy":{"remedy":"upgrade","to":"9.9.9","compatible":false}}');
INSERT INTO finding_advisory (advisory, finding_id)
VALUES ('A', 'fi_1d04458ff2857df32557');
INSERT INTO sighting (asset_id, sensor, fingerprint, finding_id)
VALUES ('as_b8174ad3b3aab0d28154', 'assess', 'fi_1d04458ff2857df32557', 'fi_1d04458ff2857df32557');
INSERT INTO state_change (finding_id, seq, state, until_day, changed_by, why, changed_at)
VALUES ('fi_1d04458ff2857df32557', 1, 'open', NULL, 'assess', 'history-first-seen', 1767268800000000);
INSERT INTO state_change (finding_id, seq, state, until_day, changed_by, why, changed_at)
VALUES ('fi_1d04458ff2857df32557', 2, 'accepted', '2026-03-01', '佐藤', '次の版で', 1767268800000000);
