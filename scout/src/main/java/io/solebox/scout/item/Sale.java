package io.solebox.scout.item;

import java.time.Instant;
import java.util.Optional;

/** How a thing is sold, and what is asked for it. */
public sealed interface Sale {
  /**
   * At a price.
   *
   * @param price of the seller, in the seller's own currency where that is known
   * @param offers whether less may be offered
   */
  record Fixed(Money price, boolean offers) implements Sale {}

  /**
   * To the highest bidder: what others bid is no change of a price.
   *
   * @param bid the highest so far, or what bidding begins at
   * @param buyNow a price at which it ends at once
   */
  record Auction(Money bid, int bids, Instant ends, Optional<Money> buyNow) implements Sale {}

  /** Nothing is said of a price, as in many posts of forums. */
  record Unpriced() implements Sale {}

  /** What somebody would pay now who takes it as it is; empty where that is not said. */
  default Optional<Money> asked() {
    return switch (this) {
      case Fixed(Money price, _) -> Optional.of(price);
      case Auction(Money bid, _, _, Optional<Money> buyNow) -> buyNow.or(() -> Optional.of(bid));
      case Unpriced _ -> Optional.empty();
    };
  }
}
