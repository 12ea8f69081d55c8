package io.solebox.scout.story;

/** What may be worth telling of one thing that is for sale. */
public enum Happening {
  /** It was not for sale before. */
  NEW,
  /** Its seller asks less than before, in the seller's own currency. */
  PRICE_DROP,
  /** Its auction ends soon. */
  ENDING,
  /** It was sold out or gone, and is there again. */
  BACK
}
