package io.solebox.server.usage;

import io.solebox.server.limits.Payer;

/**
 * To whom, for what and when something is charged.
 *
 * @param day in the zone of this machine, as in {@code 2026-03-01}
 * @param model by its name in the catalog
 */
record UsageKey(String day, Payer payer, String model) {}
