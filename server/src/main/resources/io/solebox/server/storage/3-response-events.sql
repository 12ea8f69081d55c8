-- Events of responses that were asked for in the background as a stream, by their sequence numbers.

CREATE TABLE response_event (
  response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  created INTEGER NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (response, sequence)
);

CREATE INDEX response_event_by_time ON response_event (created);
