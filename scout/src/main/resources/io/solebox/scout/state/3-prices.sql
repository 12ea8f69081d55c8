-- Asking prices as bare numbers: how many were seen of one card, in one currency, on one day, with
-- about this price. Prices of one bucket are within 2 % of each other; hundredths are their sum.
CREATE TABLE asking_price (
  card TEXT NOT NULL,
  currency TEXT NOT NULL,
  day BIGINT NOT NULL,
  bucket INTEGER NOT NULL,
  seen BIGINT NOT NULL,
  hundredths BIGINT NOT NULL,
  PRIMARY KEY (card, currency, day, bucket)
);

-- What was counted: the hash of a thing together with its price, so that it is counted once.
CREATE TABLE asking_price_counted (
  mark BIGINT PRIMARY KEY,
  day BIGINT NOT NULL
);

-- Hashes of the addresses of pictures, and of these together with who showed them: they tell that
-- several sellers show one picture, and of no seller which pictures are shown.
CREATE TABLE picture_shown (
  picture BIGINT NOT NULL,
  mark BIGINT NOT NULL,
  day BIGINT NOT NULL,
  PRIMARY KEY (picture, mark)
);
