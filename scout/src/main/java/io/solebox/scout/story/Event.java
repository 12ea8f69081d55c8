package io.solebox.scout.story;

import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sighting;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to one thing.
 *
 * @param sighting that showed it
 * @param before what was asked until then; empty where it was not seen before
 * @param count how often this has happened to this thing, from 1: it tells a second price drop from
 *     the first
 */
public record Event(
    Happening happening, Sighting sighting, Optional<Money> before, int count, Instant at) {}
