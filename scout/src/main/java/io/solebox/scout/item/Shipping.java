package io.solebox.scout.item;

/** Whether and for how much a thing comes to the buyer. */
public sealed interface Shipping {
  /** To the country that was asked for. */
  record Costs(Money money) implements Shipping {}

  /** What it costs is worked out only when one buys. */
  record Calculated() implements Shipping {}

  /** It is fetched, or does not go to that country. */
  record None() implements Shipping {}

  /** Not said. */
  record Unknown() implements Shipping {}
}
