-- What the machine measured: of each value its mean and its highest, in thousandths of its unit, of ten seconds
-- for a day and of two minutes for a week. Times are seconds since 1970, at the beginning.

CREATE TABLE hardware_series (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  device TEXT NOT NULL,
  metric TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (kind, device, metric)
);

CREATE TABLE hardware_value (
  series INTEGER NOT NULL REFERENCES hardware_series (number) ON DELETE CASCADE,
  seconds INTEGER NOT NULL,
  at INTEGER NOT NULL,
  mean INTEGER NOT NULL,
  most INTEGER NOT NULL,
  PRIMARY KEY (series, seconds, at)
);

CREATE INDEX hardware_value_by_age ON hardware_value (seconds, at);
