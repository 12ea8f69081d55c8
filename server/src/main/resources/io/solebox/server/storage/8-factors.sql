-- What people bring beside a password. Times are seconds since 1970.

CREATE TABLE totp (
  account TEXT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  secret BLOB NOT NULL,
  confirmed INTEGER NOT NULL,
  last_step INTEGER
);

CREATE TABLE recovery_code (
  account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  digest TEXT NOT NULL,
  PRIMARY KEY (account, digest)
);

CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  rp_id TEXT NOT NULL,
  credential BLOB NOT NULL,
  counter INTEGER NOT NULL,
  backup_eligible INTEGER NOT NULL,
  transports TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_use INTEGER
);

CREATE INDEX passkey_by_account ON passkey (account);

-- Whom an issuer of OIDC means by a subject.
CREATE TABLE oidc_identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
);

CREATE INDEX oidc_identity_by_account ON oidc_identity (account);
