-- The audit log: a chain that only grows, and the heads of it that were signed. Each trigger stands
-- in one line, since statements are told apart by semicolons at the ends of lines.

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  digest BLOB NOT NULL
);

CREATE INDEX audit_by_action ON audit (action, seq);

CREATE INDEX audit_by_time ON audit (at);

CREATE TABLE audit_head (
  number INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  digest BLOB NOT NULL,
  signing_key TEXT NOT NULL,
  signature BLOB NOT NULL
);

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER audit_in_order BEFORE INSERT ON audit WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit) BEGIN SELECT RAISE(ABORT, 'the audit log grows at its end'); END;

CREATE TRIGGER audit_head_stays BEFORE UPDATE ON audit_head BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER audit_head_in_order BEFORE INSERT ON audit_head WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM audit_head) BEGIN SELECT RAISE(ABORT, 'the audit log grows at its end'); END;
