package io.solebox.scout.state;

import java.time.Instant;

/**
 * What became of a search.
 *
 * @param whole whether all that is new was shown
 * @param deep whether it was read to its end, known things and all
 * @param asked when
 * @param due when it is to be asked again
 * @param problem why not all was shown, without secrets; empty where it was
 */
public record SearchDone(boolean whole, boolean deep, Instant asked, Instant due, String problem) {}
