package io.solebox.scout.card;

import io.solebox.scout.text.Text;
import java.util.Optional;

/**
 * What the rules make of one thing: read once, for all watches.
 *
 * @param title cut into words
 * @param aspects their values, cut into words, as part numbers may stand there alone
 * @param card which it is; empty where it is none that is known
 * @param reason why it is that card, or none, in words
 * @param forParts whether its title says that it does not work
 * @param prices of one; empty where it is no card, or nothing is asked
 */
public record Reading(
    Text title,
    Text aspects,
    Optional<CardMatch> card,
    String reason,
    boolean forParts,
    Optional<UnitPrices> prices) {}
